"""Which motifs a sequence holds, in which order and on which strands, and how often each such configuration occurs."""

import pandas as pd

from .frames import NO_STRAND
from .proportion import wilson

COLUMNS = ["configuration", "n_sites", "n", "share", "share_low", "share_high"]
NONE = "none"
"""The configuration of a sequence without an instance."""
_OTHER = {"+": "-", "-": "+", NO_STRAND: NO_STRAND}


def configuration(motifs: list[str], strands: list[str]) -> str:
    """A configuration in words: motifs from left to right, each with its strand, on the strand that sorts first.

    A sequence and its reverse complement have the same configuration. A palindrome has no strand.
    """
    sites = list(zip(motifs, strands, strict=True))
    flipped = [(motif, _OTHER[strand]) for motif, strand in reversed(sites)]
    shown = min(sites, flipped)
    return " ".join(motif + (strand if strand != NO_STRAND else "") for motif, strand in shown) or NONE


def count_configurations(placed: pd.DataFrame, n_sequences: int) -> pd.DataFrame:
    """Number and share of the sequences with each configuration, with 95 % Wilson intervals, the most frequent first.

    Parameters
    ----------
    placed : pd.DataFrame
        ``sequence start motif strand`` by sequence and start, from :func:`cisformula.argminn.frames.place`.
    n_sequences : int
        All sequences that were read, those without an instance too.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`.
    """
    rows = [
        (configuration(group["motif"].tolist(), group["strand"].tolist()), len(group))
        for _, group in placed.groupby("sequence")
    ]
    rows += [(NONE, 0)] * (n_sequences - len(rows))
    table = pd.DataFrame(rows, columns=COLUMNS[:2]).groupby(COLUMNS[:2]).size().rename("n").reset_index()
    table["share"] = table["n"] / n_sequences
    table["share_low"], table["share_high"] = wilson(table["n"], n_sequences)
    return table.sort_values(["n", "configuration"], ascending=[False, True], ignore_index=True)[COLUMNS]
