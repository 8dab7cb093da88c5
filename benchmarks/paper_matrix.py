"""Selection of 300 motifs on the paper's own matrix of FIMO counts: held-out R2 and CPU time beside its RFE.

    python benchmarks/paper_matrix.py

The counts of 831 JASPAR motifs in 18,377 promoters (Liu & Wang 2022) are joined with the median expression of 15,330
genes (Agarwal & Shendure 2020). Both are looked for in the development data set (``CISFORMULA_DATA``, by default
``../shared/data``). Random folds as in the paper; every selection is made on the training genes of each fold and
followed by a ridge regression, but where the table says otherwise. CPU seconds are of one thread and for all folds.
The table is printed and written to ``benchmarks/results/paper_matrix.tsv``.
"""

import os
import sys
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow"))

from cisformula import linear, performance, selection  # noqa: E402  (the library has to be found first)

DATA = Path(os.environ.get("CISFORMULA_DATA", ROOT.parent / "shared" / "data")) / "paper"
COUNTS = DATA / "jaspar_fimo_counts_18377x831.csv.gz"
EXPRESSION = DATA / "median_log10_rpkm_1to1_orthologs.tsv.gz"
TABLE = ROOT / "benchmarks" / "results" / "paper_matrix.tsv"
SEED = 1
N_FOLDS = 5
N_MOTIFS = 300
RFE = "RFE with a decision tree, as published"

Selector = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Training features and target to chosen columns."""
SELECTORS: dict[str, Selector] = {
    RFE: lambda X, y: selection.by_elimination(X, y, N_MOTIFS, SEED).columns,
    "lasso": lambda X, y: selection.by_lasso(X, y, N_MOTIFS).columns,
    "stability, 10 halves": lambda X, y: selection.by_stability(X, y, N_MOTIFS, SEED, n_pairs=5).columns,
    "stability, 50 halves (default)": lambda X, y: selection.by_stability(X, y, N_MOTIFS, SEED).columns,
}


class Trial(NamedTuple):
    """What came of one method: prediction of every gene, columns by fold, CPU seconds spent on choosing them."""

    predicted: np.ndarray
    columns: list[np.ndarray]
    seconds: float = np.nan


def load() -> tuple[np.ndarray, np.ndarray]:
    """Counts, shape (genes, motifs), and standardised median log10 expression of the genes in both files."""
    for path in (COUNTS, EXPRESSION):
        if not path.exists():
            sys.exit(f"{path} not found: set CISFORMULA_DATA to the development data set.")
    counts = pd.read_csv(COUNTS, index_col=0)
    expression = pd.read_csv(EXPRESSION, sep="\t", header=None, index_col=0)[1].dropna()
    genes = counts.index.intersection(expression.index)
    target = expression[genes].to_numpy()
    return counts.loc[genes].to_numpy(dtype=float), (target - target.mean()) / target.std()


def in_folds(X: np.ndarray, y: np.ndarray, folds: np.ndarray, choose: Selector, fit: Callable) -> Trial:
    """Choose columns and fit on the genes of the other folds, and predict each fold."""
    predicted, columns, seconds = np.empty(len(y)), [], 0.0
    for fold in range(N_FOLDS):
        train = folds != fold
        start = time.process_time()
        columns.append(choose(X[train], y[train]))
        seconds += time.process_time() - start
        predicted[~train] = fit(X[train][:, columns[-1]], y[train]).predict(X[~train][:, columns[-1]])
    return Trial(predicted, columns, seconds)


def every_column(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """No selection."""
    return np.arange(X.shape[1])


def least_squares(X: np.ndarray, y: np.ndarray) -> LinearRegression:
    """Ordinary least squares, as published."""
    return LinearRegression().fit(X, y)


def boosting(X: np.ndarray, y: np.ndarray) -> HistGradientBoostingRegressor:
    """Trees on all counts, to see what a model without the limits of a formula gets out of them."""
    settings = {"max_iter": 300, "learning_rate": 0.05, "max_leaf_nodes": 15, "l2_regularization": 10}
    return HistGradientBoostingRegressor(**settings, random_state=SEED).fit(X, y)


def trials(X: np.ndarray, y: np.ndarray) -> dict[tuple[str, str], Trial]:
    """Run everything; by evaluation and method."""
    folds = np.random.default_rng(SEED).permutation(len(y)) % N_FOLDS
    everything = np.arange(X.shape[1])
    runs = {
        ("in sample", "least squares, as published"): Trial(least_squares(X, y).predict(X), [everything]),
        ("5 folds", "least squares"): in_folds(X, y, folds, every_column, least_squares),
        ("5 folds", "ridge"): in_folds(X, y, folds, every_column, linear.fit_ridge),
        ("5 folds", "gradient boosting"): in_folds(X, y, folds, every_column, boosting),
    }
    for method, choose in SELECTORS.items():
        runs["5 folds", method] = in_folds(X, y, folds, choose, linear.fit_ridge)
    runs["5 folds", "lasso on log(1 + count)"] = in_folds(np.log1p(X), y, folds, SELECTORS["lasso"], linear.fit_ridge)
    leaked = SELECTORS["lasso"](X, y)
    runs["5 folds, chosen on all genes", "lasso"] = in_folds(X, y, folds, lambda *_: leaked, linear.fit_ridge)
    return runs


def tabulate(y: np.ndarray, runs: dict[tuple[str, str], Trial]) -> pd.DataFrame:
    """R2 and its difference to RFE with 95 % intervals paired over genes; CPU time; overlap of the folds' columns."""
    rfe = runs["5 folds", RFE]
    rfe_r2 = performance.bootstrap_r2(y, rfe.predicted, SEED)
    rows = []
    for (evaluation, method), run in runs.items():
        resampled = performance.bootstrap_r2(y, run.predicted, SEED)
        low, high = np.quantile(resampled, performance.INTERVAL)
        gain_low, gain_high = np.quantile(resampled - rfe_r2, performance.INTERVAL)
        n_columns = len(run.columns[0])
        chosen = n_columns == N_MOTIFS
        seconds = run.seconds if chosen and evaluation == "5 folds" else np.nan
        shared = [len(np.intersect1d(*pair)) / n_columns for pair in combinations(run.columns, 2)] if chosen else []
        rows.append(
            {
                "evaluation": evaluation,
                "method": method,
                "columns": n_columns,
                "r2": performance.r2(y, run.predicted),
                "r2_low": low,
                "r2_high": high,
                "minus_rfe": performance.r2(y, run.predicted) - performance.r2(y, rfe.predicted),
                "minus_rfe_low": gain_low,
                "minus_rfe_high": gain_high,
                "selection_cpu_s": seconds,
                "share_of_rfe_time": seconds / rfe.seconds,
                "shared_by_two_folds": np.mean(shared) if shared else np.nan,
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    """Run everything on one thread, print and write the table."""
    X, y = load()
    print(f"{X.shape[0]} genes, {X.shape[1]} motifs, {N_FOLDS} random folds, seed {SEED}", flush=True)
    with threadpool_limits(1):
        table = tabulate(y, trials(X, y))
    print(table.to_string(index=False, float_format="%.3f", na_rep=""))
    TABLE.parent.mkdir(exist_ok=True)
    table.to_csv(TABLE, sep="\t", index=False, float_format="%.4g")


if __name__ == "__main__":
    main()
