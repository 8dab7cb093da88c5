# Only for simulated data, whose truth is known.


rule figure_recovery:
    input:
        recovery="results/{dataset}/truth/recovery.tsv",
        controls="results/{dataset}/truth/controls.tsv",
        cell_types="results/{dataset}/truth/cell_type_recovery.tsv",
        verdict="results/{dataset}/truth/verdict.tsv",
    output:
        pdf="results/{dataset}/figures/recovery.pdf",
        png=report(
            "results/{dataset}/figures/recovery.png",
            caption="../report/recovery.rst",
            category="Verdict",
            labels={"figure": "Planted truth and what was found"},
        ),
    log:
        "results/{dataset}/logs/figure_recovery.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_recovery.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/figure_recovery.py"
