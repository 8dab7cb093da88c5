"""Average the replicates of the sample sheet and join the cell types to a matrix of TPM."""

from collections import Counter
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula.encode import files, rsem, sheet
from cisformula.job import logged, logger
from cisformula.textfile import whole_file

with logged(snakemake.log[0], "ENCODE matrix"):
    parameters, output = snakemake.params, snakemake.output
    samples = sheet.read_samples(snakemake.input.samples, parameters.sample_column, parameters.file_column)
    sheet.write_cell_types(output.cell_types, samples, parameters.group_column)
    folder = Path(snakemake.input.files).with_suffix("")
    records = {record.accession: record for record in files.read_records(snakemake.input.files)}
    origins = Counter(f"{record.assembly} {record.annotation}".strip() or "unknown" for record in records.values())
    logger.info("genome and GENCODE: %s", ", ".join(f"{name} ({count} files)" for name, count in origins.items()))
    for names in sheet.same_files(samples):
        logger.info("the same files make up %s", " and ".join(names))

    def read(accession):
        """Read the quantification, whose checksum must hold."""
        content = files.read_file(folder, records[accession])
        return rsem.read_quantification(content, files.file_path(folder, accession))

    matrix, report = rsem.make_matrix(samples, read)
    with whole_file(output.expression) as handle:
        matrix.to_csv(handle, sep="\t", float_format="%.8g")
    report.to_csv(output.report, sep="\t", index=False)
    logger.info("%d genes x %d cell types; up to %d genes lost per file", *matrix.shape, report["lost"].max())
