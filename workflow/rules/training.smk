# The main networks, whose filters become motifs, and those that the formula is compared with.


# The network of the grammar keeps positions.
GRAMMAR_NETWORK = "contextual_regression_positional"


wildcard_constraints:
    network="|".join(sorted({*config["comparison_networks"], GRAMMAR_NETWORK})),


rule train:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        folds="results/{dataset}/splits/{scheme}/folds.tsv",
        runs="results/{dataset}/splits/{scheme}/runs.tsv",
    output:
        model="results/{dataset}/models/main/{scheme}/run_{run}/model.keras",
        card="results/{dataset}/models/main/{scheme}/run_{run}/card.json",
        history="results/{dataset}/models/main/{scheme}/run_{run}/history.tsv",
        predictions="results/{dataset}/models/main/{scheme}/run_{run}/predictions.tsv",
        filters="results/{dataset}/models/main/{scheme}/run_{run}/filters.npy",
    log:
        "results/{dataset}/logs/train_{scheme}_run_{run}.log",
    benchmark:
        "results/{dataset}/benchmarks/train_{scheme}_run_{run}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    # One thread per run: the results then do not depend on the machine's cores, and runs share the cores best.
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=240,
    params:
        name=lookup(dpath="model/name", within=config),
        variant=lookup(dpath="model/variant", within=config),
        filters=lookup(dpath="model/filters", within=config),
        width=lookup(dpath="model/width", within=config),
        epochs=lookup(dpath="model/epochs", within=config),
        patience=lookup(dpath="model/patience", within=config),
        batch_size=lookup(dpath="model/batch_size", within=config),
        learning_rate=lookup(dpath="model/learning_rate", within=config),
    script:
        "../scripts/train.py"


# Networks to compare with keep their own filters and learning rates.
rule train_comparison:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        folds="results/{dataset}/splits/{scheme}/folds.tsv",
        runs="results/{dataset}/splits/{scheme}/runs.tsv",
    output:
        model="results/{dataset}/models/{network}/{scheme}/run_{run}/model.keras",
        card="results/{dataset}/models/{network}/{scheme}/run_{run}/card.json",
        history="results/{dataset}/models/{network}/{scheme}/run_{run}/history.tsv",
        predictions="results/{dataset}/models/{network}/{scheme}/run_{run}/predictions.tsv",
        filters="results/{dataset}/models/{network}/{scheme}/run_{run}/filters.npy",
    log:
        "results/{dataset}/logs/train_{network}_{scheme}_run_{run}.log",
    benchmark:
        "results/{dataset}/benchmarks/train_{network}_{scheme}_run_{run}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    # One thread per run: the results then do not depend on the machine's cores, and runs share the cores best.
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=240,
    params:
        epochs=lookup(dpath="model/epochs", within=config),
        patience=lookup(dpath="model/patience", within=config),
        batch_size=lookup(dpath="model/batch_size", within=config),
    script:
        "../scripts/train.py"
