rule grade:
    input:
        planted="results/{dataset}/truth/planted.meme",
        effects="results/{dataset}/truth/effects.tsv",
        cell_type_effects="results/{dataset}/truth/cell_type_effects.tsv",
        sites="results/{dataset}/truth/sites.tsv.gz",
        genes="results/{dataset}/expression/genes.tsv",
        representatives="results/{dataset}/motifs/representatives.meme",
        clusters="results/{dataset}/motifs/clusters.tsv",
        learned="results/{dataset}/motifs/learned.meme",
        learned_hits=expand("results/{{dataset}}/hits/{reading}/learned.npz", reading=list(READINGS)),
        formula="results/{dataset}/formula/formula.meme",
        design="results/{dataset}/formula/design.tsv",
        predictions="results/{dataset}/formula/predictions.tsv",
        estimated="results/{dataset}/cell_types/effects.tsv.gz",
    output:
        recovery="results/{dataset}/truth/recovery.tsv",
        controls="results/{dataset}/truth/controls.tsv",
        cell_types="results/{dataset}/truth/cell_type_recovery.tsv",
        verdict="results/{dataset}/truth/verdict.tsv",
    log:
        "results/{dataset}/logs/grade.log",
    benchmark:
        "results/{dataset}/benchmarks/grade.tsv"
    conda:
        "../../envs/formula.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        readings=list(READINGS),
        seed=lookup(dpath="seed", within=config),
        min_runs=lookup(dpath="motifs/min_runs", within=config),
        fdr=lookup(dpath="cell_type_effects/fdr", within=config),
    script:
        "../scripts/grade.py"


rule grade_grammar:
    input:
        planted="results/{dataset}/truth/planted.meme",
        effects="results/{dataset}/truth/effects.tsv",
        planted_communities="results/{dataset}/truth/communities.tsv",
        planted_spacing="results/{dataset}/truth/spacing.tsv",
        motifs="results/{dataset}/formula/formula.meme",
        nodes="results/{dataset}/grammar/nodes.tsv",
        communities="results/{dataset}/grammar/communities.tsv",
        spacing="results/{dataset}/grammar/spacing.tsv",
        roles="results/{dataset}/grammar/motif_roles.tsv",
    output:
        motifs="results/{dataset}/truth/grammar_motifs.tsv",
        spacing="results/{dataset}/truth/spacing_recovery.tsv",
        verdict="results/{dataset}/truth/grammar_verdict.tsv",
    log:
        "results/{dataset}/logs/grade_grammar.log",
    benchmark:
        "results/{dataset}/benchmarks/grade_grammar.tsv"
    conda:
        "../../envs/grammar.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=10,
    params:
        min_overlap=lookup(dpath="motifs/min_overlap", within=config),
    script:
        "../scripts/grade_grammar.py"
