# What is to be seen of ARGMINN: its networks on all tasks, and the readouts of each.


rule figure_network_performance:
    input:
        performance=expand("results/{{dataset}}/argminn/{task}/evaluation/performance.tsv", task=ARGMINN_TASKS),
    output:
        pdf="results/{dataset}/figures/network_performance.pdf",
        png=report(
            "results/{dataset}/figures/network_performance.png",
            caption="../report/network_performance.rst",
            category="ARGMINN",
            labels={"figure": "Networks on all tasks"},
        ),
    log:
        "results/{dataset}/logs/figure_network_performance.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_network_performance.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        tasks=ARGMINN_TASKS,
    script:
        "../scripts/figure_network_performance.py"


rule figure_gc_robustness:
    input:
        gc=expand("results/{{dataset}}/argminn/{task}/evaluation/gc.tsv", task=SIMULATED_TASKS),
    output:
        pdf="results/{dataset}/figures/gc_robustness.pdf",
        png=report(
            "results/{dataset}/figures/gc_robustness.png",
            caption="../report/gc_robustness.rst",
            category="ARGMINN",
            labels={"figure": "GC content of the background"},
        ),
    log:
        "results/{dataset}/logs/figure_gc_robustness.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_gc_robustness.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        tasks=SIMULATED_TASKS,
    script:
        "../scripts/figure_gc_robustness.py"


rule figure_site_variants:
    input:
        variants=expand("results/{{dataset}}/argminn/{task}/evaluation/variants.tsv", task=SIMULATED_TASKS),
    output:
        pdf="results/{dataset}/figures/site_variants.pdf",
        png=report(
            "results/{dataset}/figures/site_variants.png",
            caption="../report/site_variants.rst",
            category="ARGMINN",
            labels={"figure": "Variants that break sites"},
        ),
    log:
        "results/{dataset}/logs/figure_site_variants.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_site_variants.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        tasks=SIMULATED_TASKS,
    script:
        "../scripts/figure_site_variants.py"


rule figure_argminn_motifs:
    input:
        filters="results/{dataset}/argminn/{task}/readouts/filters.tsv",
        motifs="results/{dataset}/argminn/{task}/readouts/motifs.meme",
        matches="results/{dataset}/argminn/{task}/readouts/matches.tsv",
        known=KNOWN_MOTIFS,
        scores="results/{dataset}/argminn/{task}/evaluation/motifs.tsv",
    output:
        pdf="results/{dataset}/argminn/{task}/figures/argminn_motifs.pdf",
        png=report(
            "results/{dataset}/argminn/{task}/figures/argminn_motifs.png",
            caption="../report/argminn_motifs.rst",
            category="ARGMINN",
            labels={"figure": "Motifs of filters", "task": "{task}"},
        ),
    log:
        "results/{dataset}/logs/figure_argminn_motifs_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_argminn_motifs_{task}.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_argminn_motifs.py"


rule figure_instance_accuracy:
    input:
        instances="results/{dataset}/argminn/{task}/evaluation/instances.tsv",
        curve="results/{dataset}/argminn/{task}/evaluation/instance_curve.tsv",
        hits="results/{dataset}/argminn/{task}/evaluation/instance_hits.tsv",
    output:
        pdf="results/{dataset}/argminn/{task}/figures/instance_accuracy.pdf",
        png=report(
            "results/{dataset}/argminn/{task}/figures/instance_accuracy.png",
            caption="../report/instance_accuracy.rst",
            category="ARGMINN",
            labels={"figure": "Instances", "task": "{task}"},
        ),
    log:
        "results/{dataset}/logs/figure_instance_accuracy_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_instance_accuracy_{task}.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_instance_accuracy.py"


rule figure_argminn_syntax:
    input:
        gaps="results/{dataset}/argminn/{task}/readouts/gaps.tsv",
        rules="results/{dataset}/argminn/{task}/readouts/syntax.tsv",
        planted=of_task(None, "results/{dataset}/argminn/{task}/evaluation/gaps.tsv"),
    output:
        pdf="results/{dataset}/argminn/{task}/figures/argminn_syntax.pdf",
        png=report(
            "results/{dataset}/argminn/{task}/figures/argminn_syntax.png",
            caption="../report/argminn_syntax.rst",
            category="ARGMINN",
            labels={"figure": "Gaps between instances", "task": "{task}"},
        ),
    log:
        "results/{dataset}/logs/figure_argminn_syntax_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_argminn_syntax_{task}.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_argminn_syntax.py"


rule figure_argminn_scheme:
    input:
        maps="results/{dataset}/argminn/{task}/readouts/attention.npz",
        frames="results/{dataset}/argminn/{task}/readouts/frames.tsv",
        motifs="results/{dataset}/argminn/{task}/readouts/motifs.meme",
        examples="results/{dataset}/argminn/{task}/examples/test.npz",
        test="results/{dataset}/argminn/{task}/networks/argminn/test.tsv",
        sites=of_task(None, "results/{dataset}/argminn/{task}/examples/test_sites.tsv.gz"),
    output:
        pdf="results/{dataset}/argminn/{task}/figures/argminn_scheme.pdf",
        png=report(
            "results/{dataset}/argminn/{task}/figures/argminn_scheme.png",
            caption="../report/argminn_scheme.rst",
            category="ARGMINN",
            labels={"figure": "How a sequence is read", "task": "{task}"},
        ),
    log:
        "results/{dataset}/logs/figure_argminn_scheme_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_argminn_scheme_{task}.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_argminn_scheme.py"


rule figure_attention_map:
    input:
        maps="results/{dataset}/argminn/{task}/readouts/attention.npz",
        frames="results/{dataset}/argminn/{task}/readouts/frames.tsv",
        sites=of_task(None, "results/{dataset}/argminn/{task}/examples/test_sites.tsv.gz"),
    output:
        pdf="results/{dataset}/argminn/{task}/figures/attention_map.pdf",
        png=report(
            "results/{dataset}/argminn/{task}/figures/attention_map.png",
            caption="../report/attention_map.rst",
            category="ARGMINN",
            labels={"figure": "Attention", "task": "{task}"},
        ),
    log:
        "results/{dataset}/logs/figure_attention_map_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_attention_map_{task}.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        width=lookup(dpath="argminn/width", within=config),
    script:
        "../scripts/figure_attention_map.py"
