"""Positions of motifs relative to the TSS: planted peaks, silence without them, and core elements matched by hand."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.errors import InputError
from cisformula.grammar import core_promoter, positions
from cisformula.grammar.core_promoter import IUPAC, Element, find_element, read_elements
from cisformula.hits import Scanner
from cisformula.pwm import Motif
from cisformula.sequence import decode, encode, reverse_complement
from cisformula.simulate import random_bases

ROOT = Path(__file__).parents[2]
LENGTH, UPSTREAM = 200, 149
CONSENSUS = {"yy1": "CAAGATGGC", "tata": "GTATAAAAG", "nfy": "AGCCAATCA"}
MOTIFS = [Motif(name, name, 0.94 * np.eye(4)[encode(word)] + 0.015) for name, word in CONSENSUS.items()]
TABLE = pd.DataFrame(
    {"motif": list(CONSENSUS), "name": list(CONSENSUS), "kind": "database", "expected_position": np.nan}
)


def promoters(n, seed):
    return random_bases(np.full(n, 0.55), LENGTH, np.random.default_rng(seed))


def profiles(codes, n_shuffles=4):
    search = positions.motif_search(Scanner(MOTIFS, 1e-4))
    return positions.profiles(codes, search, n_shuffles, np.random.default_rng(1))


def test_a_planted_peak_is_found_to_the_base_and_strand():
    codes = promoters(1500, seed=1)
    rng = np.random.default_rng(2)
    centre = len(CONSENSUS["tata"]) // 2
    for gene in rng.choice(1500, 60, replace=False):
        codes[gene, UPSTREAM - 30 - centre :][:9] = encode(CONSENSUS["tata"])
    for gene in rng.choice(1500, 200, replace=False):
        start = UPSTREAM - 70 + rng.integers(-4, 5) - centre
        codes[gene, start : start + 9] = encode(reverse_complement(CONSENSUS["nfy"]))
    table = positions.position_table(profiles(codes), TABLE, UPSTREAM).set_index("motif")
    assert table.loc["tata", ["peak_position", "peak_strand"]].tolist() == [-30, "sense"]
    assert table.loc["tata", "peak_q"] < 1e-6
    assert table.loc["tata", "peak_observed"] >= 60
    assert -79 <= table.loc["nfy", "bin_low"] <= -65
    assert table.loc["nfy", "bin_strand"] == "antisense"
    assert table.loc["nfy", "bin_fold"] > 5
    assert table.loc["nfy", "sense_share"] < 0.25 < table.loc["nfy", "sense_share_expected"]
    assert table.loc["nfy", "strand_q"] < 1e-4
    assert table.loc["yy1", ["peak_q", "bin_q", "strand_q"]].min() > 0.05


def test_random_promoters_prefer_nothing():
    for seed in range(3):
        table = positions.position_table(profiles(promoters(800, 10 + seed)), TABLE, UPSTREAM)
        assert table[["peak_q", "bin_q"]].min().min() > 0.05


def test_composition_along_the_promoter_is_no_preference():
    rng = np.random.default_rng(3)
    codes = np.hstack([random_bases(np.full(1500, gc), 50, rng) for gc in (0.3, 0.4, 0.6, 0.75)])
    found = profiles(codes)
    tata = found.observed[10][1, 2]
    assert tata[:10].sum() > 3 * tata[10:].sum()
    assert positions.position_table(found, TABLE, UPSTREAM)[["peak_q", "bin_q"]].min().min() > 0.05


def test_the_test_of_a_bin_is_binomial_given_both_counts():
    observed, shuffled = np.zeros((1, 3, 5), int), np.zeros((1, 3, 5), int)
    observed[0, 0], shuffled[0, 0] = [0, 1, 9, 1, 0], [2, 3, 1, 2, 4]
    none = np.ones((1, 3), int)
    found = positions.Profiles({1: observed, 10: observed}, {1: shuffled, 10: shuffled}, none, none, 2)
    result = positions.significance(found)[10]
    # Three bins of two shuffles against one: 6 of 15 fell into the middle ones.
    assert result["p"][0, 0, 2] == pytest.approx(stats.binomtest(9, 15, 1 / 7, alternative="greater").pvalue)
    assert result["expected"][0, 0].tolist() == pytest.approx([5 / 4, 1, 1, 7 / 6, 6 / 4])
    assert result["p"][0, 0, 0] == 1


def test_sums_over_neighbours():
    sums, number = positions.pooled(np.arange(6), 1)
    assert sums.tolist() == [1, 3, 6, 9, 12, 9]
    assert number.tolist() == [2, 3, 3, 3, 3, 2]


def test_promoters_count_once_per_bin():
    codes = np.tile(encode("C" * 60), (2, 1))
    codes[0, 10:19] = codes[0, 19:28] = encode(CONSENSUS["nfy"])
    binned, total = positions.count_positions(codes, positions.motif_search(Scanner(MOTIFS, 1e-4)))
    assert np.flatnonzero(binned[1][2, 0]).tolist() == [14, 23]
    assert binned[10][2, 0].tolist() == [0, 1, 1, 0, 0, 0]
    assert total[2].tolist() == [1, 0, 1]


ELEMENT = Element("Inr", "BBCABW", 3, 0.0, "", "")


def test_elements_match_as_regular_expressions():
    codes = promoters(40, seed=4)
    codes[3, 50:60] = 4
    hits = find_element(codes, ELEMENT)
    pattern = re.compile("(?=" + "".join(f"[{IUPAC[letter]}]" for letter in ELEMENT.consensus) + ")")
    wanted = set()
    for gene, text in enumerate(map(decode, codes)):
        wanted |= {(gene, match.start(), 1) for match in pattern.finditer(text)}
        backwards = reverse_complement(text)
        wanted |= {(gene, LENGTH - 6 - match.start(), -1) for match in pattern.finditer(backwards)}
    found = {
        (gene, start, side)
        for gene, start, strand in zip(hits.sequence, hits.start, hits.strand, strict=True)
        for side in ((1, -1) if strand == 0 else (strand,))
    }
    assert found == wanted
    assert len(wanted) > 100


def test_an_element_lies_at_its_named_base_on_either_strand():
    codes = np.zeros((2, 40), np.uint8)
    codes[0, 10:16] = encode("TTCAGT")
    codes[1, 10:16] = encode(reverse_complement("TTCAGT"))
    (places,) = positions.element_search([ELEMENT])(codes)
    assert places.position.tolist() == [13, 12]
    assert places.strand.tolist() == [1, -1]


def test_an_element_near_its_expected_place_is_described():
    codes = promoters(1000, seed=5)
    for gene in range(0, 1000, 5):
        codes[gene, UPSTREAM - 3 : UPSTREAM + 3] = encode("TTCAGT")
    search = positions.element_search([ELEMENT])
    found = positions.profiles(codes, search, 3, np.random.default_rng(6))
    described = TABLE.iloc[:1].assign(expected_position=0.0)
    (row,) = positions.position_table(found, described, UPSTREAM).itertuples()
    assert (row.near_position, row.peak_position) == (0, 0)
    assert row.near_q < 1e-6
    profile = positions.profile_table(found, described, UPSTREAM)
    at = profile[(profile["strand"] == "sense") & (profile["position"] == 0)].iloc[0]
    assert at["observed"] == row.near_observed
    assert at["expected"] == pytest.approx(row.near_expected, rel=1e-5)


def test_the_table_of_the_workflow_is_read():
    elements = {element.name: element for element in read_elements(ROOT / "resources" / "core_promoter.tsv")}
    assert elements["Inr"] == ELEMENT._replace(organism=elements["Inr"].organism, source=elements["Inr"].source)
    assert elements["TATA box"].position == -30
    assert np.isnan(elements["TATA box, yeast"].position)
    assert all(element.source for element in elements.values())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("x\tAXC\t0\t0\t\t", "'AXC' is no consensus"),
        ("x\tACC\t3\t0\t\t", "with a base 3"),
        ("x\tACC\tone\t0\t\t", "base 'one'"),
        ("x\tACC\t1\thigh\t\t", "position 'high'"),
    ],
)
def test_wrong_elements_are_refused(tmp_path, line, problem):
    path = tmp_path / "elements.tsv"
    path.write_text("\t".join(core_promoter.COLUMNS) + "\n" + line + "\n")
    with pytest.raises(InputError, match=problem) as error:
        read_elements(path)
    assert error.value.place == f"{path}:2"


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "elements.tsv"
    path.write_text("name\tconsensus\nTATA\tTATAAA\n")
    with pytest.raises(InputError, match="no column base"):
        read_elements(path)
