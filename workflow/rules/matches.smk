# Which known motifs the learned ones resemble, in Tomtom's terms; the engine is the user's choice.

if lookup(dpath="comparison/engine", within=config) == "meme":

    rule compare_motifs:
        input:
            learned="results/{dataset}/motifs/learned.meme",
            database="results/{dataset}/motifs/database.meme",
        output:
            matches="results/{dataset}/matches/tomtom.tsv",
        log:
            "results/{dataset}/logs/compare_motifs.log",
        benchmark:
            "results/{dataset}/benchmarks/compare_motifs.tsv"
        conda:
            "../../envs/meme.yaml"
        threads: 1
        resources:
            mem_mb=memory(2000),
            runtime=120,
        params:
            distance=lookup(dpath="comparison/distance", within=config),
            min_overlap=lookup(dpath="comparison/min_overlap", within=config),
            threshold=lookup(dpath="comparison/threshold", within=config),
            complete=lookup(dpath="comparison/complete", within=config),
        script:
            "../scripts/compare_motifs_meme.py"

else:

    rule compare_motifs:
        input:
            learned="results/{dataset}/motifs/learned.meme",
            database="results/{dataset}/motifs/database.meme",
        output:
            matches="results/{dataset}/matches/tomtom.tsv",
        log:
            "results/{dataset}/logs/compare_motifs.log",
        benchmark:
            "results/{dataset}/benchmarks/compare_motifs.tsv"
        conda:
            "../../envs/similarity.yaml"
        threads: 1
        resources:
            mem_mb=memory(2000),
            runtime=60,
        params:
            distance=lookup(dpath="comparison/distance", within=config),
            min_overlap=lookup(dpath="comparison/min_overlap", within=config),
            threshold=lookup(dpath="comparison/threshold", within=config),
            complete=lookup(dpath="comparison/complete", within=config),
        script:
            "../scripts/compare_motifs.py"


# The same for the motifs of the formula, known ones among them: which other factors bind what they bind.
use rule compare_motifs as compare_formula with:
    input:
        learned="results/{dataset}/formula/formula.meme",
        database="results/{dataset}/motifs/database.meme",
    output:
        matches="results/{dataset}/matches/formula.tsv",
    log:
        "results/{dataset}/logs/compare_formula.log",
    benchmark:
        "results/{dataset}/benchmarks/compare_formula.tsv"


# How many motifs have a match, and which families of factors the clusters are.
rule count_matches:
    input:
        matches="results/{dataset}/matches/tomtom.tsv",
        learned="results/{dataset}/motifs/learned.meme",
        representatives="results/{dataset}/motifs/representatives.meme",
        clusters="results/{dataset}/motifs/clusters.tsv",
        known="results/{dataset}/motifs/database.tsv",
        formula="results/{dataset}/formula/formula.tsv",
    output:
        summary="results/{dataset}/matches/summary.tsv",
        clusters="results/{dataset}/matches/clusters.tsv",
    log:
        "results/{dataset}/logs/count_matches.log",
    benchmark:
        "results/{dataset}/benchmarks/count_matches.tsv"
    conda:
        "../../envs/tables.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/count_matches.py"


rule figure_motif_gallery:
    input:
        representatives="results/{dataset}/motifs/representatives.meme",
        clusters="results/{dataset}/motifs/clusters.tsv",
        matches="results/{dataset}/matches/tomtom.tsv",
        database="results/{dataset}/motifs/database.meme",
    output:
        pdf="results/{dataset}/figures/motif_gallery.pdf",
        png=report(
            "results/{dataset}/figures/motif_gallery.png",
            caption="../report/motif_gallery.rst",
            category="Motifs",
            labels={"figure": "Learned motifs"},
        ),
    log:
        "results/{dataset}/logs/figure_motif_gallery.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_motif_gallery.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_motif_gallery.py"


rule figure_motif_matches:
    input:
        representatives="results/{dataset}/motifs/representatives.meme",
        matches="results/{dataset}/matches/tomtom.tsv",
        database="results/{dataset}/motifs/database.meme",
    output:
        pdf="results/{dataset}/figures/motif_matches.pdf",
        png=report(
            "results/{dataset}/figures/motif_matches.png",
            caption="../report/motif_matches.rst",
            category="Motifs",
            labels={"figure": "Best known matches"},
        ),
    log:
        "results/{dataset}/logs/figure_motif_matches.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_motif_matches.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_motif_matches.py"


rule figure_motif_clusters:
    input:
        meme="results/{dataset}/motifs/learned.meme",
        clusters="results/{dataset}/motifs/clusters.tsv",
        names="results/{dataset}/matches/clusters.tsv",
    output:
        pdf="results/{dataset}/figures/motif_clusters.pdf",
        png=report(
            "results/{dataset}/figures/motif_clusters.png",
            caption="../report/motif_clusters.rst",
            category="Motifs",
            labels={"figure": "Clusters of learned motifs"},
        ),
    log:
        "results/{dataset}/logs/figure_motif_clusters.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_motif_clusters.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=20,
    script:
        "../scripts/figure_motif_clusters.py"
