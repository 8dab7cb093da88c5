# Which motifs keep company in promoters, and which communities they form.


rule node_sites:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        formula="results/{dataset}/formula/formula.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        sites="results/{dataset}/formula/sites.parquet",
    output:
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
    log:
        "results/{dataset}/logs/node_sites.log",
    benchmark:
        "results/{dataset}/benchmarks/node_sites.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        similarity=lookup(dpath="grammar/node_similarity", within=config),
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
        upstream=lookup(dpath="promoters/upstream", within=config),
        downstream=lookup(dpath="promoters/downstream", within=config),
    script:
        "../scripts/node_sites.py"


# The control of what composition alone brings about, shared by several rules.
rule shuffled_sites:
    input:
        sequences="results/{dataset}/expression/sequences.npy",
        motifs="results/{dataset}/formula/formula.meme",
        nodes="results/{dataset}/grammar/nodes.tsv",
        background=branch(
            is_file(config["sites"]["background"]),
            then=config["sites"]["background"],
            otherwise=[],
        ),
    output:
        sequences=temp("results/{dataset}/grammar/shuffled_sequences.npy"),
        sites=temp("results/{dataset}/grammar/shuffled_sites.parquet"),
    log:
        "results/{dataset}/logs/shuffled_sites.log",
    benchmark:
        "results/{dataset}/benchmarks/shuffled_sites.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        p_value=lookup(dpath="sites/p_value", within=config),
        background=lookup(dpath="sites/background", within=config),
        both_strands=lookup(dpath="hits/both_strands", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/shuffled_sites.py"


rule cooccurrence:
    input:
        sequences="results/{dataset}/expression/sequences.npy",
        families="results/{dataset}/splits/families.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
        background=branch(
            is_file(config["sites"]["background"]),
            then=config["sites"]["background"],
            otherwise=[],
        ),
    output:
        pairs="results/{dataset}/grammar/pairs.tsv.gz",
        thresholds="results/{dataset}/grammar/thresholds.tsv",
    log:
        "results/{dataset}/logs/cooccurrence.log",
    benchmark:
        "results/{dataset}/benchmarks/cooccurrence.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(2500),
        runtime=20,
    params:
        p_value=lookup(dpath="sites/p_value", within=config),
        background=lookup(dpath="sites/background", within=config),
        both_strands=lookup(dpath="hits/both_strands", within=config),
        max_similarity=lookup(dpath="grammar/edge_max_similarity", within=config),
        fdr=lookup(dpath="grammar/pair_fdr", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/cooccurrence.py"


rule motif_communities:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        sequences="results/{dataset}/expression/sequences.npy",
        families="results/{dataset}/splits/families.tsv",
        nodes="results/{dataset}/grammar/nodes.tsv",
        sites="results/{dataset}/grammar/sites.parquet",
        pairs="results/{dataset}/grammar/pairs.tsv.gz",
        thresholds="results/{dataset}/grammar/thresholds.tsv",
    output:
        communities="results/{dataset}/grammar/communities.tsv",
        summary="results/{dataset}/grammar/community_summary.tsv",
        modularity="results/{dataset}/grammar/modularity.tsv",
    log:
        "results/{dataset}/logs/motif_communities.log",
    benchmark:
        "results/{dataset}/benchmarks/motif_communities.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/motif_communities.py"


rule figure_community_network:
    input:
        communities="results/{dataset}/grammar/communities.tsv",
        pairs="results/{dataset}/grammar/pairs.tsv.gz",
        thresholds="results/{dataset}/grammar/thresholds.tsv",
        summary="results/{dataset}/grammar/community_summary.tsv",
    output:
        pdf="results/{dataset}/figures/community_network.pdf",
        png=report(
            "results/{dataset}/figures/community_network.png",
            caption="../report/community_network.rst",
            category="Grammar",
            labels={"figure": "Communities of motifs"},
        ),
    log:
        "results/{dataset}/logs/figure_community_network.log",
    benchmark:
        "results/{dataset}/benchmarks/figure_community_network.tsv"
    conda:
        "../../envs/plots.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    script:
        "../scripts/figure_community_network.py"
