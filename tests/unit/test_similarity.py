"""Best alignments against a plain reference, and the properties they must have."""

import numpy as np
import pytest

from cisformula import similarity
from cisformula.pwm import Motif
from cisformula.sequence import encode
from cisformula.similarity import best_alignment, recurrence


def random_motif(rng, width, name="m"):
    return Motif(name, name, rng.dirichlet(np.full(4, 0.4), width))


def reference(query, target, min_overlap):
    """Best (similarity, offset, overlap, reverse) by trying everything, with numpy's own correlation."""
    needed = min(min_overlap, query.width, target.width)
    candidates = []
    for reverse in (False, True):
        pfm = target.pfm[::-1, ::-1] if reverse else target.pfm
        for offset in range(-query.width, target.width + 1):
            columns = [i for i in range(query.width) if 0 <= i + offset < target.width]
            if len(columns) < needed:
                continue
            pair = query.pfm[columns].ravel(), pfm[[i + offset for i in columns]].ravel()
            flat = min(part.std() for part in pair) < 1e-9
            correlation = 0.0 if flat else round(np.corrcoef(*pair)[0, 1], 9)
            candidates.append((-correlation, -len(columns), reverse, offset))
    correlation, overlap, reverse, offset = min(candidates)
    return -correlation, offset, -overlap, reverse


@pytest.mark.parametrize("min_overlap", [1, 6, 30])
def test_equals_the_plain_reference(min_overlap):
    rng = np.random.default_rng(1)
    queries = [random_motif(rng, width) for width in (1, 4, 5, 8, 8, 13)]
    targets = [random_motif(rng, width) for width in (3, 6, 7, 8, 12, 21)]
    found = best_alignment(queries, targets, min_overlap)
    for i, query in enumerate(queries):
        for j, target in enumerate(targets):
            expected = reference(query, target, min_overlap)
            assert found.similarity[i, j] == pytest.approx(expected[0], abs=2e-9)
            assert (found.offset[i, j], found.overlap[i, j], found.reverse[i, j]) == expected[1:]


def test_a_part_is_found_where_it_was_cut_out():
    target = random_motif(np.random.default_rng(2), 15)
    part = Motif("part", "part", target.pfm[4:12])
    found = best_alignment([part, part.reverse_complement()], [target])
    np.testing.assert_allclose(found.similarity, 1)
    # Cut at 4 of 15; reverse-complemented, the part starts at 15 - 4 - 8 = 3.
    assert found.offset.ravel().tolist() == [4, 3]
    assert found.overlap.ravel().tolist() == [8, 8]
    assert found.reverse.ravel().tolist() == [False, True]


def test_offset_is_negative_where_the_query_starts_before_the_target():
    query = random_motif(np.random.default_rng(3), 12)
    target = Motif("t", "t", query.pfm[5:])
    assert best_alignment([query], [target]).offset[0, 0] == -5


def test_similarity_is_symmetric():
    rng = np.random.default_rng(4)
    motifs = [random_motif(rng, width) for width in rng.integers(4, 15, size=20)]
    found = best_alignment(motifs, motifs)
    np.testing.assert_array_equal(found.similarity, found.similarity.T)
    np.testing.assert_array_equal(found.overlap, found.overlap.T)
    np.testing.assert_array_equal(np.diag(found.similarity), 1)
    assert not np.diag(found.offset).any()
    assert not np.diag(found.reverse).any()


def test_strand_of_either_side_changes_only_the_bookkeeping():
    rng = np.random.default_rng(5)
    queries = [random_motif(rng, width) for width in (6, 8, 11)]
    targets = [random_motif(rng, width) for width in (7, 8, 14)]
    there = best_alignment(queries, targets)
    back = best_alignment(queries, [target.reverse_complement() for target in targets])
    np.testing.assert_array_equal(back.similarity, there.similarity)
    np.testing.assert_array_equal(back.offset, there.offset)
    np.testing.assert_array_equal(back.reverse, ~there.reverse)
    turned = best_alignment([query.reverse_complement() for query in queries], targets)
    np.testing.assert_array_equal(turned.similarity, there.similarity)
    np.testing.assert_array_equal(turned.reverse, ~there.reverse)


def test_a_tie_goes_to_the_overlap_then_the_given_strand_then_the_smaller_offset():
    repeat = Motif("r", "r", np.eye(4)[[1, 0] * 4])  # CACACACA: similarity 1 at offsets -2, 0 and 2
    found = best_alignment([repeat], [repeat])
    assert (found.offset[0, 0], found.overlap[0, 0]) == (0, 8)
    palindrome = Motif("p", "p", np.eye(4)[[1, 0, 1, 2, 3, 2]])  # CACGTG
    assert not best_alignment([palindrome], [palindrome]).reverse[0, 0]
    long = Motif("l", "l", np.eye(4)[[0] * 12])
    assert best_alignment([Motif("s", "s", np.eye(4)[[0] * 8])], [long]).offset[0, 0] == 0


def test_a_flat_motif_resembles_nothing():
    flat = Motif("f", "f", np.full((8, 4), 0.25))
    found = best_alignment([flat, random_motif(np.random.default_rng(6), 8)], [flat])
    np.testing.assert_array_equal(found.similarity, 0)


def test_blocks_do_not_change_the_result(monkeypatch):
    rng = np.random.default_rng(7)
    queries = [random_motif(rng, width) for width in rng.integers(4, 12, size=9)]
    targets = [random_motif(rng, width) for width in rng.integers(4, 12, size=5)]
    whole = best_alignment(queries, targets)
    monkeypatch.setattr(similarity, "PAIRS_AT_ONCE", 7)
    for one, other in zip(best_alignment(queries, targets), whole, strict=True):
        np.testing.assert_array_equal(one, other)


WORDS = {"a": "GATTACCA", "b": "CCGGTTAT", "c": "ACACGCGT"}


def test_recurrence_counts_the_sets_that_hold_a_similar_motif():
    words = {name: Motif(name, name, 0.94 * np.eye(4)[encode(word)] + 0.015) for name, word in WORDS.items()}
    turned = words["a"].reverse_complement()
    sets = [[words["a"], words["b"]], [turned], [], [words["b"]]]
    assert recurrence([words["a"], words["b"], words["c"]], sets, 0.9).tolist() == [2, 2, 0]
    assert recurrence([words["a"]], sets, -1.0).tolist() == [3]
