"""How well the change of each network's prediction tells variants that break a planted site from their matches."""

import pandas as pd
from matplotlib.figure import Figure

from . import style
from .network_performance import MEASURES, draw_measure

SCORES = {"delta_logit": "|difference of logits|", "delta_probability": "|difference of probabilities|"}


def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Either size of a change by its auROC and auPRC: a point with its 95 % interval per task and network.

    Parameters
    ----------
    tables : dict of str to pd.DataFrame
        By task: as :func:`cisformula.argminn.variant_scores.score_variants` returns them, of all networks.
    """
    shown = [(score, measure) for measure in ("auroc", "auprc") for score in SCORES]
    figure, panels = style.panels(len(shown), width=3.0, height=max(2.6, 0.55 * len(tables) + 1.5))
    for number, (axes, (score, measure)) in enumerate(zip(panels, shown, strict=True)):
        own = {task: table[table["score"] == score] for task, table in tables.items()}
        draw_measure(axes, own, measure)
        axes.set_xlabel(f"{MEASURES[measure]} of\n{SCORES[score]}")
        axes.set_yticks(range(len(tables)), list(tables) if number == 0 else [""] * len(tables))
    counts = [table.iloc[0] for table in tables.values()]
    breaking, matched = (sum(int(row[name]) for row in counts) for name in ("n_breaking", "n_matched"))
    handles, labels = panels[0].get_legend_handles_labels()
    title = f"{breaking:,} variants that break a planted site, {matched:,} matches that do not"
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), title=title)
    return figure
