"""Tomtom without the MEME Suite: matches of motifs with known ones, in the real tool's numbers and format.

One idea per module: :mod:`.column_scores` (how alike two columns are, as integers), :mod:`.alignment` (the best
alignment), :mod:`.null` (its exact distribution by chance), :mod:`.incomplete` (the older way to score alignments),
:mod:`.q_values`, :mod:`.comparison` (all of it for many queries) and :mod:`.pairs` (motifs with each other). The table
of matches is read, written and counted by :mod:`cisformula.match_table`.
"""

from .comparison import compare
from .pairs import align_all

__all__ = ["align_all", "compare"]
