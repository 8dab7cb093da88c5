rule cell_type_effects:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        expression="results/{dataset}/expression/expression.parquet",
        cell_types="results/{dataset}/expression/cell_types.tsv",
        folds=f"results/{{dataset}}/splits/{MAIN_SCHEME}/folds.tsv",
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
        formula="results/{dataset}/formula/formula.tsv",
        published="results/{dataset}/formula/formula.json",
        selection=f"results/{{dataset}}/formula/selection_{MAIN_SCHEME}.tsv",
        design="results/{dataset}/formula/design.tsv",
    output:
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        formulas="results/{dataset}/cell_types/formulas.npz",
        performance="results/{dataset}/cell_types/performance.tsv",
        predictions="results/{dataset}/cell_types/predictions.parquet",
        hits="results/{dataset}/cell_types/hits.parquet",
        null="results/{dataset}/cell_types/null.tsv",
        quantiles="results/{dataset}/cell_types/null_quantiles.tsv",
    log:
        "results/{dataset}/logs/cell_type_effects.log",
    benchmark:
        "results/{dataset}/benchmarks/cell_type_effects.tsv"
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
        permutations=lookup(dpath="cell_type_effects/permutations", within=config),
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/cell_type_effects.py"


rule motif_activity:
    input:
        sequences="results/{dataset}/expression/sequences.npy",
        expression="results/{dataset}/expression/expression.parquet",
        cell_types="results/{dataset}/expression/cell_types.tsv",
        formula="results/{dataset}/formula/formula.tsv",
        hits="results/{dataset}/cell_types/hits.parquet",
        effects="results/{dataset}/cell_types/effects.tsv.gz",
    output:
        activity="results/{dataset}/cell_types/activity.tsv.gz",
        motifs="results/{dataset}/cell_types/motifs.tsv",
        groups="results/{dataset}/cell_types/groups.tsv",
        group_effects="results/{dataset}/cell_types/group_effects.tsv",
    log:
        "results/{dataset}/logs/motif_activity.log",
    benchmark:
        "results/{dataset}/benchmarks/motif_activity.tsv"
    conda:
        "../../envs/formula.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/motif_activity.py"


rule second_opinion:
    input:
        expression="results/{dataset}/expression/expression.parquet",
        hits="results/{dataset}/cell_types/hits.parquet",
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        activity="results/{dataset}/cell_types/activity.tsv.gz",
    output:
        scores="results/{dataset}/cell_types/second_opinion_scores.tsv.gz",
        agreement="results/{dataset}/cell_types/second_opinion.tsv",
    log:
        "results/{dataset}/logs/second_opinion.log",
    benchmark:
        "results/{dataset}/benchmarks/second_opinion.tsv"
    conda:
        "../../envs/second_opinion.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=20,
    script:
        "../scripts/second_opinion.py"
