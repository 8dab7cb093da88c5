"""Windows at the peaks of a BED file, and unbound windows of the same GC content, in sets by chromosome."""

from pathlib import Path
from tempfile import TemporaryDirectory

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np

from cisformula.argminn import peak_file, peaks
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"make examples {snakemake.wildcards.peak_task}"), TemporaryDirectory() as folder:
    out, params = snakemake.output, snakemake.params
    made = peaks.make_examples(
        peak_file.read_peaks(snakemake.input.bed),
        peaks.GenomeFile(snakemake.input.genome, Path(folder, "genome.fai")),
        test=params.test_chromosomes,
        validation=params.validation_chromosomes,
        seed=params.seed,
    )
    np.savez(out.train, **made.train)
    for name in ("validation", "reading", "test"):
        getattr(made, name).save(out[name])
    made.regions.to_csv(
        out.regions, sep="\t", index=False, float_format="%.6g", compression={"method": "gzip", "mtime": 0}
    )
    for (name, label), windows in made.regions.groupby(["set", "label"], sort=False):
        gc = windows["gc"]
        logger.info("%s, label %d: %d windows, GC %.3f (sd %.3f)", name, label, len(windows), gc.mean(), gc.std())
