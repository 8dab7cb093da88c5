"""Numbers of Tseng et al. (2024, arXiv 2410.06211) on the tasks whose names ours bear, to stand beside those of a run.

They are printed in the notebooks of the authors' public repository. Two things keep them from being like for like. The
configurations of the authors' tasks are not public, so that ours are our own; and the authors report, of three
trainings, the one with the highest accuracy on the test set itself, where here the choice is made on a validation set.
"""

from typing import NamedTuple


class Scores(NamedTuple):
    """Of a network on a test set; None where the number is not known."""

    accuracy: float
    auroc: float
    auprc: float | None


class Calls(NamedTuple):
    """Precision and recall of all called instances."""

    precision: float
    recall: float


PERFORMANCE = {
    "SPI1": {
        "argminn": Scores(0.898, 0.955, 0.958),
        "cnn": Scores(0.887, 0.949, 0.957),
        "explainn": Scores(0.895, 0.951, 0.954),
    },
    "TAL1_GATA1": {
        "argminn": Scores(0.884, 0.954, 0.959),
        "cnn": Scores(0.838, 0.910, 0.918),
        "explainn": Scores(0.856, 0.939, 0.941),
    },
    "E2F6_MAX": {
        "argminn": Scores(0.908, 0.971, 0.975),
        "cnn": Scores(0.895, 0.948, 0.952),
        "explainn": Scores(0.871, 0.944, 0.944),
    },
    "JUND_TEAD4": {
        "argminn": Scores(0.988, 0.999, 0.999),
        "cnn": Scores(0.981, 0.997, 0.997),
        "explainn": Scores(0.984, 0.999, 0.999),
    },
    "REST": {
        "argminn": Scores(0.883, 0.947, 0.940),
        "cnn": Scores(0.771, 0.835, 0.824),
        "explainn": Scores(0.856, 0.929, 0.927),
    },
    "SPI1_CTCF": {
        "argminn": Scores(0.909, 0.968, 0.965),
        "cnn": Scores(0.860, 0.931, 0.928),
        "explainn": Scores(0.900, 0.955, 0.953),
    },
    "GATA1_density": {"argminn": Scores(0.877, 0.968, None), "cnn_overlap": Scores(0.849, 0.917, None)},
    "REST_v2": {"argminn": Scores(0.902, 0.954, 0.960), "explainn": Scores(0.727, 0.781, 0.760)},
}
"""Of networks on simulated tasks, by task and network; GATA1_density and REST_v2 are extras beside the six."""

PEAKS = {
    "CTCF, HepG2": {
        "argminn": Scores(0.769, 0.848, 0.854),
        "cnn": Scores(0.775, 0.850, 0.852),
        "explainn": Scores(0.782, 0.859, 0.860),
    },
    "FOXA1, HepG2": {
        "argminn": Scores(0.728, 0.805, 0.798),
        "cnn": Scores(0.734, 0.809, 0.806),
        "explainn": Scores(0.730, 0.810, 0.804),
    },
    "DNase, HepG2": {
        "argminn": Scores(0.730, 0.816, 0.815),
        "cnn": Scores(0.730, 0.812, 0.809),
        "explainn": Scores(0.741, 0.824, 0.818),
    },
    "DNase, HL-60": {
        "argminn": Scores(0.753, 0.833, 0.826),
        "cnn": Scores(0.760, 0.842, 0.839),
        "explainn": Scores(0.769, 0.853, 0.847),
    },
    "DNase, K562": {
        "argminn": Scores(0.762, 0.848, 0.845),
        "cnn": Scores(0.768, 0.852, 0.846),
        "explainn": Scores(0.774, 0.860, 0.853),
    },
}
"""The same on peaks of ENCODE, against windows drawn from the genome without regard to GC content."""

INSTANCES = {
    "SPI1": {
        "argminn": Calls(0.953, 0.824),
        "fimo_modisco": Calls(0.594, 0.858),
        "fimo_argminn": Calls(0.852, 0.804),
    },
    "TAL1_GATA1": {
        "argminn": Calls(0.939, 0.703),
        "fimo_modisco": Calls(0.621, 0.528),
        "fimo_argminn": Calls(0.896, 0.410),
    },
    "E2F6_MAX": {
        "argminn": Calls(0.954, 0.816),
        "fimo_modisco": Calls(0.625, 0.584),
        "fimo_argminn": Calls(0.796, 0.355),
    },
    "JUND_TEAD4": {
        "argminn": Calls(1.000, 0.588),
        "fimo_modisco": Calls(0.617, 0.671),
        "fimo_argminn": Calls(0.907, 0.644),
    },
    "REST": {
        "argminn": Calls(0.972, 0.757),
        "fimo_modisco": Calls(0.499, 0.507),
        "fimo_argminn": Calls(0.835, 0.671),
    },
    "SPI1_CTCF": {
        "argminn": Calls(0.909, 0.841),
        "fimo_modisco": Calls(0.536, 0.854),
        "fimo_argminn": Calls(0.707, 0.756),
    },
}
"""Of called instances against planted sites, by task and method."""

PASSED = {
    "SPI1": {"argminn": 2, "modisco": 14},
    "TAL1_GATA1": {"argminn": 3, "modisco": 14},
    "E2F6_MAX": {"argminn": 3, "modisco": 17},
    "JUND_TEAD4": {"argminn": 2, "modisco": 22},
    "REST": {"argminn": 4, "modisco": 23},
    "SPI1_CTCF": {"argminn": 4, "modisco": 11},
}
"""Motifs that pass the quality filter, by task and method."""
