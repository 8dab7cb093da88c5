# cisformula: from a genome, its annotation and an expression matrix to a readable formula of promoter motifs.
#
# snakemake --cores 2                                   the embedded demo, which grades itself
# snakemake --cores 2 --configfile config/mine.yaml     your own data; config/README.md explains every key

import re
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

min_version("9.19")


configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


sys.path.insert(0, str(Path(workflow.basedir, "workflow")))
from cisformula.config import bin_width, is_simulated, replace_urls, validate, window_length
from cisformula.errors import InputError

try:
    validate(config)
    INPUT_URLS = replace_urls(config)  # from here on every input file is a path; workflow/rules/inputs.smk fetches them
except InputError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    dataset=re.escape(config["dataset"]),
    run=r"\d+",
    reading="[a-z]+",
    scheme="chromosome|paralogue|random",
    motif_set="database|learned(_(chromosome|paralogue|random))?",


# The stages, in the order data flows through them.
include: "workflow/rules/common.smk"
include: "workflow/rules/inputs.smk"
include: "workflow/rules/demo.smk"
include: "workflow/rules/encode.smk"
include: "workflow/rules/promoters.smk"
include: "workflow/rules/expression.smk"
include: "workflow/rules/splits.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/motifs.smk"
include: "workflow/rules/database.smk"
include: "workflow/rules/clusters.smk"
include: "workflow/rules/matches.smk"
include: "workflow/rules/hits.smk"
include: "workflow/rules/formula.smk"
include: "workflow/rules/sites.smk"
include: "workflow/rules/cell_types.smk"
include: "workflow/rules/targets.smk"
include: "workflow/rules/factors.smk"
include: "workflow/rules/grammar_network.smk"
include: "workflow/rules/grammar_groups.smk"
include: "workflow/rules/grammar_communities.smk"
include: "workflow/rules/grammar_spacing.smk"
include: "workflow/rules/grammar_argminn.smk"
include: "workflow/rules/argminn_common.smk"
include: "workflow/rules/argminn_examples.smk"
include: "workflow/rules/argminn_networks.smk"
include: "workflow/rules/argminn_readouts.smk"
include: "workflow/rules/argminn_peers.smk"
include: "workflow/rules/argminn_evaluation.smk"
include: "workflow/rules/argminn_figures.smk"
include: "workflow/rules/argminn_design.smk"
include: "workflow/rules/argminn_page.smk"
include: "workflow/rules/apply.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/paper.smk"
include: "workflow/rules/truth.smk"
include: "workflow/rules/verdict_figure.smk"
include: "workflow/rules/site.smk"


# The targets, one for each question a reader asks.


# Which genes entered, and which were lost on the way?
rule quality_control:
    input:
        expand(
            [
                "results/{dataset}/promoters/qc.tsv",
                "results/{dataset}/expression/join.tsv",
                "results/{dataset}/figures/promoter_qc.png",
            ],
            dataset=config["dataset"],
        ),


# How well does sequence predict expression, on genes no model has seen?
rule predictive_power:
    input:
        expand(
            [
                "results/{dataset}/formula/performance.tsv",
                "results/{dataset}/figures/performance.png",
                "results/{dataset}/figures/training.png",
                "results/{dataset}/figures/scheme.png",
            ],
            dataset=config["dataset"],
        ),


# Which motifs did the networks learn, and which known factors are they?
rule learned_motifs:
    input:
        expand(
            [
                "results/{dataset}/motifs/learned.meme",
                "results/{dataset}/matches/tomtom.tsv",
                "results/{dataset}/figures/motif_gallery.png",
                "results/{dataset}/figures/motif_matches.png",
                "results/{dataset}/figures/motif_clusters.png",
                "results/{dataset}/figures/match_counts.png",
            ],
            dataset=config["dataset"],
        ),


# What is the formula?
rule readable_formula:
    input:
        expand(
            [
                "results/{dataset}/formula/formula.json",
                "results/{dataset}/formula/formula.tsv",
                "results/{dataset}/formula/sites.bed.gz",
                "results/{dataset}/figures/coefficients.png",
                "results/{dataset}/figures/position_effects.png",
                "results/{dataset}/figures/motif_number.png",
            ],
            dataset=config["dataset"],
        ),


# Which motifs act in which cell types?
rule cell_type_atlas:
    input:
        expand(
            [
                "results/{dataset}/cell_types/effects.tsv.gz",
                "results/{dataset}/cell_types/motifs.tsv",
                "results/{dataset}/cell_types/second_opinion.tsv",
                "results/{dataset}/formula/contributions.parquet",
                "results/{dataset}/cell_types/targets.parquet",
                *(
                    ["results/{dataset}/cell_types/enrichment.tsv.gz"]
                    if lookup(dpath="targets/gene_sets", within=config)
                    else []
                ),
                "results/{dataset}/cell_types/factors.tsv",
                "results/{dataset}/figures/factors.png",
                "results/{dataset}/figures/cell_type_effects.png",
                "results/{dataset}/figures/cell_type_performance.png",
                "results/{dataset}/figures/calibration.png",
                "results/{dataset}/figures/activity_groups.png",
            ],
            dataset=config["dataset"],
        ),


# How do motifs combine: which genes go together, which motifs keep company, and at which distances?
rule promoter_grammar:
    input:
        expand(
            [
                "results/{dataset}/grammar/groups.tsv",
                "results/{dataset}/grammar/motif_roles.tsv",
                "results/{dataset}/grammar/communities.tsv",
                "results/{dataset}/grammar/spacing.tsv",
                "results/{dataset}/grammar/positions.tsv",
                "results/{dataset}/grammar/controls.tsv",
                *(
                    ["results/{dataset}/grammar/de_novo.tsv"]
                    if lookup(dpath="grammar/de_novo", within=config) == "streme"
                    else []
                ),
                *(
                    [
                        "results/{dataset}/grammar/argminn/syntax.tsv",
                        "results/{dataset}/grammar/argminn/positions.tsv",
                        "results/{dataset}/grammar/argminn/instances.bed.gz",
                        "results/{dataset}/figures/attended_motifs.png",
                        "results/{dataset}/figures/attended_gaps.png",
                    ]
                    if ATTENTION
                    else []
                ),
                "results/{dataset}/figures/weighted_profiles.png",
                "results/{dataset}/figures/group_features.png",
                "results/{dataset}/figures/group_expression.png",
                "results/{dataset}/figures/group_motifs.png",
                "results/{dataset}/figures/community_network.png",
                "results/{dataset}/figures/spacing_histograms.png",
                "results/{dataset}/figures/spacing_expression.png",
                "results/{dataset}/figures/position_preferences.png",
            ],
            dataset=config["dataset"],
        ),


# Does ARGMINN find motifs and syntax where they were planted, and do its peers? Hours of training; not part of all.
rule simulated_tasks:
    input:
        expand(
            [
                "results/{dataset}/argminn/simulated_tasks.html",
                "results/{dataset}/argminn/verdict.tsv",
                "results/{dataset}/argminn/{task}/evaluation/performance.tsv",
                "results/{dataset}/argminn/{task}/evaluation/motifs.tsv",
                "results/{dataset}/argminn/{task}/evaluation/instances.tsv",
                "results/{dataset}/argminn/{task}/evaluation/gaps.tsv",
                "results/{dataset}/argminn/{task}/evaluation/gc.tsv",
                "results/{dataset}/argminn/{task}/evaluation/variants.tsv",
                "results/{dataset}/argminn/{task}/evaluation/design.tsv",
                "results/{dataset}/argminn/{task}/design/sequences.fa.gz",
                "results/{dataset}/argminn/{task}/readouts/syntax.tsv",
                "results/{dataset}/argminn/{task}/figures/{figure}.png",
                "results/{dataset}/figures/task_truth.png",
                "results/{dataset}/figures/network_performance.png",
                "results/{dataset}/figures/gc_robustness.png",
                "results/{dataset}/figures/site_variants.png",
            ],
            dataset=config["dataset"],
            task=SIMULATED_TASKS,
            figure=[
                "argminn_scheme",
                "argminn_motifs",
                "argminn_syntax",
                "attention_map",
                "instance_accuracy",
                "designs",
            ],
        ),


# Which motifs, in which arrangement, tell my peaks from the rest of the genome? Not part of all.
rule peak_syntax:
    input:
        expand(
            [
                "results/{dataset}/argminn/peak_syntax.html",
                "results/{dataset}/argminn/{task}/evaluation/performance.tsv",
                "results/{dataset}/argminn/{task}/readouts/filters.tsv",
                "results/{dataset}/argminn/{task}/readouts/syntax.tsv",
                "results/{dataset}/argminn/{task}/readouts/instances.bed.gz",
                "results/{dataset}/argminn/{task}/evaluation/design.tsv",
                "results/{dataset}/argminn/{task}/design/sequences.fa.gz",
                "results/{dataset}/argminn/{task}/figures/{figure}.png",
            ],
            dataset=config["dataset"],
            task=PEAKS,
            figure=["argminn_scheme", "argminn_motifs", "argminn_syntax", "attention_map", "designs"],
        ),


# What does the formula say about other sequences and about variants? Only where the configuration names some.
rule applied_formula:
    input:
        expand(
            "results/{dataset}/apply/{table}.tsv.gz",
            dataset=config["dataset"],
            table=[
                *(["scores"] if lookup(dpath="apply/sequences", within=config) else []),
                *(["variants"] if lookup(dpath="apply/variants", within=config) else []),
            ],
        ),


# What does the original paper's checklist of figures and tables look like on these data, beside its numbers?
rule paper_figures:
    input:
        expand(
            [
                "results/{dataset}/paper/README.md",
                "results/{dataset}/paper/comparison.tsv",
                "results/{dataset}/paper/tables/formula.tsv",
                "results/{dataset}/paper/figures/{figure}.png",
            ],
            dataset=config["dataset"],
            figure=DRAWN,
        ),


# What do I open first?
rule site:
    input:
        expand("results/{dataset}/report/index.html", dataset=config["dataset"]),


# Does the workflow find what was planted? Only for the simulated data set.
rule verdict:
    input:
        expand(
            [
                "results/{dataset}/truth/recovery.tsv",
                "results/{dataset}/truth/grammar_verdict.tsv",
                "results/{dataset}/figures/recovery.png",
            ],
            dataset=config["dataset"],
        ),


# All of it: what a run makes when no target is named.
rule all:
    default_target: True
    input:
        rules.quality_control.input,
        rules.predictive_power.input,
        rules.learned_motifs.input,
        rules.readable_formula.input,
        rules.cell_type_atlas.input,
        rules.promoter_grammar.input,
        rules.applied_formula.input,
        rules.site.input,
        branch(is_simulated(config), then=rules.verdict.input, otherwise=[]),
