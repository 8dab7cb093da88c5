# What ARGMINN's attention says of promoters, where it is among the networks to compare with.

ATTENTION = "argminn" in lookup(dpath="comparison_networks", within=config)
TRAINED_RUN = f"results/{{{{dataset}}}}/models/argminn/{MAIN_SCHEME}/run_{{run}}"
READ_RUN = "results/{{dataset}}/grammar/argminn/run_{run}"


rule read_promoter_syntax:
    input:
        models=per_fold(f"{TRAINED_RUN}/model.keras"),
        predictions=per_fold(f"{TRAINED_RUN}/predictions.tsv"),
        sequences="results/{dataset}/expression/sequences.npy",
        folds=f"results/{{dataset}}/splits/{MAIN_SCHEME}/folds.tsv",
        runs=f"results/{{dataset}}/splits/{MAIN_SCHEME}/runs.tsv",
    output:
        readings=per_fold(f"{READ_RUN}/filter_readings.tsv"),
        motifs=per_fold(f"{READ_RUN}/motifs.meme"),
        instances=per_fold(f"{READ_RUN}/instances.tsv.gz"),
    log:
        "results/{dataset}/logs/read_promoter_syntax.log",
    benchmark:
        "results/{dataset}/benchmarks/read_promoter_syntax.tsv"
    conda:
        "../../envs/tensorflow.yaml"
    threads: 1
    resources:
        mem_mb=memory(2500),
        runtime=30,
    params:
        attention=lookup(dpath="grammar/attention", within=config),
    script:
        "../scripts/read_promoter_syntax.py"


rule promoter_motifs:
    input:
        readings=per_fold(f"{READ_RUN}/filter_readings.tsv"),
        motifs=per_fold(f"{READ_RUN}/motifs.meme"),
    output:
        motifs="results/{dataset}/grammar/argminn/motifs.meme",
    log:
        "results/{dataset}/logs/promoter_motifs.log",
    benchmark:
        "results/{dataset}/benchmarks/promoter_motifs.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/promoter_motifs.py"


use rule compare_motifs as compare_promoter_motifs with:
    input:
        learned="results/{dataset}/grammar/argminn/motifs.meme",
        database="results/{dataset}/motifs/database.meme",
    output:
        matches="results/{dataset}/grammar/argminn/matches.tsv",
    log:
        "results/{dataset}/logs/compare_promoter_motifs.log",
    benchmark:
        "results/{dataset}/benchmarks/compare_promoter_motifs.tsv"


rule promoter_syntax:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        promoters="results/{dataset}/promoters/promoters.tsv",
        families="results/{dataset}/splits/families.tsv",
        readings=per_fold(f"{READ_RUN}/filter_readings.tsv"),
        instances=per_fold(f"{READ_RUN}/instances.tsv.gz"),
        motifs="results/{dataset}/grammar/argminn/motifs.meme",
        matches="results/{dataset}/grammar/argminn/matches.tsv",
        known="results/{dataset}/motifs/database.meme",
        formula="results/{dataset}/formula/formula.meme",
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
        spacing="results/{dataset}/grammar/spacing.tsv",
    output:
        filters="results/{dataset}/grammar/argminn/filters.tsv",
        summary="results/{dataset}/grammar/argminn/motifs.tsv",
        positions="results/{dataset}/grammar/argminn/positions.tsv",
        instances="results/{dataset}/grammar/argminn/instances.tsv.gz",
        bed="results/{dataset}/grammar/argminn/instances.bed.gz",
        gaps="results/{dataset}/grammar/argminn/gaps.tsv.gz",
        run_gaps="results/{dataset}/grammar/argminn/run_gaps.tsv.gz",
        run_rules="results/{dataset}/grammar/argminn/run_syntax.tsv",
        rules="results/{dataset}/grammar/argminn/syntax.tsv",
    log:
        "results/{dataset}/logs/promoter_syntax.log",
    benchmark:
        "results/{dataset}/benchmarks/promoter_syntax.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=30,
    params:
        fdr=lookup(dpath="grammar/fdr", within=config),
        max_distance=lookup(dpath="grammar/max_distance", within=config),
    script:
        "../scripts/promoter_syntax.py"


rule figure_attended_motifs:
    input:
        motifs="results/{dataset}/grammar/argminn/motifs.meme",
        filters="results/{dataset}/grammar/argminn/filters.tsv",
        instances="results/{dataset}/grammar/argminn/instances.tsv.gz",
        summary="results/{dataset}/grammar/argminn/motifs.tsv",
    output:
        pdf="results/{dataset}/figures/attended_motifs.pdf",
        png=report(
            "results/{dataset}/figures/attended_motifs.png",
            caption="../report/attended_motifs.rst",
            category="Grammar",
            labels={"figure": "Motifs that ARGMINN attends to"},
        ),
    log:
        "results/{dataset}/logs/figure_attended_motifs.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_attended_motifs.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        upstream=lookup(dpath="promoters/upstream", within=config),
        downstream=lookup(dpath="promoters/downstream", within=config),
    script:
        "../scripts/figure_attended_motifs.py"


rule figure_attended_gaps:
    input:
        gaps="results/{dataset}/grammar/argminn/gaps.tsv.gz",
        rules="results/{dataset}/grammar/argminn/syntax.tsv",
    output:
        pdf="results/{dataset}/figures/attended_gaps.pdf",
        png=report(
            "results/{dataset}/figures/attended_gaps.png",
            caption="../report/attended_gaps.rst",
            category="Grammar",
            labels={"figure": "Gaps between sites that ARGMINN attends to"},
        ),
    log:
        "results/{dataset}/logs/figure_attended_gaps.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_attended_gaps.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_attended_gaps.py"
