"""The recipe of the formula: which motifs enter, how their hits are read, where hits count more; from some genes alone.

A recipe is applied to the training genes of every fold and, for the published formula, to all genes. Everything that
can be decided by data is decided here, by selection and by leave-one-out error on the genes given and on no others.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import linear, selection
from .candidates import Candidates

STRENGTHS = (0.0, 0.3, 1.0)
"""How freely the effect of a hit may vary with its position: prior spread of the deviation of a bin from the motif's
mean effect, in units of the spread of the mean effects themselves."""
COMPOSITION_WEIGHT = 3.0
"""Prior spread of the effects of whole-window composition, in the same units: next to unpenalised."""


@dataclass(frozen=True)
class Recipe:
    """How a formula is made from candidates.

    Attributes
    ----------
    selection : str
        One of :data:`cisformula.selection.METHODS`.
    n_motifs : int
    max_similarity : float
        Candidates, learned or known, at least this similar are represented once.
    min_overlap : int
        Fewest overlapping columns when two motifs are compared.
    seed : int
    strengths : tuple of float
        Those of :data:`STRENGTHS` to choose from, in increasing order.
    """

    selection: str
    n_motifs: int
    max_similarity: float
    min_overlap: int
    seed: int
    strengths: tuple[float, ...] = STRENGTHS


def from_params(params: Any) -> Recipe:
    """The recipe of a job, whose parameters have the names that the rules of the formula share."""
    return Recipe(params.selection, params.n_motifs, params.max_similarity, params.min_overlap, params.seed)


@dataclass(frozen=True)
class Chosen:
    """A formula made from some genes.

    Attributes
    ----------
    ids : list of str
        The motifs, in the order of the candidates.
    probabilities : np.ndarray, shape (motifs,)
        Selection probability of each, NaN if the selection gives none.
    reading : str
        How hits are read: a key of :attr:`cisformula.candidates.Candidates.counts`.
    strength : float
        One of :data:`STRENGTHS`.
    ridge : linear.Ridge
        On :class:`Columns`.
    n_candidates : int
    """

    ids: list[str]
    probabilities: np.ndarray
    reading: str
    strength: float
    ridge: linear.Ridge
    n_candidates: int

    def columns(self, pool: Candidates) -> "Columns":
        """Columns of the regression for every gene."""
        return Columns.of(pool, self.ids, self.reading, self.strength)

    def predict(self, pool: Candidates) -> np.ndarray:
        """Prediction for every gene."""
        return self.ridge.predict(self.columns(pool))


@dataclass(frozen=True)
class Columns:
    """Columns of the regression: totals over the window, and where they matter the bins.

    An effect in a bin is the motif's effect anywhere plus the bin's deviation. Both are columns, and the deviations
    are held back more strongly, by :func:`column_weights`. The order is: totals of motifs; totals of words; with
    several bins those of each word in turn and, unless ``strength`` is 0, those of each motif in turn.

    Some of the rows are had by indexing, and become an array only in numpy's hands: as floats the columns of all genes
    would be many times as large as what they are made of.

    Attributes
    ----------
    totals : np.ndarray, shape (genes, motifs)
    composition : np.ndarray, shape (genes, words * bins)
        See :func:`cisformula.features.covariate_names`.
    n_bins : int
    binned : np.ndarray, shape (genes, motifs, bins), optional
        None leaves the bins of the motifs out.
    """

    totals: np.ndarray
    composition: np.ndarray
    n_bins: int
    binned: np.ndarray | None = None

    @classmethod
    def of(cls, pool: Candidates, ids: list[str], reading: str, strength: float) -> "Columns":
        """Columns of some motifs, for every gene; those of their bins unless ``strength`` is 0."""
        binned = pool.binned(ids, reading) if strength and pool.n_bins > 1 else None
        return cls(pool.matrix(ids, reading), pool.composition, pool.n_bins, binned)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of genes and of columns."""
        return len(self.totals), np.asarray(self[:0]).shape[1]

    def __getitem__(self, genes: slice | np.ndarray) -> "Columns":
        binned = None if self.binned is None else self.binned[genes]
        return Columns(self.totals[genes], self.composition[genes], self.n_bins, binned)

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        n_words = self.composition.shape[1] // self.n_bins
        words = self.composition.reshape(len(self.totals), n_words, self.n_bins)
        parts = [self.totals, words.sum(axis=2)]
        if self.n_bins > 1:
            parts.append(self.composition)
        if self.binned is not None:
            parts.append(self.binned.reshape(len(self.totals), self.binned.shape[1] * self.n_bins))
        return np.hstack(parts, dtype=dtype)


def column_weights(n_motifs: int, n_words: int, n_bins: int, strength: float) -> np.ndarray:
    """Standard deviation that each of :class:`Columns` is scaled to before the ridge penalty; shape (columns,)."""
    parts = [np.ones(n_motifs), np.full(n_words, COMPOSITION_WEIGHT)]
    if n_bins > 1:
        parts.append(np.ones(n_words * n_bins))
        if strength:
            parts.append(np.full(n_motifs * n_bins, strength))
    return np.concatenate(parts)


def effects(
    per_column: np.ndarray, n_motifs: int, n_words: int, n_bins: int, by_position: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Effects per hit and per word in each bin, from effects per unit of :class:`Columns`.

    Parameters
    ----------
    per_column : np.ndarray, shape (..., columns)
    n_motifs, n_words, n_bins : int
    by_position : bool
        Whether the bins of the motifs are among the columns.

    Returns
    -------
    of_motifs : np.ndarray, shape (..., motifs, bins)
        One bin without position effects.
    of_words : np.ndarray, shape (..., words * bins)
    """
    lead = per_column.shape[:-1]
    ends = np.cumsum([n_motifs, n_words, n_words * n_bins if n_bins > 1 else 0])
    motifs, words, word_bins, motif_bins = np.split(per_column, ends, axis=-1)
    of_motifs = motifs[..., None]
    if by_position and n_bins > 1:
        of_motifs = of_motifs + motif_bins.reshape(*lead, n_motifs, n_bins)
    of_words = np.repeat(words, n_bins, axis=-1)
    return of_motifs, of_words + word_bins if n_bins > 1 else of_words


def choose(pool: Candidates, groups: list[list[str]], rows: np.ndarray, target: np.ndarray, recipe: Recipe) -> Chosen:
    """Make a formula from some genes.

    Each group of near-identical candidates is represented once. Among several readings the one with the smallest
    leave-one-out error of a plain lasso selection and ridge regression is taken; then motifs are selected by their
    totals, and position effects are given more and more strength for as long as the leave-one-out error falls.

    Parameters
    ----------
    pool : Candidates
    groups : list of list of str
        The candidates to choose among, from :meth:`cisformula.candidates.Candidates.groups`.
    rows : np.ndarray, shape (genes,), bool
        The genes that may be looked at.
    target : np.ndarray, shape (genes,)
    recipe : Recipe
    """
    y, n_bins = target[rows], pool.n_bins
    ids = {reading: pool.representatives(groups, reading, rows, target) for reading in pool.counts}
    n_words = pool.composition.shape[1] // n_bins

    def fitted(picked: list[str], reading: str, strength: float) -> linear.Ridge:
        X = Columns.of(pool, picked, reading, strength)[rows]
        return linear.fit_ridge(X, y, column_weights(len(picked), n_words, n_bins, strength))

    def error(reading: str) -> float:
        picked = selection.by_lasso(pool.matrix(ids[reading], reading, rows), y, recipe.n_motifs).columns
        return fitted([ids[reading][column] for column in picked], reading, 0.0).left_out_error

    readings = list(pool.counts)
    reading = min(readings, key=error) if len(readings) > 1 else readings[0]
    picked = selection.select(
        recipe.selection, pool.matrix(ids[reading], reading, rows), y, recipe.n_motifs, recipe.seed
    )
    names = [ids[reading][column] for column in picked.columns]
    strengths = recipe.strengths if n_bins > 1 else (0.0,)
    best, ridge = strengths[0], fitted(names, reading, strengths[0])
    for strength in strengths[1:]:
        freer = fitted(names, reading, strength)
        if freer.left_out_error >= ridge.left_out_error:
            break
        best, ridge = strength, freer
    return Chosen(names, picked.probabilities, reading, best, ridge, len(groups))
