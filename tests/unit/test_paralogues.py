"""Families planted by copying, and none where there is nothing but composition."""

import os
from pathlib import Path

import numpy as np
import pytest

from cisformula import annotation, paralogues, promoters
from cisformula.paralogues import families, similar_pairs
from cisformula.sequence import UNKNOWN, encode, reverse_complement_codes

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))


def random_promoters(rng, n, length=300):
    return rng.integers(0, 4, (n, length)).astype(np.uint8)


def mutated(rng, codes, rate):
    """A copy in which that share of the bases is another one."""
    places = rng.random(codes.shape) < rate
    return np.where(places, (codes + rng.integers(1, 4, codes.shape)) % 4, codes).astype(np.uint8)


def dinucleotide_shuffle(rng, codes):
    """Each sequence in random order with its own dinucleotide counts (Altschul & Erickson 1985)."""
    shuffled = np.empty_like(codes)
    for row, sequence in enumerate(codes):
        followers = [list(sequence[1:][sequence[:-1] == base]) for base in range(4)]
        end, last = sequence[-1], {}
        # A last exit for each base such that all of them lead to the end; then any order of the other exits works.
        while not last or not all(_leads_to(base, end, last) for base in last):
            last = {base: rng.choice(options) for base, options in enumerate(followers) if options and base != end}
        for base, options in enumerate(followers):
            if base in last:
                options.remove(last[base])
            rng.shuffle(options)
            options += [last[base]] if base in last else []
        path = [sequence[0]]
        while followers[path[-1]]:
            path.append(followers[path[-1]].pop(0))
        shuffled[row] = path
    return shuffled


def _leads_to(base, end, exits):
    for _ in range(4):
        if base == end:
            return True
        base = exits[base]
    return base == end


def test_unrelated_promoters_are_families_of_their_own():
    codes = random_promoters(np.random.default_rng(1), 3000)
    assert len(similar_pairs(codes)) == 0
    np.testing.assert_array_equal(families(codes), np.arange(1, 3001))


@pytest.mark.parametrize(
    "change",
    [
        lambda rng, codes: mutated(rng, codes, 0.06),
        lambda rng, codes: reverse_complement_codes(mutated(rng, codes, 0.05)),
        lambda rng, codes: np.concatenate([random_promoters(rng, len(codes), 240), codes[:, :60]], axis=1),
        lambda rng, codes: np.where(np.arange(300) < 60, UNKNOWN, codes).astype(np.uint8),
    ],
    ids=["94 % identity", "other strand", "60 bp overlap", "unknown bases"],
)
def test_copies_are_found(change):
    rng = np.random.default_rng(2)
    codes = random_promoters(rng, 400)
    copies = change(rng, codes[:50])
    found = {tuple(pair) for pair in similar_pairs(np.concatenate([codes, copies])).tolist()}
    assert found == {(i, 400 + i) for i in range(50)}


def test_a_chain_of_copies_is_one_family_and_large_families_come_first():
    rng = np.random.default_rng(3)
    codes = random_promoters(rng, 20)
    links = [codes[7]]
    for _ in range(3):
        # Each link keeps a third of the one before and nothing of the one before that.
        links.append(np.concatenate([links[-1][200:], random_promoters(rng, 1, 200)[0]]))
    codes = np.concatenate([codes, links[1:], codes[3:4]])
    family = families(codes)
    assert set(np.flatnonzero(family == 1)) == {7, 20, 21, 22}, "the ends share nothing"
    assert set(np.flatnonzero(family == 2)) == {3, 23}
    assert sorted(family[family > 2]) == list(range(3, 21))


def test_order_does_not_change_who_belongs_together():
    rng = np.random.default_rng(4)
    codes = random_promoters(rng, 60)
    codes = np.concatenate([codes, mutated(rng, codes[:20], 0.05), mutated(rng, codes[:5], 0.05)])
    order = rng.permutation(len(codes))
    one, other = families(codes)[order], families(codes[order])
    assert len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(set(one.tolist())) == 60


def test_an_interspersed_repeat_makes_no_family(monkeypatch):
    monkeypatch.setattr(paralogues, "REPEAT", 50)
    rng = np.random.default_rng(5)
    codes = random_promoters(rng, 120)
    codes[:60, 100:200] = codes[0, 100:200]
    codes[60:100, 100:200] = codes[60, 100:200]
    family = families(codes)
    assert np.bincount(family).max() == 40, "only the element that is carried by fewer promoters joins them"
    assert len(set(family[60:100])) == 1


def test_low_complexity_does_not_join():
    rng = np.random.default_rng(6)
    codes = random_promoters(rng, 100)
    codes[:, 50:200] = np.tile(encode("CGG"), 50)
    assert len(set(families(codes))) == 100


def test_promoters_shorter_than_a_word_are_joined_if_equal():
    codes = np.stack([encode(word) for word in ("ACGTACGTAA", "TTACGTACGT", "ACGTACGTAC", "GGGTACGATA")])
    assert families(codes).tolist() == [1, 1, 2, 3]


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="the development data set is not here")
def test_composition_alone_joins_no_human_promoters(tmp_path):
    tss = annotation.list_tss(DATA / "human" / "epdnew_hg38_tss.bed.gz", bed_gene_column=5)
    genome = DATA / "human" / "hg38.promoter_islands.fa.gz"
    found = promoters.extract_promoters(tss, genome, tmp_path / "fai", upstream=249, downstream=50)
    codes = np.stack([encode(sequence) for sequence in found.sequences])
    assert len(similar_pairs(dinucleotide_shuffle(np.random.default_rng(7), codes))) == 0
    family = families(codes)
    sizes = np.bincount(family)
    assert 500 < (sizes > 1).sum() < 700
    assert sizes.max() < 0.02 * len(codes), "no giant family: folds stay balanced"
    # Zinc fingers of the ZNF91 cluster on chromosome 19, duplicated in primates.
    of_gene = dict(zip(found.table["gene_name"].str.removesuffix("_1"), family, strict=True))
    assert len({of_gene[name] for name in ("ZNF91", "ZNF208", "ZNF430", "ZNF675", "ZNF117")}) == 1
