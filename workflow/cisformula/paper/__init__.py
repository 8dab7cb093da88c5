"""The original work (Liu & Wang 2022, arXiv 2208.09559) beside a run: its numbers, tables and checklist of figures.

One idea per module: :mod:`.published` (its numbers, beside ours), :mod:`.measures` (the same numbers of a run),
:mod:`.feature_space` (what mean activations can hold), :mod:`.tables` (its tables in its form) and :mod:`.page` (all
of it as one page). Only the abstract and the released files were at hand: order and numbering of figures are inferred.
"""
