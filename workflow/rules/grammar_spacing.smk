# Distances that pairs of motifs keep, places of motifs relative to the TSS, and what these do to expression.


CORE_ELEMENTS = lookup(dpath="grammar/core_elements", within=config) or []
if CORE_ELEMENTS == "bundled":
    CORE_ELEMENTS = str(Path(workflow.basedir, "resources", "core_promoter.tsv"))


rule find_spacing:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        families="results/{dataset}/splits/families.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
        shuffled="results/{dataset}/grammar/shuffled_sites.parquet",
    output:
        rules="results/{dataset}/grammar/spacing.tsv",
        pairs="results/{dataset}/grammar/spacing_pairs.tsv.gz",
        histograms="results/{dataset}/grammar/spacing_histograms.parquet",
    log:
        "results/{dataset}/logs/find_spacing.log",
    benchmark:
        "results/{dataset}/benchmarks/find_spacing.tsv"
    conda:
        "../../envs/grammar.yaml"
    # One thread: sums then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=20,
    params:
        max_distance=lookup(dpath="grammar/max_distance", within=config),
        gc_strata=lookup(dpath="grammar/gc_strata", within=config),
        fdr=lookup(dpath="grammar/fdr", within=config),
        min_fold=lookup(dpath="grammar/min_fold", within=config),
        min_promoters=lookup(dpath="grammar/min_promoters", within=config),
    script:
        "../scripts/find_spacing.py"


rule spacing_expression:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        families="results/{dataset}/splits/families.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
        rules="results/{dataset}/grammar/spacing.tsv",
    output:
        "results/{dataset}/grammar/spacing_expression.tsv",
    log:
        "results/{dataset}/logs/spacing_expression.log",
    benchmark:
        "results/{dataset}/benchmarks/spacing_expression.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=10,
    params:
        fdr=lookup(dpath="grammar/fdr", within=config),
    script:
        "../scripts/spacing_expression.py"


rule motif_positions:
    input:
        sequences="results/{dataset}/expression/sequences.npy",
        families="results/{dataset}/splits/families.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        formula="results/{dataset}/formula/formula.tsv",
        elements=CORE_ELEMENTS,
        background=branch(
            is_file(config["sites"]["background"]),
            then=config["sites"]["background"],
            otherwise=[],
        ),
    output:
        positions="results/{dataset}/grammar/positions.tsv",
        profiles="results/{dataset}/grammar/position_profiles.parquet",
    log:
        "results/{dataset}/logs/motif_positions.log",
    benchmark:
        "results/{dataset}/benchmarks/motif_positions.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        p_value=lookup(dpath="sites/p_value", within=config),
        background=lookup(dpath="sites/background", within=config),
        both_strands=lookup(dpath="hits/both_strands", within=config),
        upstream=lookup(dpath="promoters/upstream", within=config),
        shuffles=lookup(dpath="grammar/shuffles", within=config),
        fdr=lookup(dpath="grammar/fdr", within=config),
        min_fold=lookup(dpath="grammar/min_fold", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/motif_positions.py"


# What the tests find where there is nothing to find.
rule control_labels:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        families="results/{dataset}/splits/families.tsv",
        formula="results/{dataset}/formula/formula.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        formula_sites="results/{dataset}/formula/sites.parquet",
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
        groups="results/{dataset}/grammar/groups.tsv",
        rules="results/{dataset}/grammar/spacing.tsv",
    output:
        temp("results/{dataset}/grammar/controls/labels.tsv"),
    log:
        "results/{dataset}/logs/control_labels.log",
    benchmark:
        "results/{dataset}/benchmarks/control_labels.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        upstream=lookup(dpath="promoters/upstream", within=config),
        fdr=lookup(dpath="grammar/fdr", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/control_labels.py"


rule control_sites:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        families="results/{dataset}/splits/families.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
        shuffled="results/{dataset}/grammar/shuffled_sites.parquet",
        thresholds="results/{dataset}/grammar/thresholds.tsv",
        background=branch(
            is_file(config["sites"]["background"]),
            then=config["sites"]["background"],
            otherwise=[],
        ),
    output:
        temp("results/{dataset}/grammar/controls/sites.tsv"),
    log:
        "results/{dataset}/logs/control_sites.log",
    benchmark:
        "results/{dataset}/benchmarks/control_sites.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(3000),
        runtime=30,
    params:
        p_value=lookup(dpath="sites/p_value", within=config),
        background=lookup(dpath="sites/background", within=config),
        both_strands=lookup(dpath="hits/both_strands", within=config),
        max_similarity=lookup(dpath="grammar/edge_max_similarity", within=config),
        pair_fdr=lookup(dpath="grammar/pair_fdr", within=config),
        max_distance=lookup(dpath="grammar/max_distance", within=config),
        gc_strata=lookup(dpath="grammar/gc_strata", within=config),
        fdr=lookup(dpath="grammar/fdr", within=config),
        min_fold=lookup(dpath="grammar/min_fold", within=config),
        min_promoters=lookup(dpath="grammar/min_promoters", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/control_sites.py"


rule control_positions:
    input:
        shuffled="results/{dataset}/grammar/shuffled_sequences.npy",
        families="results/{dataset}/splits/families.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        formula="results/{dataset}/formula/formula.tsv",
        elements=CORE_ELEMENTS,
        background=branch(
            is_file(config["sites"]["background"]),
            then=config["sites"]["background"],
            otherwise=[],
        ),
    output:
        temp("results/{dataset}/grammar/controls/positions.tsv"),
    log:
        "results/{dataset}/logs/control_positions.log",
    benchmark:
        "results/{dataset}/benchmarks/control_positions.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        p_value=lookup(dpath="sites/p_value", within=config),
        background=lookup(dpath="sites/background", within=config),
        both_strands=lookup(dpath="hits/both_strands", within=config),
        upstream=lookup(dpath="promoters/upstream", within=config),
        shuffles=lookup(dpath="grammar/shuffles", within=config),
        fdr=lookup(dpath="grammar/fdr", within=config),
        min_fold=lookup(dpath="grammar/min_fold", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/control_positions.py"


rule grammar_controls:
    input:
        expand(
            "results/{{dataset}}/grammar/controls/{part}.tsv",
            part=["labels", "sites", "positions"],
        ),
    output:
        "results/{dataset}/grammar/controls.tsv",
    log:
        "results/{dataset}/logs/grammar_controls.log",
    benchmark:
        "results/{dataset}/benchmarks/grammar_controls.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=5,
    script:
        "../scripts/grammar_controls.py"


rule figure_spacing_histograms:
    input:
        rules="results/{dataset}/grammar/spacing.tsv",
        histograms="results/{dataset}/grammar/spacing_histograms.parquet",
        pairs="results/{dataset}/grammar/spacing_pairs.tsv.gz",
    output:
        pdf="results/{dataset}/figures/spacing_histograms.pdf",
        png=report(
            "results/{dataset}/figures/spacing_histograms.png",
            caption="../report/spacing_histograms.rst",
            category="Grammar",
            labels={"figure": "Distances between motifs"},
        ),
    log:
        "results/{dataset}/logs/figure_spacing_histograms.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_spacing_histograms.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_spacing_histograms.py"


rule figure_spacing_expression:
    input:
        effects="results/{dataset}/grammar/spacing_expression.tsv",
        relocation="results/{dataset}/grammar/relocation.tsv",
    output:
        pdf="results/{dataset}/figures/spacing_expression.pdf",
        png=report(
            "results/{dataset}/figures/spacing_expression.png",
            caption="../report/spacing_expression.rst",
            category="Grammar",
            labels={"figure": "Expression and the distance of motifs"},
        ),
    log:
        "results/{dataset}/logs/figure_spacing_expression.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_spacing_expression.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_spacing_expression.py"


rule figure_position_preferences:
    input:
        positions="results/{dataset}/grammar/positions.tsv",
        profiles="results/{dataset}/grammar/position_profiles.parquet",
        nodes="results/{dataset}/grammar/nodes.tsv",
    output:
        pdf="results/{dataset}/figures/position_preferences.pdf",
        png=report(
            "results/{dataset}/figures/position_preferences.png",
            caption="../report/position_preferences.rst",
            category="Grammar",
            labels={"figure": "Places of motifs in the promoter"},
        ),
    log:
        "results/{dataset}/logs/figure_position_preferences.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_position_preferences.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="grammar/fdr", within=config),
        min_fold=lookup(dpath="grammar/min_fold", within=config),
    script:
        "../scripts/figure_position_preferences.py"
