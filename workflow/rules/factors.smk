# Which transcription factors may stand behind the motifs, and whether they are expressed where a motif is active.


rule link_factors:
    input:
        formula="results/{dataset}/formula/formula.tsv",
        matches="results/{dataset}/matches/tomtom.tsv",
        formula_matches="results/{dataset}/matches/formula.tsv",
        known="results/{dataset}/motifs/database.tsv",
        activity="results/{dataset}/cell_types/activity.tsv.gz",
        genes="results/{dataset}/expression/expression.parquet",
        annotation="results/{dataset}/promoters/tss.tsv",
        expression=required_input("expression"),
        gene_id_map=optional_input("gene_id_map"),
    output:
        table="results/{dataset}/cell_types/factors.tsv",
        expression="results/{dataset}/cell_types/factor_expression.parquet",
    log:
        "results/{dataset}/logs/link_factors.log",
    benchmark:
        "results/{dataset}/benchmarks/link_factors.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        match_q=lookup(dpath="factors/match_q", within=config),
        scale=lookup(dpath="expression_scale/input", within=config),
        pseudocount=lookup(dpath="expression_scale/pseudocount", within=config),
        missing=lookup(dpath="expression_scale/missing", within=config),
    script:
        "../scripts/link_factors.py"


rule figure_factors:
    input:
        factors="results/{dataset}/cell_types/factors.tsv",
        expression="results/{dataset}/cell_types/factor_expression.parquet",
        activity="results/{dataset}/cell_types/activity.tsv.gz",
        cell_types="results/{dataset}/expression/cell_types.tsv",
        formula="results/{dataset}/formula/formula.tsv",
    output:
        pdf="results/{dataset}/figures/factors.pdf",
        png=report(
            "results/{dataset}/figures/factors.png",
            caption="../report/factors.rst",
            category="Cell types",
            labels={"figure": "Transcription factors behind the motifs"},
        ),
    log:
        "results/{dataset}/logs/figure_factors.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_factors.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/figure_factors.py"
