"""Gene sets: the file format, and tests against SciPy's own and a planted set."""

import gzip

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from cisformula import gene_sets
from cisformula.errors import InputError
from cisformula.gene_sets import GeneSet

GENES = pd.DataFrame({"gene_id": ["ENSG01.3", "ENSG02.1", "ENSG03.9"], "gene_name": ["TP53", "NA", "TP53"]})


def write(tmp_path, text, packed=False):
    path = tmp_path / "sets.gmt"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_a_gmt_file_is_read_whole(tmp_path, packed):
    text = "\ufeffÖstrogen\tcosts 5 €\tTP53\tNA\tTP53\t\t\r\n\n  \nempty description\t\tMYC\n"
    assert gene_sets.read_gmt(write(tmp_path, text, packed)) == [
        GeneSet("Östrogen", "costs 5 €", ["TP53", "NA"]),
        GeneSet("empty description", "", ["MYC"]),
    ]


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a\tb\tTP53\nc\td\n", "sets.gmt:2", "description and genes"),
        ("a\tb\tTP53\nname only\n", "sets.gmt:2", "separated by tabs"),
        ("\tb\tTP53\n", "sets.gmt:1", "needs a name"),
        ("a\tb\tTP53\n\na\tc\tMYC\n", "sets.gmt:3", "'a' is there already, in line 1"),
        ("\n\n", "sets.gmt", "no gene set"),
    ],
)
def test_mistakes_in_a_file_are_told_with_their_line(tmp_path, text, place, problem):
    path = write(tmp_path, text)
    with pytest.raises(InputError, match=problem) as error:
        gene_sets.read_gmt(path)
    assert error.value.place == str(tmp_path / place)


def test_damaged_gzip_is_told(tmp_path):
    path = write(tmp_path, "".join(f"set {i}\tb\tTP53\n" for i in range(100)), packed=True)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match="damaged or cut short"):
        gene_sets.read_gmt(path)


def test_genes_are_matched_by_id_or_name_whichever_finds_more():
    by_id = gene_sets.match([GeneSet("a", "", ["ENSG01", "ENSG03.2", "TP53"]), GeneSet("b", "", ["x"])], GENES, "f")
    assert by_id[1:] == ("gene_id", 4, 2)
    assert by_id.matrix.toarray().tolist() == [[1, 0, 1], [0, 0, 0]]
    by_name = gene_sets.match([GeneSet("a", "", ["TP53", "NA", "x"]), GeneSet("b", "", ["TP53"])], GENES, "f")
    assert by_name[1:] == ("gene_name", 3, 2)
    assert by_name.matrix.toarray().tolist() == [[1, 1, 1], [1, 0, 1]], "two genes are called TP53"


def test_two_versions_of_an_id_are_one_gene():
    members = gene_sets.match([GeneSet("a", "", ["ENSG01.1", "ENSG01.2"])], GENES, "f")
    assert members.matrix.sum() == 1


def test_sets_of_another_species_are_refused():
    with pytest.raises(InputError, match=r"none of its 2 genes \(Myc, Trp53 ...\)"):
        gene_sets.match([GeneSet("a", "", ["Trp53", "Myc"])], GENES, "f")


def test_p_and_odds_ratio_are_those_of_fishers_exact_test():
    rng = np.random.default_rng(1)
    chosen = rng.random((4, 60)) < np.array([[0.1], [0.3], [0.9], [0.0]])
    belongs = rng.random((6, 60)) < np.array([[0.05], [0.2], [0.5], [0.9], [1.0], [0.0]])
    found = gene_sets.over_representation(chosen, sparse.csr_array(belongs.astype(np.int64)))
    for test, targets in enumerate(chosen):
        for number, members in enumerate(belongs):
            counts = [
                [(targets & members).sum(), (targets & ~members).sum()],
                [(~targets & members).sum(), (~targets & ~members).sum()],
            ]
            expected = stats.fisher_exact(counts, alternative="greater")
            np.testing.assert_allclose(found["p"][test, number], expected.pvalue, rtol=1e-9)
            np.testing.assert_allclose(found["odds_ratio"][test, number], expected.statistic, equal_nan=True)
            assert found["overlap"][test, number] == counts[0][0]
            assert found["targets"][test, number] == targets.sum()
            assert found["set_size"][test, number] == members.sum()


def test_the_strongest_effects_on_the_deviation_name_the_cell_types():
    effects = pd.DataFrame(
        [
            ("expression", "M1", "brain", 9.0),
            ("deviation", "M1", "brain", 0.1),
            ("deviation", "M1", "NA", -0.3),
            ("deviation", "M1", "liver", 0.2),
            ("deviation", "M2", "liver", np.nan),
        ],
        columns=["target", "motif", "cell_type", "coefficient"],
    )
    assert gene_sets.peak_cell_types(effects, 2) == {"M1": ["NA", "liver"]}
    assert gene_sets.peak_cell_types(effects, 0) == {"M1": []}


def test_equal_contributions_are_drawn_from_evenly():
    hits = np.ones((1000, 1))
    hits[:20] = 2
    hits[980:] = 0
    chosen = gene_sets.chosen_targets(hits, np.array([[1.0], [-2.0]]), 100, np.random.default_rng(1))
    assert chosen.shape == (2, 1000)
    assert chosen.sum(axis=1).tolist() == [100, 100]
    assert chosen[:, :20].all(), "two hits are stronger than one"
    assert not chosen[:, 980:].any()
    assert 20 < chosen[0, 20:500].sum() < 60, "40 expected of the first half of the genes with one hit"


def planted_table(rng, n_sets=200):
    """200 random sets of 20 genes, and one that holds half of the targets of the second test."""
    chosen = np.zeros((3, 2000), dtype=bool)
    for row in chosen:
        row[rng.choice(2000, 100, replace=False)] = True
    genes = pd.DataFrame({"gene_id": [f"g{i}" for i in range(2000)], "gene_name": ""})
    sets = [GeneSet(f"s{i}", "random", [f"g{j}" for j in rng.choice(2000, 20, replace=False)]) for i in range(n_sets)]
    members = [f"g{j}" for j in np.flatnonzero(chosen[1])[:50]] + [f"g{j}" for j in np.flatnonzero(~chosen[1])[:50]]
    sets += [GeneSet("planted", "half", members), GeneSet("tiny", "", ["g1"])]
    tests = pd.DataFrame({"motif": ["M1", "M1", "M2"], "name": ["A", "A", "NA"], "cell_type": ["", "liver", ""]})
    return gene_sets.table(tests, chosen, sets, gene_sets.match(sets, genes, "f"), 5, 500)


def test_a_planted_set_is_found_and_little_else():
    table = planted_table(np.random.default_rng(1))
    assert list(table) == ["motif", "name", "cell_type", "gene_set", "description", *gene_sets.TEST]
    found = table[table["q"] < 0.05]
    assert found[["motif", "cell_type", "gene_set"]].to_numpy().tolist() == [["M1", "liver", "planted"]]
    row = found.iloc[0]
    assert row[["universe", "set_size", "targets", "overlap"]].tolist() == [2000, 100, 100, 50]
    assert row["odds_ratio"] == pytest.approx(50 * 1850 / (50 * 50))
    assert row["p"] == pytest.approx(stats.hypergeom.sf(49, 2000, 100, 100))
    assert row["q"] == pytest.approx(row["p"] * 3 * 201), "Benjamini-Hochberg counts the tests that are not written"
    assert (table["p"] <= gene_sets.LARGEST_P).all()
    assert "tiny" not in set(table["gene_set"])


def test_sets_of_the_wrong_size_alone_are_refused():
    genes = GENES.assign(gene_id=["a", "b", "c"])
    sets = [GeneSet("s", "", ["a", "b"])]
    tests = pd.DataFrame({"motif": ["M1"], "name": ["A"], "cell_type": [""]})
    with pytest.raises(InputError, match="no gene set has 3 to 9 of the tested genes; the largest has 2"):
        gene_sets.table(tests, np.ones((1, 3), dtype=bool), sets, gene_sets.match(sets, genes, "f"), 3, 9)
