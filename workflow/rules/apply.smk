rule score_sequences:
    input:
        formula="results/{dataset}/formula/formula.json",
        cell_types="results/{dataset}/cell_types/formulas.npz",
        sequences=lookup(dpath="apply/sequences", within=config) or [],
        genome=config["genome"],
    output:
        "results/{dataset}/apply/scores.tsv.gz",
    log:
        "results/{dataset}/logs/score_sequences.log",
    benchmark:
        "results/{dataset}/benchmarks/score_sequences.tsv"
    conda:
        "../../envs/apply.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=60,
    script:
        "../scripts/score_sequences.py"


rule score_variants:
    input:
        formula="results/{dataset}/formula/formula.json",
        cell_types="results/{dataset}/cell_types/formulas.npz",
        variants=lookup(dpath="apply/variants", within=config) or [],
        promoters="results/{dataset}/promoters/promoters.bed",
        genome=config["genome"],
    output:
        "results/{dataset}/apply/variants.tsv.gz",
    log:
        "results/{dataset}/logs/score_variants.log",
    benchmark:
        "results/{dataset}/benchmarks/score_variants.tsv"
    conda:
        "../../envs/apply.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=60,
    params:
        max_indel=lookup(dpath="apply/max_indel", within=config),
    script:
        "../scripts/score_variants.py"
