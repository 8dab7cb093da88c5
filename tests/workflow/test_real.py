"""Reduced runs on real human and yeast data, against numbers known from other programs and from the literature."""

import numpy as np
import pandas as pd
import pytest
import yaml

from cisformula import pwm, similarity

from .conftest import ROOT

REDUCED = {
    "splits": {"compare": []},
    "comparison_networks": [],
    "model": {"runs": 5, "filters": 16, "epochs": 4},
    "formula": {"selection": "lasso"},
    "cell_type_effects": {"permutations": 20},
}
INPUTS = ("genome", "annotation", "expression", "cell_types", "gene_id_map", "motif_database")
HEAT_SHOCK = "Heat.Shock.15.minutes.hs.1"
YEAST_TRUTH = {"STRE": ("AAGGGG", 1), "PAC": ("GCGATGAG", -1), "RRPE": ("AAAAATTT", -1)}
"""Word and sign of its effect on expression after heat shock (Gasch et al. 2000)."""


def _config(name, data):
    config = yaml.safe_load((ROOT / "tests" / "real" / f"{name}.yaml").read_text())
    for key in INPUTS:
        if config.get(key):
            config[key] = config[key].replace("../shared/data", str(data))
    return {**config, **REDUCED, "model": {**config.get("model", {}), **REDUCED["model"]}}


def _performance(results):
    table = pd.read_csv(results / "formula" / "performance.tsv", sep="\t")
    return table[(table["fold"] == "all") & (table["split"] == "chromosome")].set_index("predictor")["r2"]


def _share_called_on_permuted_genes(results):
    null = pd.read_csv(results / "cell_types" / "null.tsv", sep="\t")
    assert null.groupby("target").size().to_dict() == {"deviation": 20, "expression": 20}
    return null.groupby("target")["significant_share"].mean()


@pytest.mark.data
def test_human_promoters(checkout, data):
    result = checkout.run("predictive_power", "results/human/cell_types/null.tsv", config=_config("human", data))

    assert result.returncode == 0, result.stderr[-3000:]
    genes = pd.read_csv(checkout.results("human") / "expression" / "genes.tsv", sep="\t")
    assert len(genes) == 11_644
    r2 = _performance(checkout.results("human"))
    reference = {"base_composition": 0.091, "gc_cpg": 0.209, "4mer_ridge": 0.326, "2to5mer_ridge": 0.345}
    for predictor, expected in reference.items():
        assert r2[predictor] == pytest.approx(expected, abs=0.005)
    assert r2["formula"] > r2["2to5mer_ridge"] + 0.01
    assert (_share_called_on_permuted_genes(checkout.results("human")) <= 0.001).all()


@pytest.mark.data
def test_yeast_heat_shock(checkout, data):
    result = checkout.run("cell_type_atlas", config=_config("yeast", data))

    assert result.returncode == 0, result.stderr[-3000:]
    results = checkout.results("yeast")
    assert (_share_called_on_permuted_genes(results) <= 0.001).all()
    effects = pd.read_csv(results / "cell_types" / "effects.tsv.gz", sep="\t")
    effects = effects[(effects["cell_type"] == HEAT_SHOCK) & (effects["target"] == "expression")].set_index("motif")
    motifs = pwm.read_meme(results / "formula" / "formula.meme")
    for word, sign in YEAST_TRUTH.values():
        wanted = pwm.Motif(word, word, np.array([np.eye(4)["ACGT".index(base)] for base in word]))
        close = similarity.best_alignment(motifs, [wanted], len(word)).similarity[:, 0] > 0.8
        t = effects.loc[[motif.id for motif, near in zip(motifs, close, strict=True) if near], "t"]
        assert len(t) > 0, word
        strongest = t.loc[t.abs().idxmax()]
        assert np.sign(strongest) == sign
        assert abs(strongest) > 2, word
