"""The promoter grammar of a run in words: groups, roles, communities, distances and places."""

import pandas as pd

from . import wording
from .grammar_page import ACTIVE, CENTRED, MAIN_ARM, QUANTILES, REPRESSIVE, Page, Spacing
from .verdict import Sentence

N_NAMED = 4
"""Names given in a sentence."""


def findings(page: Page) -> list[Sentence]:
    """What the grammar shows, each finding with its number, computed from the tables alone."""
    return [_groups(page), _roles(page), _communities(page), _distances(page), _places(page), _elements(page)]


def overview(page: Page) -> Sentence:
    """All of it in one finding."""
    share = _measure(page, MAIN_ARM, "eta2")
    prediction = _measure(page, MAIN_ARM, "r2_prediction")
    n_communities, n_rules = len(page.communities), _n_rules(page)
    counted = [
        wording.several(n_communities, "community", "communities") + " of motifs that share promoters",
        wording.several(n_rules, "pair") + (" that keeps a distance" if n_rules == 1 else " that keep a distance"),
        f"{len(page.places)} of {wording.several(len(page.motif), 'motif')} that prefer a place",
    ]
    text = (
        f"Groups of genes with similar weighted features explain {wording.percent(share['value'])} of the variance of "
        f"expression; the prediction that the features sum to, {wording.percent(prediction['value'])}. Found: "
        f"{', '.join(counted[:-1])}, and {counted[-1]} relative to the start site."
    )
    return Sentence(str(len(page.groups)), "groups of genes by the grammar of their promoters", text)


def _n_rules(page: Page) -> int:
    return sum(rule.row["status"] == "rule" for rule in page.spacing)


def _measure(page: Page, arm: str, measure: str) -> pd.Series | dict:
    tests = page.grammar.tests
    rows = tests[(tests["arm"] == arm) & (tests["measure"] == measure)]
    return {"value": None, "low": None, "high": None, "p": None} if rows.empty else rows.iloc[0]


def _interval(row: pd.Series | dict, digits: int = 1) -> str:
    low = None if wording.missing(row["low"]) else 100 * row["low"]
    return f"{wording.fixed(low, digits)} to {wording.percent(row['high'], digits)}"


def _groups(page: Page) -> Sentence:
    share, prediction, beyond = (
        _measure(page, MAIN_ARM, measure) for measure in ("eta2", "r2_prediction", "beyond_prediction")
    )
    cut, bent = (_measure(page, QUANTILES, measure) for measure in ("eta2", "beyond_prediction"))
    centred = _measure(page, CENTRED, "eta2")
    lowest, highest = (wording.signed(of((g.row["mean"] for g in page.groups), default=None), 2) for of in (min, max))
    text = (
        f"Their mean expression goes from {lowest} to {highest} standard deviations. They explain "
        f"{wording.percent(share['value'])} of its variance (η², 95 % interval {_interval(share)}). That is no proof: "
        f"weighted features sum to the prediction, which alone explains {wording.percent(prediction['value'])} "
        f"({_interval(prediction)}), and as many groups cut from the prediction explain "
        f"{wording.percent(cut['value'])}. Beside a straight line on the prediction the groups add "
        f"{wording.percent(beyond['value'], 2)} ({_interval(beyond, 2)}), the cut ones "
        f"{wording.percent(bent['value'], 2)}. With the mean of every gene taken away, groups explain "
        f"{wording.percent(centred['value'])}."
    )
    return Sentence(str(len(page.groups)), "groups of genes with similar weighted features", text)


def _roles(page: Page) -> Sentence:
    roles = page.grammar.roles
    clauses = []
    for role, rising in ((ACTIVE, False), (REPRESSIVE, True)):
        called = roles[roles["role"] == role].sort_values("contribution", ascending=rising, kind="stable")
        names = ", ".join(page.motif[motif].label for motif in called["motif"].head(N_NAMED))
        clauses.append(f"Strongest {role} ones: {names}." if names else f"None is {role}.")
    n_active, n_repressive = ((roles["role"] == role).sum() for role in (ACTIVE, REPRESSIVE))
    text = (
        "Active: sites raise the prediction, and groups that are enriched in them and promoters that have them are "
        f"expressed more than others. Repressive: all the other way round. {' '.join(clauses)} "
        f"{len(roles) - n_active - n_repressive} of {len(roles)} motifs are neither."
    )
    return Sentence(f"{n_active} and {n_repressive}", "motifs are active and repressive", text)


def _communities(page: Page) -> Sentence:
    edges, tested = len(page.grammar.edges), page.grammar.n_pairs
    number = len(page.communities)
    text = (
        f"{wording.count(edges)} of {wording.count(tested)} pairs of motifs share promoters more often than base "
        "composition explains."
    )
    if number == 0:
        text += " They form no community." if edges else " Without such pairs there is no community."
    if number == 1:
        text += f" They form a single community, of {len(page.communities[0].members)} motifs."
    chosen = page.grammar.modularity
    chosen = chosen[chosen["chosen"].astype(bool)]
    if number > 1 and len(chosen):
        row = chosen.iloc[0]
        text += (
            f" Modularity {wording.fixed(row['modularity'], 2)}, against {wording.fixed(row['null_mean'], 2)} in "
            f"networks rewired at random (p = {wording.probability(row['p'])}); agreement over seeds "
            f"{wording.fixed(row['stability'], 2)}."
        )
    compared = [of.row for of in page.communities if of.row and not wording.missing(of.row["together_q"])]
    if compared:
        n_different = sum(row["together_q"] < page.fdr for row in compared)
        text += (
            f" Carrying the members together changes expression beyond their single effects in {n_different} of "
            f"{len(compared)} (q < {page.fdr:g})."
        )
    title = "community of motifs that share promoters" if number == 1 else "communities of motifs that share promoters"
    return Sentence(str(number), title, text)


def _distances(page: Page) -> Sentence:
    rules = [rule for rule in page.spacing if rule.row["status"] == "rule"]
    n_composite = len(page.spacing) - len(rules)
    text = (
        f"{wording.count(len(page.grammar.profiles))} pairs of motifs and ways to lie were looked at; "
        f"{wording.several(len(rules), 'rule') if rules else 'no rule'} of distance at q < {page.fdr:g}"
    )
    text += f", beside {n_composite} inside what seems one composite motif or repeat." if n_composite else "."
    if rules:
        text += f" The most significant: {_in_words(rules[0])}."
    if page.shadows:
        others = wording.several(len(page.shadows), "other significant distance")
        text += f" {others} can be explained by these, by single sites or by composition."
    compared = [rule.effect for rule in page.spacing if rule.effect and not wording.missing(rule.effect["adjusted_q"])]
    if compared:
        n_different = sum(effect["adjusted_q"] < page.fdr for effect in compared)
        text += (
            f" Expression differs at the preferred distance in {n_different} of {len(compared)}, composition and hits "
            "held fixed."
        )
    title = "pair of motifs keeps a distance" if len(rules) == 1 else "pairs of motifs keep a distance"
    return Sentence(str(len(rules)), title, text)


def _in_words(rule: Spacing) -> str:
    return (
        f"{rule.first.label} and {rule.second.label}, {rule.distance} bp apart ({rule.lying}), "
        f"{wording.fixed(rule.row['fold'], 1)} times as often as expected in {wording.count(rule.row['n_promoters'])} "
        "promoters"
    )


def _places(page: Page) -> Sentence:
    unlike = {}
    for place in page.places:
        unlike.setdefault(page.head[place.motif.id], place)
    named = [
        f"{place.motif.label} at {wording.signed(low, 0)} to {wording.signed(high, 0)}"
        for place in list(unlike.values())[:N_NAMED]
        for low, high in [(place.row["bin_low"], place.row["bin_high"])]
    ]
    text = (
        f"At q < {page.fdr:g}, and at least {page.min_fold:g} times as often as in promoters shuffled within blocks of "
        "50 bases, which keep their composition."
    )
    text += f" Most significant: {'; '.join(named)} bp from the start site." if named else " None does."
    return Sentence(
        f"{len(page.places)} of {len(page.motif)}", "motifs prefer a place relative to the start site", text
    )


def _elements(page: Page) -> Sentence:
    tested = [element for element in page.elements if element.found is not None]
    if not tested:
        return Sentence(wording.NONE, "core promoter elements", "None was sought where the literature names a place.")
    found = [element.row for element in tested if element.found]
    absent = [element.row["name"] for element in tested if not element.found]
    listed = "; ".join(
        f"{row['name']} at {wording.signed(row['near_position'], 0)} ({wording.fixed(row['near_fold'], 1)}-fold)"
        for row in found
    )
    text = f"Sought within 5 bases of the place that the literature names. Found: {listed or 'none'}."
    if absent:
        text += f" Not found: {', '.join(absent)}."
    return Sentence(f"{len(found)} of {len(tested)}", "core promoter elements are where they are known to be", text)
