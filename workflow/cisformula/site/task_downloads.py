"""The files of a task of ARGMINN, with a line on each."""

from .downloads import Download

BOTH = [
    Download("evaluation/performance.tsv", "accuracy, auROC and auPRC of every network, with intervals"),
    Download("readouts/filters.tsv", "every filter: used, passed, consensus, best match"),
    Download("readouts/motifs.meme", "motifs of the filters that are used, MEME format"),
    Download("readouts/matches.tsv", "their matches, in Tomtom's columns"),
    Download("readouts/syntax.tsv", "rules of spacing, in numbers and words"),
    Download("readouts/configurations.tsv", "arrangements of motifs and how many bound sequences hold them"),
    Download("readouts/gaps.tsv", "pairs of instances at each gap, observed and expected"),
    Download("readouts/instances_reading.tsv.gz", "instances in the sequences that syntax is read from"),
    Download("readouts/instances_test.tsv.gz", "instances in the test sequences"),
    Download("evaluation/motifs.tsv", "motifs of every method: how many passed and matched, match score"),
    Download("design/sequences.fa.gz", "sequences made from the rules, and controls"),
    Download("design/sequences.tsv.gz", "what the networks say of each"),
    Download("design/sites.tsv.gz", "sites placed in them"),
    Download("evaluation/design.tsv", "the same by method"),
    Download("evaluation/design_arrangements.tsv", "the same by arrangement"),
    Download("networks/argminn/chosen.json", "the restart that was taken, and the others on validation"),
]
SIMULATED = [
    Download("examples/motifs.meme", "planted motifs"),
    Download("examples/configurations.tsv", "planted configurations, planned and drawn"),
    Download("examples/test_sites.tsv.gz", "planted sites of the test sequences"),
    Download("evaluation/instances.tsv", "precision, recall and hits per sequence of every method"),
    Download("evaluation/gaps.tsv", "planted gaps and those between the calls of the same sites"),
    Download("evaluation/gc.tsv", "the networks on backgrounds of other GC contents"),
    Download("evaluation/variants.tsv", "the networks on variants that break planted sites"),
]
PEAKS = [
    Download("examples/regions.tsv.gz", "every window: set, label, coordinates, GC content"),
    Download("readouts/instances.bed.gz", "instances on the genome, for browsers"),
]


def of_task(task: str, is_simulated: bool) -> list[Download]:
    """The files of a task, their paths relative to the folder of all tasks."""
    offered = [*BOTH, *(SIMULATED if is_simulated else PEAKS)]
    return [Download(f"{task}/{file.path}", file.text) for file in offered]
