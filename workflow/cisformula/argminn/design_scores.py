"""Whether designs do what their rules promise: what the network, the truth and another network say of them."""

import numpy as np
import pandas as pd

from .classification import auroc
from .design_table import RULES
from .proportion import Z, wilson

JUDGES = {"logit": "", "oracle": "oracle_", "judge": "judge_"}
"""Columns of a sequence that methods are compared by, and what the names of their comparisons begin with."""
AREA = ["auroc", "auroc_low", "auroc_high"]
COLUMNS = ["method", "n", "changed", "logit", "logit_median", "predicted_bound", "predicted_low", "predicted_high"]
COLUMNS += ["n_sites", "attended", "attended_low", "attended_high", "difference", "difference_low", "difference_high"]
COLUMNS += [*AREA, "oracle_median", *(f"oracle_{name}" for name in AREA)]
COLUMNS += ["judge_median", *(f"judge_{name}" for name in AREA), "motif_match"]
ARRANGEMENT_COLUMNS = ["motifs", "n", "logit_median", "predicted_bound", "predicted_low", "predicted_high"]
ARRANGEMENT_COLUMNS += ["oracle_median", "judge_median"]


def score_methods(table: pd.DataFrame) -> pd.DataFrame:
    """One row per method.

    Parameters
    ----------
    table : pd.DataFrame
        A row per sequence: ``method number changed logit oracle judge motif_match n_sites n_attended``, in which all
        but method and logit may be missing. ``number`` is that of the background; test sequences have none.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`. ``changed``, ``logit`` and ``motif_match`` are means; ``predicted_bound`` is the share of
        logits above 0, ``attended`` that of the sites where an instance is called (95 % Wilson intervals). The other
        columns compare designs from rules with those of a method on the same backgrounds, or with all sequences of a
        method that has none: ``difference`` is the mean logit of rules minus that of the method (95 % interval, paired
        by background), ``auroc`` how well the logit tells rules from the method (DeLong, as if the two were
        independent), and the same for the other :data:`JUDGES`.
    """
    rules = table[table["method"] == RULES]
    rows = [_score(method, own, rules) for method, own in table.groupby("method", sort=False)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _score(method: str, own: pd.DataFrame, rules: pd.DataFrame) -> dict:
    n_sites, n_attended = int(own["n_sites"].sum()), int(own["n_attended"].sum())
    row = {"method": method, "n": len(own), "n_sites": n_sites}
    row |= {name: own[name].astype(float).mean() for name in ("changed", "logit", "motif_match")}
    row |= {f"{name}_median": own[name].dropna().median() for name in JUDGES}
    row |= _share("predicted_bound", "predicted", int((own["logit"] > 0).sum()), len(own))
    row |= _share("attended", "attended", n_attended, n_sites)
    if method == RULES:
        return row
    paired = own["number"].notna().all()
    compared = rules[rules["number"].isin(own["number"])] if paired else rules
    if paired:
        row |= _difference(compared, own)
    for name, prefix in JUDGES.items():
        row |= {f"{prefix}{key}": value for key, value in _area(compared[name], own[name]).items()}
    return row


def _share(name: str, prefix: str, number: int, total: int) -> dict:
    low, high = wilson(number, total) if total else (np.nan, np.nan)
    return {
        name: number / total if total else np.nan,
        f"{prefix}_low": float(low),
        f"{prefix}_high": float(high),
    }


def _difference(rules: pd.DataFrame, own: pd.DataFrame) -> dict:
    gain = rules.set_index("number")["logit"] - own.set_index("number")["logit"]
    half = Z * gain.sem()
    return {"difference": gain.mean(), "difference_low": gain.mean() - half, "difference_high": gain.mean() + half}


def _area(rules: pd.Series, own: pd.Series) -> dict:
    value = np.concatenate([rules, own]).astype(float)
    if np.isnan(value).any():
        return dict.fromkeys(AREA, np.nan)
    area, error = auroc(np.repeat([True, False], [len(rules), len(own)]), value)
    return dict(zip(AREA, (area, max(area - Z * error, 0.0), min(area + Z * error, 1.0)), strict=True))


def score_arrangements(table: pd.DataFrame) -> pd.DataFrame:
    """What the judges say of each arrangement among the designs from rules, the most frequent first.

    Returns
    -------
    pd.DataFrame
        :data:`ARRANGEMENT_COLUMNS`.
    """
    rows = []
    for motifs, own in table[table["method"] == RULES].groupby("motifs"):
        share = _share("predicted_bound", "predicted", int((own["logit"] > 0).sum()), len(own))
        rows.append(
            {"motifs": motifs, "n": len(own)}
            | {f"{name}_median": own[name].dropna().median() for name in JUDGES}
            | share
        )
    scored = pd.DataFrame(rows, columns=ARRANGEMENT_COLUMNS)
    return scored.sort_values(["n", "motifs"], ascending=[False, True], ignore_index=True)
