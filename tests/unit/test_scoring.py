"""Predictions of sequences made by hand, and the same features as the workflow's."""

import numpy as np
import pytest
from small_formula import (
    DOWNSTREAM,
    EFFECTS,
    GC_EFFECT,
    INTERCEPT,
    PALINDROME,
    SITE,
    UPSTREAM,
    small_formula,
    with_words,
)

from cisformula import features, hits, scoring
from cisformula.cell_type_formulas import CellTypeFormulas
from cisformula.formula import Formula, Reading
from cisformula.pwm import Motif
from cisformula.scoring import Scorer
from cisformula.sequence import encode, reverse_complement
from cisformula.windows import Batch


def encoded(*sequences):
    return np.stack([encode(sequence) for sequence in sequences])


def random_case(seed, bin_edges=(), covariates=()):
    rng = np.random.default_rng(seed)
    motifs = [
        Motif(f"m{i}", f"m{i}", rng.dirichlet(np.full(4, 0.3), width), 50.0) for i, width in enumerate((6, 8, 11))
    ]
    reading = Reading("hits", 59, 20, 5e-3, 4, True, (0.3, 0.2, 0.2, 0.3), bin_edges, covariates)
    effects = rng.normal(size=(3, reading.n_bins))
    model = Formula(motifs, effects, 0.7, reading, 0.0, 1.0, covariate_effects=rng.normal(size=len(covariates)))
    return model, rng.choice(5, size=(40, 80), p=[0.3, 0.2, 0.19, 0.3, 0.01]).astype(np.uint8)


def test_contributions_by_hand():
    codes = encoded(
        with_words(),
        with_words((3, SITE)),
        with_words((17, SITE)),
        with_words((16, SITE)),
        with_words((5, reverse_complement(SITE))),
        with_words((0, PALINDROME), (24, PALINDROME)),
        with_words((4, SITE)).replace("G", "N"),
    )
    scores = Scorer(small_formula()).read(codes)
    # The middle base of a site at offset 17 is at 20, the TSS; at offset 16 it is the base before.
    site = [0, 2 * EFFECTS[0, 0], 2 * EFFECTS[0, 1], 2 * EFFECTS[0, 0], 2 * EFFECTS[0, 0], 0, 0]
    palindrome = [0, 0, 0, 0, 0, EFFECTS[1].sum(), 0]
    np.testing.assert_array_equal(scores.contributions, np.transpose([site, palindrome]))
    np.testing.assert_array_equal(scores.predicted, INTERCEPT + np.add(site, palindrome))
    np.testing.assert_array_equal(scores.features[5], [[0, 0], [1, 1]])


def test_a_formula_of_one_strand_reads_one_strand():
    codes = encoded(with_words((3, SITE)), with_words((3, reverse_complement(SITE))))
    scores = Scorer(small_formula(both_strands=False)).read(codes)
    np.testing.assert_array_equal(scores.contributions[:, 0], [2 * EFFECTS[0, 0], 0])


def test_covariates_add_their_effects():
    sequence = with_words((0, "GGGG"), (10, "CCCC"))
    scores = Scorer(small_formula(covariates=True)).read(encoded(sequence))
    assert scores.covariates.sum() == pytest.approx(8 * GC_EFFECT)
    assert scores.predicted[0] == pytest.approx(INTERCEPT + 8 * GC_EFFECT)


def test_contributions_sum_to_the_prediction():
    model, codes = random_case(1, (-59, -20, 0, 21), features.covariate_names((0, 40, 80)))
    scores = Scorer(model).read(codes)
    total = model.intercept + scores.contributions.sum(axis=1) + scores.covariates.sum(axis=1)
    np.testing.assert_allclose(scores.predicted, total, rtol=1e-12)
    assert np.unique(scores.predicted).size == len(codes)


@pytest.mark.parametrize("bin_edges", [(), (-59, -20, 0, 21)])
def test_features_are_the_counts_of_the_workflow(bin_edges, monkeypatch):
    model, codes = random_case(2, bin_edges)
    edges = model.reading.edges + 59
    counts = hits.count_hits(codes, model.motifs, 5e-3, np.array(model.reading.background), grades=4, bin_edges=edges)
    assert counts.sum() > 50
    np.testing.assert_array_equal(Scorer(model).features(codes).reshape(len(codes), -1), counts.toarray())
    expected = model.predict(counts.toarray())
    monkeypatch.setattr(hits, "CHUNK_BASES", 300)
    for step in (1, 7, 40):
        parts = [Scorer(model).read(codes[i : i + step]).predicted for i in range(0, len(codes), step)]
        np.testing.assert_array_equal(np.concatenate(parts), expected)


def test_motifs_with_filters_are_read_by_their_mean_activation():
    rng = np.random.default_rng(3)
    reading = Reading("mean_activation", UPSTREAM, DOWNSTREAM, 4.0**-6, 2, True)
    small = small_formula(bins=False)
    filters = {"R0M1": rng.normal(size=(6, 4))}
    model = Formula(small.motifs, small.effects, 0.0, reading, 0.0, 1.0, filters=filters)
    codes = encoded(with_words((3, SITE)), with_words((3, PALINDROME)))
    expected = features.mean_activation(codes, filters["R0M1"][None])[:, 0]
    read = Scorer(model).features(codes)[:, :, 0]
    np.testing.assert_array_equal(read[:, 0], [2, 0])
    np.testing.assert_array_equal(read[:, 1], expected)
    np.testing.assert_allclose(Scorer(model).read(codes).predicted, read @ small.effects[:, 0])


def cell_types(model):
    return CellTypeFormulas(
        ["liver", "blood: T cell"],
        [motif.id for motif in model.motifs],
        np.stack([model.effects, -2 * model.effects]),
        np.stack([model.covariate_effects, 0 * model.covariate_effects]),
        np.array([model.intercept, 1.0]),
        np.zeros(2),
        np.ones(2),
    )


def test_cell_types_have_effects_of_their_own():
    model = small_formula(covariates=True)
    codes = encoded(with_words((3, SITE)), with_words((24, PALINDROME)), with_words((0, "GGGG")))
    scores = Scorer(model, cell_types(model)).read(codes)
    np.testing.assert_allclose(scores.cell_types[:, 0], scores.predicted)
    np.testing.assert_allclose(scores.cell_types[:, 1], 1 - 2 * scores.contributions.sum(axis=1))


def test_the_table_holds_one_line_per_sequence():
    model = small_formula()
    batch = Batch(["a", "b"], encoded(with_words((3, SITE)), with_words()))
    rows = [line.rstrip("\n").split("\t") for line in scoring.table(Scorer(model), [batch])]
    assert rows == [["id", "predicted", "log10"], ["a", "1.125", "2.5625"], ["b", "0.125", "2.0625"]]
    table = scoring.table(Scorer(model, cell_types(model)), [batch, batch], contributions=True)
    header, *rows = [line.rstrip("\n").split("\t") for line in table]
    assert header[3:] == ["motif:MA1", "motif:R0M1", "cell_type:liver", "cell_type:blood: T cell"]
    assert len(rows) == 4
    assert rows[0][3:] == ["1", "0", "1.125", "-1"]
