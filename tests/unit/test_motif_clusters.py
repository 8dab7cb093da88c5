"""Clusters of planted motif families."""

import numpy as np
import pandas as pd
import pytest

from cisformula.motif_clusters import COLUMNS, cluster_motifs, representatives
from cisformula.pwm import Motif

FAMILIES = {"ets": "ACCGGAAGTG", "yy1": "CAAGATGGCG", "nrf1": "TGCGCATGCG"}


def member(name, consensus, noise=0.0, seed=0):
    pfm = np.eye(4)[["ACGT".index(base) for base in consensus]]
    scatter = np.random.default_rng(seed).dirichlet(np.ones(4), len(consensus))
    return Motif(name, name, (1 - noise) * pfm + noise * scatter)


def families():
    """Three families of eight columns out of ten, shifted and on either strand; ids tell the run."""
    ets, yy1, nrf1 = FAMILIES.values()
    return [
        member("R0M0", yy1[:8], 0.05, 1),
        member("R0M1", ets[1:9], 0.05, 2),
        member("R1M0", ets[:8], 0.20, 3),
        member("R1M7", ets[2:], 0.20, 4).reverse_complement(),
        member("R2M3", ets[1:9], 0.30, 5).reverse_complement(),
        member("R2M4", yy1[2:], 0.10, 6),
        member("R2M5", nrf1[:8], 0.10, 7),
    ]


def test_planted_families_are_found():
    table = cluster_motifs(families(), cluster_similarity=0.8)
    assert list(table.columns) == COLUMNS
    assert table["motif"].tolist() == [motif.id for motif in families()]
    # ETS: four motifs of three runs; YY1: two of two; NRF1: one.
    assert table["cluster"].tolist() == [2, 1, 1, 1, 1, 2, 3]
    assert table["cluster_size"].tolist() == [2, 4, 4, 4, 4, 2, 1]
    assert table["n_runs"].tolist() == [2, 3, 3, 3, 3, 2, 1]
    assert set(table.loc[table["cluster"] == 1, "representative"]) == {"R0M1"}


def test_members_lie_on_their_representative_as_the_table_says():
    motifs = families()
    by_id = {motif.id: motif for motif in motifs}
    table = cluster_motifs(motifs, cluster_similarity=0.8)
    ets = table[table["cluster"] == 1]
    assert ets["motif"].tolist() == ["R0M1", "R1M0", "R1M7", "R2M3"]
    assert ets["offset"].tolist() == [0, -1, 1, 0]
    assert ets["reverse"].tolist() == [False, False, True, True]
    for row in table.itertuples():
        representative, one = by_id[row.representative].pfm, by_id[row.motif]
        pfm = one.reverse_complement().pfm if row.reverse else one.pfm
        columns = [i for i in range(len(pfm)) if 0 <= i + row.offset < len(representative)]
        aligned = representative[[i + row.offset for i in columns]].ravel()
        assert np.corrcoef(pfm[columns].ravel(), aligned)[0, 1] == pytest.approx(row.similarity, abs=1e-8)


def test_representatives_follow_the_cluster_numbers():
    motifs = families()
    table = cluster_motifs(motifs, cluster_similarity=0.8)
    chosen = representatives(motifs, table)
    assert [motif.id for motif in chosen] == ["R0M1", "R0M0", "R2M5"]
    for number, motif in enumerate(chosen, start=1):
        assert table.loc[table["cluster"] == number, "representative"].eq(motif.id).all()


def test_a_tie_for_the_representative_goes_to_information_then_file_order():
    sharp, vague = member("R1M1", "ACCGGAAG"), Motif("R0M0", "R0M0", 0.5 * member("x", "ACCGGAAG").pfm + 0.125)
    # A shrunk motif correlates perfectly, so both have the same mean similarity.
    table = cluster_motifs([vague, sharp, member("R2M2", "ACCGGAAG")])
    assert set(table["representative"]) == {"R1M1"}


def test_the_order_of_the_file_does_not_change_the_groups():
    motifs = families()
    there = cluster_motifs(motifs, 0.8).set_index("motif")
    back = cluster_motifs(motifs[::-1], 0.8).set_index("motif").loc[there.index]
    pd.testing.assert_series_equal(there["cluster"], back["cluster"])
    pd.testing.assert_series_equal(there["representative"], back["representative"])


def test_the_cut_is_the_mean_similarity():
    # A against C at one of eight columns changed: correlation 1 - 4/3/8.
    motifs = [member("R0M0", "ACGTACCA"), member("R1M0", "ACGTACCC")]
    similarity = 1 - 4 / 3 / 8
    assert cluster_motifs(motifs, similarity - 1e-6, min_overlap=8)["cluster"].tolist() == [1, 1]
    assert cluster_motifs(motifs, similarity, min_overlap=8)["cluster"].tolist() == [1, 1]
    assert cluster_motifs(motifs, similarity + 1e-6, min_overlap=8)["cluster"].tolist() == [1, 2]


def test_one_motif_is_one_cluster():
    table = cluster_motifs([member("R3M1", "ACGTACCA")])
    assert table.iloc[0].to_dict() == {
        "motif": "R3M1",
        "cluster": 1,
        "representative": "R3M1",
        "similarity": 1.0,
        "offset": 0,
        "reverse": False,
        "cluster_size": 1,
        "n_runs": 1,
    }


def test_clusters_are_counted_by_networks_and_runs():
    names = ("R0M0", "R0M3", "A0M1", "A0M2", "R10M1", "A1M0")
    table = cluster_motifs([member(name, "ACGTACCA") for name in names])
    assert table["cluster_size"].tolist() == [6] * 6
    assert table["n_runs"].tolist() == [4] * 6, "R0, A0, R10 and A1"


def test_ids_without_a_run_count_as_one_run():
    assert cluster_motifs([member("a", "ACGTACCA"), member("b", "ACGTACCA")])["n_runs"].tolist() == [1, 1]
