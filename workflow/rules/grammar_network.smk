# What a network that keeps positions says of every gene it never saw: weighted features, and distance rules in silico.

POSITIONAL_RUN = f"results/{{{{dataset}}}}/models/{GRAMMAR_NETWORK}/{MAIN_SCHEME}/run_{{run}}"


rule read_weighted_features:
    input:
        models=per_fold(f"{POSITIONAL_RUN}/model.keras"),
        predictions=per_fold(f"{POSITIONAL_RUN}/predictions.tsv"),
        sequences="results/{dataset}/expression/sequences.npy",
        folds=f"results/{{dataset}}/splits/{MAIN_SCHEME}/folds.tsv",
        runs=f"results/{{dataset}}/splits/{MAIN_SCHEME}/runs.tsv",
    output:
        terms=temp(per_fold("results/{{dataset}}/grammar/terms/run_{run}.npz")),
    log:
        "results/{dataset}/logs/read_weighted_features.log",
    benchmark:
        "results/{dataset}/benchmarks/read_weighted_features.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    script:
        "../scripts/read_weighted_features.py"


# Filters of different networks are aligned through clusters of their motifs; a cluster is a feature.
rule grammar_motifs:
    input:
        terms=per_fold("results/{{dataset}}/grammar/terms/run_{run}.npz"),
        predictions=per_fold(f"{POSITIONAL_RUN}/predictions.tsv"),
        sequences="results/{dataset}/expression/sequences.npy",
    output:
        motifs="results/{dataset}/grammar/motifs.meme",
        filters="results/{dataset}/grammar/filters.tsv",
        features="results/{dataset}/grammar/features.meme",
    log:
        "results/{dataset}/logs/grammar_motifs.log",
    benchmark:
        "results/{dataset}/benchmarks/grammar_motifs.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=30,
    params:
        n_windows=lookup(dpath="motifs/n_windows", within=config),
        weighting=lookup(dpath="motifs/weighting", within=config),
        cluster_similarity=lookup(dpath="grammar/feature_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        min_runs=lookup(dpath="motifs/min_runs", within=config),
    script:
        "../scripts/grammar_motifs.py"


use rule compare_motifs as compare_features with:
    input:
        learned="results/{dataset}/grammar/features.meme",
        database="results/{dataset}/motifs/database.meme",
    output:
        matches="results/{dataset}/grammar/matches.tsv",
    log:
        "results/{dataset}/logs/compare_features.log",
    benchmark:
        "results/{dataset}/benchmarks/compare_features.tsv"


rule weighted_features:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        folds=f"results/{{dataset}}/splits/{MAIN_SCHEME}/folds.tsv",
        terms=per_fold("results/{{dataset}}/grammar/terms/run_{run}.npz"),
        filters="results/{dataset}/grammar/filters.tsv",
        features="results/{dataset}/grammar/features.meme",
        matches="results/{dataset}/grammar/matches.tsv",
        known="results/{dataset}/motifs/database.tsv",
    output:
        table="results/{dataset}/grammar/weighted_features.parquet",
        features="results/{dataset}/grammar/features.tsv",
        profiles="results/{dataset}/grammar/profiles.tsv",
        track="results/{dataset}/grammar/track.npy",
        predictions="results/{dataset}/grammar/predictions.tsv",
    log:
        "results/{dataset}/logs/weighted_features.log",
    benchmark:
        "results/{dataset}/benchmarks/weighted_features.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=20,
    params:
        upstream=lookup(dpath="promoters/upstream", within=config),
    script:
        "../scripts/weighted_features.py"


rule relocate_sites:
    input:
        spacing="results/{dataset}/grammar/spacing.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        sequences="results/{dataset}/expression/sequences.npy",
        folds=f"results/{{dataset}}/splits/{MAIN_SCHEME}/folds.tsv",
        runs=f"results/{{dataset}}/splits/{MAIN_SCHEME}/runs.tsv",
        models=per_fold(f"{POSITIONAL_RUN}/model.keras"),
        predictions=per_fold(f"{POSITIONAL_RUN}/predictions.tsv"),
    output:
        table="results/{dataset}/grammar/relocation.tsv",
    log:
        "results/{dataset}/logs/relocate_sites.log",
    benchmark:
        "results/{dataset}/benchmarks/relocate_sites.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        max_distance=lookup(dpath="grammar/max_distance", within=config),
        step=lookup(dpath="grammar/relocation_step", within=config),
        rules=lookup(dpath="grammar/relocation_rules", within=config),
        promoters=lookup(dpath="grammar/relocation_promoters", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/relocate_sites.py"


rule figure_weighted_profiles:
    input:
        features="results/{dataset}/grammar/features.tsv",
        profiles="results/{dataset}/grammar/profiles.tsv",
        motifs="results/{dataset}/grammar/features.meme",
        predictions="results/{dataset}/grammar/predictions.tsv",
    output:
        pdf="results/{dataset}/figures/weighted_profiles.pdf",
        png=report(
            "results/{dataset}/figures/weighted_profiles.png",
            caption="../report/weighted_profiles.rst",
            category="Grammar",
            labels={"figure": "Weighted features by position"},
        ),
    log:
        "results/{dataset}/logs/figure_weighted_profiles.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_weighted_profiles.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_weighted_profiles.py"
