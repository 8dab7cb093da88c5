rule list_tss:
    input:
        annotation=required_input("annotation"),
    output:
        tss="results/{dataset}/promoters/tss.tsv",
        repairs="results/{dataset}/promoters/annotation.tsv",
    log:
        "results/{dataset}/logs/list_tss.log",
    benchmark:
        "results/{dataset}/benchmarks/list_tss.tsv"
    conda:
        "../../envs/intervals.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        tss_rule=lookup(dpath="promoters/tss_rule", within=config),
        bed_gene_column=lookup(dpath="promoters/bed_gene_column", within=config),
        bed_tss=lookup(dpath="promoters/bed_tss", within=config),
    script:
        "../scripts/list_tss.py"


rule extract_promoters:
    input:
        tss="results/{dataset}/promoters/tss.tsv",
        repairs="results/{dataset}/promoters/annotation.tsv",
        genome=config["genome"],
    output:
        bed="results/{dataset}/promoters/promoters.bed",
        fasta="results/{dataset}/promoters/promoters.fa",
        table="results/{dataset}/promoters/promoters.tsv",
        qc="results/{dataset}/promoters/qc.tsv",
    log:
        "results/{dataset}/logs/extract_promoters.log",
    benchmark:
        "results/{dataset}/benchmarks/extract_promoters.tsv"
    conda:
        "../../envs/intervals.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=20,
    params:
        upstream=lookup(dpath="promoters/upstream", within=config),
        downstream=lookup(dpath="promoters/downstream", within=config),
        max_n_fraction=lookup(dpath="promoters/max_n_fraction", within=config),
        drop_duplicates=lookup(dpath="promoters/drop_duplicates", within=config),
        min_genes=lookup(dpath="promoters/min_genes", within=config),
    script:
        "../scripts/extract_promoters.py"


rule figure_promoter_qc:
    input:
        qc="results/{dataset}/promoters/qc.tsv",
        promoters="results/{dataset}/promoters/promoters.tsv",
        join="results/{dataset}/expression/join.tsv",
    output:
        pdf="results/{dataset}/figures/promoter_qc.pdf",
        png=report(
            "results/{dataset}/figures/promoter_qc.png",
            caption="../report/promoter_qc.rst",
            category="Input",
            labels={"figure": "Promoters kept and their composition"},
        ),
    log:
        "results/{dataset}/logs/figure_promoter_qc.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_promoter_qc.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=5,
    script:
        "../scripts/figure_promoter_qc.py"
