"""What the page of the promoter grammar shows, and the part of it on the page of each motif."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..figures.coefficients import Z_95
from ..figures.spacing_histograms import KEY, LISTED, picture
from .grammar_tables import GrammarTables
from .images import page_size
from .motif_pages import MotifRow

MAIN_ARM, LEIDEN, CENTRED, QUANTILES = "kmeans", "leiden", "row_centred", "prediction_quantiles"
ARMS = {
    MAIN_ARM: "the groups (k-means)",
    LEIDEN: "groups by Leiden on the nearest-neighbour graph",
    CENTRED: "groups after the mean of every gene is taken away",
    QUANTILES: "control: the prediction cut into as many parts",
}
"""Ways of grouping genes, in words."""
ENRICHED, DEPLETED = "enriched", "depleted"
ACTIVE, REPRESSIVE = "active", "repressive"
CORE = "core element"
N_MOTIFS = 8
"""Enriched motifs named for each group."""
N_PARTNERS = 12
"""Partners named on the page of a motif."""
LYING = {
    ("same", "first_second"): "same strand, {second} behind {first}",
    ("same", "second_first"): "same strand, {second} ahead of {first}",
    ("opposite", "first_second"): "opposite strands, facing each other",
    ("opposite", "second_first"): "opposite strands, back to back",
    ("tandem", "either"): "one behind the other on the same strand",
    ("convergent", "either"): "opposite strands, facing each other",
    ("divergent", "either"): "opposite strands, back to back",
}
"""How two sites lie, in words."""
STATUS = {
    "rule": "a rule",
    "composite": "one composite motif or repeat: the bases between are alike too",
    "shadow": "follows from rule {of}",
    "mirror": "rule {of} read on the other strand",
    "one_site": "both lie in one site of {of}",
    "composition": "shuffled promoters have it too",
}


class Picture(NamedTuple):
    """A figure of the page.

    Attributes
    ----------
    section : str
        Where it stands.
    alt, caption : str
    """

    section: str
    alt: str
    caption: str


FIGURES = {
    "group_features": Picture(
        "groups",
        "Heat map of weighted features with genes sorted by group, and genes among two principal components",
        "Left: weighted features, genes by group and then by prediction; right: the first two principal components.",
    ),
    "group_expression": Picture(
        "groups",
        "Violins of expression by group, choice of the number of groups, and shares of variance explained",
        "Left: expression of the genes of each group. Middle: silhouette and stability of the number of groups. Right: "
        "variance explained by groups alone and beside the prediction; grey: the prediction alone.",
    ),
    "group_motifs": Picture(
        "groups",
        "Map of groups and motifs coloured by log2 odds, with what a site of each motif adds to the prediction",
        "Left: log2 odds of promoters with a site in a group against matched others; a dot marks where both tests "
        "agree. Right: what a site adds to the prediction, with 95 % interval.",
    ),
    "community_network": Picture(
        "communities",
        "Network of motifs that share promoters, coloured by community, and expression of their carriers",
        "Left: motifs that share promoters more often than composition explains; colours are communities. Right: "
        "expression of the promoters that carry them.",
    ),
    "spacing_histograms": Picture(
        "distances",
        "Histograms of distances between the sites of two motifs with the expectation and its Poisson band",
        "Promoters at each distance (bars) and what the places of either motif lead to expect (line, with the middle "
        "95 % of its Poisson law). Distances of a rule have the darker colour.",
    ),
    "spacing_expression": Picture(
        "distances",
        "Differences of expression at preferred distances with intervals, and curves of the network's prediction",
        "Expression at the preferred distance less that at other distances, plain and with composition and hits held "
        "fixed, with 95 % intervals; below, the network’s prediction as one site is moved.",
    ),
    "attended_motifs": Picture(
        "attention",
        "Logos of motifs with histograms of the places along the promoter that ARGMINN attends to",
        "Left: motifs that ARGMINN attends to, of all folds together. Middle: sites in bins of ten bases, on the "
        "gene’s strand (up) or the other (down). Right: what a site adds to the prediction, with 95 % interval. The "
        "PDF has a page for each network.",
    ),
    "attended_gaps": Picture(
        "attention",
        "Histograms of gaps between sites that ARGMINN attends to, with the expectation",
        "Pairs of sites at each gap (bars) and what the places of either motif lead to expect (line). Gaps of a rule "
        "have another colour.",
    ),
    "position_preferences": Picture(
        "places",
        "Profiles of motif positions along the promoter on either strand beside shuffled promoters",
        "Promoters with a hit at each position, smoothed over five bases, on either strand of the gene, and in "
        "promoters shuffled within blocks of 50 bases (dashed).",
    ),
    "weighted_profiles": Picture(
        "places",
        "Heat map of mean weighted features by position in the promoter, with their share of the prediction",
        "What each motif of the network adds to its prediction in every bin of the promoter, out of fold, averaged "
        "over genes. Bars: share of the prediction’s variance.",
    ),
}


class Image(NamedTuple):
    """A figure as it lies in the site; width and height in pixels of a page, where it is as large as on paper."""

    name: str
    section: str
    alt: str
    caption: str
    width: int
    height: int


class GroupMotif(NamedTuple):
    """A motif that sets a group apart."""

    motif: MotifRow
    role: str
    log2_odds: float
    q: float


class Group(NamedTuple):
    """A group of genes: its row of the summary, the enriched motifs that come first, and how many there are."""

    number: str
    row: dict
    motifs: list[GroupMotif]
    n_enriched: int
    n_depleted: int


class Community(NamedTuple):
    """A community of motifs: its number, members, and its row of the summary (None where it has none)."""

    number: int
    members: list[MotifRow]
    row: dict | None


class Moved(NamedTuple):
    """What a network says of a rule as one site is moved.

    Attributes
    ----------
    distance : int
        The tried distance nearest to that of the rule.
    effect, low, high : float
        What the pair adds there beyond its parts, with 95 % interval.
    elsewhere : float
        Its mean at the tried distances outside the rule; NaN if there are none.
    n : int
        Promoters in which it was tried.
    """

    distance: int
    effect: float
    low: float
    high: float
    elsewhere: float
    n: int


class Spacing(NamedTuple):
    """A distance that two motifs keep: its row of the table, and the same in words."""

    row: dict
    first: MotifRow
    second: MotifRow
    picture: str
    lying: str
    distance: str
    status: str
    effect: dict | None
    moved: Moved | None


class Place(NamedTuple):
    """A place that a motif prefers: its row of ``positions.tsv``, and the motif."""

    row: dict
    motif: MotifRow


class Element(NamedTuple):
    """A core promoter element; ``found`` is None where the literature names no single place."""

    row: dict
    found: bool | None


class OfMotif(NamedTuple):
    """The grammar of one motif.

    Attributes
    ----------
    role : dict
        Its row of ``motif_roles.tsv``, with the interval ``low high`` of the contribution.
    enriched, depleted : list of dict
        Its rows of ``group_motifs.tsv`` with that call.
    head : MotifRow
        The motif that stands for its node; itself, if it is so.
    alike : list of MotifRow
        Other motifs of the node.
    community : Community or None
    partners : list of (MotifRow, dict)
        Nodes that its node shares promoters with, and the pair's row.
    spacing : list of Spacing
    place : dict or None
    """

    role: dict
    enriched: list[dict]
    depleted: list[dict]
    head: MotifRow
    alike: list[MotifRow]
    community: Community | None
    partners: list[tuple[MotifRow, dict]]
    spacing: list[Spacing]
    place: dict | None


class Page:
    """The grammar of a run as its pages show it.

    Parameters
    ----------
    grammar : GrammarTables
    motifs : list of MotifRow
        All motifs of the formula.
    fdr, min_fold : float
        Limits of the configuration's section ``grammar``.
    """

    def __init__(self, grammar: GrammarTables, motifs: list[MotifRow], fdr: float, min_fold: float):
        self.grammar, self.fdr, self.min_fold = grammar, fdr, min_fold
        self.motif = {row.id: row for row in motifs}
        self.role = grammar.roles.set_index("motif", drop=False)
        self.head = grammar.nodes.set_index("motif")["node"]
        self.groups = self._groups()
        self.communities = self._communities()
        found = [self._spacing(row) for row in grammar.spacing.to_dict("records")]
        self.spacing = [rule for rule in found if rule.row["status"] in LISTED]
        self.shadows = [rule for rule in found if rule.row["status"] not in LISTED]
        self.places = self._places()
        self.elements = self._elements()

    def _groups(self) -> list[Group]:
        summary = self.grammar.summary
        found = []
        for row in summary[summary["arm"] == MAIN_ARM].to_dict("records"):
            tests = self.grammar.motifs[self.grammar.motifs["group"] == row["group"]]
            enriched = tests[tests["call"] == ENRICHED].sort_values(["q", "log2_odds"], ascending=[True, False])
            named = [
                GroupMotif(self.motif[test.motif], self.role.at[test.motif, "role"], test.log2_odds, test.q)
                for test in enriched.head(N_MOTIFS).itertuples()
            ]
            found.append(Group(row["group"], row, named, len(enriched), int((tests["call"] == DEPLETED).sum())))
        return found

    def _communities(self) -> list[Community]:
        rows = {int(row["community"]): row for row in self.grammar.community_summary.to_dict("records")}
        members = self.grammar.communities.dropna(subset=["community"])
        members = members.assign(number=members["community"].astype(float).astype(int))
        return [
            Community(number, [self.motif[node] for node in of["node"]], rows.get(number))
            for number, of in members.groupby("number")
        ]

    def _spacing(self, row: dict) -> Spacing:
        first, second = self.motif[row["first"]], self.motif[row["second"]]
        lying = LYING[row["orientation"], row["order"]].format(first=first.label, second=second.label)
        effects = self.grammar.spacing_expression
        effect = effects[(effects["rule"] == row["rule"]) & effects["difference"].notna()].to_dict("records")
        return Spacing(
            row=row,
            first=first,
            second=second,
            picture=picture(first.name, second.name, row["orientation"], row["order"]),
            lying=lying,
            distance=f"{row['low']:.0f}" if row["low"] == row["high"] else f"{row['low']:.0f} to {row['high']:.0f}",
            status=self._status(row),
            effect=effect[0] if effect else None,
            moved=self._moved(row),
        )

    def _status(self, row: dict) -> str:
        status, of = row["status"], row["shadow_of"]
        if status == "one_site" and of in self.motif:
            of = self.motif[of].label
        return STATUS[status].format(of=of) if status in STATUS else status

    def _moved(self, row: dict) -> Moved | None:
        table = self.grammar.relocation
        tried = table[(table[KEY] == [row[key] for key in KEY]).all(axis=1)]
        if tried.empty:
            return None
        near = tried.loc[(tried["distance"] - row["distance"]).abs().astype(float).idxmin()]
        outside = (tried["distance"] < row["low"]) | (tried["distance"] > row["high"])
        outside &= tried["distance"] != near["distance"]
        return Moved(
            distance=int(near["distance"]),
            effect=float(near["effect"]),
            low=float(near["low"]),
            high=float(near["high"]),
            elsewhere=float(tried.loc[outside, "effect"].mean()) if outside.any() else np.nan,
            n=int(near["n"]),
        )

    def _places(self) -> list[Place]:
        table = self.grammar.positions
        preferring = table[(table["kind"] != CORE) & (table["bin_q"] < self.fdr) & (table["bin_fold"] >= self.min_fold)]
        ranked = preferring.sort_values(["bin_p", "bin_fold"], ascending=[True, False], kind="stable")
        return [Place(row, self.motif[row["motif"]]) for row in ranked.to_dict("records")]

    def _elements(self) -> list[Element]:
        table = self.grammar.positions
        return [Element(row, self._is_found(row)) for row in table[table["kind"] == CORE].to_dict("records")]

    def _is_found(self, row: dict) -> bool | None:
        if pd.isna(row["expected_position"]):
            return None
        return bool(row["near_q"] < self.fdr and row["near_fold"] >= self.min_fold)

    def arms(self) -> list[dict]:
        """For each way of grouping: its name, its number of groups, and its measures by name."""
        n_groups = self.grammar.summary.groupby("arm").size()
        tests = {arm: of.set_index("measure").to_dict("index") for arm, of in self.grammar.tests.groupby("arm")}
        return [
            {"name": name, "n_groups": int(n_groups.get(arm, 0)), "measures": tests[arm]}
            for arm, name in ARMS.items()
            if arm in tests
        ]

    def of_motif(self, motif: str) -> OfMotif:
        """What the page of a motif says of the grammar."""
        role = self.role.loc[motif].to_dict()
        half = Z_95 * role["standard_error"]
        tests = self.grammar.motifs[self.grammar.motifs["motif"] == motif]
        head = self.head[motif]
        edges = self.grammar.edges
        edges = edges[(edges["first"] == head) | (edges["second"] == head)].sort_values("q", kind="stable")
        partners = [
            (self.motif[row["second"] if row["first"] == head else row["first"]], row)
            for row in edges.head(N_PARTNERS).to_dict("records")
        ]
        return OfMotif(
            role=role | {"low": role["contribution"] - half, "high": role["contribution"] + half},
            enriched=tests[tests["call"] == ENRICHED].to_dict("records"),
            depleted=tests[tests["call"] == DEPLETED].to_dict("records"),
            head=self.motif[head],
            alike=[self.motif[other] for other in self.head.index[self.head == head] if other != motif],
            community=next((of for of in self.communities if self.motif[head] in of.members), None),
            partners=partners,
            spacing=[rule for rule in self.spacing if head in (rule.row["first"], rule.row["second"])],
            place=next((place.row for place in self.places if place.motif.id == motif), None),
        )


def images(figures: dict[str, Path]) -> list[Image]:
    """The figures of the page in its order, with their sizes.

    Parameters
    ----------
    figures : dict of str to Path
        PNG files by their names.
    """
    return [Image(name, *shown, *page_size(figures[name])) for name, shown in FIGURES.items() if name in figures]
