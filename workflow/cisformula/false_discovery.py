"""The false discovery rate where some tests could not be made (Benjamini & Hochberg 1995, J R Stat Soc B 57:289)."""

import numpy as np
import pandas as pd
from scipy import stats


def q_values(p: np.ndarray | pd.Series) -> np.ndarray:
    """Benjamini-Hochberg q-values over all p-values that are not NaN; shape (tests,), NaN where p is."""
    p = np.asarray(p, dtype=float)
    q = np.full(len(p), np.nan)
    tested = np.isfinite(p)
    if tested.any():
        q[tested] = stats.false_discovery_control(p[tested])
    return q
