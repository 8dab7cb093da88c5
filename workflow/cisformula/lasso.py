"""The exact lasso path, from a Gram matrix alone."""

from typing import NamedTuple

import numpy as np
from scipy.linalg import lapack

INDEPENDENT = 1e-7
"""A column enters only if at least this share of its sum of squares lies outside the span of the columns inside."""
PARALLEL = 1e-12
"""A covariance that approaches the penalty at less than this pace never meets it."""
PANEL = 32
"""Columns that LAPACK decomposes at a time; of no consequence for the result."""
EVENTS_PER_COLUMN = 20
"""A path is given up after this many entries and exits per column asked for, which only rounding could bring about."""


class Path(NamedTuple):
    """A lasso path up to the entry of its last column.

    Attributes
    ----------
    columns : np.ndarray of int
        The columns inside, in the order in which they entered. The last is about to get its coefficient.
    coefficients : np.ndarray, shape (all columns,)
        What minimises ``sum((y - X @ b)**2) / 2 + penalty * sum(abs(b))``.
    penalty : float
    """

    columns: np.ndarray
    coefficients: np.ndarray
    penalty: float


def path(gram: np.ndarray, covariance: np.ndarray, n_columns: int, candidates: np.ndarray | None = None) -> Path:
    """Follow the lasso path until ``n_columns`` are inside (Osborne et al. 2000; Efron et al. 2004, section 3.1).

    While the penalty falls, the coefficients are linear in it between two events: a column enters when its covariance
    with the residual reaches the penalty, and leaves when its coefficient reaches zero. Every event changes the number
    of columns inside by one, so that the number asked for is met exactly. Of tied columns the first enters. A column
    in the span of those inside is left out for good; scikit-learn's least-angle regression would break off at the
    repeated columns that hit counts abound in.

    Parameters
    ----------
    gram : np.ndarray, shape (columns, columns)
        ``X.T @ X``, or what gives its rows and its diagonal as an array does; a column of zeros never enters.
    covariance : np.ndarray, shape (columns,)
        ``X.T @ y``.
    n_columns : int
    candidates : np.ndarray of int, optional
        The columns that may enter; all by default.

    Returns
    -------
    Path
        With fewer columns if the path ends before, at a least-squares solution.
    """
    inside = _Inside(gram, min(n_columns, len(covariance)))
    coefficients, residual = np.zeros(len(covariance)), np.array(covariance, dtype=float)
    eligible = np.zeros(len(covariance), dtype=bool)
    eligible[slice(None) if candidates is None else candidates] = True
    eligible &= gram.diagonal() > 0
    entering: int | None = int(np.argmax(np.abs(residual) * eligible))
    penalty = abs(residual[entering]) * eligible[entering]
    for _ in range(EVENTS_PER_COLUMN * n_columns + len(covariance)):
        if penalty <= 0:
            break
        if entering is not None:
            eligible[entering] = False
            inside.add(entering, np.sign(residual[entering]))
        if inside.is_full:
            break
        direction, slopes = inside.direction()
        to_entry = _steps_to_entry(residual, slopes, penalty, eligible)
        to_exit = _steps_to_exit(coefficients[inside.columns], direction)
        step = min(to_entry.min(), to_exit.min(), penalty)
        coefficients[inside.columns] += step * direction
        residual -= step * slopes
        penalty -= step
        if to_exit.min() == step:
            entering, leaving = None, inside.remove(int(to_exit.argmin()))
            coefficients[leaving], eligible[leaving] = 0, True
        else:
            entering = int(to_entry.argmin())
    return Path(inside.columns.copy(), coefficients, float(penalty))


def _steps_to_entry(residual, slopes, penalty, eligible) -> np.ndarray:
    """By how much the penalty has to fall until each column enters."""
    steps = np.full((2, len(residual)), np.inf)
    for column_steps, sign in zip(steps, (1, -1), strict=True):
        pace = 1 - sign * slopes
        np.divide(np.maximum(penalty - sign * residual, 0), pace, out=column_steps, where=(pace > PARALLEL) & eligible)
    return np.minimum(*steps)


def _steps_to_exit(coefficients, direction) -> np.ndarray:
    """By how much the penalty has to fall until the coefficient of each column inside is zero."""
    steps = np.full(len(coefficients), np.inf)
    return np.divide(-coefficients, direction, out=steps, where=coefficients * direction < 0)


class _Inside:
    """The columns inside, with the Cholesky factor of their Gram matrix and their rows of the whole one."""

    def __init__(self, gram: np.ndarray, size: int):
        self._gram = gram
        self._n = 0
        self._columns, self._signs, self._solved_signs = np.empty(size, dtype=int), np.empty(size), np.empty(size)
        self._factor, self._rows = np.zeros((size, size), order="F"), np.empty((size, len(gram.diagonal())))

    @property
    def columns(self) -> np.ndarray:
        return self._columns[: self._n]

    @property
    def is_full(self) -> bool:
        return self._n == len(self._columns)

    def add(self, column: int, sign: float) -> None:
        """Take a column in, unless it lies in the span of the others."""
        n, products = self._n, self._gram[column]
        own, row = products[column], self._solve(products[self.columns])
        outside = own - row @ row
        if outside < INDEPENDENT * own:
            return
        self._factor[n, :n], self._factor[n, n] = row, np.sqrt(outside)
        self._columns[n], self._signs[n], self._rows[n] = column, sign, products
        self._solved_signs[n] = (sign - row @ self._solved_signs[:n]) / self._factor[n, n]
        self._n += 1

    def remove(self, position: int) -> int:
        """Take out the column at a position of :attr:`columns`; return the column."""
        n, column = self._n, self._columns[position]
        for buffer in (self._columns, self._signs, self._rows):
            buffer[position : n - 1] = buffer[position + 1 : n]
        below = self._factor[position + 1 : n, position:n]
        self._factor[position : n - 1, :position] = self._factor[position + 1 : n, :position]
        if len(below):
            # What is below is triangular but for one column more, so that its QR decomposition is quick.
            upper = lapack.dtpqrt(0, min(PANEL, len(below)), below[:, 1:].T, below[:, :1].T)[0]
            self._factor[position : n - 1, position : n - 1] = (upper * np.sign(np.diag(upper))[:, None]).T
        self._n -= 1
        self._solved_signs[: n - 1] = self._solve(self._signs[: n - 1])
        return column

    def direction(self) -> tuple[np.ndarray, np.ndarray]:
        """Rise of each coefficient inside, and fall of each column's covariance with the residual, per unit penalty."""
        direction = self._solve(self._solved_signs[: self._n], transposed=True)
        return direction, direction @ self._rows[: self._n]

    def _solve(self, right: np.ndarray, transposed: bool = False) -> np.ndarray:
        # All rows of the first columns, which LAPACK takes as they lie; a square part would be copied at every call.
        n = self._n
        return lapack.dtrtrs(self._factor[:, :n], right, lower=1, trans=int(transposed))[0] if n else np.empty(0)
