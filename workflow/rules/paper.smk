# The figures and tables of the original work (arXiv 2208.09559) from this run, its numbers beside ours.

PUBLISHED = str(Path(workflow.basedir, "resources/published.tsv"))

# Figures that other stages draw, under their place in the checklist.
COLLECTED = {
    "1_scheme": "scheme",
    "2_networks": "training",
    "3_intervals": "performance",
    "4_gallery": "motif_gallery",
    "4_clusters": "motif_clusters",
    "4_matches": "motif_matches",
    "6_coefficients": "coefficients",
    "7_performance": "cell_type_performance",
}
DRAWN = ["3_performance", "5_match_counts", "6_selection", "7_heat_map", "7_significance", "7_groups"]


# Held-out R2 of the same predictors is that of rule score_predictors.
rule fit_in_sample:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        database="results/{dataset}/motifs/database.meme",
        database_hits=expand("results/{{dataset}}/hits/{reading}/database.npz", reading=list(READINGS)),
        formula="results/{dataset}/formula/predictions.tsv",
        cards=expand(
            "results/{{dataset}}/models/main/{scheme}/run_{run}/card.json",
            scheme=MAIN_SCHEME,
            run=runs_of(MAIN_SCHEME),
        )
        + expand(
            "results/{{dataset}}/models/{network}/{scheme}/run_{run}/card.json",
            network=config["comparison_networks"],
            scheme=MAIN_SCHEME,
            run=range(config["splits"]["n_folds"]),
        ),
    output:
        table="results/{dataset}/paper/tables/in_sample.tsv",
    log:
        "results/{dataset}/logs/fit_in_sample.log",
    benchmark:
        "results/{dataset}/benchmarks/fit_in_sample.tsv"
    conda:
        "../../envs/formula.yaml"
    # One thread: sums over genes then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=30,
    params:
        main_network=lookup(dpath="model/name", within=config),
        readings=list(READINGS),
        bin_width=BIN_WIDTH,
        composition=lookup(dpath="formula/composition", within=config),
        feature_mode=lookup(dpath="formula/feature_mode", within=config),
        max_similarity=lookup(dpath="formula/max_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        n_motifs=lookup(dpath="formula/n_motifs", within=config),
        selection=lookup(dpath="formula/selection", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/fit_in_sample.py"


# What the published features, mean activations of filters, can hold.
rule feature_space:
    input:
        sequences="results/{dataset}/expression/sequences.npy",
        filters=expand(
            "results/{{dataset}}/models/main/{scheme}/run_{run}/filters.npy",
            scheme=MAIN_SCHEME,
            run=runs_of(MAIN_SCHEME),
        ),
    output:
        table="results/{dataset}/paper/tables/feature_space.tsv",
    log:
        "results/{dataset}/logs/feature_space.log",
    benchmark:
        "results/{dataset}/benchmarks/feature_space.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=20,
    script:
        "../scripts/feature_space.py"


rule paper_tables:
    input:
        learned="results/{dataset}/motifs/learned.meme",
        database="results/{dataset}/motifs/database.meme",
        formula="results/{dataset}/formula/formula.tsv",
        motifs="results/{dataset}/formula/formula.meme",
    output:
        learned="results/{dataset}/paper/tables/learned.meme",
        learned_in_formula="results/{dataset}/paper/tables/learned_in_formula.meme",
        known_in_formula="results/{dataset}/paper/tables/known_in_formula.meme",
        motifs="results/{dataset}/paper/tables/formula.meme",
        formula="results/{dataset}/paper/tables/formula.tsv",
        matches="results/{dataset}/paper/tables/tomtom_learned.tsv",
        matches_in_formula="results/{dataset}/paper/tables/tomtom_learned_in_formula.tsv",
        counts="results/{dataset}/paper/tables/match_counts.tsv",
    log:
        "results/{dataset}/logs/paper_tables.log",
    benchmark:
        "results/{dataset}/benchmarks/paper_tables.tsv"
    conda:
        "../../envs/similarity.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    # The options that the authors called Tomtom with, whatever those of the run.
    params:
        distance="pearson",
        min_overlap=5,
        threshold=10,
    script:
        "../scripts/paper_tables.py"


rule compare_with_paper:
    input:
        published=PUBLISHED,
        sequences="results/{dataset}/expression/sequences.npy",
        cards=expand(
            "results/{{dataset}}/models/main/{scheme}/run_{run}/card.json",
            scheme=MAIN_SCHEME,
            run=runs_of(MAIN_SCHEME),
        ),
        performance="results/{dataset}/formula/performance.tsv",
        differences="results/{dataset}/formula/differences.tsv",
        in_sample="results/{dataset}/paper/tables/in_sample.tsv",
        learned="results/{dataset}/motifs/learned.meme",
        clusters="results/{dataset}/motifs/clusters.tsv",
        database="results/{dataset}/motifs/database.meme",
        counts="results/{dataset}/paper/tables/match_counts.tsv",
        formula="results/{dataset}/formula/formula.tsv",
        design="results/{dataset}/formula/design.tsv",
        feature_space="results/{dataset}/paper/tables/feature_space.tsv",
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        cell_types="results/{dataset}/cell_types/performance.tsv",
    output:
        table="results/{dataset}/paper/comparison.tsv",
    log:
        "results/{dataset}/logs/compare_with_paper.log",
    benchmark:
        "results/{dataset}/benchmarks/compare_with_paper.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        database=lookup(dpath="motif_database", within=config),
        main_network=lookup(dpath="model/name", within=config),
        networks=lookup(dpath="comparison_networks", within=config),
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/compare_with_paper.py"


rule figure_paper_performance:
    input:
        published=PUBLISHED,
        performance="results/{dataset}/formula/performance.tsv",
        in_sample="results/{dataset}/paper/tables/in_sample.tsv",
    output:
        pdf="results/{dataset}/paper/figures/3_performance.pdf",
        png=report(
            "results/{dataset}/paper/figures/3_performance.png",
            caption="../report/paper_performance.rst",
            category="Paper",
            labels={"figure": "Performance beside published numbers"},
        ),
    log:
        "results/{dataset}/logs/figure_paper_performance.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_paper_performance.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_paper_performance.py"


rule figure_paper_match_counts:
    input:
        published=PUBLISHED,
        counts="results/{dataset}/paper/tables/match_counts.tsv",
    output:
        pdf="results/{dataset}/paper/figures/5_match_counts.pdf",
        png=report(
            "results/{dataset}/paper/figures/5_match_counts.png",
            caption="../report/paper_match_counts.rst",
            category="Paper",
            labels={"figure": "Known matches, published and here"},
        ),
    log:
        "results/{dataset}/logs/figure_paper_match_counts.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_paper_match_counts.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        database=lookup(dpath="motif_database", within=config),
    script:
        "../scripts/figure_paper_match_counts.py"


rule figure_paper_selection:
    input:
        published=PUBLISHED,
        formula="results/{dataset}/formula/formula.tsv",
        learned="results/{dataset}/motifs/learned.meme",
        database="results/{dataset}/motifs/database.meme",
    output:
        pdf="results/{dataset}/paper/figures/6_selection.pdf",
        png=report(
            "results/{dataset}/paper/figures/6_selection.png",
            caption="../report/paper_selection.rst",
            category="Paper",
            labels={"figure": "Coefficients, importance, learned and known"},
        ),
    log:
        "results/{dataset}/logs/figure_paper_selection.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_paper_selection.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_paper_selection.py"


rule figure_paper_heat_map:
    input:
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        cell_types="results/{dataset}/expression/cell_types.tsv",
    output:
        pdf="results/{dataset}/paper/figures/7_heat_map.pdf",
        png=report(
            "results/{dataset}/paper/figures/7_heat_map.png",
            caption="../report/paper_heat_map.rst",
            category="Paper",
            labels={"figure": "All motifs in all cell types"},
        ),
        table="results/{dataset}/paper/tables/heat_map.tsv",
    log:
        "results/{dataset}/logs/figure_paper_heat_map.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_paper_heat_map.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/figure_paper_heat_map.py"


rule figure_paper_significance:
    input:
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        formula="results/{dataset}/formula/formula.tsv",
    output:
        pdf="results/{dataset}/paper/figures/7_significance.pdf",
        png=report(
            "results/{dataset}/paper/figures/7_significance.png",
            caption="../report/paper_significance.rst",
            category="Paper",
            labels={"figure": "How widely each motif is significant"},
        ),
    log:
        "results/{dataset}/logs/figure_paper_significance.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_paper_significance.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/figure_paper_significance.py"


rule figure_paper_groups:
    input:
        performance="results/{dataset}/cell_types/performance.tsv",
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        cell_types="results/{dataset}/expression/cell_types.tsv",
    output:
        pdf="results/{dataset}/paper/figures/7_groups.pdf",
        png=report(
            "results/{dataset}/paper/figures/7_groups.png",
            caption="../report/paper_groups.rst",
            category="Paper",
            labels={"figure": "R2 and effects by group of cell types"},
        ),
    log:
        "results/{dataset}/logs/figure_paper_groups.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_paper_groups.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/figure_paper_groups.py"


rule paper_page:
    input:
        comparison="results/{dataset}/paper/comparison.tsv",
        figures=expand("results/{{dataset}}/figures/{figure}.{kind}", figure=COLLECTED.values(), kind=["pdf", "png"]),
    output:
        page="results/{dataset}/paper/README.md",
        figures=expand("results/{{dataset}}/paper/figures/{figure}.{kind}", figure=COLLECTED, kind=["pdf", "png"]),
    log:
        "results/{dataset}/logs/paper_page.log",
    benchmark:
        "results/{dataset}/benchmarks/paper_page.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=10,
    script:
        "../scripts/paper_page.py"
