"""Gaps that networks of several folds agree on, and whether the grammar's own distances call them too.

Each network is asked about the genes of the fold that it never saw. Folds share no gene, and only the first gene of
each family of similar promoters counts, so that what one network says of its genes is independent of what another says
of its own, given the networks. Their binomial p-values of a gap are therefore combined by Fisher's method, over all
networks that call the two motifs together at all; where one of them has no pair at the gap, p is 1. As counts are
discrete, the combined p-values err on the safe side. That the pairs of one promoter are no independent draws is left
out of account, as in the rules of a single network.

Sites that share a base are no pair, as in the grammar's own distances: in repeats of a few bases, of which promoters
are full, they are one site read twice.
"""

import numpy as np
import pandas as pd
from scipy import stats

from .. import false_discovery
from ..grammar.site_pairs import SitePairs, class_names, pair_number
from .instances import share_site
from .site_gaps import KEY
from .syntax import find_rules

MOTIFS = ["first", "second"]
COLUMNS = ["rule", *KEY, "low", "high", "runs_found", "runs_tested", "n", "n_genes", "n_pairs", "share"]
COLUMNS += ["share_low", "share_high", "expected", "fold", "p", "q", "grammar_rule", "grammar_status", "grammar_share"]
COLUMNS += ["sentence"]
ENDS = ["left_start", "left_end", "right_start", "right_end"]


def of_all_runs(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Tables of the runs in turn as one, with a column ``run``."""
    numbered = [table.assign(run=run) for run, table in enumerate(tables)]
    # Those without a row are left out, for they have no types.
    return pd.concat([table for table in numbered if len(table)] or numbered[:1], ignore_index=True)


def pool_gaps(gaps: pd.DataFrame) -> pd.DataFrame:
    """Join the gaps of all runs, and test each over all of them.

    Parameters
    ----------
    gaps : pd.DataFrame
        ``run`` and the columns of :func:`cisformula.argminn.syntax.add_significance`.

    Returns
    -------
    pd.DataFrame
        :data:`cisformula.argminn.site_gaps.KEY`, ``gap``, sums over runs of ``n``, ``expected`` and ``n_pairs``, the
        ``share`` of pairs, ``runs_tested`` (with any pair of the two motifs), Fisher's ``p`` over these, and ``q`` over
        all rows.
    """
    by_pair = gaps.drop_duplicates(["run", *MOTIFS]).groupby(MOTIFS, as_index=False)
    tested = by_pair.agg(n_pairs=("n_pairs", "sum"), runs_tested=("run", "size"))
    with np.errstate(divide="ignore"):
        logs = gaps.assign(log_p=np.log(gaps["p"].to_numpy(float)))
    by_gap = logs.groupby([*KEY, "gap"], as_index=False)
    summed = by_gap.agg(n=("n", "sum"), expected=("expected", "sum"), log_p=("log_p", "sum"))
    pooled = summed.merge(tested, on=MOTIFS).sort_values([*KEY, "gap"], ignore_index=True)
    p = stats.chi2.sf(-2 * pooled["log_p"].to_numpy(float), 2 * pooled["runs_tested"].to_numpy(float))
    pooled["share"] = pooled["n"] / pooled["n_pairs"]
    return pooled.drop(columns="log_p").assign(p=p, q=false_discovery.q_values(p))


def pooled_rules(
    gaps: pd.DataFrame, run_rules: pd.DataFrame, pairs: pd.DataFrame, called: pd.DataFrame, fdr: float
) -> pd.DataFrame:
    """The rules that all runs together support.

    Parameters
    ----------
    gaps : pd.DataFrame
        From :func:`pool_gaps`.
    run_rules : pd.DataFrame
        ``run`` and the columns of :func:`cisformula.argminn.syntax.find_rules`, of each run by itself.
    pairs : pd.DataFrame
        Of all runs, from :func:`cisformula.argminn.site_gaps.find_pairs`; ``sequence`` is the row of the gene.
    called : pd.DataFrame
        From :func:`grammar_pairs`.
    fdr : float
        Largest q of a gap in a rule.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`; see :func:`cisformula.argminn.syntax.find_rules` for those from ``first`` to ``q``. ``p`` is
        the smallest of a gap of the rule. ``runs_found``: runs that have a rule of that class at one of its gaps by
        themselves, out of ``runs_tested``. ``grammar_rule``: the rule of the grammar that calls most of its pairs, if
        any, with its status and the share of pairs that it calls.
    """
    rules = find_rules(gaps, fdr)
    extra = [_of_rule(rule, gaps, run_rules, pairs, called) for rule in rules.itertuples()]
    table = pd.concat([rules, pd.DataFrame(extra, index=rules.index)], axis=1)
    return table.assign(rule=range(1, len(table) + 1)).reindex(columns=COLUMNS)


def _of_rule(
    rule, gaps: pd.DataFrame, run_rules: pd.DataFrame, pairs: pd.DataFrame, called: pd.DataFrame
) -> dict[str, object]:
    """Columns of a rule that need more than the table of gaps."""
    key = [getattr(rule, column) for column in KEY]
    of_class = gaps[(gaps[KEY] == key).all(axis=1) & gaps["gap"].between(rule.low, rule.high)]
    own = run_rules[(run_rules[KEY] == key).all(axis=1)]
    own = own[(own["low"] <= rule.high) & (own["high"] >= rule.low)]
    following = pairs[(pairs[KEY] == key).all(axis=1) & pairs["gap"].between(rule.low, rule.high)]
    return {
        "p": of_class["p"].min(),
        "runs_found": own["run"].nunique(),
        "runs_tested": int(of_class["runs_tested"].iloc[0]),
        "n_genes": following["sequence"].nunique(),
        **_agreement(following, called),
    }


def _agreement(pairs: pd.DataFrame, called: pd.DataFrame) -> dict[str, object]:
    """The grammar's rule that calls most of some pairs of sites, and the share that it calls."""
    sites = left_and_right(pairs).reset_index(names="pair")
    both = sites.merge(called, left_on="sequence", right_on="gene", suffixes=("", "_called"))
    same = share_site(both["left_start"], both["left_end"], both["left_start_called"], both["left_end_called"])
    same &= share_site(both["right_start"], both["right_end"], both["right_start_called"], both["right_end_called"])
    number = both[same].drop_duplicates(["pair", "rule"]).groupby(["rule", "status"])["pair"].size()
    if number.empty:
        return {"grammar_rule": None, "grammar_status": None, "grammar_share": 0.0}
    rule, status = number.idxmax()
    return {"grammar_rule": rule, "grammar_status": status, "grammar_share": number.max() / len(pairs)}


def left_and_right(pairs: pd.DataFrame) -> pd.DataFrame:
    """Sequence and ends of the left and the right site of pairs: ``sequence`` and :data:`ENDS`."""
    first_is_left = (pairs["start_first"] <= pairs["start_second"]).to_numpy()
    ends = {
        f"{side}_{end}": np.where(first_is_left == is_left, pairs[f"{end}_first"], pairs[f"{end}_second"])
        for side, is_left in (("left", True), ("right", False))
        for end in ("start", "end")
    }
    return pd.DataFrame({"sequence": pairs["sequence"].to_numpy(), **ends})


def grammar_pairs(sites: pd.DataFrame, pairs: SitePairs, rules: pd.DataFrame) -> pd.DataFrame:
    """Pairs of sites that follow the distances of the grammar.

    Parameters
    ----------
    sites : pd.DataFrame
        ``node start end``, as :func:`cisformula.grammar.site_pairs.add_matched` returns it.
    pairs : SitePairs
        Of these sites.
    rules : pd.DataFrame
        ``rule first second orientation order low high status``, from
        :func:`cisformula.grammar.spacing_tables.rule_table`.

    Returns
    -------
    pd.DataFrame
        ``gene rule status`` and :data:`ENDS`.
    """
    nodes = sites["node"].cat.categories
    start, end = sites["start"].to_numpy(int), sites["end"].to_numpy(int)
    tables = []
    for rule in rules.itertuples():
        first, second = nodes.get_loc(rule.first), nodes.get_loc(rule.second)
        kind = class_names(first == second).index((rule.orientation, rule.order))
        chosen = pairs.where(
            (pairs.pair == pair_number(first, second, len(nodes)))
            & (pairs.kind == kind)
            & (pairs.distance >= rule.low)
            & (pairs.distance <= rule.high)
        )
        left = np.where(start[chosen.first] <= start[chosen.second], chosen.first, chosen.second)
        right = chosen.first + chosen.second - left
        ends = dict(zip(ENDS, (start[left], end[left], start[right], end[right]), strict=True))
        tables.append(pd.DataFrame({"gene": chosen.gene, "rule": rule.rule, "status": rule.status, **ends}))
    columns = ["gene", "rule", "status", *ENDS]
    return pd.concat([pd.DataFrame(columns=columns).astype({"gene": int}), *tables], ignore_index=True)[columns]
