# Groups of genes with similar weighted features, and the motifs that set their promoters apart.


rule group_genes:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        families="results/{dataset}/splits/families.tsv",
        features="results/{dataset}/grammar/weighted_features.parquet",
        predictions="results/{dataset}/grammar/predictions.tsv",
    output:
        groups="results/{dataset}/grammar/groups.tsv",
        choice="results/{dataset}/grammar/group_choice.tsv",
        summary="results/{dataset}/grammar/group_summary.tsv",
        tests="results/{dataset}/grammar/group_tests.tsv",
        pairs="results/{dataset}/grammar/group_pairs.tsv",
    log:
        "results/{dataset}/logs/group_genes.log",
    benchmark:
        "results/{dataset}/benchmarks/group_genes.tsv"
    conda:
        "../../envs/grammar.yaml"
    # One thread: sums over genes, and with them the groups, then come out the same on any number of cores.
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        n_groups=lookup(dpath="grammar/n_groups", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/group_genes.py"


rule group_enrichment:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        formula="results/{dataset}/formula/formula.tsv",
        sites="results/{dataset}/formula/sites.parquet",
        groups="results/{dataset}/grammar/groups.tsv",
    output:
        motifs="results/{dataset}/grammar/group_motifs.tsv",
        balance="results/{dataset}/grammar/group_balance.tsv",
    log:
        "results/{dataset}/logs/group_enrichment.log",
    benchmark:
        "results/{dataset}/benchmarks/group_enrichment.tsv"
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
        "../scripts/group_enrichment.py"


rule motif_roles:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        formula="results/{dataset}/formula/formula.tsv",
        sites="results/{dataset}/formula/sites.parquet",
        track="results/{dataset}/grammar/track.npy",
        groups="results/{dataset}/grammar/groups.tsv",
        enrichment="results/{dataset}/grammar/group_motifs.tsv",
    output:
        roles="results/{dataset}/grammar/motif_roles.tsv",
    log:
        "results/{dataset}/logs/motif_roles.log",
    benchmark:
        "results/{dataset}/benchmarks/motif_roles.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        upstream=lookup(dpath="promoters/upstream", within=config),
        fdr=lookup(dpath="grammar/fdr", within=config),
    script:
        "../scripts/motif_roles.py"


if lookup(dpath="grammar/de_novo", within=config) == "streme":

    rule discover_group_motifs:
        input:
            genes="results/{dataset}/expression/genes.tsv",
            sequences="results/{dataset}/expression/sequences.npy",
            groups="results/{dataset}/grammar/groups.tsv",
        output:
            motifs="results/{dataset}/grammar/de_novo.meme",
            table="results/{dataset}/grammar/de_novo.tsv",
        log:
            "results/{dataset}/logs/discover_group_motifs.log",
        benchmark:
            "results/{dataset}/benchmarks/discover_group_motifs.tsv"
        conda:
            "../../envs/meme.yaml"
        threads: 1
        resources:
            mem_mb=memory(4000),
            runtime=240,
        params:
            seed=lookup(dpath="seed", within=config),
        script:
            "../scripts/discover_group_motifs.py"


rule figure_group_features:
    input:
        weighted="results/{dataset}/grammar/weighted_features.parquet",
        predictions="results/{dataset}/grammar/predictions.tsv",
        features="results/{dataset}/grammar/features.tsv",
        groups="results/{dataset}/grammar/groups.tsv",
    output:
        pdf="results/{dataset}/figures/group_features.pdf",
        png=report(
            "results/{dataset}/figures/group_features.png",
            caption="../report/group_features.rst",
            category="Grammar",
            labels={"figure": "Weighted features of gene groups"},
        ),
    log:
        "results/{dataset}/logs/figure_group_features.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_group_features.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=10,
    script:
        "../scripts/figure_group_features.py"


rule figure_group_expression:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        groups="results/{dataset}/grammar/groups.tsv",
        choice="results/{dataset}/grammar/group_choice.tsv",
        tests="results/{dataset}/grammar/group_tests.tsv",
        pairs="results/{dataset}/grammar/group_pairs.tsv",
    output:
        pdf="results/{dataset}/figures/group_expression.pdf",
        png=report(
            "results/{dataset}/figures/group_expression.png",
            caption="../report/group_expression.rst",
            category="Grammar",
            labels={"figure": "Expression of gene groups"},
        ),
    log:
        "results/{dataset}/logs/figure_group_expression.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_group_expression.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="grammar/fdr", within=config),
    script:
        "../scripts/figure_group_expression.py"


rule figure_group_motifs:
    input:
        motifs="results/{dataset}/grammar/group_motifs.tsv",
        roles="results/{dataset}/grammar/motif_roles.tsv",
        summary="results/{dataset}/grammar/group_summary.tsv",
        formula="results/{dataset}/formula/formula.tsv",
    output:
        pdf="results/{dataset}/figures/group_motifs.pdf",
        png=report(
            "results/{dataset}/figures/group_motifs.png",
            caption="../report/group_motifs.rst",
            category="Grammar",
            labels={"figure": "Motifs of gene groups"},
        ),
    log:
        "results/{dataset}/logs/figure_group_motifs.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_group_motifs.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        fdr=lookup(dpath="grammar/fdr", within=config),
    script:
        "../scripts/figure_group_motifs.py"
