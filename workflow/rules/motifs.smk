rule extract_motifs:
    input:
        cards=of_motif_networks("card.json"),
        filters=of_motif_networks("filters.npy"),
        predictions=of_motif_networks("predictions.tsv"),
        folds=f"results/{{dataset}}/splits/{MAIN_SCHEME}/folds.tsv",
        runs=f"results/{{dataset}}/splits/{MAIN_SCHEME}/runs.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
    output:
        meme="results/{dataset}/motifs/learned.meme",
        table="results/{dataset}/motifs/learned.tsv",
    log:
        "results/{dataset}/logs/extract_motifs.log",
    benchmark:
        "results/{dataset}/benchmarks/extract_motifs.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        n_windows=lookup(dpath="motifs/n_windows", within=config),
        weighting=lookup(dpath="motifs/weighting", within=config),
    script:
        "../scripts/extract_motifs.py"


# The motifs under the schemes that are compared with the main one: for their evaluation only.
use rule extract_motifs as extract_motifs_of_scheme with:
    input:
        cards=of_motif_networks("card.json"),
        filters=of_motif_networks("filters.npy"),
        predictions=of_motif_networks("predictions.tsv"),
        folds="results/{dataset}/splits/{scheme}/folds.tsv",
        runs="results/{dataset}/splits/{scheme}/runs.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
    output:
        meme="results/{dataset}/motifs/learned_{scheme}.meme",
        table="results/{dataset}/motifs/learned_{scheme}.tsv",
    log:
        "results/{dataset}/logs/extract_motifs_{scheme}.log",
    benchmark:
        "results/{dataset}/benchmarks/extract_motifs_{scheme}.tsv"
