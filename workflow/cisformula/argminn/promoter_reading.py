"""What an ARGMINN that predicts expression sees in promoters.

A regression has no bound sequences. Motifs and thresholds are read from all genes that the network was trained on, the
instances from the genes that it never saw. What the network owes to an instance is its prediction less that for the
promoter with the bases of the instance unknown. All of this is our own.
"""

from dataclasses import replace

import pandas as pd

from ..pwm import Motif
from .filter_motifs import filter_id, filter_number

FILTERS_OF_RUN = 1000
"""Filter 12 of run 3 has the number 3012 among the filters of all runs."""


def number_of(run: int, filters: int | pd.Series) -> int | pd.Series:
    """Numbers of the filters of a run among those of all runs."""
    return FILTERS_OF_RUN * run + filters


def of_run(motif: Motif, run: int) -> Motif:
    """The motif of a filter of a run with the filter's number among those of all runs."""
    name = filter_id(number_of(run, filter_number(motif.id)))
    return replace(motif, id=name, name=name)
