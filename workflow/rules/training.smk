# The main networks, whose filters become motifs, and those that the formula is compared with.


# A whole run has half a dozen jobs that train, so that a quarter of the cores for each keeps all of them busy. Calls
# that run nothing, such as --report, name no cores.
PARALLEL_RUNS = lookup(dpath="model/parallel_runs", within=config) or max(
    1, (workflow.resource_settings.cores or 1) // 4
)
# The network of the grammar keeps positions.
GRAMMAR_NETWORK = "contextual_regression_positional"


wildcard_constraints:
    network=any_of(name for name in config["comparison_networks"] if name != GRAMMAR_NETWORK),


# A thread trains one run at a time, so that results do not depend on their number. Trainings are the longest jobs: begun
# late, one of them would keep all but one core waiting.
rule train:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        folds="results/{dataset}/splits/{scheme}/folds.tsv",
        runs="results/{dataset}/splits/{scheme}/runs.tsv",
    output:
        **trained("main", runs_of(MAIN_SCHEME)),
    log:
        "results/{dataset}/logs/train_{scheme}.log",
    benchmark:
        "results/{dataset}/benchmarks/train_{scheme}.tsv"
    wildcard_constraints:
        scheme=MAIN_SCHEME,
    priority: 1
    conda:
        "../../envs/tensorflow.yaml"
    threads: PARALLEL_RUNS
    resources:
        mem_mb=memory_per_thread(2000),
        runtime=480,
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


# One run for each fold of the schemes that the main one is compared with.
use rule train as train_compared with:
    output:
        **trained("main", range(config["splits"]["n_folds"])),
    wildcard_constraints:
        scheme=any_of(COMPARED_SCHEMES),


# Networks to compare with keep their own filters and learning rates.
rule train_comparison:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        folds="results/{dataset}/splits/{scheme}/folds.tsv",
        runs="results/{dataset}/splits/{scheme}/runs.tsv",
    output:
        **trained("{network}", range(config["splits"]["n_folds"])),
    log:
        "results/{dataset}/logs/train_{network}_{scheme}.log",
    benchmark:
        "results/{dataset}/benchmarks/train_{network}_{scheme}.tsv"
    priority: 1
    conda:
        "../../envs/tensorflow.yaml"
    threads: PARALLEL_RUNS
    resources:
        mem_mb=memory_per_thread(2000),
        runtime=480,
    params:
        network=lambda wildcards: wildcards.network,
        epochs=lookup(dpath="model/epochs", within=config),
        patience=lookup(dpath="model/patience", within=config),
        batch_size=lookup(dpath="model/batch_size", within=config),
    script:
        "../scripts/train.py"


# What follows from it takes longest, so that it is trained before the others.
use rule train_comparison as train_positional with:
    output:
        **trained(GRAMMAR_NETWORK, range(config["splits"]["n_folds"])),
    log:
        f"results/{{dataset}}/logs/train_{GRAMMAR_NETWORK}_{{scheme}}.log",
    benchmark:
        f"results/{{dataset}}/benchmarks/train_{GRAMMAR_NETWORK}_{{scheme}}.tsv"
    priority: 2
    params:
        network=GRAMMAR_NETWORK,
        epochs=lookup(dpath="model/epochs", within=config),
        patience=lookup(dpath="model/patience", within=config),
        batch_size=lookup(dpath="model/batch_size", within=config),
