"""Tomtom without the MEME Suite: matches of motifs with known ones, in the real tool's numbers and format.

One idea per module: :mod:`.column_scores` (how alike two columns are, as integers), :mod:`.alignment` (the best
alignment), :mod:`.null` (its exact distribution by chance), :mod:`.incomplete` (the older way to score alignments),
:mod:`.q_values` and :mod:`.comparison` (all of it for many queries). The table it makes is read, written and counted by
:mod:`cisformula.match_table`.
"""

from .comparison import compare

__all__ = ["compare"]
