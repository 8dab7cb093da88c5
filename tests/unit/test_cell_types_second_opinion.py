"""decoupler's scores against statsmodels, and the agreement of tables."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from cisformula.cell_types import second_opinion


@pytest.fixture(scope="module")
def small():
    rng = np.random.default_rng(51)
    genes = [f"g{i}" for i in range(120)]
    hits = pd.DataFrame(rng.poisson(1.0, (120, 4)).astype(float), index=genes, columns=["z/1", "a b", "M::2", "none"])
    hits["none"] = 0.0
    hits["twice"] = hits["a b"]
    values = pd.DataFrame(rng.normal(size=(120, 3)), index=genes, columns=["x", "y", "w"])
    values["y"] += hits["M::2"]
    return hits, values


def test_scores_are_t_values_of_linear_models(small):
    hits, values = small
    found = second_opinion.scores(hits, values)
    assert set(found) == {"ulm", "mlm"}
    motifs = ["z/1", "a b", "M::2"]
    for cell_type in values:
        together = sm.OLS(values[cell_type], sm.add_constant(hits[motifs])).fit()
        for motif in motifs:
            alone = sm.OLS(values[cell_type], sm.add_constant(hits[[motif]])).fit()
            assert found["ulm"].loc[cell_type, motif] == pytest.approx(alone.tvalues[motif], rel=1e-4)
            assert found["mlm"].loc[cell_type, motif] == pytest.approx(together.tvalues[motif], rel=1e-4)
    for table in found.values():
        assert set(table.columns) == set(motifs), "a constant and a repeated motif are left out"


def test_the_table_holds_every_score_once(small):
    found = second_opinion.scores(*small)
    table = second_opinion.scores_table(found).set_index(["motif", "cell_type"])
    assert len(table) == 9
    assert table.loc[("M::2", "y"), "ulm"] == found["ulm"].loc["y", "M::2"]
    assert table.loc[("a b", "w"), "mlm"] == found["mlm"].loc["w", "a b"]


def test_agreement_is_over_pairs_motifs_and_cell_types():
    rng = np.random.default_rng(52)
    ours = pd.DataFrame(rng.normal(size=(6, 3)), index=list("abcdef"), columns=["m", "n", "o"])
    ours["o"] = np.nan
    theirs = (2 * ours + 1)[["n", "m"]].iloc[::-1]
    theirs["m"] = -theirs["m"]
    table = second_opinion.agreement({"t": ours}, {"ulm": theirs}).set_index(["level", "name"])
    assert len(table) == 1 + 2 + 6
    assert table.loc[("motif", "n"), "pearson"] == pytest.approx(1)
    assert table.loc[("motif", "m"), "spearman"] == pytest.approx(-1)
    assert table.loc[("all", ""), "n"] == 12
    a, b = ours[["m", "n"]].to_numpy().ravel(), theirs.loc[ours.index, ["m", "n"]].to_numpy().ravel()
    assert table.loc[("all", ""), "pearson"] == pytest.approx(stats.pearsonr(a, b).statistic)
    assert np.isnan(table.loc[("cell_type", "a"), "pearson"]), "two motifs are too few"
