"""Known motifs in MEME format: a JASPAR release or the user's motif file."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import jaspar, pwm
from cisformula.job import logged, logger

with logged(snakemake.log[0], "known motifs"):
    database = jaspar.load_database(snakemake.params.database, snakemake.params.taxon)
    pwm.write_meme(snakemake.output.meme, database.motifs, database.both_strands)
    families = jaspar.families(snakemake.params.database, snakemake.params.taxon)
    rows = [(motif.id, motif.name, families.get(motif.id, "")) for motif in database.motifs]
    table = pd.DataFrame(rows, columns=["motif", "name", "family"])
    table.to_csv(snakemake.output.table, sep="\t", index=False)
    strands = "both strands" if database.both_strands else "the given strand"
    logger.info("%d motifs from %s, with sites on %s", len(database.motifs), snakemake.params.database, strands)
