"""The targets of a motif: planted genes, ties, and the plain sum gene by gene."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_formula import EFFECTS, small_formula

from cisformula import cell_type_formulas, targets

GENES, MOTIFS, BINS, CELL_TYPES = 200, 2, 2, 3
NAMES = pd.DataFrame({"gene_id": [f"g{i}" for i in range(GENES)], "gene_name": [f"N{i}" for i in range(GENES)]})


@pytest.fixture
def hits():
    rng = np.random.default_rng(1)
    return rng.poisson(0.4, (GENES, MOTIFS, BINS)).astype(float)


@pytest.fixture
def effects():
    return np.random.default_rng(2).normal(size=(CELL_TYPES, MOTIFS, BINS))


def by_hand(hits, effects, number):
    """Sort every gene with a hit by its own sum."""
    values = hits @ effects.T
    values = np.round(values - values.mean(axis=0), 12)
    eligible = np.flatnonzero(hits.any(axis=1))
    chosen = [sorted(eligible, key=lambda g: (-abs(column[g]), g))[:number] for column in values.T]
    return np.array(chosen).T, values


@pytest.mark.parametrize("number", [1, 7, 60])
def test_the_strongest_are_those_of_a_sort_of_all_genes(hits, effects, number):
    top = targets.strongest(hits[:, 0], effects[:, 0], number)
    genes, values = by_hand(hits[:, 0], effects[:, 0], number)
    np.testing.assert_array_equal(top.genes, genes)
    np.testing.assert_allclose(top.contributions, np.take_along_axis(values, genes, axis=0), atol=1e-10)


def test_of_equal_contributions_the_earlier_genes_are_taken():
    hits = np.zeros((30, 1))
    hits[10:] = 1
    top = targets.strongest(hits, np.array([[2.0], [-1.0]]), 4)
    np.testing.assert_array_equal(top.genes, [[10, 10], [11, 11], [12, 12], [13, 13]])
    np.testing.assert_allclose(top.contributions, [[2 / 3, -1 / 3]] * 4)


def test_genes_without_a_hit_are_no_targets_even_if_few():
    hits = np.zeros((100, 2))
    hits[[7, 3], 1] = [1, 3]
    top = targets.strongest(hits, np.array([[5.0, 0.5]]), 20)
    np.testing.assert_array_equal(top.genes, [[3], [7]])
    np.testing.assert_allclose(top.contributions, [[1.5 - 0.02], [0.5 - 0.02]])


def test_a_motif_without_hits_has_no_targets():
    top = targets.strongest(np.zeros((5, 1)), np.ones((2, 1)), 3)
    assert top.genes.shape == top.contributions.shape == (0, 2)


def test_the_same_hits_count_more_where_the_effect_is_stronger():
    """Planted: the motif acts upstream in the first cell type, downstream in the second."""
    hits = np.zeros((50, 2))
    hits[4, 0], hits[9, 1] = 2, 2
    top = targets.strongest(hits, np.array([[1.0, 0.1], [0.1, -1.0]]), 1)
    np.testing.assert_array_equal(top.genes, [[4, 9]])
    np.testing.assert_allclose(top.contributions, [[2 - 0.044, -2 + 0.036]])


def test_the_table_has_the_formula_itself_first(hits):
    formula = small_formula()
    cell_types = cell_type_formulas.CellTypeFormulas(
        ["NA", "liver"],
        [motif.id for motif in formula.motifs],
        np.stack([2 * EFFECTS, -EFFECTS]),
        *np.zeros((4, 2, 0)),
    )
    names, effects = targets.with_formula(formula, cell_types)
    assert names == ["", "NA", "liver"]
    table = targets.table(formula, names, effects, hits, NAMES, 5)
    assert table["hits"].dtype == np.int32
    assert list(table) == ["motif", "cell_type", "rank", "gene_id", "gene_name", "contribution", "hits"]
    assert len(table) == MOTIFS * 3 * 5
    assert table["motif"].tolist() == ["MA1"] * 15 + ["R0M1"] * 15
    assert table["cell_type"].tolist() == ([""] * 5 + ["NA"] * 5 + ["liver"] * 5) * 2
    assert table["rank"].tolist() == list(range(1, 6)) * 6
    expected, _values = by_hand(hits[:, 1], EFFECTS[[1]], 5)
    own = table[(table["motif"] == "R0M1") & (table["cell_type"] == "")]
    assert own["gene_id"].tolist() == [f"g{i}" for i in expected[:, 0]]
    assert own["gene_name"].tolist() == [f"N{i}" for i in expected[:, 0]]
    assert own["hits"].tolist() == hits[expected[:, 0], 1].sum(axis=1).tolist()
    scaled = table.set_index(["motif", "cell_type", "rank"])["contribution"].unstack("cell_type")
    np.testing.assert_allclose(scaled["NA"], 2 * scaled[""], rtol=1e-6)
    np.testing.assert_allclose(scaled["liver"], -scaled[""], rtol=1e-6)


def test_mean_activations_are_not_cut_to_whole_numbers():
    formula = replace(small_formula(bins=False), filters={"R0M1": np.ones((8, 4))})
    activation = np.random.default_rng(1).random((GENES, MOTIFS, 1))
    table = targets.table(formula, [""], formula.effects[None], activation, NAMES, 3)
    own = table[table["motif"] == "R0M1"]
    distance = np.abs(activation[:, 1, 0] - activation[:, 1, 0].mean())
    expected = np.argsort(-distance)[:3]
    assert own["gene_id"].tolist() == [f"g{i}" for i in expected]
    np.testing.assert_allclose(own["hits"], activation[expected, 1, 0], rtol=1e-6)
