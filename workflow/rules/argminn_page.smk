# One page for the simulated tasks with its verdict, one for the user's peaks.


rule grade_tasks:
    input:
        performance=expand("results/{{dataset}}/argminn/{task}/evaluation/performance.tsv", task=SIMULATED_TASKS),
        motifs=expand("results/{{dataset}}/argminn/{task}/evaluation/motifs.tsv", task=SIMULATED_TASKS),
        instances=expand("results/{{dataset}}/argminn/{task}/evaluation/instances.tsv", task=SIMULATED_TASKS),
        gaps=expand("results/{{dataset}}/argminn/{task}/evaluation/gaps.tsv", task=SIMULATED_TASKS),
        rules=expand("results/{{dataset}}/argminn/{task}/readouts/syntax.tsv", task=SIMULATED_TASKS),
    output:
        verdict="results/{dataset}/argminn/verdict.tsv",
    log:
        "results/{dataset}/logs/grade_tasks.log",
    benchmark:
        "results/{dataset}/benchmarks/grade_tasks.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        tasks=SIMULATED_TASKS,
    script:
        "../scripts/grade_tasks.py"


rule build_simulated_page:
    input:
        **tables_of_page(SIMULATED_TASKS),
        figures=expand(
            "results/{{dataset}}/argminn/{task}/figures/{figure}.png",
            task=SIMULATED_TASKS,
            figure=[
                "argminn_scheme",
                "argminn_motifs",
                "argminn_syntax",
                "attention_map",
                "instance_accuracy",
                "designs",
            ],
        ),
        planted=expand("results/{{dataset}}/argminn/{task}/examples/motifs.meme", task=SIMULATED_TASKS),
        planned=expand("results/{{dataset}}/argminn/{task}/examples/configurations.tsv", task=SIMULATED_TASKS),
        instances=expand("results/{{dataset}}/argminn/{task}/evaluation/instances.tsv", task=SIMULATED_TASKS),
        gaps=expand("results/{{dataset}}/argminn/{task}/evaluation/gaps.tsv", task=SIMULATED_TASKS),
        gc=expand("results/{{dataset}}/argminn/{task}/evaluation/gc.tsv", task=SIMULATED_TASKS),
        variants=expand("results/{{dataset}}/argminn/{task}/evaluation/variants.tsv", task=SIMULATED_TASKS),
        summaries=expand(
            "results/{{dataset}}/figures/{figure}.png",
            figure=["task_truth", "network_performance", "gc_robustness", "site_variants"],
        ),
        verdict="results/{dataset}/argminn/verdict.tsv",
    output:
        page="results/{dataset}/argminn/simulated_tasks.html",
    log:
        "results/{dataset}/logs/build_simulated_page.log",
    benchmark:
        "results/{dataset}/benchmarks/build_simulated_page.tsv"
    conda:
        "../../envs/site.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        tasks=SIMULATED_TASKS,
        networks=CLASSIFIERS,
    script:
        "../scripts/build_task_page.py"


rule build_peak_page:
    input:
        **tables_of_page(PEAKS),
        figures=expand(
            "results/{{dataset}}/argminn/{task}/figures/{figure}.png",
            task=PEAKS,
            figure=["argminn_scheme", "argminn_motifs", "argminn_syntax", "attention_map", "designs"],
        ),
        regions=expand("results/{{dataset}}/argminn/{task}/examples/regions.tsv.gz", task=PEAKS),
    output:
        page="results/{dataset}/argminn/peak_syntax.html",
    log:
        "results/{dataset}/logs/build_peak_page.log",
    benchmark:
        "results/{dataset}/benchmarks/build_peak_page.tsv"
    conda:
        "../../envs/site.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        tasks=list(PEAKS),
        networks=CLASSIFIERS,
    script:
        "../scripts/build_task_page.py"
