# The formula: scored on genes it was not made from under every split scheme, then made from all genes.


rule evaluate_formula:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        folds="results/{dataset}/splits/{scheme}/folds.tsv",
        runs="results/{dataset}/splits/{scheme}/runs.tsv",
        learned=of_scheme("results/{dataset}/motifs/{motif_set}.meme"),
        learned_table=of_scheme("results/{dataset}/motifs/{motif_set}.tsv"),
        learned_hits=of_scheme("results/{dataset}/hits/{reading}/{motif_set}.npz"),
        filters=of_scheme("results/{dataset}/models/main/{scheme}/run_{run}/filters.npy"),
        database="results/{dataset}/motifs/database.meme",
        database_hits=expand("results/{{dataset}}/hits/{reading}/database.npz", reading=list(READINGS)),
    output:
        predictions="results/{dataset}/formula/predictions_{scheme}.tsv",
        selection="results/{dataset}/formula/selection_{scheme}.tsv",
        design="results/{dataset}/formula/design_{scheme}.tsv",
    log:
        "results/{dataset}/logs/evaluate_formula_{scheme}.log",
    benchmark:
        "results/{dataset}/benchmarks/evaluate_formula_{scheme}.tsv"
    conda:
        "../../envs/formula.yaml"
    # One thread: sums over genes then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=120,
    params:
        readings=list(READINGS),
        bin_width=BIN_WIDTH,
        composition=lookup(dpath="formula/composition", within=config),
        feature_mode=lookup(dpath="formula/feature_mode", within=config),
        n_motifs=lookup(dpath="formula/n_motifs", within=config),
        selection=lookup(dpath="formula/selection", within=config),
        max_similarity=lookup(dpath="formula/max_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/evaluate_formula.py"


# How many motifs the formula needs: held-out R2 of its first motifs, with composition, without effects of position.
rule count_motifs:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        folds=f"results/{{dataset}}/splits/{MAIN_SCHEME}/folds.tsv",
        runs=f"results/{{dataset}}/splits/{MAIN_SCHEME}/runs.tsv",
        learned="results/{dataset}/motifs/learned.meme",
        learned_table="results/{dataset}/motifs/learned.tsv",
        learned_hits=expand("results/{{dataset}}/hits/{reading}/learned.npz", reading=list(READINGS)),
        filters=expand(
            "results/{{dataset}}/models/main/{scheme}/run_{run}/filters.npy",
            scheme=MAIN_SCHEME,
            run=runs_of(MAIN_SCHEME),
        ),
        database="results/{dataset}/motifs/database.meme",
        database_hits=expand("results/{{dataset}}/hits/{reading}/database.npz", reading=list(READINGS)),
        design=f"results/{{dataset}}/formula/design_{MAIN_SCHEME}.tsv",
    output:
        "results/{dataset}/formula/motif_number.tsv",
    log:
        "results/{dataset}/logs/count_motifs.log",
    benchmark:
        "results/{dataset}/benchmarks/count_motifs.tsv"
    conda:
        "../../envs/formula.yaml"
    # One thread: sums over genes then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=60,
    params:
        readings=list(READINGS),
        bin_width=BIN_WIDTH,
        composition=lookup(dpath="formula/composition", within=config),
        feature_mode=lookup(dpath="formula/feature_mode", within=config),
        selection=lookup(dpath="formula/selection", within=config),
        max_similarity=lookup(dpath="formula/max_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/count_motifs.py"


rule fit_formula:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        runs=f"results/{{dataset}}/splits/{MAIN_SCHEME}/runs.tsv",
        learned="results/{dataset}/motifs/learned.meme",
        learned_table="results/{dataset}/motifs/learned.tsv",
        learned_hits=expand("results/{{dataset}}/hits/{reading}/learned.npz", reading=list(READINGS)),
        filters=expand(
            "results/{{dataset}}/models/main/{scheme}/run_{run}/filters.npy",
            scheme=MAIN_SCHEME,
            run=runs_of(MAIN_SCHEME),
        ),
        database="results/{dataset}/motifs/database.meme",
        database_hits=expand("results/{{dataset}}/hits/{reading}/database.npz", reading=list(READINGS)),
        matches="results/{dataset}/matches/tomtom.tsv",
        predictions=f"results/{{dataset}}/formula/predictions_{MAIN_SCHEME}.tsv",
        selection=f"results/{{dataset}}/formula/selection_{MAIN_SCHEME}.tsv",
        design=f"results/{{dataset}}/formula/design_{MAIN_SCHEME}.tsv",
    output:
        formula="results/{dataset}/formula/formula.json",
        table="results/{dataset}/formula/formula.tsv",
        meme="results/{dataset}/formula/formula.meme",
        predictions="results/{dataset}/formula/predictions.tsv",
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
        mem_mb=memory(4000),
        runtime=60,
    params:
        readings=list(READINGS),
        bin_width=BIN_WIDTH,
        composition=lookup(dpath="formula/composition", within=config),
        feature_mode=lookup(dpath="formula/feature_mode", within=config),
        n_motifs=lookup(dpath="formula/n_motifs", within=config),
        selection=lookup(dpath="formula/selection", within=config),
        cluster_similarity=lookup(dpath="motifs/cluster_similarity", within=config),
        max_similarity=lookup(dpath="formula/max_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        p_values=[reading["p_value"] for reading in READINGS.values()],
        grades=[reading["grades"] for reading in READINGS.values()],
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
        folds="results/{dataset}/splits/{scheme}/folds.tsv",
        database="results/{dataset}/motifs/database.meme",
        database_hits=expand("results/{{dataset}}/hits/{reading}/database.npz", reading=list(READINGS)),
    output:
        predictions="results/{dataset}/formula/baselines_{scheme}.tsv.gz",
    log:
        "results/{dataset}/logs/fit_baselines_{scheme}.log",
    benchmark:
        "results/{dataset}/benchmarks/fit_baselines_{scheme}.tsv"
    conda:
        "../../envs/formula.yaml"
    # One thread: sums over genes then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=60,
    params:
        main_scheme=MAIN_SCHEME,
        readings=list(READINGS),
        bin_width=BIN_WIDTH,
        composition=lookup(dpath="formula/composition", within=config),
        feature_mode=lookup(dpath="formula/feature_mode", within=config),
        max_similarity=lookup(dpath="formula/max_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        n_motifs=lookup(dpath="formula/n_motifs", within=config),
        selection=lookup(dpath="formula/selection", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/fit_baselines.py"


rule score_predictors:
    input:
        expression="results/{dataset}/expression/expression.parquet",
        families=branch("paralogue" in SCHEMES, then="results/{dataset}/splits/families.tsv", otherwise=[]),
        folds=expand("results/{{dataset}}/splits/{scheme}/folds.tsv", scheme=SCHEMES),
        fitted="results/{dataset}/formula/predictions.tsv",
        formula=expand("results/{{dataset}}/formula/predictions_{scheme}.tsv", scheme=SCHEMES),
        baselines=expand("results/{{dataset}}/formula/baselines_{scheme}.tsv.gz", scheme=SCHEMES),
        networks=[
            f"results/{{dataset}}/models/main/{scheme}/run_{run}/predictions.tsv"
            for scheme in SCHEMES
            for run in runs_of(scheme)
        ],
        comparison_networks=expand(
            "results/{{dataset}}/models/{network}/{scheme}/run_{run}/predictions.tsv",
            network=config["comparison_networks"],
            scheme=MAIN_SCHEME,
            run=range(config["splits"]["n_folds"]),
        ),
    output:
        performance="results/{dataset}/formula/performance.tsv",
        differences="results/{dataset}/formula/differences.tsv",
    log:
        "results/{dataset}/logs/score_predictors.log",
    benchmark:
        "results/{dataset}/benchmarks/score_predictors.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        schemes=SCHEMES,
        main_network=lookup(dpath="model/name", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/score_predictors.py"
