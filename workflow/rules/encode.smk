# Expression from ENCODE: only for a configuration that names a sample sheet.


# Compute nodes often have no way to the network, and a download needs no computing.
localrules:
    fetch_encode_files,


# The files themselves, in a folder beside the table of them, are no outputs: Snakemake deletes the outputs of a job that
# fails, and what has been fetched is to stay.
rule fetch_encode_files:
    input:
        samples=lookup(dpath="encode/samples", within=config) or [],
    output:
        "results/{dataset}/encode/files.tsv",
    log:
        "results/{dataset}/logs/fetch_encode_files.log",
    benchmark:
        "results/{dataset}/benchmarks/fetch_encode_files.tsv"
    conda:
        "../../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=600,
    params:
        base_url=lookup(dpath="encode/base_url", within=config),
        mirror=lookup(dpath="mirror", within=config),
        connections=lookup(dpath="encode/connections", within=config),
        sample_column=lookup(dpath="encode/sample_column", within=config),
        file_column=lookup(dpath="encode/file_column", within=config),
    script:
        "../scripts/fetch_encode_files.py"


rule make_encode_matrix:
    input:
        samples=lookup(dpath="encode/samples", within=config) or [],
        files="results/{dataset}/encode/files.tsv",
    output:
        expression="results/{dataset}/encode/expression.tsv.gz",
        cell_types="results/{dataset}/encode/cell_types.tsv",
        report="results/{dataset}/encode/join.tsv",
    log:
        "results/{dataset}/logs/make_encode_matrix.log",
    benchmark:
        "results/{dataset}/benchmarks/make_encode_matrix.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        sample_column=lookup(dpath="encode/sample_column", within=config),
        file_column=lookup(dpath="encode/file_column", within=config),
        group_column=lookup(dpath="encode/group_column", within=config),
    script:
        "../scripts/make_encode_matrix.py"
