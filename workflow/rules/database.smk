# Known motifs: a JASPAR release or the user's own motif file.


rule motif_database:
    input:
        branch(
            is_file(config["motif_database"]),
            then=config["motif_database"],
            otherwise=[],
        ),
    output:
        meme="results/{dataset}/motifs/database.meme",
        table="results/{dataset}/motifs/database.tsv",
    log:
        "results/{dataset}/logs/motif_database.log",
    benchmark:
        "results/{dataset}/benchmarks/motif_database.tsv"
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        database=lookup(dpath="motif_database", within=config),
        taxon=lookup(dpath="motif_database_taxon", within=config),
    script:
        "../scripts/motif_database.py"
