"""Candidates read back from the files of earlier stages that the test writes."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from cisformula import candidates, features, pwm
from cisformula.pwm import Motif

N_GENES = 25


def write_inputs(folder):
    """Four learned motifs of two runs (the last repeats the first), two known ones; arguments of ``load`` and truth."""
    rng = np.random.default_rng(1)
    words = [rng.dirichlet(np.full(4, 0.1), 8) for _ in range(3)]
    pfms = [words[0], words[1], words[2], words[0]]
    learned = [
        Motif(name, name, pfm, 1000 + i)
        for i, (name, pfm) in enumerate(zip(["R0M0", "R0M5", "R1M2", "R1M7"], pfms, strict=True))
    ]
    known = [
        Motif("MA0002.1", "TFA", rng.dirichlet(np.ones(4), 11)),
        Motif("MA0001.1", "TFB", rng.dirichlet([1] * 4, 7)),
    ]
    hits = [sparse.csr_matrix(rng.poisson(1.0, (N_GENES, n)).astype(np.int32)) for n in (4, 2)]
    pwm.write_meme(folder / "learned.meme", learned)
    pwm.write_meme(folder / "database.meme", known)
    for name, matrix in zip(["learned", "database"], hits, strict=True):
        sparse.save_npz(folder / f"{name}.npz", matrix)
    # The table stands in another order than the motif file: rows are found by motif id.
    table = pd.DataFrame({"motif": ["R1M7", "R0M0", "R1M2", "R0M5"], "run": [1, 0, 1, 0], "filter": [7, 0, 2, 5]})
    table.to_csv(folder / "learned.tsv", sep="\t", index=False)
    names = ["learned.meme", "learned.tsv", "learned.npz", "database.meme", "database.npz"]
    return [str(folder / name) for name in names], [matrix.toarray() for matrix in hits]


def test_columns_follow_the_motif_files(tmp_path):
    files, (learned, known) = write_inputs(tmp_path)
    pool = candidates.load(*files)
    assert list(pool.motifs) == list(pool.sources) == list(pool.features.columns)
    assert list(pool.motifs) == ["R0M0", "R0M5", "R1M2", "R1M7", "MA0002.1", "MA0001.1"]
    assert list(pool.sources.values()) == ["learned"] * 4 + ["database"] * 2
    assert pool.runs == {"R0M0": 0, "R0M5": 0, "R1M2": 1, "R1M7": 1}
    assert pool.database() == ["MA0002.1", "MA0001.1"]
    assert pool.filters == {}
    np.testing.assert_array_equal(pool.matrix(["MA0001.1", "R1M2"]), np.stack([known[:, 1], learned[:, 2]], axis=1))
    assert pool.matrix(["R0M0"]).dtype == np.float64


def test_representatives_come_from_the_runs_asked_for_and_one_per_cluster(tmp_path):
    pool = candidates.load(*write_inputs(tmp_path)[0])
    assert sorted(pool.representatives({0}, 0.9, 6)) == ["R0M0", "R0M5"]
    assert sorted(pool.representatives({1}, 0.9, 6)) == ["R1M2", "R1M7"]
    # R0M0 and R1M7 are one motif; the earlier stands for both.
    assert sorted(pool.representatives({0, 1}, 0.9, 6)) == ["R0M0", "R0M5", "R1M2"]


def test_published_features_are_the_mean_activations_of_each_motifs_own_filter(tmp_path):
    files, (_, known) = write_inputs(tmp_path)
    rng = np.random.default_rng(2)
    filters = {run: rng.random((8, 8, 4)).astype(np.float32) for run in (0, 1)}
    codes = rng.integers(0, 4, (N_GENES, 50)).astype(np.uint8)
    pool = candidates.load(*files, filters=filters, codes=codes)
    for name, run, number in (("R0M0", 0, 0), ("R0M5", 0, 5), ("R1M2", 1, 2), ("R1M7", 1, 7)):
        np.testing.assert_array_equal(pool.filters[name], filters[run][number])
        expected = features.mean_activation(codes, filters[run][number : number + 1])
        np.testing.assert_allclose(pool.matrix([name]), expected, rtol=1e-12)
    assert set(pool.filters) == {"R0M0", "R0M5", "R1M2", "R1M7"}, "known motifs are read by their hits"
    np.testing.assert_array_equal(pool.matrix(["MA0002.1", "MA0001.1"]), known)


def test_rounding_does_not_add_to_the_rank_of_published_features(tmp_path):
    files, _ = write_inputs(tmp_path)
    rng = np.random.default_rng(3)
    filters = {run: rng.random((8, 8, 4)) for run in (0, 1)}
    filters[1][7] = filters[0][0] + filters[0][5]  # one column is the sum of two others
    codes = rng.integers(0, 4, (N_GENES, 50)).astype(np.uint8)
    X = candidates.load(*files, filters=filters, codes=codes).matrix(["R0M0", "R0M5", "R1M2", "R1M7"])
    values = np.linalg.svd((X - X.mean(axis=0)) / X.std(axis=0), compute_uv=False)
    assert values[2] > 1e-3 * values[0]
    assert values[3] == pytest.approx(0, abs=1e-11 * values[0])
