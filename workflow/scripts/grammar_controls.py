"""Put the controls of the grammar into one table."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.job import logged, logger

with logged(snakemake.log[0], "controls of the grammar"):
    # As text, so that numbers stay as they were written.
    parts = [pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False) for path in snakemake.input]
    table = pd.concat(parts, ignore_index=True)
    table.to_csv(snakemake.output[0], sep="\t", index=False)
    logger.info("\n%s", table.to_string(index=False))
