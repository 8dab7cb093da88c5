"""The checklist of the original work as one page: figures, tables and numbers of a run, item by item."""

from typing import NamedTuple

import pandas as pd

from .published import OF_THEIR_DATA


class Item(NamedTuple):
    """A place of the checklist.

    Attributes
    ----------
    title : str
    figures : dict of str to str
        What each figure shows, by the stem of its file in ``figures/``.
    tables : dict of str to str
        What each table holds, by its file in ``tables/``.
    """

    title: str
    figures: dict[str, str]
    tables: dict[str, str]


CHECKLIST = {
    "1": Item("Scheme", {"1_scheme": "From promoters to networks, motifs, the formula and cell types."}, {}),
    "2": Item(
        "The network",
        {
            "2_networks": "Predicted against observed expression of training, validation and test genes, learning "
            "curves, and Pearson's r of every run."
        },
        {},
    ),
    "3": Item(
        "Performance",
        {
            "3_performance": "R2 on held-out genes and on the genes fitted to, with published numbers as diamonds.",
            "3_intervals": "The same under every split, with intervals and the lead of the formula.",
        },
        {"in_sample.tsv": "R2 on the genes fitted to, of every predictor"},
    ),
    "4": Item(
        "Learned motifs",
        {
            "4_gallery": "Motifs that most networks found.",
            "4_clusters": "Clusters of similar motifs.",
            "4_matches": "Learned motifs above their best known matches.",
        },
        {"learned.meme": "all learned motifs, named by run and filter (published: 640)"},
    ),
    "5": Item(
        "Matches with known motifs",
        {"5_match_counts": "Learned motifs with a known match, published and here."},
        {
            "tomtom_learned.tsv": "matches of all learned motifs, in Tomtom's columns",
            "tomtom_learned_in_formula.tsv": "matches of the learned motifs of the formula",
        },
    ),
    "6": Item(
        "The formula",
        {
            "6_selection": "Signed coefficients, importance in selection, and the split into learned and known motifs.",
            "6_coefficients": "The largest coefficients with logos.",
        },
        {
            "formula.tsv": "the motifs of the formula: id, source, coefficient, p-value, best match (published: 300)",
            "formula.meme": "their matrices",
            "learned_in_formula.meme": "the learned ones (published: 194)",
            "known_in_formula.meme": "the known ones (published: 106)",
            "feature_space.tsv": "what the mean activations of the filters span, the published features",
        },
    ),
    "7": Item(
        "Cell types",
        {
            "7_heat_map": "All motifs in all cell types, clustered.",
            "7_significance": "In how many cell types each motif is significant.",
            "7_performance": "R2 in every cell type.",
            "7_groups": "R2 and significant effects by group of cell types.",
        },
        {"heat_map.tsv": "t of every motif in every cell type, rows and columns as drawn"},
    ),
}
"""Items in their order, by the number they have in ``resources/published.tsv``."""

PREFACE = """\
# The figures and tables of arXiv 2208.09559, made from data set {dataset}

Liu & Wang (2022), "Neural network facilitated ab initio derivation of linear formula", read promoters with networks,
turned their filters into 640 motifs, chose 300 of these and of JASPAR's, and fitted a linear formula. Here is each item
of their work from this run, with the published number beside ours wherever one is known.

Only the paper's abstract, its released code and its released data were at hand. **The order and the numbering of the
items are inferred**, and so is that the paper shows them. Published numbers with a dagger (†) belong to the authors'
promoters, expression or motif database: they show the scale and are no target for other data. A question mark is a
number that is not known, a dash one that this run does not have. `comparison.tsv` holds all rows below.
"""
COLUMN_NAMES = {
    "quantity": "quantity",
    "published": "published",
    "source": "source",
    "ours": "this run",
    "note": "note",
}


def write_page(comparison: pd.DataFrame, dataset: str) -> str:
    """The page in Markdown.

    Parameters
    ----------
    comparison : pd.DataFrame
        From :func:`cisformula.paper.published.compare`.
    dataset : str
    """
    parts = [PREFACE.format(dataset=_cell(dataset))]
    for number, item in CHECKLIST.items():
        parts.append(f"## {number}. {item.title}\n")
        for stem, says in item.figures.items():
            parts.append(f"{says} [PDF](figures/{stem}.pdf)\n\n![{says}](figures/{stem}.png)\n")
        rows = comparison[comparison["item"] == number]
        if len(rows):
            parts.append(to_markdown(rows))
        if item.tables:
            parts.append("".join(f"- [`{file}`](tables/{file}): {says}\n" for file, says in item.tables.items()))
    return "\n".join(parts)


def to_markdown(rows: pd.DataFrame) -> str:
    """Rows of the comparison as a Markdown table; intervals stand behind our numbers, † marks those of other data."""
    intervals = [
        f" ({low} to {high})" if low else "" for low, high in zip(rows["ours_low"], rows["ours_high"], strict=True)
    ]
    shown = rows.assign(
        published=rows["published"].replace("", "?") + rows["holds_for"].map({OF_THEIR_DATA: " †"}).fillna(""),
        ours=(rows["ours"].replace("", "-") + pd.Series(intervals, index=rows.index)),
    )[list(COLUMN_NAMES)]
    lines = [list(COLUMN_NAMES.values()), ["---"] * len(COLUMN_NAMES), *shown.to_numpy().tolist()]
    return "".join(f"| {' | '.join(_cell(value) for value in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Text that Markdown takes as it is: no column ends within it, and no tag begins."""
    return text.replace("|", "\\|").replace("<", "&lt;")
