"""The tables and figures of ARGMINN's tasks, read once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from .. import match_table, result_table
from ..pwm import Motif, read_meme


@dataclass(frozen=True)
class TaskTables:
    """Tables of one task; the columns of each are those of the file. What a task does not have is None.

    Attributes
    ----------
    name : str
    performance : pd.DataFrame
        ``evaluation/performance.tsv``.
    chosen : dict of str to dict
        ``chosen.json`` of every network.
    filters, rules, configurations : pd.DataFrame
        ``readouts/filters.tsv``, ``syntax.tsv`` and ``configurations.tsv``.
    matches : pd.DataFrame
        ``readouts/matches.tsv``: Tomtom's columns, the best match of each motif first.
    motifs : dict of str to Motif
        Of the filters that are used, by their ids.
    scores : pd.DataFrame
        ``evaluation/motifs.tsv``.
    design : pd.DataFrame
        ``evaluation/design.tsv``.
    figures : dict of str to Path
        PNG files by their names.
    planted : dict of str to Motif or None
        By their names; of a simulated task.
    planned, instances, gaps, gc, variants : pd.DataFrame or None
        ``examples/configurations.tsv`` and tables of ``evaluation/``; of a simulated task.
    regions : pd.DataFrame or None
        The windows; of a task of peaks.
    """

    name: str
    performance: pd.DataFrame
    chosen: dict[str, dict]
    filters: pd.DataFrame
    rules: pd.DataFrame
    configurations: pd.DataFrame
    matches: pd.DataFrame
    motifs: dict[str, Motif]
    scores: pd.DataFrame
    design: pd.DataFrame
    figures: dict[str, Path]
    planted: dict[str, Motif] | None
    planned: pd.DataFrame | None
    instances: pd.DataFrame | None
    gaps: pd.DataFrame | None
    gc: pd.DataFrame | None
    variants: pd.DataFrame | None
    regions: pd.DataFrame | None

    @property
    def is_simulated(self) -> bool:
        """Whether the truth is known."""
        return self.planted is not None


def read(files: Any, tasks: Sequence[str], networks: Sequence[str]) -> list[TaskTables]:
    """Read what the rule names.

    Parameters
    ----------
    files : mapping
        Lists of paths by the names of :class:`TaskTables`, one for each task, in ``chosen`` one for each task and
        network, in ``figures`` as many for each task; ``planted`` and all after it may be absent.
    tasks : sequence of str
    networks : sequence of str
        Those of ``chosen``, in that order.
    """
    required = ["performance", "filters", "rules", "configurations", "scores", "design"]
    optional = ["planned", "instances", "gaps", "gc", "variants", "regions"]
    read_tasks = []
    for number, (name, chosen, figures) in enumerate(
        zip(tasks, _parts(files["chosen"], tasks), _parts(files["figures"], tasks), strict=True)
    ):
        tables = {key: result_table.read(files[key][number]) for key in required}
        tables |= {key: result_table.read(files[key][number]) if files.get(key) else None for key in optional}
        cards = [json.loads(Path(path).read_text()) for path in chosen]
        planted = read_meme(files["planted"][number]) if files.get("planted") else None
        read_tasks.append(
            TaskTables(
                name=name,
                chosen=dict(zip(networks, cards, strict=True)),
                matches=match_table.read(files["matches"][number]),
                motifs={motif.id: motif for motif in read_meme(files["motifs"][number])},
                figures={Path(path).stem: Path(path) for path in figures},
                planted=None if planted is None else {motif.name: motif for motif in planted},
                **tables,
            )
        )
    return read_tasks


def _parts(paths: Sequence[str], tasks: Sequence[str]) -> list[Sequence[str]]:
    """The paths of each task."""
    size = len(paths) // len(tasks)
    return [paths[start : start + size] for start in range(0, len(paths), size)]
