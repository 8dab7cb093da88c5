"""The formula as a table for people."""

import pandas as pd

from .formula import Formula


def to_table(formula: Formula) -> pd.DataFrame:
    """One row per motif: id, name, source, consensus, coefficient with its error, and effect per hit.

    With several position bins, ``per_hit`` is the mean over the window, and a column ``per_hit_FROM_TO`` follows for
    each bin, with its first and last position in bp relative to the TSS.
    """
    evidence = formula.evidence
    table = pd.DataFrame(
        {
            "motif": [motif.id for motif in formula.motifs],
            "name": [motif.name for motif in formula.motifs],
            "source": [known.source for known in evidence],
            "consensus": [motif.consensus for motif in formula.motifs],
            "coefficient": [known.coefficient for known in evidence],
            "standard_error": [known.standard_error for known in evidence],
            "selection_probability": [known.selection_probability for known in evidence],
            "per_hit": formula.per_unit,
        }
    )
    if formula.reading.n_bins > 1:
        edges = formula.reading.edges
        for first, end, effects in zip(edges[:-1], edges[1:], formula.effects.T, strict=True):
            table[f"per_hit_{first}_{end - 1}"] = effects
    return table


def best_matches(matches: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Name (``match``) and q-value (``match_q``) of the best known match of each compared motif, indexed by its id.

    Parameters
    ----------
    matches : pd.DataFrame
        In Tomtom's columns, best match of each query first.
    names : dict of str to str
        Name of each target id.
    """
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    return pd.DataFrame({"match": best["Target_ID"].map(names), "match_q": best["q-value"]})


def add_matches(table: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """Add the best known match of each learned motif and its q-value; a known motif matches itself and gets none.

    Parameters
    ----------
    table : pd.DataFrame
        From :func:`to_table`.
    best : pd.DataFrame
        From :func:`best_matches`.
    """
    return table.assign(match=table["motif"].map(best["match"]), match_q=table["motif"].map(best["match_q"]))


def add_groups(table: pd.DataFrame, stands_for: dict[str, list[str]], names: dict[str, str]) -> pd.DataFrame:
    """Add the other motifs of the group of near-identical ones that each motif stands for.

    Parameters
    ----------
    table : pd.DataFrame
        From :func:`to_table`.
    stands_for : dict of str to list of str
        Ids of the motifs that each motif of the table stands for, itself among them.
    names : dict of str to str
        Name of each motif.
    """

    def others(motif: str) -> str:
        ids = [name for name in stands_for[motif] if name != motif]
        return "; ".join(name if name == names[name] else f"{name} {names[name]}" for name in ids)

    return table.assign(stands_for=table["motif"].map(others))
