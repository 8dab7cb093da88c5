"""Candidates read back from the files of earlier stages that the test writes."""

import weakref
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from cisformula import candidates, features, hits, pwm
from cisformula.pwm import Motif

N_GENES, LENGTH = 25, 50
EDGES = np.array([0, 20, 50])
NONE = np.empty((N_GENES, 0))
LEARNED, KNOWN = ["R0M0", "R0M5", "R1M2", "R1M7"], ["MA0002.1", "MA0001.1"]


def write_inputs(folder):
    """Four learned motifs of two runs (the last repeats the first), two known ones, hits in two bins and two readings.

    Returns the arguments of ``load``, and the hits of each reading: shapes (genes, motifs, bins), learned and known.
    """
    rng = np.random.default_rng(1)
    words = [rng.dirichlet(np.full(4, 0.1), 8) for _ in range(3)]
    pfms = [words[0], words[1], words[2], words[0]]
    learned = [Motif(name, name, pfm, 1000 + i) for i, (name, pfm) in enumerate(zip(LEARNED, pfms, strict=True))]
    known = [
        Motif("MA0002.1", "TFA", rng.dirichlet(np.ones(4), 11)),
        Motif("MA0001.1", "TFB", rng.dirichlet([1] * 4, 7)),
    ]
    pwm.write_meme(folder / "learned.meme", learned)
    pwm.write_meme(folder / "database.meme", known)
    truth = {}
    for reading, mean in (("strict", 1.0), ("loose", 4.0)):
        truth[reading] = [rng.poisson(mean, (N_GENES, n, 2)).astype(np.int32) for n in (4, 2)]
        for name, counts in zip(("learned", "database"), truth[reading], strict=True):
            sparse.save_npz(folder / f"{name}_{reading}.npz", sparse.csr_matrix(counts.reshape(N_GENES, -1)))
    # The table stands in another order than the motif file: rows are found by motif id.
    table = pd.DataFrame({"motif": ["R1M7", "R0M0", "R1M2", "R0M5"], "run": [1, 0, 1, 0], "filter": [7, 0, 2, 5]})
    table["network"] = "main"
    table.to_csv(folder / "learned.tsv", sep="\t", index=False)
    arguments = {
        "database_meme": str(folder / "database.meme"),
        "learned_meme": str(folder / "learned.meme"),
        "learned_table": str(folder / "learned.tsv"),
        "edges": EDGES,
        "composition": NONE,
    }
    for name in ("learned", "database"):
        arguments[f"{name}_hits"] = {reading: str(folder / f"{name}_{reading}.npz") for reading in truth}
    return arguments, truth


def random_filters(seed):
    """Eight filters of each of two runs, and sequences for them to read."""
    rng = np.random.default_rng(seed)
    filters = {run: rng.random((8, 8, 4)) for run in (0, 1)}
    return filters, rng.integers(0, 4, (N_GENES, LENGTH)).astype(np.uint8)


def test_counts_follow_the_motif_files(tmp_path):
    arguments, truth = write_inputs(tmp_path)
    pool = candidates.load(**arguments)
    assert list(pool.motifs) == list(pool.sources) == LEARNED + KNOWN
    assert list(pool.sources.values()) == ["learned"] * 4 + ["database"] * 2
    assert pool.runs == {"R0M0": 0, "R0M5": 0, "R1M2": 1, "R1M7": 1}
    assert pool.filters == {}
    assert pool.n_bins == 2
    assert list(pool.counts) == ["strict", "loose"]
    for reading, (learned, known) in truth.items():
        expected = np.stack([known[:, 1], learned[:, 2]], axis=1)
        np.testing.assert_array_equal(pool.binned(["MA0001.1", "R1M2"], reading), expected)
        np.testing.assert_array_equal(pool.matrix(["MA0001.1", "R1M2"], reading), expected.sum(axis=2))
    assert pool.matrix(["R0M0"], "strict").dtype == np.float64


def test_known_motifs_alone_need_no_learned_ones(tmp_path):
    arguments, truth = write_inputs(tmp_path)
    pool = candidates.load(**{key: value for key, value in arguments.items() if not key.startswith("learned")})
    assert list(pool.motifs) == KNOWN
    assert pool.runs == pool.filters == {}
    np.testing.assert_array_equal(pool.counts["loose"], truth["loose"][1])


def test_motifs_that_are_not_wanted_are_not_kept(tmp_path):
    arguments, truth = write_inputs(tmp_path)
    for only in ({"MA0001.1", "R1M2"}, {"R0M5"}, {"MA0002.1"}):
        pool = candidates.load(**arguments, only=only)
        assert set(pool.motifs) == only
        for reading, parts in truth.items():
            wanted = [column for column, name in enumerate(LEARNED + KNOWN) if name in only]
            np.testing.assert_array_equal(pool.counts[reading], np.concatenate(parts, axis=1)[:, wanted])


def test_hits_counted_in_bins_are_those_of_the_scanner(tmp_path, monkeypatch):
    rng = np.random.default_rng(4)
    motifs = [Motif(name, name, rng.dirichlet(np.full(4, 0.3), width)) for name, width in (("a", 6), ("b", 9))]
    codes = rng.integers(0, 4, (40, LENGTH)).astype(np.uint8)
    counts = hits.count_hits(codes, motifs, 0.02, grades=3, bin_edges=EDGES)
    sparse.save_npz(tmp_path / "hits.npz", counts)
    monkeypatch.setattr(candidates, "GENES_AT_ONCE", 7)
    read = candidates.read_hits([candidates.HitFile.of(tmp_path / "hits.npz", motifs)])
    assert read.shape == (40, 2, 2)
    np.testing.assert_array_equal(read, hits.Scanner(motifs, 0.02, grades=3).count(codes, EDGES))


def test_hits_of_many_bins_are_added_up_where_there_is_one(tmp_path):
    arguments, truth = write_inputs(tmp_path)
    pool = candidates.load(**arguments | {"edges": np.array([0, LENGTH])})
    expected = np.concatenate(truth["strict"], axis=1).sum(axis=2, keepdims=True)
    np.testing.assert_array_equal(pool.counts["strict"], expected)


def test_counts_of_one_reading_at_a_time_are_kept(tmp_path, monkeypatch):
    read, kept = candidates.read_hits, []

    def noted(files, **options):
        assert all(counts() is None for counts in kept), "gone before the next is read"
        kept.append(weakref.ref(counts := read(files, **options)))
        return counts

    monkeypatch.setattr(candidates, "read_hits", noted)
    pool = candidates.load(**write_inputs(tmp_path)[0])
    for reading in ("strict", "strict", "loose"):
        pool.matrix(["MA0001.1"], reading)
        pool.binned(["MA0001.1"], reading)
    assert [counts() is not None for counts in kept] == [False, True], "read once each, and one left"
    pool.matrix(["R1M2"], "strict")
    assert len(kept) == 2, "totals of all readings are kept"
    with pytest.raises(KeyError, match="other"):
        pool.counts["other"]


def test_candidates_come_from_the_runs_asked_for_and_near_identical_ones_are_together(tmp_path):
    pool = candidates.load(**write_inputs(tmp_path)[0])
    alone = [[name] for name in KNOWN]
    assert pool.groups(set(), 0.95, 6) == alone
    assert pool.groups({0}, 0.95, 6) == [["R0M0"], ["R0M5"], *alone]
    assert pool.groups({1}, 0.95, 6) == [["R1M2"], ["R1M7"], *alone]
    assert pool.groups({0, 1}, 0.95, 6) == [["R0M0", "R1M7"], ["R0M5"], ["R1M2"], *alone]
    turned = Motif("MA0001.1", "TFB", pool.motifs["R0M0"].pfm[::-1, ::-1])
    pool = replace(pool, motifs=pool.motifs | {"MA0001.1": turned})
    assert pool.groups({0, 1}, 0.95, 6) == [["R0M0", "R1M7", "MA0001.1"], ["R0M5"], ["R1M2"], ["MA0002.1"]]


def test_motifs_of_a_further_network_are_candidates_where_its_run_held_out_the_fold(tmp_path):
    arguments, truth = write_inputs(tmp_path)
    names = {"R0M0": "R0M0", "R0M5": "R1M0", "R1M2": "A0M2", "R1M7": "A1M7"}
    for file in ("learned.meme", "learned.tsv"):
        text = (tmp_path / file).read_text()
        for old, new in names.items():
            text = text.replace(old, new)
        (tmp_path / file).write_text(text)
    table = pd.read_csv(tmp_path / "learned.tsv", sep="\t")
    table["network"] = np.where(table["motif"].str.startswith("A"), "argminn", "main")
    table["run"] = table["motif"].str[1].astype(int)
    table.to_csv(tmp_path / "learned.tsv", sep="\t", index=False)
    pool = candidates.load(**arguments)
    assert list(pool.sources) == [*names.values(), *KNOWN]
    assert list(pool.sources.values()) == ["learned"] * 2 + ["ARGMINN"] * 2 + ["database"] * 2
    alone = [[name] for name in KNOWN]
    assert pool.groups({0}, 0.95, 6) == [["R0M0"], ["A0M2"], *alone]
    assert pool.groups({1}, 0.95, 6) == [["R1M0"], ["A1M7"], *alone]
    of_networks = [[motif.id for motif in motifs] for motifs in pool.networks()]
    assert of_networks == [["R0M0"], ["R1M0"], ["A0M2"], ["A1M7"]], "two networks share a run's number, not its motifs"
    np.testing.assert_array_equal(pool.matrix(["A1M7"], "strict")[:, 0], truth["strict"][0][:, 3].sum(axis=1))


def test_a_group_is_represented_by_the_known_motif_that_goes_best_with_the_target(tmp_path):
    pool = candidates.load(**write_inputs(tmp_path)[0])
    rows = np.arange(N_GENES) < 20
    target = np.where(rows, -pool.matrix(["MA0001.1"], "strict")[:, 0], 1e3 * pool.matrix(["MA0002.1"], "strict")[:, 0])
    groups = [["R0M0", "MA0002.1", "MA0001.1"], ["R0M5"]]
    assert pool.representatives(groups, "strict", rows, target) == ["MA0001.1", "R0M5"]
    assert pool.representatives(groups, "strict", ~rows, target) == ["MA0002.1", "R0M5"]


def test_learned_motifs_represent_a_group_without_known_ones(tmp_path):
    pool = candidates.load(**write_inputs(tmp_path)[0])
    rows, target = np.ones(N_GENES, dtype=bool), pool.matrix(["R1M7"], "loose")[:, 0]
    assert pool.representatives([["R0M0", "R1M7"]], "loose", rows, target) == ["R1M7"]
    constant = np.zeros(N_GENES)
    assert pool.representatives([["R0M0", "R1M7"]], "loose", rows, constant) == ["R0M0"], "ties go to the first"


def test_published_features_are_the_mean_activations_of_each_motifs_own_filter(tmp_path):
    arguments, truth = write_inputs(tmp_path)
    filters, codes = random_filters(2)
    pool = candidates.load(**arguments | {"edges": np.array([0, LENGTH])}, filters=filters, codes=codes)
    for name, run, number in (("R0M0", 0, 0), ("R0M5", 0, 5), ("R1M2", 1, 2), ("R1M7", 1, 7)):
        np.testing.assert_array_equal(pool.filters[name], filters[run][number])
        expected = features.mean_activation(codes, filters[run][number : number + 1])
        np.testing.assert_allclose(pool.matrix([name], "strict"), expected, rtol=1e-12)
    assert set(pool.filters) == set(LEARNED), "known motifs are read by their hits"
    for reading, (_, known) in truth.items():
        np.testing.assert_array_equal(pool.matrix(KNOWN, reading), known.sum(axis=2))


def test_rounding_does_not_add_to_the_rank_of_published_features(tmp_path):
    arguments, _ = write_inputs(tmp_path)
    filters, codes = random_filters(3)
    filters[1][7] = filters[0][0] + filters[0][5]  # one column is the sum of two others
    pool = candidates.load(**arguments | {"edges": np.array([0, LENGTH])}, filters=filters, codes=codes)
    X = pool.matrix(LEARNED, "strict")
    values = np.linalg.svd((X - X.mean(axis=0)) / X.std(axis=0), compute_uv=False)
    assert values[2] > 1e-3 * values[0]
    assert values[3] == pytest.approx(0, abs=1e-11 * values[0])


# From the files and parameters of a job -------------------------------------------------------------------------------


def job(folder, **changes):
    """Files and parameters of a job as the rules name them, and the sequences it reads."""
    arguments, truth = write_inputs(folder)
    filters, codes = random_filters(5)
    files = SimpleNamespace(
        database=arguments["database_meme"],
        database_hits=list(arguments["database_hits"].values()),
        learned=arguments["learned_meme"],
        learned_table=arguments["learned_table"],
        learned_hits=list(arguments["learned_hits"].values()),
        filters=[str(folder / f"filters_{run}.npy") for run in filters],
    )
    for path, of_run in zip(files.filters, filters.values(), strict=True):
        np.save(path, of_run)
    params = {"readings": ["strict", "loose"], "feature_mode": "hits", "bin_width": 25, "composition": True} | changes
    return files, SimpleNamespace(**params), codes, truth


def test_a_job_gets_its_readings_bins_and_composition(tmp_path):
    files, params, codes, truth = job(tmp_path)
    pool = candidates.from_files(files, params, codes)
    assert pool.edges.tolist() == [0, 25, 50]
    np.testing.assert_array_equal(pool.counts["loose"], np.concatenate(truth["loose"], axis=1))
    names = ["A[0:25]", "A[25:50]", "C[0:25]", "C[25:50]", "G[0:25]", "G[25:50]", "CG[0:25]", "CG[25:50]"]
    np.testing.assert_array_equal(pool.composition, features.covariates(codes, names))


def test_composition_stays_out_if_the_configuration_says_so(tmp_path):
    files, params, codes, _ = job(tmp_path, composition=False)
    assert candidates.from_files(files, params, codes).composition.shape == (N_GENES, 0)


def test_a_single_reading_may_come_as_a_text(tmp_path):
    files, params, codes, truth = job(tmp_path, readings=["loose"])
    files.database_hits, files.learned_hits = files.database_hits[1], files.learned_hits[1]
    pool = candidates.from_files(files, params, codes)
    np.testing.assert_array_equal(pool.counts["loose"], np.concatenate(truth["loose"], axis=1))


def test_mean_activations_have_one_bin_whatever_the_hits_were_counted_in(tmp_path):
    files, params, codes, truth = job(tmp_path, feature_mode="mean_activation")
    pool = candidates.from_files(files, params, codes)
    assert (pool.n_bins, pool.composition.shape[1], pool.counts["strict"].shape) == (1, 4, (N_GENES, 6, 1))
    expected = features.mean_activation(codes, np.load(files.filters[1])[7:8])
    np.testing.assert_allclose(pool.matrix(["R1M7"], "strict"), expected, rtol=1e-12)
    for name in ("learned", "learned_table", "learned_hits", "filters"):
        delattr(files, name)
    pool = candidates.from_files(files, params, codes)
    np.testing.assert_array_equal(pool.counts["strict"], truth["strict"][1].sum(axis=2, keepdims=True))
