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
            "results/{{dataset}}/models/contextual_regression/{scheme}/run_{run}/filters.npy",
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
        null="results/{dataset}/cell_types/null.tsv",
    log:
        "results/{dataset}/logs/cell_type_effects.log",
    benchmark:
        "results/{dataset}/benchmarks/cell_type_effects.tsv"
    conda:
        "../../envs/formula.yaml"
    # One thread: sums over genes then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        readings=list(READINGS),
        bin_width=lookup(dpath="hits/bin_width", within=config),
        composition=lookup(dpath="formula/composition", within=config),
        feature_mode=lookup(dpath="formula/feature_mode", within=config),
        permutations=lookup(dpath="cell_type_effects/permutations", within=config),
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/cell_type_effects.py"
