rule fit_formula:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        folds="results/{dataset}/splits/folds.tsv",
        runs="results/{dataset}/splits/runs.tsv",
        learned="results/{dataset}/motifs/learned.meme",
        learned_table="results/{dataset}/motifs/learned.tsv",
        learned_hits="results/{dataset}/hits/learned.npz",
        filters=expand(
            "results/{{dataset}}/models/contextual_regression/run_{run}/filters.npy",
            run=range(config["model"]["runs"]),
        ),
        database="results/{dataset}/motifs/database.meme",
        database_hits="results/{dataset}/hits/database.npz",
        matches="results/{dataset}/matches/tomtom.tsv",
    output:
        formula="results/{dataset}/formula/formula.json",
        table="results/{dataset}/formula/formula.tsv",
        meme="results/{dataset}/formula/formula.meme",
        predictions="results/{dataset}/formula/predictions.tsv",
        selection="results/{dataset}/formula/selection.tsv",
        design="results/{dataset}/formula/design.tsv",
    log:
        "results/{dataset}/logs/fit_formula.log",
    benchmark:
        "results/{dataset}/benchmarks/fit_formula.tsv"
    conda:
        "../../envs/formula.yaml"
    # One thread: sums over genes then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        feature_mode=lookup(dpath="formula/feature_mode", within=config),
        n_motifs=lookup(dpath="formula/n_motifs", within=config),
        selection=lookup(dpath="formula/selection", within=config),
        cluster_similarity=lookup(dpath="motifs/cluster_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        p_value=lookup(dpath="hits/p_value", within=config),
        grades=lookup(dpath="hits/grades", within=config),
        both_strands=lookup(dpath="hits/both_strands", within=config),
        upstream=lookup(dpath="promoters/upstream", within=config),
        downstream=lookup(dpath="promoters/downstream", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/fit_formula.py"


rule fit_baselines:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        folds="results/{dataset}/splits/folds.tsv",
        database_hits="results/{dataset}/hits/database.npz",
    output:
        predictions="results/{dataset}/formula/baselines.tsv.gz",
    log:
        "results/{dataset}/logs/fit_baselines.log",
    benchmark:
        "results/{dataset}/benchmarks/fit_baselines.tsv"
    conda:
        "../../envs/formula.yaml"
    # One thread: sums over genes then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        n_motifs=lookup(dpath="formula/n_motifs", within=config),
        selection=lookup(dpath="formula/selection", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/fit_baselines.py"


rule score_predictors:
    input:
        folds="results/{dataset}/splits/folds.tsv",
        formula="results/{dataset}/formula/predictions.tsv",
        baselines="results/{dataset}/formula/baselines.tsv.gz",
        networks=expand(
            "results/{{dataset}}/models/contextual_regression/run_{run}/predictions.tsv",
            run=range(config["model"]["runs"]),
        ),
    output:
        "results/{dataset}/formula/performance.tsv",
    log:
        "results/{dataset}/logs/score_predictors.log",
    benchmark:
        "results/{dataset}/benchmarks/score_predictors.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        scheme=lookup(dpath="splits/scheme", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/score_predictors.py"
