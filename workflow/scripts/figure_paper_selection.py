"""Draw how the motifs of the formula were chosen, beside the published split."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import learned_ids, pwm, result_table
from cisformula.figures import paper_selection, style
from cisformula.job import logged, logger
from cisformula.paper import published

with logged(snakemake.log[0], "figure paper selection"):
    formula = result_table.read(snakemake.input.formula)
    learned = pwm.read_meme(snakemake.input.learned)
    candidates = {
        origin.source: len(learned_ids.of_network(network, learned)) for network, origin in learned_ids.ORIGINS.items()
    }
    candidates["database"] = len(pwm.read_meme(snakemake.input.database))
    numbers = published.values(published.read(snakemake.input.published))
    split = paper_selection.splits(formula, candidates, numbers)
    style.save(paper_selection.draw(formula, split), snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d coefficients", len(formula))
