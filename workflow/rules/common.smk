def memory(mb):
    """Resource function: so many MB, and twice as many at every further attempt, as a job may have died of too few."""
    return lambda wildcards, attempt: mb * 2 ** (attempt - 1)


def memory_per_thread(mb):
    """The same for every thread of a job."""
    return lambda wildcards, threads, attempt: mb * threads * 2 ** (attempt - 1)


def any_of(names):
    """Wildcard constraint: one of some names, nothing if there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


def is_file(value):
    """Whether a value of the configuration that may be a word names a file; one still to be fetched is a file, too."""
    return value in INPUT_URLS or Path(value).exists()


def optional_input(key):
    """The file named by a config key, or no input where it is null."""
    return config[key] or []


def required_input(key):
    """Input function: the file named by a config key; where that is null, targets that need it cannot be made."""

    def file(wildcards):
        if config[key] is None:
            error = InputError(
                "is null.", place=f"configuration key {key}", fix="name the file that this target needs."
            )
            raise WorkflowError(str(error))
        return config[key]

    return file


MAIN_SCHEME = lookup(dpath="splits/scheme", within=config)
COMPARED_SCHEMES = [scheme for scheme in lookup(dpath="splits/compare", within=config) if scheme != MAIN_SCHEME]
SCHEMES = [MAIN_SCHEME, *COMPARED_SCHEMES]
FURTHER_NETWORKS = lookup(dpath="motifs/further_networks", within=config)
BIN_WIDTH = bin_width(
    window_length(config),
    lookup(dpath="hits/bin_width", within=config),
    lookup(dpath="hits/max_bins", within=config),
)
READINGS = {reading["name"]: reading for reading in lookup(dpath="hits/readings", within=config)}


def of_reading(key):
    """Parameter function: a key of the reading among the wildcards."""
    return lambda wildcards: READINGS[wildcards.reading][key]


def runs_of(scheme):
    """Numbers of the runs of a split scheme: all of the configuration in the main one, else one per fold."""
    return range(config["model"]["runs"] if scheme == MAIN_SCHEME else config["splits"]["n_folds"])


def per_fold(path):
    """A path for each of the networks of which there is one for every fold."""
    return expand(path, run=range(config["splits"]["n_folds"]))


def trained(network, runs):
    """What a job that trains some runs of a network under a scheme writes."""
    folder = f"results/{{dataset}}/models/{network}/{{scheme}}"
    files = {
        "model": "model.keras",
        "card": "card.json",
        "history": "history.tsv",
        "predictions": "predictions.tsv",
        "filters": "filters.npy",
    }
    return {name: [f"{folder}/run_{run}/{file}" for run in runs] for name, file in files.items()}


def of_motif_networks(file):
    """Input function: a file of every network whose filters become motifs.

    The scheme is the one among the wildcards, else the main one.
    """

    def files(wildcards):
        scheme = wildcards.get("scheme", MAIN_SCHEME)
        runs = {"main": runs_of(scheme)}
        runs |= dict.fromkeys(FURTHER_NETWORKS, range(config["splits"]["n_folds"]))
        folder = f"results/{wildcards.dataset}/models"
        return [f"{folder}/{name}/{scheme}/run_{run}/{file}" for name, numbers in runs.items() for run in numbers]

    return files


def of_scheme(pattern):
    """Input function: a path for the scheme among the wildcards; one per run or reading if it holds {run} or {reading}.

    {motif_set} becomes the set of motifs learned under that scheme.
    """

    def files(wildcards):
        scheme = wildcards.scheme
        motif_set = "learned" if scheme == MAIN_SCHEME else f"learned_{scheme}"
        values = {"scheme": scheme, "motif_set": motif_set, "run": runs_of(scheme), "reading": list(READINGS)}
        paths = expand(pattern, dataset=wildcards.dataset, **values)
        return paths if "{run}" in pattern or "{reading}" in pattern else paths[0]

    return files
