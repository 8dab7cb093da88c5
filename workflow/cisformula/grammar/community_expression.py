"""How genes are expressed whose promoters carry a community of motifs, beside others of like composition."""

import bisect

import numpy as np
import pandas as pd
from scipy import stats

from ..false_discovery import q_values
from .adjusted_effect import Effect, adjusted_effect
from .cooccurrence import counts
from .presence_model import probabilities

COLUMNS = [
    "community",
    "n_nodes",
    "members",
    "density",
    "needed",
    "n_carriers",
    "n_matched",
    "mean_carriers",
    "median_carriers",
    "mean_matched",
    "median_matched",
    "difference",
    "low",
    "high",
    "p",
    "q",
    "together",
    "together_low",
    "together_high",
    "together_p",
    "together_q",
]
LEAST = 2
"""Fewest members that a promoter carries, and fewest genes on either side that are compared."""


def needed(n_members: int) -> int:
    """Members whose sites a promoter must have to carry their community: half of them, and at least two."""
    return max(LEAST, -(-n_members // 2))


def carriers(sites: pd.DataFrame, n_promoters: int, members: list[str]) -> np.ndarray:
    """Promoters that carry a community: with sites of :func:`needed` members that do not overlap each other.

    Along a promoter the site that ends first is taken, then the first one behind it of another member, and so on.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node start end``.
    n_promoters : int
    members : list of str
        Nodes.

    Returns
    -------
    np.ndarray, shape (promoters,), bool
    """
    carried = np.zeros(n_promoters, dtype=bool)
    own = sites[sites["node"].isin(members)].sort_values(["gene", "end", "start"], kind="stable")
    least = needed(len(members))
    current, reached, taken = -1, 0, set()
    columns = (own["gene"], own["node"].cat.codes, own["start"], own["end"])
    for gene, node, start, end in zip(*(column.tolist() for column in columns), strict=True):
        if gene != current:
            current, reached, taken = gene, 0, set()
        if start >= reached and node not in taken:
            reached = end
            taken.add(node)
            carried[gene] |= len(taken) >= least
    return carried


def match(treated: np.ndarray, propensity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair each carrier with another promoter about as likely to be one, none twice.

    Carriers are taken from the most likely down, the first on a tie; each gets the nearest promoter left, of two
    equally near the less likely one.

    Parameters
    ----------
    treated : np.ndarray, shape (promoters,), bool
    propensity : np.ndarray, shape (promoters,)

    Returns
    -------
    carriers, others : np.ndarray, shape (pairs,), int
        As many pairs as there are promoters on the smaller side.
    """
    rows = np.flatnonzero(treated)
    rows = rows[np.argsort(-propensity[rows], kind="stable")]
    others = np.flatnonzero(~treated)
    others = others[np.argsort(propensity[others], kind="stable")].tolist()
    place = propensity[others].tolist()
    pairs = []
    for row in rows[: len(others)]:
        right = bisect.bisect_left(place, propensity[row])
        near = [index for index in (right - 1, right) if 0 <= index < len(place)]
        best = min(near, key=lambda index: (abs(place[index] - propensity[row]), index))
        pairs.append((row, others.pop(best)))
        place.pop(best)
    return tuple(np.array(pairs, dtype=np.int64).reshape(-1, 2).T)


def mean_difference(first: np.ndarray, second: np.ndarray) -> Effect:
    """Mean difference of pairs with its interval from Student's t, and the p-value of Mann and Whitney's test."""
    difference = first - second
    half = stats.t.ppf(0.975, len(first) - 1) * difference.std(ddof=1) / np.sqrt(len(first))
    p = float(stats.mannwhitneyu(first, second).pvalue)
    return Effect(float(difference.mean()), float(difference.mean() - half), float(difference.mean() + half), p)


def summarise(
    communities: pd.DataFrame, pairs: pd.DataFrame, sites: pd.DataFrame, composition: np.ndarray, target: np.ndarray
) -> pd.DataFrame:
    """Each community, and the expression of the promoters that carry it.

    Parameters
    ----------
    communities : pd.DataFrame
        ``node name community`` from :func:`cisformula.grammar.communities.node_table`.
    pairs : pd.DataFrame
        ``first second edge``.
    sites : pd.DataFrame
        ``gene node start end``.
    composition : np.ndarray, shape (promoters, columns)
    target : np.ndarray, shape (promoters,)
        Standardised log expression.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`. ``difference`` is the mean of carriers less that of matched promoters, which are as likely to
        carry the community by composition, with 95 % interval ``low high`` and Mann and Whitney's ``p``; ``together``
        is what carrying the community adds to the target beside composition and the single effect of every member.
        Empty where there are fewer than two genes on a side.
    """
    present = counts(sites, len(target)) > 0
    index = {name: number for number, name in enumerate(sites["node"].cat.categories)}
    edges = pairs[pairs["edge"]]
    rows = []
    for number, members in communities.dropna(subset=["community"]).groupby("community"):
        ids = members["node"].tolist()
        inside = int((edges["first"].isin(ids) & edges["second"].isin(ids)).sum())
        carried = carriers(sites, len(target), ids)
        row = {
            "community": number,
            "n_nodes": len(ids),
            "members": " ".join(members["name"]),
            "density": inside / (len(ids) * (len(ids) - 1) / 2),
            "needed": needed(len(ids)),
            "n_carriers": int(carried.sum()),
        }
        rows.append(row | _expression(carried, present[:, [index[node] for node in ids]], composition, target))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(q=q_values(table["p"]), together_q=q_values(table["together_p"]))


def _expression(carried: np.ndarray, present: np.ndarray, composition: np.ndarray, target: np.ndarray) -> dict:
    """The columns of :func:`summarise` that compare expression."""
    with_it, without = match(carried, probabilities(carried[:, None], composition)[:, 0])
    row = {"n_matched": len(without)}
    if len(without) < LEAST:
        return row
    effect = mean_difference(target[with_it], target[without])
    together = adjusted_effect(carried, np.column_stack([composition, present]), target)
    return row | {
        "mean_carriers": target[carried].mean(),
        "median_carriers": np.median(target[carried]),
        "mean_matched": target[without].mean(),
        "median_matched": np.median(target[without]),
        "difference": effect.value,
        "low": effect.low,
        "high": effect.high,
        "p": effect.p,
        "together": together.value,
        "together_low": together.low,
        "together_high": together.high,
        "together_p": together.p,
    }
