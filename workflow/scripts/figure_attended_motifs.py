"""Draw the motifs that ARGMINN attends to in promoters, and where."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import pwm
from cisformula.argminn.filter_motifs import filter_id
from cisformula.figures import attended_motifs, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure attended motifs"):
    files, params = snakemake.input, snakemake.params
    filters = pd.read_csv(files.filters, sep="\t", keep_default_na=False, na_values={"match_q": ""})
    filters["reverse"] = filters["reverse"] == "True"
    passed = set(filters.loc[filters["passed"], "filter"].map(filter_id))
    motifs = [motif for motif in pwm.read_meme(files.motifs) if motif.id in passed]
    instances = pd.read_csv(files.instances, sep="\t", dtype={"gene_id": str}, keep_default_na=False)
    summary = pd.read_csv(files.summary, sep="\t", keep_default_na=False, na_values=[""])
    drawn = attended_motifs.pages(motifs, filters, instances, summary, params.upstream, params.downstream)
    number = style.save_pages(drawn, snakemake.output.pdf, snakemake.output.png)
    logger.info("%d pages", number)
