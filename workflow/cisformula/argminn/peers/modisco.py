"""Motifs from contributions: TF-MoDISco, in its authors' own implementation (package ``modisco``).

Shrikumar et al. 2018, arXiv 1811.00416. Windows with high contributions are cut out, compared and clustered; every
cluster becomes a motif.
"""

import numpy as np
import pandas as pd

from ...job import logger
from ...pwm import Motif
from ...sequence import one_hot
from ..filter_motifs import trimmed

SETTINGS = {
    "sliding_window_size": 20,
    "flank_size": 5,
    "target_seqlet_fdr": 0.05,
    "n_leiden_runs": 2,
    "trim_to_window_size": 30,
    "initial_flank_to_add": 10,
    "final_flank_to_add": 0,
}
"""Those of the package's own command line. Its random numbers have fixed seeds that are not for the user to set."""
MIN_BITS = 4.0
"""Information that a trimmed motif must have in all (Tseng et al. 2024, arXiv 2410.06211)."""
COLUMNS = ["motif", "nsites", "information_bits", "passed", "consensus"]


def discover(codes: np.ndarray, hypothetical: np.ndarray) -> list[Motif]:
    """Motifs of windows that raise the logit (``P0``, ``P1`` ...) or lower it (``N0`` ...), untrimmed.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    hypothetical : np.ndarray, shape (sequences, length, 4)
        Hypothetical contributions, see :class:`cisformula.argminn.attribution.Contributions`.
    """
    from modiscolite.tfmodisco import TFMoDISco

    if not (hypothetical * one_hot(codes)).any():
        logger.warning("no base contributes anything: the network says the same of every sequence; no motifs")
        return []
    logger.info("TF-MoDISco on %d sequences; it shows no progress of its own", len(codes))
    found = TFMoDISco(one_hot(codes), hypothetical.astype(np.float32), **SETTINGS)
    motifs = []
    for sign, patterns in zip("PN", found, strict=True):
        for number, pattern in enumerate(patterns or []):
            name = f"{sign}{number}"
            motifs.append(Motif(name, name, np.array(pattern.sequence), len(pattern.seqlets)))
    return motifs


def describe(motifs: list[Motif]) -> tuple[pd.DataFrame, list[Motif]]:
    """The table of motifs, and those that pass, trimmed of uninformative flanks.

    Parameters
    ----------
    motifs : list of Motif

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, a row per motif; ``information_bits`` and ``consensus`` are those of the trimmed one, which
        passes with :data:`MIN_BITS`.
    list of Motif
    """
    rows, passed = [], []
    for motif in motifs:
        cut = trimmed(motif)
        bits = cut.information if cut else 0.0
        rows.append((motif.id, motif.nsites, bits, bits >= MIN_BITS, cut.consensus if cut else ""))
        passed += [cut] if bits >= MIN_BITS else []
    return pd.DataFrame(rows, columns=COLUMNS), passed
