"""What ARGMINNs of several folds say of promoters, with instances, gaps and agreements that were planted."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.argminn import frames, instances, promoter_reading, promoter_sites, promoter_syntax, site_gaps, syntax
from cisformula.argminn.filter_motifs import filter_id
from cisformula.figures import attended_motifs, style
from cisformula.grammar import site_pairs
from cisformula.pwm import Motif
from cisformula.sequence import encode, reverse_complement

MATCHES = pd.DataFrame(columns=["Query_ID", "Target_ID", "Optimal_offset", "p-value", "q-value", "Orientation"])
WORD_A, WORD_B = "TGACCTTAGCAG", "CCGTATTGCCAT"
LENGTH = 300


def motif(number, word):
    return Motif(filter_id(number), filter_id(number), 0.92 * np.eye(4)[encode(word)] + 0.02, 100.0)


# Filters of runs


def test_filters_keep_their_numbers_apart_from_those_of_other_runs():
    motifs = [promoter_reading.of_run(motif(number, WORD_A), run) for run in range(3) for number in (0, 12)]
    assert [one.id for one in motifs] == ["F0", "F12", "F1000", "F1012", "F2000", "F2012"]
    assert promoter_reading.number_of(2, pd.Series([0, 12])).tolist() == [2000, 2012]


def test_filters_of_different_runs_that_see_one_motif_share_a_frame():
    turned = reverse_complement(WORD_A)
    of_runs = [motif(3, WORD_A), motif(1005, turned[1:]), motif(2000, WORD_B)]
    shared = frames.similar_filters(of_runs, MATCHES, []).set_index("filter")
    assert shared.at[3, "motif"] == shared.at[1005, "motif"] != shared.at[2000, "motif"]
    seen = pd.DataFrame(
        {"sequence": [0, 1], "start": [50, 50], "end": [62, 61], "strand": ["+", "-"], "filter": [3, 1005]}
    ).assign(attention=0.9, activation=1.0)
    placed = frames.place(seen, shared.reset_index())
    assert placed["start"].tolist() == [50, 50]
    assert placed["strand"].nunique() == 1


# Places


def test_instances_of_genes_on_both_strands_lie_on_the_genome_where_their_word_is():
    rng = np.random.default_rng(1)
    genome = rng.choice(list("ACGT"), 400)
    genome[120:132], genome[250:262] = list(WORD_A), list(WORD_A)
    genome = "".join(genome)
    promoters = pd.DataFrame(
        {"gene_id": ["x", "y"], "chrom": "c", "start": [100, 200], "end": [160, 280], "strand": ["+", "-"]}
    ).assign(tss=[140, 230])
    texts = [genome[100:160], reverse_complement(genome[200:280])]
    starts = [texts[0].index(WORD_A), texts[1].index(reverse_complement(WORD_A))]
    called = pd.DataFrame({"sequence": [1, 0], "start": starts[::-1], "filter": 1003, "strand": ["-", "+"]})
    called = called.assign(end=called["start"] + 12, attention=[0.75, 1.0], activation=2.0, change=0.1)
    filters = pd.DataFrame({"filter": [1003], "motif": ["A"], "match": ["KNOWN"], "match_q": [0.01]})
    filters = filters.assign(reverse=False, palindrome=False)
    table = promoter_sites.from_start_site(called, promoters, filters)
    assert table.columns.tolist() == promoter_sites.COLUMNS
    assert table["gene_id"].tolist() == ["y", "x"]
    assert table["run"].tolist() == [1, 1]
    # 230 is the start site of y, read backwards: base 261 lies 31 before it.
    assert table[["start", "end"]].to_numpy().tolist() == [[-31, -19], [-20, -8]]
    assert table["strand"].tolist() == ["-", "+"]
    bed = promoter_sites.on_genome(called, promoters, table)
    assert [genome[row.start : row.end] for row in bed.itertuples()] == [WORD_A, WORD_A]
    assert bed["strand"].tolist() == ["+", "+"]
    assert bed["score"].tolist() == [1000, 750]
    for kind, strands in (("reverse", ["-", "-"]), ("palindrome", [".", "."])):
        table = promoter_sites.from_start_site(called, promoters, filters.assign(**{kind: True}))
        assert table["strand"].tolist() == (["+", "-"] if kind == "reverse" else strands)
        assert promoter_sites.on_genome(called, promoters, table)["strand"].tolist() == strands


def located(motif_name, starts, strand="+", change=0.1, first_gene=0):
    genes = [f"g{first_gene + number}" for number in range(len(starts))]
    table = pd.DataFrame({"gene_id": genes, "start": starts, "motif": motif_name, "filter": 0, "strand": strand})
    return table.assign(end=table["start"] + 10, attention=0.8, change=change, run=0)


def test_positions_count_instances_by_bin_and_strand():
    table = pd.concat([located("A", [-15, -14, -4, -5]), located("A", [-12], "-", change=-0.3)])
    found = promoter_sites.positions(table)
    assert found[["low", "high", "strand", "n", "n_genes"]].to_numpy().tolist() == [
        [-10, -1, "+", 2, 2],
        [-10, -1, "-", 1, 1],
        [0, 9, "+", 2, 2],
    ]
    assert found["change"].tolist() == pytest.approx([0.1, -0.3, 0.1])


def test_summary_averages_changes_over_genes_with_the_normal_interval():
    values = np.array([0.1, 0.4, 0.2, 0.7])
    table = located("A", [0, 10, 20, 30], change=values)
    twice = located("A", [90], change=0.3, first_gene=0)  # a second instance in the first gene
    shared = pd.DataFrame({"filter": [0, 1001, 1002, 7], "motif": ["A", "A", "A", "B"], "consensus": "ACGT"})
    shared = shared.assign(width=4, palindrome=False)
    summary = promoter_sites.summary(pd.concat([table, twice]), shared).set_index("motif")
    assert summary.loc["A", ["n_filters", "n_runs", "n", "n_genes"]].tolist() == [3, 2, 5, 4]
    assert summary.loc["B", ["n_filters", "n_runs", "n", "n_genes"]].tolist() == [1, 1, 0, 0]
    per_gene = np.array([0.2, 0.4, 0.2, 0.7])
    expected = stats.norm.interval(0.95, per_gene.mean(), stats.sem(per_gene))
    assert summary.at["A", "change"] == pytest.approx(per_gene.mean())
    assert summary.loc["A", ["change_low", "change_high"]].tolist() == pytest.approx(expected)


# Gaps of several runs

FRAMES = pd.DataFrame({"filter": [0, 1], "motif": ["A", "B"], "offset": 0, "reverse": False, "width": 12})
FRAMES = FRAMES.assign(palindrome=False, consensus="N")


def promoters_with_pairs(rng, genes, share, gap):
    """A on a random strand and B somewhere in each gene; in a share of them B follows A, as A reads, at a gap."""
    rows = []
    for gene in genes:
        start, forward = int(rng.integers(60, 230)), rng.random() < 0.5
        if rng.random() < share:
            other = start + 12 + gap if forward else start - gap - 12
            strand = "+" if forward else "-"
        else:
            other, strand = int(rng.integers(0, 289)), rng.choice(["+", "-"])
        rows += [(gene, start, start + 12, "+" if forward else "-", 0), (gene, other, other + 12, strand, 1)]
    table = pd.DataFrame(rows, columns=["sequence", "start", "end", "strand", "filter"])
    return table.assign(attention=0.9, activation=1.0)


def read_runs(shares, seed=3, genes=120, gap=7):
    """Pooled gaps, rules of single runs and pairs, of runs with a share of planted pairs."""
    rng = np.random.default_rng(seed)
    pairs, gaps, rules = [], [], []
    for run, share in enumerate(shares):
        called = promoters_with_pairs(rng, range(run * genes, (run + 1) * genes), share, gap)
        found = site_gaps.find_pairs(frames.place(called, FRAMES))
        pairs.append(found)
        gaps.append(syntax.add_significance(site_gaps.gap_table(found, apart=True)))
        rules.append(syntax.find_rules(gaps[-1], 0.05))
    return [promoter_syntax.of_all_runs(tables) for tables in (pairs, gaps, rules)]


NOT_CALLED = pd.DataFrame(columns=["gene", "rule", "status", *promoter_syntax.ENDS])


def test_a_gap_that_four_of_five_runs_keep_is_one_rule():
    pairs, gaps, run_rules = read_runs([0.5, 0.4, 0.5, 0, 0.4])
    rules = promoter_syntax.pooled_rules(promoter_syntax.pool_gaps(gaps), run_rules, pairs, NOT_CALLED, 0.05)
    (rule,) = rules.to_dict("records")
    assert [rule[key] for key in site_gaps.KEY] == ["A", "B", "same", "first_second"]
    assert (rule["low"], rule["high"]) == (7, 7)
    assert (rule["runs_found"], rule["runs_tested"]) == (4, 5)
    chosen = pairs[(pairs["gap"] == 7) & (pairs["orientation"] == "same") & (pairs["order"] == "first_second")]
    assert rule["n"] == len(chosen)
    assert rule["n_genes"] == chosen["sequence"].nunique()
    assert rule["grammar_rule"] is None
    assert rule["sentence"].startswith("B 7 bp after A, same strand")


def test_runs_together_find_what_only_one_finds_alone():
    pairs, gaps, run_rules = read_runs([0.08] * 5, seed=1, genes=20)
    assert run_rules["run"].nunique() == 1
    rules = promoter_syntax.pooled_rules(promoter_syntax.pool_gaps(gaps), run_rules, pairs, NOT_CALLED, 0.05)
    assert rules[["low", "high", "runs_found"]].to_numpy().tolist() == [[7, 7, 1]]
    own = run_rules.loc[0, "q"]
    assert rules.loc[0, "q"] < own


def test_sites_that_share_bases_are_neither_counted_nor_expected():
    rng = np.random.default_rng(6)
    overlapping = promoters_with_pairs(rng, range(80), 0.9, -4)
    pairs = site_gaps.find_pairs(frames.place(overlapping, FRAMES))
    every, apart = site_gaps.gap_table(pairs), site_gaps.gap_table(pairs, apart=True)
    assert every.loc[every["gap"] == -4, "n"].sum() > 60
    assert apart["gap"].min() >= 0
    n_apart = (pairs["gap"] >= 0).sum()
    assert apart["n"].sum() == n_apart
    assert apart["expected"].sum() == pytest.approx(n_apart)


def test_without_planted_pairs_there_is_no_rule():
    for seed in range(5):
        pairs, gaps, run_rules = read_runs([0] * 5, seed)
        pooled = promoter_syntax.pool_gaps(gaps)
        assert promoter_syntax.pooled_rules(pooled, run_rules, pairs, NOT_CALLED, 0.05).empty
        assert (pooled["p"] < 0.05).mean() < 0.05


def test_pooled_p_is_fishers_over_the_runs_that_call_the_pair():
    key = ("A", "B", "same", "first_second")
    rows = [(0, *key, 5, 9, 2.0, 20, 1e-4), (1, *key, 5, 3, 2.0, 10, 0.3), (1, *key, 6, 7, 8.0, 10, 0.7)]
    rows += [(2, "A", "C", "same", "first_second", 5, 4, 4.0, 4, 1.0)]
    gaps = pd.DataFrame(rows, columns=["run", *site_gaps.KEY, "gap", "n", "expected", "n_pairs", "p"])
    pooled = promoter_syntax.pool_gaps(gaps).set_index(["second", "gap"])
    assert pooled["runs_tested"].to_dict() == {("B", 5): 2, ("B", 6): 2, ("C", 5): 1}
    assert pooled["n_pairs"].to_dict() == {("B", 5): 30, ("B", 6): 30, ("C", 5): 4}
    assert pooled["n"].to_dict() == {("B", 5): 12, ("B", 6): 7, ("C", 5): 4}
    assert pooled.at[("B", 5), "expected"] == 4.0
    for cell, p_values in {("B", 5): [1e-4, 0.3], ("B", 6): [1.0, 0.7], ("C", 5): [1.0]}.items():
        assert pooled.at[cell, "p"] == pytest.approx(stats.combine_pvalues(p_values, "fisher").pvalue)
    assert pooled["q"].to_numpy() == pytest.approx(stats.false_discovery_control(pooled["p"]))


def test_no_instances_give_empty_tables():
    nothing = pd.DataFrame(columns=[*instances.COLUMNS]).astype({"sequence": int, "filter": int})
    found = site_gaps.find_pairs(frames.place(nothing, FRAMES))
    tested = syntax.add_significance(site_gaps.gap_table(found))
    own = syntax.find_rules(tested, 0.05)
    tested, own = (promoter_syntax.of_all_runs([table, table]) for table in (tested, own))
    rules = promoter_syntax.pooled_rules(promoter_syntax.pool_gaps(tested), own, found, NOT_CALLED, 0.05)
    assert rules.empty
    assert rules.columns.tolist() == promoter_syntax.COLUMNS
    empty = located("A", [])
    summary = promoter_sites.summary(empty, FRAMES)
    assert summary["n"].tolist() == [0, 0]
    assert promoter_sites.positions(empty).empty


# Agreement with the grammar


def test_the_grammars_rule_is_named_with_the_share_of_pairs_that_it_calls():
    pairs, gaps, run_rules = read_runs([0.5] * 5)
    following = pairs[(pairs["gap"] == 7) & (pairs["orientation"] == "same") & (pairs["order"] == "first_second")]
    known = following.iloc[: len(following) * 3 // 4]
    # The grammar's motifs are narrower by one base at each end, so that their distance is 9 where the gap is 7.
    rows = [
        (pair.sequence, name, start + 1, end - 1, 1 if strand == "+" else -1)
        for pair in known.itertuples()
        for name, start, end, strand in (
            ("P", pair.start_first, pair.end_first, pair.strand_first),
            ("Q", pair.start_second, pair.end_second, pair.strand_second),
        )
    ]
    sites = pd.DataFrame(rows, columns=["gene", "node", "start", "end", "strand"]).sort_values(["gene", "start"])
    sites["node"] = pd.Categorical(sites["node"], ["P", "Q"])
    sites = sites.assign(matched_start=sites["start"], matched_end=sites["end"]).reset_index(drop=True)
    found = site_pairs.find_pairs(sites, 100)
    lie = {"first": "P", "second": "Q", "orientation": "same", "order": "first_second"}
    distances = pd.DataFrame(
        [
            {"rule": 4, **lie, "low": 9, "high": 9, "status": "rule"},
            {"rule": 5, **lie, "low": 20, "high": 29, "status": "rule"},
        ]
    )
    called = promoter_syntax.grammar_pairs(sites, found, distances)
    assert called["rule"].tolist() == [4] * len(known)
    pooled = promoter_syntax.pool_gaps(gaps)
    (rule,) = promoter_syntax.pooled_rules(pooled, run_rules, pairs, called, 0.05).to_dict("records")
    assert (rule["grammar_rule"], rule["grammar_status"]) == (4, "rule")
    assert rule["grammar_share"] == pytest.approx(len(known) / len(following))
    elsewhere = called.assign(left_start=called["left_start"] + 40, left_end=called["left_end"] + 40)
    (rule,) = promoter_syntax.pooled_rules(pooled, run_rules, pairs, elsewhere, 0.05).to_dict("records")
    assert (rule["grammar_rule"], rule["grammar_share"]) == (None, 0)


# Figure


def test_bars_stand_where_instances_are_sense_above_antisense_below():
    filters = pd.DataFrame({"filter": [0, 1000], "run": [0, 1], "motif": ["A", "B"], "match": ["KLF", ""]})
    filters = filters.assign(match_q=[0.001, np.nan], nsites=[50, 60], reverse=False, passed=True)
    unused = pd.DataFrame({"filter": [2000], "run": [2], "passed": [False]})
    filters = pd.concat([filters, unused], ignore_index=True)
    filters["passed"] = filters["passed"].astype(bool)
    shared = FRAMES.assign(filter=[0, 1000])
    table = pd.concat([located("A", [-105, -104, 15]), located("A", [-106], "-")])
    summary = promoter_sites.summary(table, shared)
    motifs = [motif(0, WORD_A), motif(1000, WORD_B)]
    drawn = list(attended_motifs.pages(motifs, filters, table, summary, 249, 50))
    assert len(drawn) == 3
    of_first = drawn[0].axes[1]
    bars = {(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in of_first.patches}
    assert bars == {(-95.0, 2), (25.0, 1), (-105.0, -1)}
    assert of_first.get_title(loc="right") == "4 instances; 1 of 3 runs"
    titles = [axes.get_title(loc="left") for axes in drawn[1].axes]
    assert "F0: KLF" in titles
    assert "F1000: no match" in [axes.get_title(loc="left") for axes in drawn[2].axes]
    for figure in drawn:
        style.plt.close(figure)
