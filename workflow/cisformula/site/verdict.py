"""The run in words: how well the formula predicts, which motifs are known, and where they act."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..cell_types.design import TARGETS
from ..figures.performance import CEILING, HELD_OUT, IN_SAMPLE, NAMES
from . import wording
from .run_tables import RunTables

KNOWN = 0.05
"""q-value below which a learned motif counts as known."""
REFERENCE = "2to5mer_ridge"
"""The baseline that the overview names: what short words say without motifs."""
NETWORK = "network:"
"""How names of networks begin."""


class Sentence(NamedTuple):
    """A finding: the number in large type, what it is, and a sentence about it."""

    number: str
    title: str
    text: str


def findings(run: RunTables, fdr: float) -> list[Sentence]:
    """What the run found, each with its number, computed from the tables alone."""
    return [
        _prediction(run),
        _lead(run),
        _known_motifs(run),
        _cell_type_effects(run, fdr),
        _cell_types(run),
        *_factors(run, fdr),
    ]


def main_split(run: RunTables) -> str:
    """The scheme of the outer folds that the headline numbers belong to."""
    return run.performance["split"].iloc[0]


def _overall(run: RunTables, predictor: str, split: str) -> pd.Series | None:
    table = run.performance
    rows = table[(table["predictor"] == predictor) & (table["split"] == split) & (table["fold"] == "all")]
    return None if rows.empty else rows.iloc[0]


def _interval(low: float, high: float, digits: int = 1) -> str:
    return f"{wording.fixed(100 * low, digits)} to {wording.percent(high, digits)}"


def _prediction(run: RunTables) -> Sentence:
    split = main_split(run)
    row = _overall(run, "formula", split)
    text = (
        f"Held-out R² of the formula on {wording.count(row['n_genes'])} genes that neither the networks nor the choice "
        f"of motifs had seen ({HELD_OUT.get(split, split)}); 95 % interval {_interval(row['r2_low'], row['r2_high'])} "
        "of the variance of the median of log expression over cell types."
    )
    leaky = _overall(run, "formula", IN_SAMPLE)
    ceiling = _overall(run, CEILING, "replicates")
    if leaky is not None:
        text += f" On the genes it was fitted to, R² would read {wording.percent(leaky['r2'])}."
    if ceiling is not None:
        text += f" A perfect predictor would reach about {wording.percent(ceiling['r2'], 0)}, the noise ceiling."
    return Sentence(wording.percent(row["r2"]), "of expression explained on unseen genes", text)


def _lead(run: RunTables) -> Sentence:
    split = main_split(run)
    leads = run.differences[(run.differences["split"] == split) & (run.differences["reference"] == "formula")]
    leads = leads.set_index("predictor")
    networks = [name for name in leads.index if NAMES.get(name, name).startswith(NETWORK)]
    shown = [REFERENCE] if REFERENCE in leads.index else []
    if networks:
        shown.append(leads.loc[networks, "difference"].idxmin())
    if not shown:
        return Sentence(wording.NONE, "lead over other predictors", "No other predictor was scored in this run.")
    sentences = [_compared(leads.loc[name], _name_of_rival(name)) for name in shown]
    first = leads.loc[shown[0]]
    return Sentence(
        f"{wording.signed(100 * first['difference'], 1)} points",
        f"against {_name_of_rival(shown[0])}",
        " ".join(sentences),
    )


def _name_of_rival(name: str) -> str:
    if name == REFERENCE:
        return "ridge regression on all 2- to 5-mers"
    shown = NAMES.get(name, name)
    return f"the best network ({shown.removeprefix(NETWORK).strip()})" if shown.startswith(NETWORK) else shown


def _compared(row: pd.Series, rival: str) -> str:
    points = wording.fixed(100 * abs(row["difference"]), 1)
    interval = f"95 % interval {wording.signed(100 * row['low'], 1)} to {wording.signed(100 * row['high'], 1)}"
    if row["low"] > 0:
        return f"The formula explains {points} points more than {rival} ({interval})."
    if row["high"] < 0:
        return f"The formula explains {points} points less than {rival} ({interval})."
    return f"The formula and {rival} cannot be told apart ({interval} points)."


def _known_motifs(run: RunTables) -> Sentence:
    learned = run.motifs["source"] != "database"
    n_argminn = int((run.motifs["source"] == "ARGMINN").sum())
    of_argminn = f", {n_argminn} of them from ARGMINN" if n_argminn else ""
    matched = learned & (run.motifs["match_q"] < KNOWN)
    n_known = int((~learned).sum() + matched.sum())
    summary = run.match_summary.set_index("set")
    text = (
        f"{wording.several(int((~learned).sum()), 'motif')} of the formula came from the database and "
        f"{wording.count(learned.sum())} from the networks{of_argminn}; of the latter {wording.count(matched.sum())} "
        f"resemble a known motif at q < {KNOWN:g}."
    )
    if "learned" in summary.index:
        everything = summary.loc["learned"]
        text += (
            f" Of all {wording.several(int(everything['queries']), 'motif')} that the networks learned: "
            f"{wording.count(everything['q<0.05'])}."
        )
    return Sentence(f"{n_known} of {len(run.motifs)}", "motifs are known", text)


def _cell_type_effects(run: RunTables, fdr: float) -> Sentence:
    clauses, headline = [], wording.NONE
    names = {
        "expression": "expression in a cell type",
        "deviation": "how a cell type deviates from the mean over cell types",
    }
    for target in TARGETS:
        effects = run.of_target(target)
        if effects.empty:
            continue
        called, tested = (effects["q"] < fdr).sum(), effects["q"].notna().sum()
        headline = wording.count(called) if target == "expression" else headline
        share = run.null.loc[run.null["target"] == target, "significant_share"].mean()
        clauses.append(
            f"{wording.count(called)} of {wording.count(tested)} ({wording.percent(called / max(tested, 1))}) on "
            f"{names[target]}, against {_tiny_percent(share)} when genes are permuted"
        )
    text = f"Effects at q < {fdr:g}: " + "; ".join(clauses) + "."
    return Sentence(headline, "motif × cell type effects on expression", text)


def _tiny_percent(share: float) -> str:
    return wording.percent(share, 3) if share < 1e-3 else wording.percent(share)


def _cell_types(run: RunTables) -> Sentence:
    table = run.cell_type_performance
    table = table[table["target"] == "expression"]
    if table.empty:
        return Sentence(wording.NONE, "cell types", "No cell type was scored in this run.")
    best, worst = table.loc[table["r2"].idxmax()], table.loc[table["r2"].idxmin()]
    text = (
        f"Median held-out R² over {wording.several(len(table), 'cell type')} on unseen genes; highest in "
        f"{best['cell_type']} ({wording.percent(best['r2'])}), lowest in {worst['cell_type']} "
        f"({wording.percent(worst['r2'])}). Base composition alone reaches "
        f"{wording.percent(float(np.median(table['composition_r2'])))}."
    )
    return Sentence(wording.percent(float(np.median(table["r2"]))), "explained in a typical cell type", text)


def _factors(run: RunTables, fdr: float) -> list[Sentence]:
    """Motifs whose activity goes with a factor's own expression; nothing where no factor could be tested.

    Cell types are related, so that many genes go with any activity; ``q_genes`` compares the factor with all of them,
    motif by motif, so that a share of motifs as large as the rate has such a factor by chance.
    """
    tested = run.factors.dropna(subset="q")
    if tested.empty:
        return []
    n_linked = tested["motif"].nunique()
    correlated = tested.loc[tested["q"] < fdr, "motif"].nunique()
    outstanding = tested.loc[tested["q_genes"] < fdr, "motif"].nunique()
    text = (
        f"{wording.several(n_linked, 'motif')} can be linked to a factor with expression. In {correlated} of them a "
        f"factor's own expression goes with the motif's activity over cell types at q < {fdr:g}. Many genes do so by "
        f"chance of descent. {outstanding} have a factor that stands out from all genes, at q < {fdr:g} among the "
        f"candidates of the motif; by chance about {wording.count(round(fdr * n_linked))} would."
    )
    return [Sentence(f"{outstanding} of {n_linked}", "linked motifs single out a factor by its expression", text)]


def performance_rows(run: RunTables) -> list[dict]:
    """R2 of every predictor and split over all genes, for the plot: highest under the main split first."""
    rows = run.performance[run.performance["fold"] == "all"]
    rows = rows[rows["predictor"] != CEILING]
    main = rows[rows["split"] == main_split(run)].set_index("predictor")["r2"]
    order = rows["predictor"].map(main).fillna(-np.inf)
    ranked = rows.assign(order=-order).sort_values("order", kind="stable")
    return [
        {
            "predictor": NAMES.get(row.predictor, row.predictor.replace("_", " ")),
            "formula": row.predictor == "formula",
            "split": "in-sample: leaks" if row.split == IN_SAMPLE else HELD_OUT.get(row.split, row.split),
            "main": row.split == main_split(run),
            "r2": row.r2,
            "low": row.r2_low,
            "high": row.r2_high,
        }
        for row in ranked.itertuples()
    ]
