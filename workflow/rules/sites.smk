# Where the motifs of the formula lie, hit by hit, in FIMO's terms; the engine is the user's choice.

if lookup(dpath="sites/engine", within=config) == "meme":

    rule find_sites:
        input:
            genes="results/{dataset}/expression/genes.tsv",
            sequences="results/{dataset}/expression/sequences.npy",
            promoters="results/{dataset}/promoters/promoters.tsv",
            motifs="results/{dataset}/formula/formula.meme",
            background=branch(
                is_file(config["sites"]["background"]),
                then=config["sites"]["background"],
                otherwise=[],
            ),
        output:
            table="results/{dataset}/formula/sites.parquet",
            bed="results/{dataset}/formula/sites.bed.gz",
        log:
            "results/{dataset}/logs/find_sites.log",
        benchmark:
            "results/{dataset}/benchmarks/find_sites.tsv"
        conda:
            "../../envs/meme.yaml"
        threads: 1
        resources:
            mem_mb=memory(2000),
            runtime=120,
        params:
            p_value=lookup(dpath="sites/p_value", within=config),
            background=lookup(dpath="sites/background", within=config),
            both_strands=lookup(dpath="hits/both_strands", within=config),
        script:
            "../scripts/find_sites_meme.py"

else:

    rule find_sites:
        input:
            genes="results/{dataset}/expression/genes.tsv",
            sequences="results/{dataset}/expression/sequences.npy",
            promoters="results/{dataset}/promoters/promoters.tsv",
            motifs="results/{dataset}/formula/formula.meme",
            background=branch(
                is_file(config["sites"]["background"]),
                then=config["sites"]["background"],
                otherwise=[],
            ),
        output:
            table="results/{dataset}/formula/sites.parquet",
            bed="results/{dataset}/formula/sites.bed.gz",
        log:
            "results/{dataset}/logs/find_sites.log",
        benchmark:
            "results/{dataset}/benchmarks/find_sites.tsv"
        conda:
            "../../envs/hits.yaml"
        threads: 1
        resources:
            mem_mb=memory(2000),
            runtime=120,
        params:
            p_value=lookup(dpath="sites/p_value", within=config),
            background=lookup(dpath="sites/background", within=config),
            both_strands=lookup(dpath="hits/both_strands", within=config),
        script:
            "../scripts/find_sites.py"
