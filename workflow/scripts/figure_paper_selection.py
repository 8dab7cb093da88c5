"""Draw how the motifs of the formula were chosen, beside the published split."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import pwm
from cisformula.figures import paper_selection, style
from cisformula.job import logged, logger
from cisformula.paper import published

with logged(snakemake.log[0], "figure paper selection"):
    # A factor may be called NA.
    empty = dict.fromkeys(["match_q", "selection_probability"], "")
    formula = pd.read_csv(snakemake.input.formula, sep="\t", keep_default_na=False, na_values=empty)
    n_learned, n_known = (len(pwm.read_meme(path)) for path in (snakemake.input.learned, snakemake.input.database))
    numbers = published.values(published.read(snakemake.input.published))
    split = paper_selection.splits(formula, n_learned, n_known, numbers)
    style.save(paper_selection.draw(formula, split), snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d coefficients", len(formula))
