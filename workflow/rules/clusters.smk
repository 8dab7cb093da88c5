# Clusters of similar learned motifs, each with one member that stands for it and a merged motif.


rule cluster_motifs:
    input:
        meme="results/{dataset}/motifs/learned.meme",
    output:
        clusters="results/{dataset}/motifs/clusters.tsv",
        representatives="results/{dataset}/motifs/representatives.meme",
        archetypes="results/{dataset}/motifs/archetypes.meme",
    log:
        "results/{dataset}/logs/cluster_motifs.log",
    benchmark:
        "results/{dataset}/benchmarks/cluster_motifs.tsv"
    conda:
        "../../envs/similarity.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        cluster_by=lookup(dpath="motifs/cluster_by", within=config),
        cluster_similarity=lookup(dpath="motifs/cluster_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        distance=lookup(dpath="comparison/distance", within=config),
    script:
        "../scripts/cluster_motifs.py"
