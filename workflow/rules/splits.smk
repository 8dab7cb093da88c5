rule find_paralogues:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
    output:
        "results/{dataset}/splits/families.tsv",
    log:
        "results/{dataset}/logs/find_paralogues.log",
    benchmark:
        "results/{dataset}/benchmarks/find_paralogues.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=20,
    script:
        "../scripts/find_paralogues.py"


rule make_splits:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        families=branch(
            evaluate("{scheme} == 'paralogue'"),
            then="results/{dataset}/splits/families.tsv",
            otherwise=[],
        ),
    output:
        folds="results/{dataset}/splits/{scheme}/folds.tsv",
        runs="results/{dataset}/splits/{scheme}/runs.tsv",
    log:
        "results/{dataset}/logs/make_splits_{scheme}.log",
    benchmark:
        "results/{dataset}/benchmarks/make_splits_{scheme}.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=5,
    params:
        n_folds=lookup(dpath="splits/n_folds", within=config),
        n_runs=lambda wildcards: len(runs_of(wildcards.scheme)),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/make_splits.py"
