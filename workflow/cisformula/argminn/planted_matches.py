"""Matches of learned motifs with the few that were planted, among all that are known."""

import pandas as pd

from .. import tomtom
from ..pwm import Motif


def compare(motifs: list[Motif], known: list[Motif], others: list[Motif], **settings) -> pd.DataFrame:
    """Matches with known motifs, as Tomtom finds them, among matches with other motifs.

    Parameters
    ----------
    motifs, known : list of Motif
    others : list of Motif
        Searched beside the known ones. Their matches are left out, but count in the q-values: among a handful of
        planted motifs any motif has a match with a small q-value.
    **settings
        Of :func:`cisformula.tomtom.compare`.

    Returns
    -------
    pd.DataFrame
        Tomtom's columns, the best match of each query first.
    """
    wanted = {motif.id for motif in known}
    targets = [*known, *(motif for motif in others if motif.id not in wanted)]
    matches = tomtom.compare(motifs, targets, **settings)
    return matches[matches["Target_ID"].isin(wanted)].reset_index(drop=True)
