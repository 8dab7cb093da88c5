# The figures that answer the reader's questions; those of single stages lie with their stage.


rule figure_scheme:
    input:
        sequences="results/{dataset}/expression/sequences.npy",
        clusters="results/{dataset}/motifs/clusters.tsv",
        database="results/{dataset}/motifs/database.meme",
        design="results/{dataset}/formula/design.tsv",
        formula="results/{dataset}/formula/formula.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        performance="results/{dataset}/formula/performance.tsv",
        effects="results/{dataset}/cell_types/effects.tsv.gz",
    output:
        pdf="results/{dataset}/figures/scheme.pdf",
        png=report(
            "results/{dataset}/figures/scheme.png",
            caption="../report/scheme.rst",
            category="Overview",
            labels={"figure": "The workflow with the numbers of this run"},
        ),
    log:
        "results/{dataset}/logs/figure_scheme.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_scheme.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        upstream=lookup(dpath="promoters/upstream", within=config),
        downstream=lookup(dpath="promoters/downstream", within=config),
        network=lookup(dpath="model/name", within=config),
        runs=lookup(dpath="model/runs", within=config),
        filters=lookup(dpath="model/filters", within=config),
        width=lookup(dpath="model/width", within=config),
        selection=lookup(dpath="formula/selection", within=config),
        n_folds=lookup(dpath="splits/n_folds", within=config),
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/figure_scheme.py"


rule figure_training:
    input:
        histories=expand(
            "results/{{dataset}}/models/main/{scheme}/run_{run}/history.tsv",
            scheme=MAIN_SCHEME,
            run=runs_of(MAIN_SCHEME),
        ),
        predictions=expand(
            "results/{{dataset}}/models/main/{scheme}/run_{run}/predictions.tsv",
            scheme=MAIN_SCHEME,
            run=runs_of(MAIN_SCHEME),
        ),
        runs=f"results/{{dataset}}/splits/{MAIN_SCHEME}/runs.tsv",
    output:
        pdf="results/{dataset}/figures/training.pdf",
        png=report(
            "results/{dataset}/figures/training.png",
            caption="../report/training.rst",
            category="Performance",
            labels={"figure": "Training of the networks"},
        ),
    log:
        "results/{dataset}/logs/figure_training.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_training.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_training.py"


rule figure_performance:
    input:
        performance="results/{dataset}/formula/performance.tsv",
        differences="results/{dataset}/formula/differences.tsv",
        predictions="results/{dataset}/formula/predictions.tsv",
    output:
        pdf="results/{dataset}/figures/performance.pdf",
        png=report(
            "results/{dataset}/figures/performance.png",
            caption="../report/performance.rst",
            category="Performance",
            labels={"figure": "Formula, network and baselines"},
        ),
    log:
        "results/{dataset}/logs/figure_performance.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_performance.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_performance.py"


rule figure_match_counts:
    input:
        summary="results/{dataset}/matches/summary.tsv",
        clusters="results/{dataset}/motifs/clusters.tsv",
        matches="results/{dataset}/matches/tomtom.tsv",
    output:
        pdf="results/{dataset}/figures/match_counts.pdf",
        png=report(
            "results/{dataset}/figures/match_counts.png",
            caption="../report/match_counts.rst",
            category="Motifs",
            labels={"figure": "Learned motifs with a known match"},
        ),
    log:
        "results/{dataset}/logs/figure_match_counts.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_match_counts.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        database=lookup(dpath="motif_database", within=config),
    script:
        "../scripts/figure_match_counts.py"


rule figure_coefficients:
    input:
        formula="results/{dataset}/formula/formula.tsv",
        motifs="results/{dataset}/formula/formula.meme",
    output:
        pdf="results/{dataset}/figures/coefficients.pdf",
        png=report(
            "results/{dataset}/figures/coefficients.png",
            caption="../report/coefficients.rst",
            category="Formula",
            labels={"figure": "Coefficients"},
        ),
    log:
        "results/{dataset}/logs/figure_coefficients.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_coefficients.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        n_folds=lookup(dpath="splits/n_folds", within=config),
    script:
        "../scripts/figure_coefficients.py"


rule figure_position_effects:
    input:
        formula="results/{dataset}/formula/formula.tsv",
        motifs="results/{dataset}/formula/formula.meme",
    output:
        pdf="results/{dataset}/figures/position_effects.pdf",
        png=report(
            "results/{dataset}/figures/position_effects.png",
            caption="../report/position_effects.rst",
            category="Formula",
            labels={"figure": "Effect of a hit by its position"},
        ),
    log:
        "results/{dataset}/logs/figure_position_effects.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_position_effects.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_position_effects.py"


rule figure_motif_number:
    input:
        curve="results/{dataset}/formula/motif_number.tsv",
        performance="results/{dataset}/formula/performance.tsv",
    output:
        pdf="results/{dataset}/figures/motif_number.pdf",
        png=report(
            "results/{dataset}/figures/motif_number.png",
            caption="../report/motif_number.rst",
            category="Formula",
            labels={"figure": "How many motifs are enough"},
        ),
    log:
        "results/{dataset}/logs/figure_motif_number.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_motif_number.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        n_motifs=lookup(dpath="formula/n_motifs", within=config),
    script:
        "../scripts/figure_motif_number.py"


rule figure_cell_type_effects:
    input:
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        cell_types="results/{dataset}/expression/cell_types.tsv",
        formula="results/{dataset}/formula/formula.tsv",
    output:
        pdf="results/{dataset}/figures/cell_type_effects.pdf",
        png=report(
            "results/{dataset}/figures/cell_type_effects.png",
            caption="../report/cell_type_effects.rst",
            category="Cell types",
            labels={"figure": "Motif x cell type effects"},
        ),
    log:
        "results/{dataset}/logs/figure_cell_type_effects.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_cell_type_effects.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/figure_cell_type_effects.py"


rule figure_cell_type_performance:
    input:
        performance="results/{dataset}/cell_types/performance.tsv",
        null="results/{dataset}/cell_types/null.tsv",
    output:
        pdf="results/{dataset}/figures/cell_type_performance.pdf",
        png=report(
            "results/{dataset}/figures/cell_type_performance.png",
            caption="../report/cell_type_performance.rst",
            category="Cell types",
            labels={"figure": "Held-out R2 by cell type"},
        ),
    log:
        "results/{dataset}/logs/figure_cell_type_performance.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_cell_type_performance.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_cell_type_performance.py"


rule figure_calibration:
    input:
        quantiles="results/{dataset}/cell_types/null_quantiles.tsv",
        null="results/{dataset}/cell_types/null.tsv",
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        activity="results/{dataset}/cell_types/activity.tsv.gz",
        scores="results/{dataset}/cell_types/second_opinion_scores.tsv.gz",
    output:
        pdf="results/{dataset}/figures/calibration.pdf",
        png=report(
            "results/{dataset}/figures/calibration.png",
            caption="../report/calibration.rst",
            category="Cell types",
            labels={"figure": "Tests on permuted genes, and a second opinion"},
        ),
    log:
        "results/{dataset}/logs/figure_calibration.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_calibration.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_calibration.py"


rule figure_activity_groups:
    input:
        motifs="results/{dataset}/cell_types/motifs.tsv",
        groups="results/{dataset}/cell_types/groups.tsv",
        group_effects="results/{dataset}/cell_types/group_effects.tsv",
        formula="results/{dataset}/formula/formula.tsv",
    output:
        pdf="results/{dataset}/figures/activity_groups.pdf",
        png=report(
            "results/{dataset}/figures/activity_groups.png",
            caption="../report/activity_groups.rst",
            category="Cell types",
            labels={"figure": "Specificity, and groups of cell types"},
        ),
    log:
        "results/{dataset}/logs/figure_activity_groups.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_activity_groups.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/figure_activity_groups.py"
