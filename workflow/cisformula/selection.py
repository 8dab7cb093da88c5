"""Choosing the motifs of the formula among all candidates; always called on training genes only."""

from dataclasses import dataclass

import numpy as np

from . import lasso

METHODS = ("stability", "lasso", "rfe")
PAIRS = 25
"""Complementary pairs of halves in stability selection, so that probabilities come in steps of 0.02."""
BLOCKS = 16
"""Parts of the genes that halves are made of; 6,435 pairs are possible."""
REDUNDANT = 0.98
"""Of two columns with at least this absolute correlation only one is chosen."""
CONSTANT = 1e-10
"""A column is constant if its variance is at most this share of its mean square."""


@dataclass(frozen=True)
class Selection:
    """Columns chosen among the candidates.

    Attributes
    ----------
    columns : np.ndarray of int
        In increasing order.
    probabilities : np.ndarray, shape (columns,)
        Share of the halves of the genes in which the lasso picks each of ``columns``; NaN without halves.
    order : np.ndarray of int
        The same columns, most important first: the first of them make a shorter formula.
    """

    columns: np.ndarray
    probabilities: np.ndarray
    order: np.ndarray


def select(method: str, X: np.ndarray, y: np.ndarray, n_motifs: int, seed: int) -> Selection:
    """Apply one of :data:`METHODS`: :func:`by_stability`, :func:`by_lasso` or :func:`by_elimination`.

    Parameters
    ----------
    method : str
    X : np.ndarray, shape (genes, candidates)
    y : np.ndarray, shape (genes,)
    n_motifs : int
    seed : int
        Not used by ``lasso``.
    """
    if method == "stability":
        return by_stability(X, y, n_motifs, seed)
    return by_lasso(X, y, n_motifs) if method == "lasso" else by_elimination(X, y, n_motifs, seed)


def by_lasso(X: np.ndarray, y: np.ndarray, n_motifs: int) -> Selection:
    """Choose the columns that are on the lasso path when ``n_motifs`` are for the first time (Tibshirani 1996).

    Exactly ``n_motifs`` are chosen if the candidates have as many :func:`distinct_columns`, all of these otherwise. If
    the path ends before, as it does when fewer columns are linearly independent, those with the largest correlation
    with the target make up the number. The order is that of entry.

    Parameters
    ----------
    X : np.ndarray, shape (genes, candidates)
        Columns are centred and scaled here.
    y : np.ndarray, shape (genes,)
    n_motifs : int
    """
    gram, covariance = _standardised(_total_products(X, y))
    distinct = _distinct(gram, REDUNDANT)
    entered = lasso.path(gram, covariance, n_motifs, distinct).columns
    rest = distinct[np.argsort(-np.abs(covariance[distinct]), kind="stable")]
    order = np.concatenate([entered, rest[~np.isin(rest, entered)]])[:n_motifs]
    return Selection(np.sort(order), np.full(len(order), np.nan), order)


def by_stability(X: np.ndarray, y: np.ndarray, n_motifs: int, seed: int, n_pairs: int = PAIRS) -> Selection:
    """Choose the columns that the lasso picks most often in halves of the genes (Meinshausen & Buehlmann 2010).

    The halves come in complementary pairs (Shah & Samworth 2013); in each, :func:`cisformula.lasso.path` goes on until
    ``n_motifs`` have entered. A half is made of half of :data:`BLOCKS` random blocks of the genes: each is a random
    half as any other, but cross products are computed once per block.

    Chosen are the ``n_motifs`` distinct columns picked in most halves; of equally frequent ones those that enter
    earlier, then those with the larger correlation with the target. The order is that of entry, too: by the geometric
    mean of the place, as a column that leaves the path and comes back late would spoil the arithmetic one. Number and
    redundant columns as in :func:`by_lasso`.

    Parameters
    ----------
    X : np.ndarray, shape (genes, candidates)
        Columns are centred and scaled here, in every half anew.
    y : np.ndarray, shape (genes,)
    n_motifs : int
    seed : int
        Each pair has its own, spawned from this.
    n_pairs : int
    """
    blocks_seed, *seeds = np.random.SeedSequence(seed).spawn(1 + n_pairs)
    products = _products_of_blocks(X, y, np.random.default_rng(blocks_seed).permutation(len(y)))
    total = products.sum(axis=0)
    gram, covariance = _standardised(total)
    distinct = _distinct(gram, REDUNDANT)
    entries = []
    for pair in seeds:
        in_half = np.random.default_rng(pair).permutation(BLOCKS) < BLOCKS // 2
        for half in (in_half, ~in_half):
            entries.append(_entries(_Gram(products, half), distinct, n_motifs))
    probabilities, entry = (np.array(entries) < n_motifs).mean(axis=0), np.log1p(entries).mean(axis=0)
    correlation = np.abs(covariance[distinct])
    chosen = np.sort(np.lexsort((-correlation, entry, -probabilities))[:n_motifs])
    order = chosen[np.lexsort((-correlation[chosen], entry[chosen]))]
    return Selection(distinct[chosen], probabilities[chosen], distinct[order])


def _entries(gram: "_Gram", candidates: np.ndarray, n_motifs: int) -> np.ndarray:
    """Place of each candidate on the lasso path, 0 for the first to enter; ``n_motifs`` if it does not."""
    entries = np.full(len(gram.covariance), n_motifs)
    entered = lasso.path(gram, gram.covariance, n_motifs, candidates).columns
    entries[entered] = np.arange(len(entered))
    return entries[candidates]


def by_elimination(X: np.ndarray, y: np.ndarray, n_motifs: int, seed: int) -> Selection:
    """The paper's selection: recursive feature elimination, 100 at a time, by importance in one regression tree.

    As published, redundant columns are not left out, but the tree has a seed, which the notebook lacks. The order is
    that of importance in the last tree.

    Parameters
    ----------
    X : np.ndarray, shape (genes, candidates)
    y : np.ndarray, shape (genes,)
    n_motifs : int
        All candidates are chosen if they are fewer.
    seed : int
    """
    from sklearn.feature_selection import RFE
    from sklearn.tree import DecisionTreeRegressor

    tree = DecisionTreeRegressor(random_state=seed)
    elimination = RFE(tree, n_features_to_select=min(n_motifs, X.shape[1]), step=100).fit(X, y)
    columns = np.flatnonzero(elimination.support_)
    importance = elimination.estimator_.feature_importances_
    return Selection(columns, np.full(len(columns), np.nan), columns[np.argsort(-importance, kind="stable")])


def distinct_columns(X: np.ndarray, correlation: float = REDUNDANT) -> np.ndarray:
    """Columns that are not constant and differ from each other, in increasing order.

    Going from left to right, a column is dropped if its correlation with a column kept before is at least
    ``correlation`` in absolute value: of redundant columns the first is kept.

    Parameters
    ----------
    X : np.ndarray, shape (rows, columns)
    correlation : float
    """
    return _distinct(_standardised(_total_products(X, np.zeros(len(X))))[0], correlation)


def _distinct(gram: np.ndarray, correlation: float) -> np.ndarray:
    """:func:`distinct_columns` from the Gram matrix of standardised columns."""
    kept = np.diag(gram) > 0
    redundant = np.abs(gram) >= correlation * np.diag(gram).max(initial=0)
    for column in range(len(kept)):
        if kept[column]:
            kept[column + 1 :] &= ~redundant[column, column + 1 :]
    return np.flatnonzero(kept)


def _products(X: np.ndarray, y: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Sums of products of all columns, the target and a column of ones; those of groups of genes can be added up."""
    Z = np.column_stack([X, y, np.ones(len(y))])
    return np.matmul(Z.T, Z, out=out)


def _total_products(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """:func:`_products` of all genes, without a copy of all columns."""
    return sum(_products(X[genes], y[genes]) for genes in np.array_split(np.arange(len(y)), BLOCKS))


def _products_of_blocks(X: np.ndarray, y: np.ndarray, genes: np.ndarray) -> np.ndarray:
    """:func:`_products` of each of :data:`BLOCKS` parts of the genes, split in the order given."""
    products = np.empty((BLOCKS, X.shape[1] + 2, X.shape[1] + 2))
    for block, members in enumerate(np.array_split(genes, BLOCKS)):
        _products(X[members], y[members], out=products[block])
    return products


def _standardised(products: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gram matrix of the standardised columns, and their products with the centred target; zeros where constant."""
    gram = _Gram(products[None], np.ones(1, dtype=bool))
    return np.stack([gram[column] for column in range(len(gram.covariance))]), gram.covariance


class _Gram:
    """Gram matrix of columns that are standardised over some of the blocks of genes; zeros where constant.

    The lasso asks for the rows of the columns that enter, a fifth of them all, and only those are made.

    Parameters
    ----------
    products : np.ndarray, shape (blocks, columns + 2, columns + 2)
        From :func:`_products_of_blocks`.
    chosen : np.ndarray of bool, shape (blocks,)

    Attributes
    ----------
    covariance : np.ndarray, shape (columns,)
        Products of the standardised columns with the centred target.
    """

    def __init__(self, products: np.ndarray, chosen: np.ndarray):
        # Summed rather than subtracted from the total, so that a column without hits in these genes is exactly zero.
        self._products, self._chosen = products[:, :, :-2], chosen.astype(float)
        *sums, target, self._n_genes = self._chosen @ products[:, -1]
        self._mean = np.array(sums) / self._n_genes
        squares = self._chosen @ np.diagonal(self._products, axis1=1, axis2=2)
        self._deviance = squares - self._n_genes * self._mean**2
        varies = self._deviance > CONSTANT * squares
        self._scale = np.zeros(len(squares))
        self._scale[varies] = (self._deviance[varies] / self._n_genes) ** -0.5
        self.covariance = self._centred(-2, target / self._n_genes) * self._scale

    def __getitem__(self, column: int) -> np.ndarray:
        return self._centred(column, self._mean[column]) * (self._scale[column] * self._scale)

    def diagonal(self) -> np.ndarray:
        """Sum of squares of each standardised column."""
        return self._deviance * self._scale**2

    def _centred(self, row: int, mean: float) -> np.ndarray:
        return self._chosen @ self._products[:, row] - self._n_genes * (mean * self._mean)
