"""How many motifs the formula needs: held-out R2 against their number."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from . import linear, performance, selection

NUMBERS = (10, 20, 50, 100, 150, 200, 300, 400, 600)
COLUMNS = ["n_motifs", "r2", "r2_low", "r2_high", "below_best", "below_best_error"]


def numbers_for(n_candidates: int, n_genes: int, numbers: Sequence[int] = NUMBERS) -> list[int]:
    """Those of ``numbers`` that can be chosen in every fold; as many motifs as can be if all are larger.

    Parameters
    ----------
    n_candidates, n_genes : int
        Candidates and training genes of the fold that has fewest. Motifs are ranked on halves of these genes, which
        cannot tell apart more motifs than they are.
    numbers : sequence of int
    """
    most = min(n_candidates, n_genes // 2)
    return [number for number in numbers if number <= most] or [most]


def predict(
    X: np.ndarray,
    y: np.ndarray,
    X_new: np.ndarray,
    method: str,
    seed: int,
    numbers: Sequence[int],
    others: np.ndarray | None = None,
    others_new: np.ndarray | None = None,
) -> np.ndarray:
    """Predict new genes by formulas of growing length, each made of the first motifs of one ranking.

    Motifs are ranked and ridge regressions fitted on the training genes alone. The ranking is the order in which
    ``method`` puts the largest number of motifs; a shorter formula chosen for itself may differ in a few.

    Parameters
    ----------
    X : np.ndarray, shape (genes, candidates)
        Features of the training genes.
    y : np.ndarray, shape (genes,)
    X_new : np.ndarray, shape (new genes, candidates)
    method : str
        One of :data:`cisformula.selection.METHODS`.
    seed : int
    numbers : sequence of int
        Of motifs; where fewer can be chosen, these are taken.
    others, others_new : np.ndarray, shape (genes, columns) and (new genes, columns), optional
        Columns that enter beside the motifs whatever their number, such as composition.

    Returns
    -------
    np.ndarray, shape (new genes, numbers)
    """
    ranking = selection.select(method, X, y, max(numbers), seed).order
    if others is None:
        others, others_new = np.empty((len(X), 0)), np.empty((len(X_new), 0))
    predictions = []
    for number in numbers:
        first = ranking[:number]
        ridge = linear.fit_ridge(np.hstack([X[:, first], others]), y)
        predictions.append(ridge.predict(np.hstack([X_new[:, first], others_new])))
    return np.column_stack(predictions)


def curve(observed: np.ndarray, predicted: np.ndarray, numbers: Sequence[int], seed: int) -> pd.DataFrame:
    """R2 of formulas of growing length with intervals, and how far each stays below the best.

    Parameters
    ----------
    observed : np.ndarray, shape (genes,)
    predicted : np.ndarray, shape (genes, numbers)
        Each gene by formulas that were made without it, as :func:`predict` does.
    numbers : sequence of int
    seed : int
        Of the bootstrap over genes; all numbers of motifs are scored on the same resamplings.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`: number of motifs, R2 with its 95 % interval, the difference to the largest R2 and the standard
        error of this difference.
    """
    r2 = np.array([performance.r2(observed, column) for column in predicted.T])
    resampled = performance.bootstrap_r2(observed[:, None], predicted, seed)
    low, high = np.quantile(resampled, performance.INTERVAL, axis=0)
    best = int(r2.argmax())
    error = (resampled[:, [best]] - resampled).std(axis=0, ddof=1)
    return pd.DataFrame(dict(zip(COLUMNS, (list(numbers), r2, low, high, r2[best] - r2, error), strict=True)))


def saturation(table: pd.DataFrame) -> int:
    """The smallest number of motifs whose R2 is within one standard error of the best.

    The rule of Breiman et al. (1984), with the error of the difference, which is paired over genes.

    Parameters
    ----------
    table : pd.DataFrame
        From :func:`curve`.
    """
    return int(table.loc[table["below_best"] <= table["below_best_error"], "n_motifs"].min())
