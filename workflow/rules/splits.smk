rule make_splits:
    input:
        genes="results/{dataset}/expression/genes.tsv",
    output:
        folds="results/{dataset}/splits/folds.tsv",
        runs="results/{dataset}/splits/runs.tsv",
    log:
        "results/{dataset}/logs/make_splits.log",
    benchmark:
        "results/{dataset}/benchmarks/make_splits.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        scheme=lookup(dpath="splits/scheme", within=config),
        n_folds=lookup(dpath="splits/n_folds", within=config),
        n_runs=lookup(dpath="model/runs", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/make_splits.py"
