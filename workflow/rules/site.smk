# The pages that a reader opens first.

import json


rule build_site:
    input:
        genes="results/{dataset}/expression/genes.tsv",
        expression="results/{dataset}/expression/expression.parquet",
        cell_types="results/{dataset}/expression/cell_types.tsv",
        join="results/{dataset}/expression/join.tsv",
        cards=expand(
            "results/{{dataset}}/models/main/{scheme}/run_{run}/card.json",
            scheme=MAIN_SCHEME,
            run=runs_of(MAIN_SCHEME),
        ),
        learned="results/{dataset}/motifs/learned.tsv",
        database="results/{dataset}/motifs/database.meme",
        matches="results/{dataset}/matches/tomtom.tsv",
        match_summary="results/{dataset}/matches/summary.tsv",
        formula="results/{dataset}/formula/formula.json",
        formula_table="results/{dataset}/formula/formula.tsv",
        predictions="results/{dataset}/formula/predictions.tsv",
        performance="results/{dataset}/formula/performance.tsv",
        differences="results/{dataset}/formula/differences.tsv",
        sites="results/{dataset}/formula/sites.parquet",
        contributions="results/{dataset}/formula/contributions.parquet",
        effects="results/{dataset}/cell_types/effects.tsv.gz",
        null="results/{dataset}/cell_types/null.tsv",
        cell_type_performance="results/{dataset}/cell_types/performance.tsv",
        cell_type_predictions="results/{dataset}/cell_types/predictions.parquet",
        activity="results/{dataset}/cell_types/activity.tsv.gz",
        cell_type_motifs="results/{dataset}/cell_types/motifs.tsv",
        groups="results/{dataset}/cell_types/groups.tsv",
        group_effects="results/{dataset}/cell_types/group_effects.tsv",
        targets="results/{dataset}/cell_types/targets.parquet",
        factors="results/{dataset}/cell_types/factors.tsv",
        factor_expression="results/{dataset}/cell_types/factor_expression.parquet",
        group_choice="results/{dataset}/grammar/group_choice.tsv",
        group_summary="results/{dataset}/grammar/group_summary.tsv",
        group_tests="results/{dataset}/grammar/group_tests.tsv",
        group_motifs="results/{dataset}/grammar/group_motifs.tsv",
        motif_roles="results/{dataset}/grammar/motif_roles.tsv",
        features="results/{dataset}/grammar/features.tsv",
        nodes="results/{dataset}/grammar/nodes.tsv",
        pairs="results/{dataset}/grammar/pairs.tsv.gz",
        communities="results/{dataset}/grammar/communities.tsv",
        community_summary="results/{dataset}/grammar/community_summary.tsv",
        modularity="results/{dataset}/grammar/modularity.tsv",
        spacing="results/{dataset}/grammar/spacing.tsv",
        spacing_pairs="results/{dataset}/grammar/spacing_pairs.tsv.gz",
        spacing_expression="results/{dataset}/grammar/spacing_expression.tsv",
        relocation="results/{dataset}/grammar/relocation.tsv",
        positions="results/{dataset}/grammar/positions.tsv",
        grammar_controls="results/{dataset}/grammar/controls.tsv",
        grammar_figures=expand(
            "results/{{dataset}}/figures/{figure}.png",
            figure=[
                "group_features",
                "group_expression",
                "group_motifs",
                "community_network",
                "spacing_histograms",
                "spacing_expression",
                "position_preferences",
                "weighted_profiles",
                *(["attended_motifs", "attended_gaps"] if ATTENTION else []),
            ],
        ),
        attention_motifs=branch(ATTENTION, then="results/{dataset}/grammar/argminn/motifs.tsv", otherwise=[]),
        attention_rules=branch(ATTENTION, then="results/{dataset}/grammar/argminn/syntax.tsv", otherwise=[]),
        attention_gaps=branch(ATTENTION, then="results/{dataset}/grammar/argminn/gaps.tsv.gz", otherwise=[]),
        enrichment=branch(
            lookup(dpath="targets/gene_sets", within=config),
            then="results/{dataset}/cell_types/enrichment.tsv.gz",
            otherwise=[],
        ),
        verdict=branch(
            is_simulated(config),
            then="results/{dataset}/truth/verdict.tsv",
            otherwise=[],
        ),
        grammar_verdict=branch(
            is_simulated(config),
            then="results/{dataset}/truth/grammar_verdict.tsv",
            otherwise=[],
        ),
    output:
        index="results/{dataset}/report/index.html",
        folder=directory("results/{dataset}/report/site"),
    log:
        "results/{dataset}/logs/build_site.log",
    benchmark:
        "results/{dataset}/benchmarks/build_site.tsv"
    conda:
        "../../envs/site.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=20,
    params:
        configuration=json.dumps(config),
    script:
        "../scripts/build_site.py"
