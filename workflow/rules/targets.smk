# Which genes depend on a motif: what it adds to every prediction, its targets in each cell type, and their gene sets.


rule formula_contributions:
    input:
        formula="results/{dataset}/formula/formula.json",
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
    output:
        "results/{dataset}/formula/contributions.parquet",
    log:
        "results/{dataset}/logs/formula_contributions.log",
    benchmark:
        "results/{dataset}/benchmarks/formula_contributions.tsv"
    conda:
        "../../envs/hits.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    script:
        "../scripts/formula_contributions.py"


rule find_targets:
    input:
        formula="results/{dataset}/formula/formula.json",
        cell_types="results/{dataset}/cell_types/formulas.npz",
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
    output:
        "results/{dataset}/cell_types/targets.parquet",
    log:
        "results/{dataset}/logs/find_targets.log",
    benchmark:
        "results/{dataset}/benchmarks/find_targets.tsv"
    conda:
        "../../envs/hits.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        number=lookup(dpath="targets/number", within=config),
    script:
        "../scripts/find_targets.py"
