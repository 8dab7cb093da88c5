"""List the candidate TSSs of the annotation, ranked within each gene."""

import library_path  # noqa: F401  (puts workflow/ on the import path)

from cisformula.annotation import read_sites
from cisformula.job import logged, logger

with logged(snakemake.log[0], "list TSSs"):
    tss, repairs = read_sites(
        snakemake.input.annotation,
        rule=snakemake.params.tss_rule,
        bed_gene_column=snakemake.params.bed_gene_column,
        bed_tss=snakemake.params.bed_tss,
    )
    tss.to_csv(snakemake.output.tss, sep="\t", index=False)
    repairs.to_csv(snakemake.output.repairs, sep="\t", index=False)
    logger.info("%d candidate TSSs of %d genes", len(tss), tss["gene_id"].nunique())
