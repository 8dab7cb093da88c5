"""How an activity is spread over cell types: how specific it is, and whether it differs between groups of them."""

import numpy as np
import pandas as pd
from scipy import stats

from ..false_discovery import q_values
from .activity import Activity

MIN_MEMBERS = 3
"""A group of fewer cell types is not tested."""
MIN_SHARE = 0.5
"""A column whose groups hold fewer of the cell types, such as one of identifiers, is no grouping."""


def tau(activity: np.ndarray) -> np.ndarray:
    """Specificity of each motif (Yanai et al. 2005): 0 if it acts alike everywhere, 1 if in one cell type alone.

    ``sum(1 - x / max(x)) / (n - 1)`` of the absolute activities ``x``.

    Parameters
    ----------
    activity : np.ndarray, shape (motifs, cell types)

    Returns
    -------
    np.ndarray, shape (motifs,)
        NaN for a motif without activities, or where there is one cell type only.
    """
    strength = np.abs(activity)
    highest = strength.max(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (1 - strength / highest).sum(axis=1) / (strength.shape[1] - 1)


def motif_table(found: Activity, motifs: pd.DataFrame, cell_types: list[str], effects: pd.DataFrame, rate: float):
    """One row per motif: how strong and how specific it is, and in how many cell types it has an effect.

    Parameters
    ----------
    found : Activity
    motifs : pd.DataFrame
        With ``motif`` and ``name``, in the order of ``found``.
    cell_types : list of str
    effects : pd.DataFrame
        As :func:`cisformula.cell_types.effects.effects_table` gives it, of both targets.
    rate : float
        False discovery rate below which an effect counts.

    Returns
    -------
    pd.DataFrame
        motif, name, z (overall), tau, peak_cell_type (where |z| is largest), peak_z; n_expression and n_deviation, the
        numbers of cell types with an effect on each target; n_up and n_down, those of the deviation by sign.
    """
    called = effects[effects["q"] < rate]
    deviating = called[called["target"] == "deviation"]
    counts = {
        "n_expression": called.loc[called["target"] == "expression", "motif"],
        "n_deviation": deviating["motif"],
        "n_up": deviating.loc[deviating["coefficient"] > 0, "motif"],
        "n_down": deviating.loc[deviating["coefficient"] < 0, "motif"],
    }
    z = np.nan_to_num(found.z)
    peak = np.abs(z).argmax(axis=1)
    table = motifs[["motif", "name"]].reset_index(drop=True)
    table["z"], table["tau"] = found.overall_z, tau(found.activity)
    table["peak_cell_type"] = np.asarray(cell_types)[peak]
    table["peak_z"] = z[np.arange(len(z)), peak]
    for name, ids in counts.items():
        table[name] = table["motif"].map(ids.value_counts()).fillna(0).astype(int)
    return table


def groupings(sheet: pd.DataFrame) -> dict[str, pd.Series]:
    """Columns of a cell-type sheet that part most cell types into at least two groups of :data:`MIN_MEMBERS` or more.

    Labels of smaller groups, and cell types without a label, become NaN.
    """
    found = {}
    for column in sheet.columns.drop("cell_type"):
        labels = sheet[column].astype(str).where(sheet[column].astype(str).str.strip() != "")
        sizes = labels.value_counts()
        labels = labels.where(labels.isin(sizes.index[sizes >= MIN_MEMBERS]))
        if labels.nunique() >= 2 and labels.notna().mean() >= MIN_SHARE:
            found[column] = labels
    return found


def between_groups(z: np.ndarray, motifs: pd.DataFrame, sheet: pd.DataFrame) -> pd.DataFrame:
    """Kruskal-Wallis test of each motif's activity between the groups of each column of the sheet.

    Cell types of a group are related by descent, so a small p says that groups differ among these cell types, not among
    all that could be measured.

    Parameters
    ----------
    z : np.ndarray, shape (motifs, cell types)
    motifs : pd.DataFrame
        With ``motif`` and ``name``.
    sheet : pd.DataFrame
        One row per cell type; ``cell_type`` and columns of labels.

    Returns
    -------
    pd.DataFrame
        column, motif, name, n_groups, h, p, q (Benjamini-Hochberg over the table).
    """
    parts = []
    for column, labels in groupings(sheet).items():
        groups = [z[:, labels == label] for label in labels.dropna().unique()]
        h, p = stats.kruskal(*groups, axis=1)
        parts.append(_of_column(column, motifs).assign(n_groups=len(groups), h=h, p=p))
    return _with_q(parts, ["column", "motif", "name", "n_groups", "h", "p"])


def each_group(z: np.ndarray, motifs: pd.DataFrame, sheet: pd.DataFrame) -> pd.DataFrame:
    """Mann-Whitney test of each motif's activity in a group against all other cell types.

    Returns
    -------
    pd.DataFrame
        column, group, motif, name, n, mean and rest (mean z in the group and outside), difference, p, q
        (Benjamini-Hochberg over the table).
    """
    parts = []
    for column, labels in groupings(sheet).items():
        for label in labels.dropna().unique():
            inside, outside = z[:, labels == label], z[:, labels != label]
            mean, rest = inside.mean(axis=1), outside.mean(axis=1)
            p = stats.mannwhitneyu(inside, outside, axis=1).pvalue
            part = _of_column(column, motifs).assign(
                n=inside.shape[1], mean=mean, rest=rest, difference=mean - rest, p=p
            )
            part.insert(1, "group", label)
            parts.append(part)
    return _with_q(parts, ["column", "group", "motif", "name", "n", "mean", "rest", "difference", "p"])


def _of_column(column: str, motifs: pd.DataFrame) -> pd.DataFrame:
    table = motifs[["motif", "name"]].reset_index(drop=True)
    table.insert(0, "column", column)
    return table


def _with_q(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """The tables as one, with q-values; without groups an empty one."""
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return table.assign(q=q_values(table["p"]))
