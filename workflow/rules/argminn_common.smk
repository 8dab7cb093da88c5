# Names and paths that the rules of ARGMINN share.

PEAKS = lookup(dpath="argminn/peaks", within=config) or {}
SIMULATED_TASKS = lookup(dpath="argminn/tasks", within=config)
ARGMINN_TASKS = [*SIMULATED_TASKS, *PEAKS]
CLASSIFIERS = ["argminn", "cnn", "cnn_overlap", "explainn"]
MOTIF_METHODS = [*CLASSIFIERS, "modisco"]
INSTANCE_METHODS = ["argminn", "fimo_modisco", "fimo_argminn"]


def of_task(peaks, simulated):
    """Input function: a path for a task of peaks and one for a simulated task; an empty one for no input."""
    return lambda wildcards: (peaks if wildcards.task in PEAKS else simulated) or []


def chosen_network(classifier="{classifier}"):
    """The files behind ``restarts.load_chosen``: the choice, and the models that it is among."""
    folder = f"results/{{dataset}}/argminn/{{task}}/networks/{classifier}"
    restarts = range(lookup(dpath="argminn/restarts", within=config))
    return {
        "chosen": f"{folder}/chosen.json",
        "models": [f"{folder}/restart_{restart}/model.keras" for restart in restarts],
    }


def readout_of(method, argminn, peer):
    """Path of a readout of ARGMINN, or of the same of a method that it is compared with."""
    return argminn if method == "argminn" else peer.replace("{method}", method)


def test_predictions(wildcards):
    """Predictions of all networks on the test set, and of the best possible classifier where the truth is known."""
    paths = [f"{{folder}}/networks/{name}/test.tsv" for name in CLASSIFIERS]
    if wildcards.task not in PEAKS:
        paths.append("{folder}/examples/oracle.tsv")
    return [path.format(folder=f"results/{wildcards.dataset}/argminn/{wildcards.task}") for path in paths]


def predictors(wildcards):
    """Names of what :func:`test_predictions` lists."""
    return CLASSIFIERS if wildcards.task in PEAKS else [*CLASSIFIERS, "oracle"]


def scanned_motifs(wildcards):
    """Motifs to scan with: those of TF-MoDISco, or those of ARGMINN with the table that tells which passed."""
    folder = f"results/{wildcards.dataset}/argminn/{wildcards.task}"
    if wildcards.motif_source == "modisco":
        return {"motifs": f"{folder}/peers/modisco/motifs.meme"}
    return {"motifs": f"{folder}/readouts/motifs.meme", "filters": f"{folder}/readouts/filters.tsv"}


def tables_of_page(tasks):
    """Tables that a page shows of every task, lists of paths in the order of the tasks."""
    folder = "results/{{dataset}}/argminn/{task}"
    paths = {
        "performance": "evaluation/performance.tsv",
        "filters": "readouts/filters.tsv",
        "matches": "readouts/matches.tsv",
        "motifs": "readouts/motifs.meme",
        "rules": "readouts/syntax.tsv",
        "configurations": "readouts/configurations.tsv",
        "scores": "evaluation/motifs.tsv",
        "design": "evaluation/design.tsv",
    }
    tables = {name: expand(f"{folder}/{path}", task=tasks) for name, path in paths.items()}
    chosen = expand(f"{folder}/networks/{{classifier}}/chosen.json", task=tasks, classifier=CLASSIFIERS)
    return {**tables, "chosen": chosen}
