rule simulate:
    output:
        genome="results/{dataset}/simulated/genome.fa.gz",
        annotation="results/{dataset}/simulated/annotation.gtf.gz",
        expression="results/{dataset}/simulated/expression.tsv.gz",
        cell_types="results/{dataset}/simulated/cell_types.tsv",
        motifs="results/{dataset}/truth/planted.meme",
        effects="results/{dataset}/truth/effects.tsv",
        cell_type_effects="results/{dataset}/truth/cell_type_effects.tsv",
        sites="results/{dataset}/truth/sites.tsv.gz",
        communities="results/{dataset}/truth/communities.tsv",
        spacing="results/{dataset}/truth/spacing.tsv",
    log:
        "results/{dataset}/logs/simulate.log",
    benchmark:
        "results/{dataset}/benchmarks/simulate.tsv"
    conda:
        "../../envs/simulate.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        seed=lookup(dpath="seed", within=config),
        genes=lookup(dpath="simulation/genes", within=config),
        planted=lookup(dpath="simulation/planted", within=config),
    script:
        "../scripts/simulate.py"
