"""How the run was made: software, parameters, counts of data."""

import json
from importlib import metadata
from typing import NamedTuple

from .. import __version__
from . import wording
from .run_tables import RunTables

PACKAGES = {
    "snakemake": "the workflow system",
    "numpy": "arrays",
    "scipy": "statistics",
    "pandas": "tables",
    "scikit-learn": "the lasso, decision trees",
    "statsmodels": "false discovery rates",
    "decoupler": "second opinion on activities",
    "lightmotif": "motif hits",
    "pyjaspar": "JASPAR releases",
    "biopython": "motif files",
    "numba": "comparison of motifs, best sites of filters",
    "igraph": "networks of motifs",
    "leidenalg": "communities",
    "pyfaidx": "the genome",
    "pybedtools": "promoters",
    "matplotlib": "figures",
    "jinja2": "these pages",
}
"""Packages of the workflow and what for."""
NOT_HERE = "not in the environment that wrote these pages"


class Software(NamedTuple):
    """A program, what it did, and its version."""

    name: str
    use: str
    version: str


class Count(NamedTuple):
    """How much of something there is."""

    what: str
    number: str
    note: str


def software(cards: list[str], plotting: list[tuple[str, str]]) -> list[Software]:
    """Versions of the packages where these pages are written, of those that trained the networks, and of the plots'.

    Parameters
    ----------
    cards : list of str
        JSON cards of trained networks, whose ``versions`` name what trained them.
    plotting : list of (str, str)
        Name and version of the libraries that draw the plots.
    """
    trained = {}
    for path in cards:
        with open(path) as handle:
            for name, version in json.load(handle)["versions"].items():
                trained.setdefault(name, set()).add(version)
    listed = [Software("cisformula", "this workflow", __version__)]
    listed += [Software(name, "training the networks", ", ".join(sorted(trained[name]))) for name in sorted(trained)]
    listed += [Software(name, use, _version(name)) for name, use in PACKAGES.items()]
    return listed + [Software(name, "plots of these pages", version) for name, version in plotting]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return NOT_HERE


def parameters(config: dict, prefix: str = "") -> list[tuple[str, str]]:
    """Every key of the configuration with its value, in the order of the file; keys of sections joined by points."""
    rows = []
    for key, value in config.items():
        if isinstance(value, dict):
            rows += parameters(value, f"{prefix}{key}.")
        else:
            rows.append((f"{prefix}{key}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
    return rows


def counts(run: RunTables) -> list[Count]:
    """How much data went in and came out."""
    genes = run.genes
    folds = genes.groupby("fold").size()
    reading = run.formula.reading
    window = f"{wording.fixed(-reading.upstream, 0)} to +{reading.downstream} bp around the transcription start site"
    known = int((run.motifs["source"] == "database").sum())
    n_argminn = int((run.motifs["source"] == "ARGMINN").sum())
    origin = f"{len(run.motifs) - known} learned{f' ({n_argminn} by ARGMINN)' if n_argminn else ''}, {known} known"
    lost = "; ".join(f"{row.lost:,} of {row.genes:,} {row.source} lost" for row in run.join.itertuples() if row.lost)
    return [
        Count("genes", wording.count(len(genes)), f"with a promoter and expression ({lost})" if lost else ""),
        Count("promoter window", f"{reading.length} bp", window),
        Count("cell types", wording.count(len(run.cell_types)), ""),
        Count("outer folds", str(len(folds)), f"of {folds.min():,} to {folds.max():,} genes"),
        Count("motifs that the networks learned", wording.count(len(run.learned)), ""),
        Count("known motifs", wording.count(len(run.known)), "in the database"),
        Count("motifs of the formula", str(len(run.motifs)), origin),
        Count("sites of these motifs", wording.count(len(run.sites)), "in the promoters"),
        Count("motif × cell type tests", wording.count(run.effects["q"].notna().sum()), "of all targets"),
        Count("permutations of the genes", wording.count(run.null.groupby("target").size().max()), "for each target"),
    ]
