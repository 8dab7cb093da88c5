"""The tables and figures of a run, with a line on each."""

from typing import NamedTuple


class Download(NamedTuple):
    """A file of the run, its path relative to the folder of its data set, and what it holds."""

    path: str
    text: str


SECTIONS = {
    "The formula": [
        Download("formula/formula.tsv", "motifs with coefficients, errors, stability and best matches"),
        Download("formula/formula.json", "everything needed to apply the formula elsewhere"),
        Download("formula/formula.meme", "the motifs as matrices, MEME format"),
        Download("formula/performance.tsv", "R² of every predictor, by fold and split, with intervals"),
        Download("formula/differences.tsv", "lead of the formula over every other predictor"),
        Download("formula/predictions.tsv", "observed, held-out and in-sample expression of every gene"),
        Download("formula/contributions.parquet", "what each motif adds to each gene's in-sample prediction"),
        Download("formula/motif_number.tsv", "R² against the number of motifs"),
        Download("formula/sites.parquet", "every site of the formula's motifs"),
        Download("formula/sites.bed.gz", "the same for genome browsers"),
    ],
    "Motifs": [
        Download("motifs/learned.meme", "all motifs that the networks learned, MEME format"),
        Download("motifs/clusters.tsv", "clusters of similar learned motifs"),
        Download("matches/tomtom.tsv", "learned against known motifs, in Tomtom's columns"),
        Download("matches/summary.tsv", "how many learned motifs have a known match"),
    ],
    "Cell types": [
        Download("cell_types/effects.tsv.gz", "effect of every motif in every cell type, with tests"),
        Download("cell_types/performance.tsv", "R² and F test of every cell type"),
        Download("cell_types/activity.tsv.gz", "activity of every motif in every cell type"),
        Download("cell_types/motifs.tsv", "z, specificity and number of significant cell types of every motif"),
        Download("cell_types/groups.tsv", "tests between groups of cell types"),
        Download("cell_types/group_effects.tsv", "each group against the others"),
        Download("cell_types/second_opinion.tsv", "correlation of these statistics with decoupler's"),
        Download("cell_types/null.tsv", "what every permutation of the genes gives"),
        Download("cell_types/null_quantiles.tsv", "how often p falls below a threshold, genes permuted or not"),
        Download("cell_types/targets.parquet", "target genes of every motif in every cell type"),
        Download("cell_types/factors.tsv", "candidate factors and how their expression follows activity"),
        Download("cell_types/predictions.parquet", "held-out predictions in every cell type"),
        Download("cell_types/formulas.npz", "the formula's motifs with their effects in every cell type"),
    ],
    "Grammar": [
        Download("grammar/weighted_features.parquet", "what each feature of the network adds to each gene, held-out"),
        Download("grammar/features.tsv", "the features: clusters of the network's motifs, with matches"),
        Download("grammar/profiles.tsv", "mean weighted features by position"),
        Download("grammar/predictions.tsv", "the network's held-out prediction of every gene"),
        Download("grammar/groups.tsv", "group and principal components of every gene"),
        Download("grammar/group_choice.tsv", "silhouette and stability by the number of groups"),
        Download("grammar/group_summary.tsv", "size, expression and composition of groups"),
        Download("grammar/group_tests.tsv", "variance that groups explain, beside the prediction"),
        Download("grammar/group_pairs.tsv", "expression of groups compared in pairs"),
        Download("grammar/group_motifs.tsv", "motifs of groups against matched promoters"),
        Download("grammar/motif_roles.tsv", "active and repressive motifs"),
        Download("grammar/nodes.tsv", "which motifs count as one"),
        Download("grammar/pairs.tsv.gz", "how often any two motifs share promoters"),
        Download("grammar/communities.tsv", "community of every motif"),
        Download("grammar/community_summary.tsv", "expression of promoters that carry a community"),
        Download("grammar/modularity.tsv", "modularity and stability by resolution, against rewired networks"),
        Download("grammar/spacing.tsv", "distances that two motifs keep"),
        Download("grammar/spacing_pairs.tsv.gz", "all pairs and ways to lie: whole profiles and the helical period"),
        Download("grammar/spacing_expression.tsv", "expression at preferred distances"),
        Download("grammar/relocation.tsv", "the network's prediction as one site is moved"),
        Download("grammar/positions.tsv", "places of motifs and core promoter elements"),
        Download("grammar/controls.tsv", "the same tests on shuffled promoters and permuted genes"),
    ],
    "Genes": [
        Download("expression/genes.tsv", "the genes that entered, with their start sites"),
        Download("expression/expression.parquet", "log10 expression"),
        Download("expression/join.tsv", "how many genes were lost on the way"),
        Download("promoters/qc.tsv", "why promoters were left out"),
    ],
    "Figures": [
        Download("figures/scheme.pdf", "the workflow with the numbers of this run"),
        Download("figures/performance.pdf", "formula, networks and baselines"),
        Download("figures/coefficients.pdf", "coefficients with logos"),
        Download("figures/position_effects.pdf", "effect of a hit by its position"),
        Download("figures/motif_gallery.pdf", "learned motifs, one per cluster"),
        Download("figures/motif_matches.pdf", "learned motifs aligned with known ones"),
        Download("figures/cell_type_effects.pdf", "heat map of motifs and cell types"),
        Download("figures/cell_type_performance.pdf", "R² by cell type"),
        Download("figures/calibration.pdf", "the tests on permuted genes, and beside decoupler"),
        Download("figures/activity_groups.pdf", "strength and specificity of motifs, and groups of cell types"),
        Download("figures/factors.pdf", "transcription factors whose expression goes with a motif's activity"),
        Download("figures/weighted_profiles.pdf", "weighted features by position"),
        Download("figures/group_features.pdf", "weighted features of gene groups"),
        Download("figures/group_expression.pdf", "expression of gene groups"),
        Download("figures/group_motifs.pdf", "motifs of gene groups"),
        Download("figures/community_network.pdf", "communities of motifs"),
        Download("figures/spacing_histograms.pdf", "distances between motifs"),
        Download("figures/spacing_expression.pdf", "expression and the distance of motifs"),
        Download("figures/position_preferences.pdf", "places of motifs in the promoter"),
    ],
}
ENRICHMENT = Download("cell_types/enrichment.tsv.gz", "gene sets among target genes")
ATTENTION = [
    Download("grammar/argminn/motifs.tsv", "motifs that ARGMINN attends to"),
    Download("grammar/argminn/filters.tsv", "the filters of all its networks, with matches"),
    Download("grammar/argminn/motifs.meme", "their motifs as matrices, MEME format"),
    Download("grammar/argminn/instances.tsv.gz", "where it attends to them, gene by gene"),
    Download("grammar/argminn/instances.bed.gz", "the same for genome browsers"),
    Download("grammar/argminn/positions.tsv", "the same by bins of the promoter"),
    Download("grammar/argminn/syntax.tsv", "rules of distance that its networks agree on"),
    Download("grammar/argminn/gaps.tsv.gz", "all gaps, tested over all networks"),
    Download("figures/attended_motifs.pdf", "motifs that ARGMINN attends to, a page for each network"),
    Download("figures/attended_gaps.pdf", "gaps between sites that it attends to"),
]
VERDICTS = [
    Download("truth/verdict.tsv", "simulated data: what was planted and what was found"),
    Download("truth/grammar_verdict.tsv", "the same of the promoter grammar"),
]


def sections(with_enrichment: bool, with_attention: bool, with_verdict: bool) -> dict[str, list[Download]]:
    """What a run offers, by section."""
    offered = dict(SECTIONS)
    if with_enrichment:
        offered["Cell types"] = [*offered["Cell types"], ENRICHMENT]
    if with_attention:
        offered["Grammar"] = [*offered["Grammar"], *ATTENTION]
    if with_verdict:
        offered["Truth"] = VERDICTS
    return offered
