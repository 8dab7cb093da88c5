"""Rules of syntax in words: which gaps two motifs keep more often than the places of either explain."""

import numpy as np
import pandas as pd
from scipy import stats

from .. import false_discovery
from .proportion import wilson
from .site_gaps import KEY

COLUMNS = [*KEY, "low", "high", "n", "n_pairs", "share", "share_low", "share_high", "expected", "fold", "q", "sentence"]
LEAST_SHARE = 0.05
"""A rule holds at least this share of the pairs of its motifs."""
LEAST_SUPPORT = 0.01
"""Pairs that follow a rule of bound sequences, by the number of these; with fewer, single sites make rules."""
HOLE = 1
"""Gaps that may be missing between two that belong to one rule."""
ORIENTATIONS = {
    "same": ", same strand",
    "opposite": ", opposite strands",
    "tandem": ", one after the other on one strand",
    "convergent": ", facing each other",
    "divergent": ", facing away from each other",
    "either": "",
}


def add_significance(gaps: pd.DataFrame) -> pd.DataFrame:
    """Add ``n_pairs``, ``share`` of the pairs of two motifs, ``p`` and ``q`` of each gap.

    p is the probability of so many pairs or more, were each to fall on this gap as the expectation says (binomial); q
    is over all gaps of all pairs (Benjamini & Hochberg 1995).

    Parameters
    ----------
    gaps : pd.DataFrame
        From :func:`cisformula.argminn.site_gaps.gap_table`.
    """
    n_pairs = gaps.groupby(["first", "second"])["n"].transform("sum").astype(int)
    share = gaps["expected"].to_numpy(float) / n_pairs.to_numpy(float)
    p = stats.binom.sf(gaps["n"].to_numpy(float) - 1, n_pairs.to_numpy(float), np.minimum(share, 1))
    return gaps.assign(n_pairs=n_pairs, share=gaps["n"] / n_pairs, p=p, q=false_discovery.q_values(p))


def find_rules(gaps: pd.DataFrame, fdr: float, least: float = 0) -> pd.DataFrame:
    """Join significant gaps that lie side by side to rules, those that most pairs follow first.

    Parameters
    ----------
    gaps : pd.DataFrame
        From :func:`add_significance`.
    fdr : float
        Largest q of a gap in a rule.
    least : float
        Least number of pairs that follow a rule.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`. ``low`` to ``high`` are the gaps of the rule, ``n`` of ``n_pairs`` pairs of the two motifs
        follow it, a ``share`` with its 95 % Wilson interval; ``fold`` is ``n`` by ``expected``; ``q`` is the smallest.
    """
    rows = []
    for key, group in gaps[gaps["q"] < fdr].groupby(KEY, sort=True):
        gap = group["gap"].to_numpy()
        run = np.cumsum(np.append(True, np.diff(gap) > HOLE + 1))
        of_class = gaps[(gaps[KEY] == list(key)).all(axis=1)]
        for _, part in group.groupby(run):
            low, high = int(part["gap"].min()), int(part["gap"].max())
            inside = of_class[of_class["gap"].between(low, high)]
            n, n_pairs, expected = int(inside["n"].sum()), int(part["n_pairs"].iloc[0]), inside["expected"].sum()
            row = dict(zip(KEY, key, strict=True)) | {"low": low, "high": high, "n": n, "n_pairs": n_pairs}
            rows.append(row | {"share": n / n_pairs, "expected": expected, "fold": n / expected, "q": part["q"].min()})
    kept = [row for row in rows if row["share"] >= LEAST_SHARE and row["n"] >= least]
    rules = pd.DataFrame(kept, columns=COLUMNS)
    rules = rules.sort_values(["n", *KEY, "low"], ascending=[False, *[True] * 5], ignore_index=True)
    rules["share_low"], rules["share_high"] = wilson(rules["n"], rules["n_pairs"])
    rules["sentence"] = [sentence(rule) for rule in rules.itertuples()]
    return rules[COLUMNS]


def sentence(rule) -> str:
    """A rule in words, such as ``TEAD4 5 bp after JUND, same strand: 81 % of pairs (79 to 83 %); n = 1,204``.

    Parameters
    ----------
    rule : namedtuple-like
        With the columns of :func:`find_rules`. A pair is read along its first motif, or along the second where the
        first is a palindrome; n is the number of pairs of the two motifs.
    """
    distance = gap_text(rule.low, rule.high)
    if rule.first == rule.second:
        text = f"{rule.first} twice, {distance} apart"
    elif rule.order == "either":
        text = f"{rule.first} and {rule.second}, {distance} apart"
    else:
        where = "after" if rule.order == "first_second" else "before"
        text = f"{rule.second} {distance} {where} {rule.first}"
    share = f"{100 * rule.share:.0f} % of pairs ({100 * rule.share_low:.0f} to {100 * rule.share_high:.0f} %)"
    return f"{text}{ORIENTATIONS[rule.orientation]}: {share}; n = {rule.n_pairs:,}"


def gap_text(low: int, high: int) -> str:
    """A gap or a range of gaps in bp; negative ones are overlaps."""
    return f"{low} bp" if low == high else f"{low} to {high} bp"
