# What the networks and their readouts are worth: against held-out labels, and against the truth of simulated tasks.


rule evaluate_argminn_performance:
    input:
        predictions=test_predictions,
    output:
        performance="results/{dataset}/argminn/{task}/evaluation/performance.tsv",
    log:
        "results/{dataset}/logs/evaluate_argminn_performance_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/evaluate_argminn_performance_{task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=30,
    params:
        networks=predictors,
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/evaluate_argminn_performance.py"


rule evaluate_argminn_motifs:
    input:
        known=KNOWN_MOTIFS,
        others=OTHER_MOTIFS,
        motifs=[
            readout_of(
                method,
                "results/{dataset}/argminn/{task}/readouts/motifs.meme",
                "results/{dataset}/argminn/{task}/peers/{method}/motifs.meme",
            )
            for method in MOTIF_METHODS
        ],
    output:
        motifs="results/{dataset}/argminn/{task}/evaluation/motifs.tsv",
    log:
        "results/{dataset}/logs/evaluate_argminn_motifs_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/evaluate_argminn_motifs_{task}.tsv"
    conda:
        "../../envs/similarity.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        methods=MOTIF_METHODS,
        is_truth=lambda wildcards: wildcards.task not in PEAKS,
        distance=lookup(dpath="comparison/distance", within=config),
        min_overlap=lookup(dpath="comparison/min_overlap", within=config),
        threshold=lookup(dpath="comparison/threshold", within=config),
        complete=lookup(dpath="comparison/complete", within=config),
    script:
        "../scripts/evaluate_argminn_motifs.py"


rule evaluate_argminn_instances:
    input:
        test="results/{dataset}/argminn/{task}/examples/test.npz",
        sites="results/{dataset}/argminn/{task}/examples/test_sites.tsv.gz",
        instances=[
            readout_of(
                method,
                "results/{dataset}/argminn/{task}/readouts/instances_test.tsv.gz",
                "results/{dataset}/argminn/{task}/peers/{method}/instances_test.tsv.gz",
            )
            for method in INSTANCE_METHODS
        ],
    output:
        instances="results/{dataset}/argminn/{task}/evaluation/instances.tsv",
        curve="results/{dataset}/argminn/{task}/evaluation/instance_curve.tsv",
        hits="results/{dataset}/argminn/{task}/evaluation/instance_hits.tsv",
    log:
        "results/{dataset}/logs/evaluate_argminn_instances_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/evaluate_argminn_instances_{task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        methods=INSTANCE_METHODS,
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/evaluate_argminn_instances.py"


rule evaluate_argminn_gaps:
    input:
        test="results/{dataset}/argminn/{task}/examples/test.npz",
        sites="results/{dataset}/argminn/{task}/examples/test_sites.tsv.gz",
        planted="results/{dataset}/argminn/{task}/examples/motifs.meme",
        motifs="results/{dataset}/argminn/{task}/readouts/motifs.meme",
        matches="results/{dataset}/argminn/{task}/readouts/matches.tsv",
        instances="results/{dataset}/argminn/{task}/readouts/syntax_instances_test.tsv.gz",
    output:
        gaps="results/{dataset}/argminn/{task}/evaluation/gaps.tsv",
    log:
        "results/{dataset}/logs/evaluate_argminn_gaps_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/evaluate_argminn_gaps_{task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=30,
    script:
        "../scripts/evaluate_argminn_gaps.py"


rule make_site_variants:
    input:
        test="results/{dataset}/argminn/{simulated_task}/examples/test.npz",
        sites="results/{dataset}/argminn/{simulated_task}/examples/test_sites.tsv.gz",
        motifs="results/{dataset}/argminn/{simulated_task}/examples/motifs.meme",
    output:
        variants="results/{dataset}/argminn/{simulated_task}/examples/variants.tsv.gz",
    log:
        "results/{dataset}/logs/make_site_variants_{simulated_task}.log",
    benchmark:
        "results/{dataset}/benchmarks/make_site_variants_{simulated_task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        sequences=lookup(dpath="argminn/variant_sequences", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/make_site_variants.py"


rule predict_argminn_controls:
    input:
        **chosen_network(),
        test="results/{dataset}/argminn/{task}/examples/test.npz",
        gc_sweep="results/{dataset}/argminn/{task}/examples/gc_sweep.npz",
        variants="results/{dataset}/argminn/{task}/examples/variants.tsv.gz",
    output:
        gc="results/{dataset}/argminn/{task}/networks/{classifier}/gc.tsv",
        variants="results/{dataset}/argminn/{task}/networks/{classifier}/variants.tsv.gz",
    log:
        "results/{dataset}/logs/predict_argminn_controls_{task}_{classifier}.log",
    benchmark:
        "results/{dataset}/benchmarks/predict_argminn_controls_{task}_{classifier}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    script:
        "../scripts/predict_argminn_controls.py"


rule evaluate_argminn_controls:
    input:
        gc=expand("results/{{dataset}}/argminn/{{task}}/networks/{classifier}/gc.tsv", classifier=CLASSIFIERS),
        variants=expand(
            "results/{{dataset}}/argminn/{{task}}/networks/{classifier}/variants.tsv.gz", classifier=CLASSIFIERS
        ),
    output:
        gc="results/{dataset}/argminn/{task}/evaluation/gc.tsv",
        variants="results/{dataset}/argminn/{task}/evaluation/variants.tsv",
    log:
        "results/{dataset}/logs/evaluate_argminn_controls_{task}.log",
    benchmark:
        "results/{dataset}/benchmarks/evaluate_argminn_controls_{task}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=30,
    params:
        networks=CLASSIFIERS,
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/evaluate_argminn_controls.py"
