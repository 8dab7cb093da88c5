"""The site of a run: pages that a biologist opens from disk, without a server or the network.

One idea per module: :mod:`.run_tables` (the run's tables as they lie on disk), :mod:`.verdict` (the run in words),
:mod:`.motif_pages`, :mod:`.cell_pages`, :mod:`.gene_data` and :mod:`.methods` (what each kind of page shows, as plain
objects), :mod:`.grammar_tables`, :mod:`.grammar_verdict` and :mod:`.grammar_page` (the same three of the promoter
grammar), :mod:`.logos` (motifs as SVG), :mod:`.packing` (arrays and text as script data), :mod:`.wording` (numbers in
words), :mod:`.rendering` (templates) and :mod:`.build` (all files). Templates, style and scripts lie in
``workflow/report/site``, the plotting library in ``resources/vendor``.
"""
