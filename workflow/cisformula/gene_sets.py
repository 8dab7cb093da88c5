"""What the targets of a motif have in common: gene sets of a GMT file that hold more of them than chance would."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse, stats

from .errors import InputError
from .expression import VERSION_SUFFIX
from .targets import strongest
from .textfile import read_lines

LARGEST_P = 0.05
"""Rows with a larger p-value are not written: there are as many tests as motifs, cell types and sets multiplied."""
TEST = ["universe", "set_size", "targets", "overlap", "odds_ratio", "p", "q"]


class GeneSet(NamedTuple):
    """A line of a GMT file; each gene once, in the order of the line."""

    name: str
    description: str
    genes: list[str]


class Members(NamedTuple):
    """Gene sets in terms of the genes of a run.

    Attributes
    ----------
    matrix : sparse.csr_array, shape (sets, genes), int64
        1 where the gene belongs to the set.
    column : str
        What the file names genes by: ``gene_id`` or ``gene_name``.
    n_names, n_found : int
        Different names in the file, and how many of them are genes of the run.
    """

    matrix: sparse.csr_array
    column: str
    n_names: int
    n_found: int


def read_gmt(path: str | Path) -> list[GeneSet]:
    """Read gene sets in GMT format: a name, a description and genes, separated by tabs; plain or gzip.

    Raises
    ------
    InputError
        The file cannot be read, holds no set, or has a line without a name or genes, or a set of a name that an
        earlier one has.
    """
    sets, lines = [], {}
    for number, line in read_lines(path):
        fields = [field.strip() for field in line.split("\t")]
        if not any(fields):
            continue
        place = f"{path}:{number}"
        genes = list(dict.fromkeys(gene for gene in fields[2:] if gene))
        if not fields[0] or not genes:
            raise InputError(
                f"a gene set needs a name, a description and genes, separated by tabs; found {line[:60]!r}.",
                place=place,
                fix="give a file in GMT format, or remove the line.",
            )
        if fields[0] in lines:
            raise InputError(
                f"the gene set {fields[0]!r} is there already, in line {lines[fields[0]]}.",
                place=place,
                fix="rename one of the two, or remove it.",
            )
        lines[fields[0]] = number
        sets.append(GeneSet(fields[0], fields[1], genes))
    if not sets:
        raise InputError("the file holds no gene set.", place=str(path), fix="give a file in GMT format.")
    return sets


def match(sets: list[GeneSet], genes: pd.DataFrame, path: str | Path) -> Members:
    """Find the genes of a run in gene sets, by id (version suffixes left out) or by name, whichever finds more.

    Parameters
    ----------
    sets : list of GeneSet
    genes : pd.DataFrame
        ``gene_id gene_name``; genes of one name all belong to a set that holds the name.
    path : str or Path
        Named in error messages.

    Raises
    ------
    InputError
        No gene of the run is in any set.
    """
    names = sorted({name for gene_set in sets for name in gene_set.genes})
    bare_ids = genes["gene_id"].str.replace(VERSION_SUFFIX, "", regex=True)
    bare_names = pd.Series(names).str.replace(VERSION_SUFFIX, "", regex=True)
    found = {
        "gene_id": dict(zip(names, _rows(bare_ids, bare_names), strict=True)),
        "gene_name": dict(zip(names, _rows(genes["gene_name"], names), strict=True)),
    }
    n_found = {column: sum(len(rows) > 0 for rows in rows_of.values()) for column, rows_of in found.items()}
    column = max(n_found, key=n_found.get)
    if not n_found[column]:
        raise InputError(
            f"none of its {len(names)} genes ({', '.join(names[:3])} ...) is the id or the name of a gene of the run "
            f"({genes['gene_id'].iloc[0]}, {genes['gene_name'].iloc[0]} ...).",
            place=str(path),
            fix="give gene sets of the same species, named by the gene ids or gene names of the annotation.",
        )
    rows_of = found[column]
    # Two names, such as two versions of an id, may be one gene.
    members = [sorted({row for name in gene_set.genes for row in rows_of[name]}) for gene_set in sets]
    ends = np.cumsum([0, *map(len, members)])
    flat = np.concatenate([np.array(rows, dtype=np.int64) for rows in members])
    matrix = sparse.csr_array((np.ones(len(flat), dtype=np.int64), flat, ends), shape=(len(sets), len(genes)))
    return Members(matrix, column, len(names), n_found[column])


def _rows(present: pd.Series, wanted: Iterable[str]) -> list[np.ndarray]:
    """Rows of all genes of each wanted name."""
    rows_of = pd.Series(range(len(present))).groupby(present.to_numpy()).agg(list)
    return [rows_of.get(name, []) for name in wanted]


def over_representation(chosen: np.ndarray, members: sparse.csr_array) -> dict[str, np.ndarray]:
    """Test whether sets hold more of the chosen genes than as many genes drawn at random would be.

    Parameters
    ----------
    chosen : np.ndarray, shape (tests, genes), bool
    members : sparse.csr_array, shape (sets, genes), int
        1 where the gene belongs to the set.

    Returns
    -------
    dict of str to np.ndarray, shape (tests, sets)
        ``set_size``, ``targets`` (genes chosen), ``overlap``, ``odds_ratio`` (sample odds ratio, infinite where the
        other diagonal holds a zero, NaN where both do) and ``p`` of Fisher's exact test, one-sided.
    """
    universe = chosen.shape[1]
    overlap = (members @ chosen.T.astype(np.int64)).T
    set_size, targets, overlap = np.broadcast_arrays(members.sum(axis=1), chosen.sum(axis=1)[:, None], overlap)
    # Few combinations of sizes differ, and each takes SciPy a while.
    triples, place = np.unique(
        np.column_stack([set_size.ravel(), targets.ravel(), overlap.ravel()]), axis=0, return_inverse=True
    )
    p = stats.hypergeom.sf(triples[:, 2] - 1, universe, triples[:, 0], triples[:, 1])[place].reshape(overlap.shape)
    against = (targets - overlap) * (set_size - overlap)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds_ratio = overlap * (universe - targets - set_size + overlap) / against
    return {"set_size": set_size, "targets": targets, "overlap": overlap, "odds_ratio": odds_ratio, "p": p}


def peak_cell_types(effects: pd.DataFrame, number: int) -> dict[str, list[str]]:
    """The cell types in which each motif has its strongest effects on the deviation from the mean, strongest first.

    Parameters
    ----------
    effects : pd.DataFrame
        ``target motif cell_type coefficient``; motifs whose coefficient is NaN have none.
    number : int
        Of cell types.
    """
    known = effects[(effects["target"] == "deviation") & effects["coefficient"].notna()]
    ranked = known.assign(size=known["coefficient"].abs()).sort_values("size", ascending=False, kind="stable")
    return ranked.groupby("motif")["cell_type"].agg(lambda names: names.iloc[:number].tolist()).to_dict()


def chosen_targets(hits: np.ndarray, effects: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """The strongest targets of a motif, drawn at random among genes of equal contribution.

    The order of the genes must not decide, since neighbours on a chromosome often share functions.

    Parameters
    ----------
    hits : np.ndarray, shape (genes, bins)
    effects : np.ndarray, shape (cell types, bins)
    number : int
    rng : np.random.Generator

    Returns
    -------
    np.ndarray, shape (cell types, genes), bool
    """
    order = rng.permutation(len(hits))
    genes = order[strongest(hits[order], effects, number).genes]
    chosen = np.zeros((len(effects), len(hits)), dtype=bool)
    np.put_along_axis(chosen, genes.T, True, axis=1)
    return chosen


def table(
    tests: pd.DataFrame, chosen: np.ndarray, sets: list[GeneSet], members: Members, min_size: int, max_size: int
) -> pd.DataFrame:
    """Over-representation of the targets of every test in every gene set of suitable size.

    Parameters
    ----------
    tests : pd.DataFrame
        ``motif name cell_type``.
    chosen : np.ndarray, shape (tests, genes), bool
        Targets of each test among the tested genes, the universe.
    sets : list of GeneSet
    members : Members
    min_size, max_size : int
        Fewest and most tested genes of a set.

    Returns
    -------
    pd.DataFrame
        ``motif name cell_type gene_set description`` and :data:`TEST`; ``q`` is Benjamini-Hochberg over all tests. Rows
        with p up to :data:`LARGEST_P`, by test and p.

    Raises
    ------
    InputError
        No set has a suitable size.
    """
    sizes = members.matrix.sum(axis=1)
    kept = np.flatnonzero((sizes >= min_size) & (sizes <= max_size))
    if not len(kept):
        raise InputError(
            f"no gene set has {min_size} to {max_size} of the tested genes; the largest has {sizes.max()}.",
            place="configuration key targets.min_set_size",
            fix="change targets.min_set_size and targets.max_set_size, or give larger gene sets.",
        )
    found = over_representation(chosen, members.matrix[kept])
    q = stats.false_discovery_control(found["p"].ravel()).reshape(found["p"].shape)
    rows, columns = np.nonzero(found["p"] <= LARGEST_P)
    of_set = kept[columns]
    result = tests.iloc[rows].reset_index(drop=True)
    result["gene_set"] = [sets[i].name for i in of_set]
    result["description"] = [sets[i].description for i in of_set]
    result["universe"] = chosen.shape[1]
    for name, values in {**found, "q": q}.items():
        result[name] = values[rows, columns]
    order = np.lexsort((of_set, result["p"], rows))
    return result.iloc[order][[*tests.columns, "gene_set", "description", *TEST]].reset_index(drop=True)
