# Sequences that ARGMINN is trained and tested with: simulated tasks, whose truth is known, and a user's peaks.


wildcard_constraints:
    simulated_task=any_of(SIMULATED_TASKS),
    peak_task=any_of(PEAKS),
    task=any_of(ARGMINN_TASKS),


rule make_task_examples:
    output:
        validation="results/{dataset}/argminn/{simulated_task}/examples/validation.npz",
        validation_sites="results/{dataset}/argminn/{simulated_task}/examples/validation_sites.tsv.gz",
        reading="results/{dataset}/argminn/{simulated_task}/examples/reading.npz",
        reading_sites="results/{dataset}/argminn/{simulated_task}/examples/reading_sites.tsv.gz",
        test="results/{dataset}/argminn/{simulated_task}/examples/test.npz",
        test_sites="results/{dataset}/argminn/{simulated_task}/examples/test_sites.tsv.gz",
        gc_sweep="results/{dataset}/argminn/{simulated_task}/examples/gc_sweep.npz",
        motifs="results/{dataset}/argminn/{simulated_task}/examples/motifs.meme",
        configurations="results/{dataset}/argminn/{simulated_task}/examples/configurations.tsv",
        oracle="results/{dataset}/argminn/{simulated_task}/examples/oracle.tsv",
    log:
        "results/{dataset}/logs/make_task_examples_{simulated_task}.log",
    benchmark:
        "results/{dataset}/benchmarks/make_task_examples_{simulated_task}.tsv"
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/make_task_examples.py"


rule make_peak_examples:
    input:
        bed=lambda wildcards: PEAKS[wildcards.peak_task],
        genome=config["genome"],
    output:
        train="results/{dataset}/argminn/{peak_task}/examples/train.npz",
        validation="results/{dataset}/argminn/{peak_task}/examples/validation.npz",
        reading="results/{dataset}/argminn/{peak_task}/examples/reading.npz",
        test="results/{dataset}/argminn/{peak_task}/examples/test.npz",
        regions="results/{dataset}/argminn/{peak_task}/examples/regions.tsv.gz",
    log:
        "results/{dataset}/logs/make_peak_examples_{peak_task}.log",
    benchmark:
        "results/{dataset}/benchmarks/make_peak_examples_{peak_task}.tsv"
    conda:
        "../../envs/intervals.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=120,
    params:
        seed=lookup(dpath="seed", within=config),
        test_chromosomes=lookup(dpath="argminn/test_chromosomes", within=config),
        validation_chromosomes=lookup(dpath="argminn/validation_chromosomes", within=config),
    script:
        "../scripts/make_peak_examples.py"


rule figure_task_truth:
    input:
        motifs=expand("results/{{dataset}}/argminn/{task}/examples/motifs.meme", task=SIMULATED_TASKS),
    output:
        pdf="results/{dataset}/figures/task_truth.pdf",
        png=report(
            "results/{dataset}/figures/task_truth.png",
            caption="../report/task_truth.rst",
            category="ARGMINN",
            labels={"figure": "Simulated tasks"},
        ),
    log:
        "results/{dataset}/logs/figure_task_truth.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_task_truth.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        tasks=SIMULATED_TASKS,
    script:
        "../scripts/figure_task_truth.py"
