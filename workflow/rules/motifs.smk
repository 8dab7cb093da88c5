rule extract_motifs:
    input:
        filters=expand(
            "results/{{dataset}}/models/contextual_regression/run_{run}/filters.npy",
            run=range(config["model"]["runs"]),
        ),
        predictions=expand(
            "results/{{dataset}}/models/contextual_regression/run_{run}/predictions.tsv",
            run=range(config["model"]["runs"]),
        ),
        runs="results/{dataset}/splits/runs.tsv",
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
        mem_mb=2000,
        runtime=30,
    params:
        n_windows=lookup(dpath="motifs/n_windows", within=config),
        weighting=lookup(dpath="motifs/weighting", within=config),
        variant=lookup(dpath="model/variant", within=config),
    script:
        "../scripts/extract_motifs.py"
