"""The tables and figures of a run's promoter grammar, read once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from .. import result_table
from .run_tables import RunTables, of_another_run


class Attention(NamedTuple):
    """What ARGMINN attends to in promoters: motifs, rules of their distances, and the number of gaps tested."""

    motifs: pd.DataFrame
    rules: pd.DataFrame
    n_gaps: int


@dataclass(frozen=True)
class GrammarTables:
    """Tables of ``grammar/``; the columns of each are those of the file.

    Attributes
    ----------
    choice, summary, tests, motifs : pd.DataFrame
        ``group_choice.tsv``, ``group_summary.tsv``, ``group_tests.tsv`` and ``group_motifs.tsv``.
    roles : pd.DataFrame
        Active and repressive motifs.
    nodes : pd.DataFrame
        Motifs of the formula and the node that each belongs to.
    edges : pd.DataFrame
        Pairs of nodes that keep company; ``n_pairs`` were tested.
    spacing, profiles, spacing_expression, relocation : pd.DataFrame
        Rules of distance, all pairs and classes, expression at the distances, and what a network says of them.
    figures : dict of str to Path
        PNG files by their names.
    attention : Attention or None
        Where ARGMINN was trained.
    verdict : pd.DataFrame or None
        Of a simulated data set: what was planted and what was found.
    """

    choice: pd.DataFrame
    summary: pd.DataFrame
    tests: pd.DataFrame
    motifs: pd.DataFrame
    roles: pd.DataFrame
    features: pd.DataFrame
    nodes: pd.DataFrame
    edges: pd.DataFrame
    n_pairs: int
    communities: pd.DataFrame
    community_summary: pd.DataFrame
    modularity: pd.DataFrame
    spacing: pd.DataFrame
    profiles: pd.DataFrame
    spacing_expression: pd.DataFrame
    relocation: pd.DataFrame
    positions: pd.DataFrame
    controls: pd.DataFrame
    figures: dict[str, Path]
    attention: Attention | None
    verdict: pd.DataFrame | None


def read(files: Any, run: RunTables) -> GrammarTables:
    """Read what the rule names.

    Parameters
    ----------
    files : namedtuple-like
        Paths, one attribute for each table; ``grammar_figures`` is a list; ``attention_motifs``, ``attention_rules``,
        ``attention_gaps`` and ``grammar_verdict`` may be empty.
    run : RunTables
        The rest of the run.

    Raises
    ------
    InputError
        The motifs are not those of the formula.
    """
    nodes, roles = result_table.read(files.nodes), result_table.read(files.motif_roles)
    for path, table in ((files.nodes, nodes), (files.motif_roles, roles)):
        if set(table["motif"]) != set(run.motifs["motif"]):
            raise of_another_run(path, "motifs are not those of the formula")
    pairs = result_table.read(files.pairs)
    return GrammarTables(
        choice=result_table.read(files.group_choice),
        summary=result_table.read(files.group_summary),
        tests=result_table.read(files.group_tests),
        motifs=result_table.read(files.group_motifs),
        roles=roles,
        features=result_table.read(files.features),
        nodes=nodes,
        edges=pairs[pairs["edge"].astype(bool)],
        n_pairs=int(pairs["q"].notna().sum()),
        communities=result_table.read(files.communities),
        community_summary=result_table.read(files.community_summary),
        modularity=result_table.read(files.modularity),
        # Elsewhere a fold is a set of genes and may be called "all"; here it is a ratio.
        spacing=result_table.read(files.spacing).astype({"fold": float}),
        profiles=result_table.read(files.spacing_pairs),
        spacing_expression=result_table.read(files.spacing_expression),
        relocation=result_table.read(files.relocation),
        positions=result_table.read(files.positions),
        controls=result_table.read(files.grammar_controls),
        figures={Path(path).stem: Path(path) for path in files.grammar_figures},
        attention=_attention(files) if files.attention_rules else None,
        verdict=result_table.read(files.grammar_verdict) if files.grammar_verdict else None,
    )


def _attention(files: Any) -> Attention:
    rules = result_table.read(files.attention_rules).astype({"fold": float})
    return Attention(result_table.read(files.attention_motifs), rules, len(result_table.read(files.attention_gaps)))
