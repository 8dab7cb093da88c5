"""Leaks planted on purpose: each makes a careless evaluation shine, and the one that is reported must not see it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cisformula import features, hits, linear, nested, paralogues, selection, splits
from cisformula.candidates import Candidates
from cisformula.errors import InputError
from cisformula.performance import average_held_out, r2
from cisformula.pwm import Motif
from cisformula.recipe import Recipe, choose
from cisformula.sequence import one_hot

N_FOLDS = 4
RECIPE = Recipe("lasso", 40, max_similarity=0.9, min_overlap=6, seed=1)
FOLD_OF_RUN = {run: run for run in range(N_FOLDS)}


def word_motifs(rng, n, prefix):
    words = rng.integers(0, 4, (n, 7)).astype(np.uint8)
    return [Motif(f"{prefix}{i}", f"{prefix}{i}", 0.94 * one_hot(word, float) + 0.015) for i, word in enumerate(words)]


def pool_of(codes, rng, n_known=150, n_learned=8, bin_width=None):
    """Motifs of random words: known ones and some of each run, counted in the promoters as the workflow does."""
    edges = hits.bin_edges(codes.shape[1], bin_width)
    learned = {run: word_motifs(rng, n_learned, f"R{run}M") for run in FOLD_OF_RUN}
    known = word_motifs(rng, n_known, "MA")
    motifs = [motif for of_run in learned.values() for motif in of_run] + known
    counts = hits.count_hits(codes, motifs, p_value=1e-3, bin_edges=edges).toarray()
    return Candidates(
        motifs={motif.id: motif for motif in motifs},
        sources={motif.id: "database" if motif in known else "learned" for motif in motifs},
        counts={"hits": counts.reshape(len(codes), len(motifs), -1).astype(float)},
        edges=edges,
        composition=features.covariates(codes, features.covariate_names(edges)),
        runs={motif.id: run for run, of_run in learned.items() for motif in of_run},
        filters={},
    )


def held_out_r2(pool, target, folds, fold_of_run=FOLD_OF_RUN):
    return r2(target, nested.evaluate(pool, target, folds, fold_of_run, RECIPE).predictions)


# Paralogues: promoters copied all over the genome, with expression that belongs to the family and not to motifs -------


@pytest.fixture(scope="module")
def duplicated():
    """Promoters of 60 families of ten on eight chromosomes, a target that is the family's own, and candidates."""
    rng = np.random.default_rng(1)
    ancestors = rng.integers(0, 4, (60, 300)).astype(np.uint8)
    family = rng.permutation(np.repeat(np.arange(60), 10))
    codes = ancestors[family]
    changed = rng.random(codes.shape) < 0.04
    codes = np.where(changed, (codes + rng.integers(1, 4, codes.shape)) % 4, codes).astype(np.uint8)
    target = rng.normal(size=60)[family] + 0.3 * rng.normal(size=len(family))
    return codes, family, rng.integers(1, 9, len(family)).astype(str), target, pool_of(codes, rng, bin_width=100)


def test_the_paralogue_split_sees_through_remembered_families(duplicated):
    codes, family, chromosomes, target, pool = duplicated
    found = paralogues.families(codes)
    assert len(set(zip(found, family, strict=True))) == len(set(found)) == 60, "the families are found from sequence"
    folds = {
        "random": splits.random_folds(len(target), N_FOLDS, seed=1),
        "chromosome": splits.chromosome_folds(chromosomes, N_FOLDS),
        "paralogue": splits.family_folds(found, N_FOLDS, seed=1),
    }
    scores = {scheme: held_out_r2(pool, target, of_scheme) for scheme, of_scheme in folds.items()}
    assert scores["random"] > 0.4
    assert scores["chromosome"] > 0.4, "copies on other chromosomes give the family away too"
    assert scores["paralogue"] < 0.05


def test_baselines_remember_families_as_well(duplicated):
    codes, _, _, target, _ = duplicated
    kmers = features.kmer_counts(codes, 4)
    by_gene = linear.out_of_fold(kmers, target, splits.random_folds(len(target), N_FOLDS, seed=1))
    by_family = linear.out_of_fold(kmers, target, splits.family_folds(paralogues.families(codes), N_FOLDS, seed=1))
    assert r2(target, by_gene) > 0.4
    assert r2(target, by_family) < 0.05


# Memorised genes: motifs of a network that saw what they are to predict -----------------------------------------------


@pytest.fixture
def memorised():
    """Noise as promoters and target; one motif of each run nearly knows the target of the genes its network saw."""
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 4, (600, 100)).astype(np.uint8)
    target = rng.normal(size=600)
    folds = splits.random_folds(600, N_FOLDS, seed=3)
    pool = pool_of(codes, rng)
    for run, fold in FOLD_OF_RUN.items():
        column = list(pool.motifs).index(f"R{run}M0")
        pool.counts["hits"][:, column, 0] = np.where(folds == fold, 0, target) + 0.7 * rng.normal(size=600)
    return pool, target, folds


def test_a_motif_that_remembers_its_training_genes_predicts_no_others(memorised):
    pool, target, folds = memorised
    careless = np.empty(len(target))
    for fold in range(N_FOLDS):
        chosen = choose(pool, [[name] for name in pool.motifs], folds != fold, target, RECIPE)
        careless[folds == fold] = chosen.predict(pool)[folds == fold]
    assert r2(target, careless) > 0.4, "choosing inside each fold among the motifs of all runs is not enough"
    result = nested.evaluate(pool, target, folds, FOLD_OF_RUN, RECIPE)
    assert all(f"R{fold}M0" in chosen.ids for fold, chosen in result.selected.items()), "the bait is taken"
    assert r2(target, result.predictions) < 0.02


def test_a_wrong_plan_of_runs_would_leak_and_is_refused(memorised):
    pool, target, folds = memorised
    wrong = {run: (fold + 1) % N_FOLDS for run, fold in FOLD_OF_RUN.items()}
    assert held_out_r2(pool, target, folds, wrong) > 0.3
    for run, fold in FOLD_OF_RUN.items():
        role = splits.roles(folds, fold, seed=run)
        splits.require_held_out(role, folds, fold, run)
        with pytest.raises(InputError, match=rf"run {run} .* fold {wrong[run]}.*train it again"):
            splits.require_held_out(role, folds, wrong[run], run)


def test_genes_that_stopped_the_training_are_not_held_out():
    folds = np.repeat([0, 1], 50)
    role = np.where(folds == 1, "test", "train").astype("<U10")
    role[60] = "validation"
    with pytest.raises(InputError, match="1 of its genes"):
        splits.require_held_out(role, folds, 1, run=0)


def test_a_network_is_scored_only_where_it_was_blind(memorised):
    _, target, folds = memorised
    runs = [
        pd.DataFrame({"role": role, "predicted": np.where(role == "test", 0.0, target)})
        for role in (splits.roles(folds, fold, seed=run) for run, fold in FOLD_OF_RUN.items())
    ]
    careless = np.mean([run["predicted"] for run in runs], axis=0)
    assert r2(target, careless) > 0.9
    assert r2(target, average_held_out(runs)) < 0.01


# Nothing to find ------------------------------------------------------------------------------------------------------


def test_a_target_of_noise_is_explained_in_sample_only():
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 4, (500, 200)).astype(np.uint8)
    pool, target = pool_of(codes, rng), rng.normal(size=500)
    folds = splits.random_folds(500, N_FOLDS, seed=1)
    recipe = replace(RECIPE, n_motifs=100)
    X = pool.matrix(list(pool.motifs), "hits")
    leaky = linear.out_of_fold(X[:, selection.by_lasso(X, target, 100).columns], target, folds)
    in_sample = nested.fit_all(pool, target, set(FOLD_OF_RUN), recipe)[0].predict(pool)
    honest = nested.evaluate(pool, target, folds, FOLD_OF_RUN, recipe).predictions
    assert r2(target, in_sample) > 0.1
    assert r2(target, leaky) > 0.05, "folds are no help when the motifs were chosen on all genes"
    assert r2(target, honest) < 0.02
