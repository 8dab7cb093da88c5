"""The genes that depend on a motif most, in every cell type.

What a motif adds to a gene is the motif's hits in the promoter times its effect in the cell type, minus the same in the
average gene: site counts times activity, as in MARA (Balwierz et al. 2014, Genome Research 24:869-884). Cell types
share the hits, so motifs are taken one by one and all cell types together.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .cell_type_formulas import CellTypeFormulas
from .formula import Formula

ALL_CELL_TYPES = ""
"""What the formula itself is called among the cell types."""


class Top(NamedTuple):
    """The strongest targets of one motif; both arrays of shape (genes chosen, cell types), strongest first.

    Attributes
    ----------
    genes : np.ndarray of int
        Rows of the genes.
    contributions : np.ndarray of float
        In standard deviations of log expression in the cell type.
    """

    genes: np.ndarray
    contributions: np.ndarray


def with_formula(formula: Formula, cell_types: CellTypeFormulas) -> tuple[list[str], np.ndarray]:
    """Names and effects of the formula itself and of every cell type after it.

    Returns
    -------
    names : list of str
        :data:`ALL_CELL_TYPES`, then the cell types.
    effects : np.ndarray, shape (1 + cell types, motifs, bins)
        Change of standardised log expression per graded hit.
    """
    return [ALL_CELL_TYPES, *cell_types.cell_types], np.concatenate([formula.effects[None], cell_types.effects])


def strongest(hits: np.ndarray, effects: np.ndarray, number: int) -> Top:
    """Genes with a hit that a motif adds most to, or takes most from, compared with the average gene.

    Parameters
    ----------
    hits : np.ndarray, shape (genes, bins)
        Graded hits of the motif in every gene, or its mean activations.
    effects : np.ndarray, shape (cell types, bins)
    number : int
        Most genes chosen; fewer where fewer have a hit.

    Returns
    -------
    Top
        Largest absolute contribution first; of equal ones the earlier gene.
    """
    patterns, pattern_of, counts = np.unique(hits, axis=0, return_inverse=True, return_counts=True)
    # Genes with the same hits have the very same contribution, however many cores there are.
    values = np.einsum("pb,cb->pc", patterns, effects)
    values -= counts @ values / len(hits)
    # Of the genes that share their hits only the first can be among the strongest.
    candidates = np.sort(_first_members(pattern_of, counts, number))
    candidates = candidates[hits[candidates].any(axis=1)]
    contributions = values[pattern_of[candidates]]
    order = np.argsort(-np.abs(contributions), axis=0, kind="stable")[:number]
    return Top(candidates[order], np.take_along_axis(contributions, order, axis=0))


def _first_members(pattern_of: np.ndarray, counts: np.ndarray, number: int) -> np.ndarray:
    """At most ``number`` genes of each pattern, the first ones."""
    by_pattern = np.argsort(pattern_of, kind="stable")
    place = np.arange(len(by_pattern)) - np.repeat(np.cumsum(counts) - counts, counts)
    return by_pattern[place < number]


def table(
    formula: Formula, names: list[str], effects: np.ndarray, hits: np.ndarray, genes: pd.DataFrame, number: int
) -> pd.DataFrame:
    """The strongest targets of every motif in every cell type.

    Parameters
    ----------
    formula : Formula
    names, effects
        From :func:`with_formula`.
    hits : np.ndarray, shape (genes, motifs, bins)
        Features of the genes, from :meth:`cisformula.scoring.Scorer.features`.
    genes : pd.DataFrame
        ``gene_id gene_name`` in the same order.
    number : int
        Of genes per motif and cell type.

    Returns
    -------
    pd.DataFrame
        ``motif cell_type rank gene_id gene_name contribution hits``, motifs in the order of the formula, then cell
        types, the formula itself (``""``) first; ``hits`` are graded, or a mean activation.
    """
    unit = np.float32 if formula.filters else np.int32
    gene_ids, gene_names = genes["gene_id"].to_numpy(), genes["gene_name"].to_numpy()
    blocks = []
    for column, motif in enumerate(formula.motifs):
        top = strongest(hits[:, column], effects[:, column], number)
        chosen = top.genes.T.ravel()
        n_chosen = len(top.genes)
        counted = hits[:, column].sum(axis=1)[chosen]
        blocks.append(
            pd.DataFrame(
                {
                    "motif": motif.id,
                    "cell_type": np.repeat(np.array(names, dtype=object), n_chosen),
                    "rank": np.tile(np.arange(1, n_chosen + 1, dtype=np.int32), len(names)),
                    "gene_id": gene_ids[chosen],
                    "gene_name": gene_names[chosen],
                    "contribution": top.contributions.T.ravel().astype(np.float32),
                    "hits": counted.astype(unit),
                }
            )
        )
    return pd.concat(blocks, ignore_index=True)
