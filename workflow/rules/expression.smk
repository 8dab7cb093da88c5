rule join_expression:
    input:
        promoters="results/{dataset}/promoters/promoters.tsv",
        fasta="results/{dataset}/promoters/promoters.fa",
        expression=required_input("expression"),
        cell_types=optional_input("cell_types"),
        gene_id_map=optional_input("gene_id_map"),
    output:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        matrix="results/{dataset}/expression/expression.parquet",
        cell_types="results/{dataset}/expression/cell_types.tsv",
        report="results/{dataset}/expression/join.tsv",
    log:
        "results/{dataset}/logs/join_expression.log",
    benchmark:
        "results/{dataset}/benchmarks/join_expression.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        scale=lookup(dpath="expression_scale/input", within=config),
        pseudocount=lookup(dpath="expression_scale/pseudocount", within=config),
        missing=lookup(dpath="expression_scale/missing", within=config),
        columns=lookup(dpath="expression_scale/columns", within=config),
        panel_column=lookup(dpath="expression_scale/panel_column", within=config),
        min_genes=lookup(dpath="promoters/min_genes", within=config),
    script:
        "../scripts/join_expression.py"
