# Networks for binary tasks: ARGMINN and those it is compared with, several restarts of each.


wildcard_constraints:
    classifier="|".join(CLASSIFIERS),
    restart=r"\d+",


rule train_binary:
    input:
        validation="results/{dataset}/argminn/{task}/examples/validation.npz",
        train=of_task("results/{dataset}/argminn/{task}/examples/train.npz", None),
        motifs=of_task(None, "results/{dataset}/argminn/{task}/examples/motifs.meme"),
    output:
        model="results/{dataset}/argminn/{task}/networks/{classifier}/restart_{restart}/model.keras",
        history="results/{dataset}/argminn/{task}/networks/{classifier}/restart_{restart}/history.tsv",
        card="results/{dataset}/argminn/{task}/networks/{classifier}/restart_{restart}/card.json",
    log:
        "results/{dataset}/logs/argminn_train_{task}_{classifier}_{restart}.log",
    benchmark:
        "results/{dataset}/benchmarks/argminn_train_{task}_{classifier}_{restart}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    # One thread per restart: the results then do not depend on the machine's cores, and restarts share the cores best.
    threads: 1
    resources:
        mem_mb=memory(2500),
        runtime=480,
    params:
        filters=lookup(dpath="argminn/filters", within=config),
        width=lookup(dpath="argminn/width", within=config),
        layers=lookup(dpath="argminn/layers", within=config),
        heads=lookup(dpath="argminn/heads", within=config),
        both_strands=lookup(dpath="argminn/both_strands", within=config),
        faithful=lookup(dpath="argminn/faithful", within=config),
        epochs=lookup(dpath="argminn/epochs", within=config),
        seeded=lookup(dpath="argminn/seeded", within=config),
        batches=lookup(dpath="argminn/batches", within=config),
        batch_size=lookup(dpath="argminn/batch_size", within=config),
        learning_rate=lookup(dpath="argminn/learning_rate", within=config),
        overlap_weight=lookup(dpath="argminn/overlap_weight", within=config),
        l1_weight=lookup(dpath="argminn/l1_weight", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/train_binary.py"


rule choose_restart:
    input:
        test="results/{dataset}/argminn/{task}/examples/test.npz",
        models=chosen_network()["models"],
        cards=[path.replace("model.keras", "card.json") for path in chosen_network()["models"]],
    output:
        chosen="results/{dataset}/argminn/{task}/networks/{classifier}/chosen.json",
        test="results/{dataset}/argminn/{task}/networks/{classifier}/test.tsv",
    log:
        "results/{dataset}/logs/argminn_choose_{task}_{classifier}.log",
    benchmark:
        "results/{dataset}/benchmarks/argminn_choose_{task}_{classifier}.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    script:
        "../scripts/choose_restart.py"
