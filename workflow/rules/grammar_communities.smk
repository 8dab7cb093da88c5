# Which motifs keep company in promoters, and which communities they form.


rule node_sites:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        formula="results/{dataset}/formula/formula.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        sites="results/{dataset}/formula/sites.parquet",
    output:
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
    log:
        "results/{dataset}/logs/node_sites.log",
    benchmark:
        "results/{dataset}/benchmarks/node_sites.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        similarity=lookup(dpath="grammar/node_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        upstream=lookup(dpath="promoters/upstream", within=config),
        downstream=lookup(dpath="promoters/downstream", within=config),
    script:
        "../scripts/node_sites.py"
