"""What the table of cell types and the page of each cell type show, and the effects that all pages share."""

from dataclasses import dataclass

import numpy as np

from ..cell_types.design import TARGETS
from ..figures.cell_type_effects import group_colours
from . import packing
from .run_tables import RunTables

NO_GROUP = "all"
"""Group of every cell type where the sheet gives none."""
LARGEST_LOG = 320.0
"""Stands for -log10 of a p-value that is printed as zero."""


@dataclass(frozen=True)
class CellTypeRow:
    """A cell type in the table of cell types.

    Attributes
    ----------
    number : int
        Of its page, from 1.
    sheet : dict of str to str
        What the cell type sheet says, but for columns that say the same of all.
    scores : dict of str to dict
        For each target its row of ``cell_types/performance.tsv``.
    n_up, n_down : dict of str to int
        Motifs that raise or lower the target at the FDR.
    strongest : dict of str to int or None
        Number of the motif with the smallest p-value, for each target.
    """

    number: int
    name: str
    group: str
    sheet: dict[str, str]
    scores: dict[str, dict]
    n_up: dict[str, int]
    n_down: dict[str, int]
    strongest: dict[str, int | None]


def rows(run: RunTables, fdr: float) -> list[CellTypeRow]:
    """The cell types in the order of the expression matrix."""
    table = run.cell_type_performance
    scores = {(row["target"], row["cell_type"]): row for row in table.to_dict("records")}
    matrices = {
        target: {c: run.matrix(run.of_target(target), c) for c in ("coefficient", "p", "q")} for target in TARGETS
    }
    telling = [key for key in run.cell_types.columns[1:] if run.cell_types[key].nunique() > 1]
    found = []
    for column, sheet in enumerate(run.cell_types.to_dict("records")):
        name = sheet["cell_type"]
        up, down, strongest = {}, {}, {}
        for target, values in matrices.items():
            coefficient, p, q = (values[key][:, column] for key in ("coefficient", "p", "q"))
            up[target] = int(((q < fdr) & (coefficient > 0)).sum())
            down[target] = int(((q < fdr) & (coefficient < 0)).sum())
            strongest[target] = int(np.nanargmin(p)) + 1 if np.isfinite(p).any() else None
        found.append(
            CellTypeRow(
                number=column + 1,
                name=name,
                group=sheet.get("group", NO_GROUP),
                sheet={key: sheet[key] for key in telling if sheet[key] != ""},
                scores={target: scores[target, name] for target in TARGETS if (target, name) in scores},
                n_up=up,
                n_down=down,
                strongest=strongest,
            )
        )
    return found


def has_groups(run: RunTables) -> bool:
    """Whether the sheet tells cell types apart."""
    return run.cell_types["group"].nunique() > 1


def index_data(run: RunTables) -> dict:
    """Names, groups and colours of all cell types."""
    shown, colours = group_colours(run.cell_types["group"])
    return {
        "name": run.cell_types["cell_type"].tolist(),
        "group": shown.tolist(),
        "groups": [{"name": name, "colour": colour} for name, colour in colours.items() if name in set(shown)],
    }


def effects_data(run: RunTables, fdr: float) -> dict:
    """Every effect of every motif in every cell type, arrays of shape (motifs, cell types).

    ``log_p`` and ``log_q`` are -log10; the latter is kept as it is, so that pages call the same effects significant.
    """
    data = {"fdr": fdr, "activity": _activity(run), "targets": {}}
    for target in TARGETS:
        effects = run.of_target(target)
        if effects.empty:
            continue
        data["targets"][target] = {
            "coefficient": packing.rounded(run.matrix(effects, "coefficient")),
            "standard_error": packing.rounded(run.matrix(effects, "standard_error")),
            "ridge_coefficient": packing.rounded(run.matrix(effects, "ridge_coefficient")),
            "log_p": packing.rounded(_minus_log10(run.matrix(effects, "p"))),
            "log_q": packing.exact(_minus_log10(run.matrix(effects, "q"))),
        }
    return data


def _activity(run: RunTables) -> dict:
    return {column: packing.rounded(run.matrix(run.activity, column)) for column in ("activity", "standard_error", "z")}


def _minus_log10(p: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.minimum(-np.log10(p), LARGEST_LOG)
