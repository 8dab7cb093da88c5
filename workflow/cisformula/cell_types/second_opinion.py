"""The same question asked of decoupler: univariate and multivariate linear models of hits and expression.

decoupler's ``ulm`` regresses the genes of a cell type on one motif's hits at a time, ``mlm`` on all at once, both
without base composition, with errors that take the noise for equally strong in all genes.
"""

import decoupler
import numpy as np
import pandas as pd
from scipy import stats

METHODS = {"ulm": decoupler.mt.ulm, "mlm": decoupler.mt.mlm}


def scores(hits: pd.DataFrame, deviations: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """t-values of decoupler's methods.

    Parameters
    ----------
    hits : pd.DataFrame, shape (genes, motifs)
        Columns that are constant or repeat another are left out.
    deviations : pd.DataFrame, shape (genes, cell types)
        Of log expression from each gene's mean; the same genes.

    Returns
    -------
    dict
        ``ulm`` and ``mlm`` to pd.DataFrame, shape (cell types, motifs).
    """
    usable = hits.loc[:, hits.nunique() > 1]
    usable = usable.loc[:, ~usable.T.duplicated().to_numpy()]
    # decoupler reads networks as tables and orders motifs by name; short names without special characters are safe.
    codes = {motif: f"m{i:05d}" for i, motif in enumerate(usable.columns)}
    net = usable.rename(columns=codes).rename_axis("target").reset_index().melt("target", var_name="source")
    net = net.rename(columns={"value": "weight"})[["source", "target", "weight"]]
    net = net[net["weight"] != 0]
    found = {}
    for name, method in METHODS.items():
        t, _ = method(deviations.T, net, tmin=2, verbose=False)
        found[name] = t.rename(columns={code: motif for motif, code in codes.items()})
    return found


def scores_table(found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per motif and cell type: motif, cell_type and a column of t-values for each method."""
    columns = {name: t.rename_axis("cell_type").T.rename_axis("motif").stack() for name, t in found.items()}
    return pd.DataFrame(columns).reset_index()


def agreement(ours: dict[str, pd.DataFrame], theirs: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Correlation of our statistics with decoupler's, over all pairs, for every motif and for every cell type.

    Parameters
    ----------
    ours, theirs : dict of str to pd.DataFrame, shape (cell types, motifs)

    Returns
    -------
    pd.DataFrame
        ours, method, level (all, motif or cell_type), name, n, pearson, spearman. Motifs that either side left out are
        not counted.
    """
    rows = []
    for own_name, own in ours.items():
        for method, other in theirs.items():
            motifs = [motif for motif in own.columns if motif in other.columns and own[motif].notna().all()]
            a, b = own[motifs].to_numpy(), other.loc[own.index, motifs].to_numpy()
            rows.append((own_name, method, "all", "", *_correlate(a.ravel(), b.ravel())))
            rows += [
                (own_name, method, "motif", motif, *_correlate(a[:, i], b[:, i])) for i, motif in enumerate(motifs)
            ]
            rows += [(own_name, method, "cell_type", c, *_correlate(a[i], b[i])) for i, c in enumerate(own.index)]
    return pd.DataFrame(rows, columns=["ours", "method", "level", "name", "n", "pearson", "spearman"])


def _correlate(a: np.ndarray, b: np.ndarray) -> tuple[int, float, float]:
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return len(a), np.nan, np.nan
    return len(a), float(stats.pearsonr(a, b).statistic), float(stats.spearmanr(a, b).statistic)
