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
        mem_mb=memory(2000),
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
        mem_mb=memory(2000),
        runtime=20,
    params:
        number=lookup(dpath="targets/number", within=config),
    script:
        "../scripts/find_targets.py"


# Only where the configuration names gene sets.
rule compare_gene_sets:
    input:
        formula="results/{dataset}/formula/formula.json",
        cell_types="results/{dataset}/cell_types/formulas.npz",
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        gene_sets=lookup(dpath="targets/gene_sets", within=config) or [],
    output:
        "results/{dataset}/cell_types/enrichment.tsv.gz",
    log:
        "results/{dataset}/logs/compare_gene_sets.log",
    benchmark:
        "results/{dataset}/benchmarks/compare_gene_sets.tsv"
    conda:
        "../../envs/hits.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=60,
    params:
        number=lookup(dpath="targets/enrichment_number", within=config),
        cell_types=lookup(dpath="targets/enrichment_cell_types", within=config),
        min_set_size=lookup(dpath="targets/min_set_size", within=config),
        max_set_size=lookup(dpath="targets/max_set_size", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/compare_gene_sets.py"
