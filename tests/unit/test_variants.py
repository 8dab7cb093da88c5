"""Variants that make, break and shift sites that were put there by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_formula import DOWNSTREAM, EFFECTS, GC_EFFECT, PALINDROME, SITE, UPSTREAM, small_formula, with_words

from cisformula import variants
from cisformula.cell_type_formulas import CellTypeFormulas
from cisformula.errors import InputError
from cisformula.scoring import Scorer
from cisformula.sequence import decode, reverse_complement
from cisformula.variants import Promoters, effects, trim
from cisformula.vcf import Variant
from cisformula.windows import Starts, Surroundings

MARGIN = 12
FORMULA = small_formula()
SITE_EFFECT, LATER_EFFECT, PALINDROME_EFFECT = 2 * EFFECTS[0, 0], 2 * EFFECTS[0, 1], EFFECTS[1, 0]


def promoters_on(chromosome, *sites, margin=MARGIN):
    """Promoters of (name, TSS, strand) on a chromosome."""
    positions = np.array([tss for _, tss, _ in sites])
    reverse = np.array([strand == "-" for _, _, strand in sites])
    starts = Starts([name for name, _, _ in sites], ["1"] * len(sites), positions, reverse)
    before = np.where(reverse, DOWNSTREAM, UPSTREAM) + margin
    after = np.where(reverse, UPSTREAM, DOWNSTREAM) + margin
    first = np.maximum(positions - before, 0)
    texts = [chromosome[low:high] for low, high in zip(first, positions + after + 1, strict=True)]
    around = Surroundings(["chr1"] * len(sites), first, texts)
    return Promoters(starts, around, UPSTREAM, DOWNSTREAM, margin)


def chromosome_with(*placed, length=200):
    return with_words(*placed, length=length)


def variant(chromosome, position, ref, *alts, chrom="chr1"):
    assert chromosome.startswith(ref, position)
    return Variant(chrom, position, "v", ref, alts)


def scored(chromosome, promoters, *found, cell_types=None):
    return list(effects(found, promoters, Scorer(FORMULA, cell_types)))


def test_alleles_are_trimmed_from_the_end_first():
    assert trim(10, "A", "G") == (10, "A", "G")
    assert trim(10, "AT", "A") == (11, "T", "")
    assert trim(10, "A", "AT") == (11, "", "T")
    assert trim(10, "CAAA", "CAA") == (11, "A", "")
    assert trim(10, "ACGT", "ATGT") == (11, "C", "T")
    assert trim(10, "ACG", "ACG") == (10, "", "")


# The window of a TSS at 100 is 80..109; the site at 85 lies before the TSS.


def test_a_snp_that_breaks_a_site_takes_its_effect_away():
    text = chromosome_with((85, SITE))
    promoters = promoters_on(text, ("gene", 100, "+"))
    (effect,) = scored(text, promoters, variant(text, 87, "G", "C"))
    assert (effect.change.status, effect.change.from_tss) == ("scored", -13)
    assert effect.reference == FORMULA.intercept + SITE_EFFECT
    assert effect.alternative == FORMULA.intercept
    assert (effect.gained, effect.lost, effect.moved) == ([], [("MA1", -SITE_EFFECT)], [])


def test_a_snp_that_makes_a_site_adds_its_effect():
    text = chromosome_with((85, "ACTTGAC"))
    promoters = promoters_on(text, ("gene", 100, "+"))
    (effect,) = scored(text, promoters, variant(text, 87, "T", "G", chrom="1"))
    assert effect.alternative - effect.reference == SITE_EFFECT
    assert (effect.gained, effect.lost) == ([("MA1", SITE_EFFECT)], [])


def test_the_same_snp_is_read_along_either_strand():
    # On the minus strand the TSS at 100 has the window 91..120, and what lies at 110 is before it.
    text = chromosome_with((108, SITE))
    promoters = promoters_on(text, ("plus", 100, "+"), ("minus", 100, "-"))
    plus, minus = scored(text, promoters, variant(text, 109, "C", "A"))
    assert (plus.change.from_tss, minus.change.from_tss) == (9, -9)
    assert plus.alternative == plus.reference, "the site reaches over the end of the window"
    assert minus.reference - minus.alternative == SITE_EFFECT
    text = chromosome_with((95, SITE))
    plus, minus = scored(text, promoters_on(text, ("p", 100, "+"), ("m", 100, "-")), variant(text, 96, "C", "T"))
    # Its middle base is at 98: before the one TSS, after the other.
    assert plus.reference - plus.alternative == SITE_EFFECT
    assert minus.reference - minus.alternative == LATER_EFFECT


def test_a_change_of_composition_is_told_apart():
    text = chromosome_with((85, SITE))
    promoters = promoters_on(text, ("gene", 100, "+"))
    found = [variant(text, 87, "G", "C", "A"), variant(text, 94, "T", "G")]
    same, less, more = effects(found, promoters, Scorer(small_formula(covariates=True)))
    assert [effect.composition for effect in (same, less, more)] == [0, -GC_EFFECT, GC_EFFECT]
    assert less.alternative - less.reference == pytest.approx(-SITE_EFFECT - GC_EFFECT)
    assert more.alternative - more.reference == pytest.approx(GC_EFFECT)
    assert (more.gained, more.lost, more.moved) == ([], [], [])


def test_every_alternative_allele_and_promoter_has_its_line():
    text = chromosome_with((85, SITE))
    promoters = promoters_on(text, ("near", 100, "+"), ("away", 160, "+"), ("also", 105, "+"))
    found = scored(text, promoters, variant(text, 87, "G", "C", "T"), variant(text, 150, "T", "C"))
    names = [(effect.change.alt, promoters.starts.ids[effect.change.promoter]) for effect in found]
    assert names == [("C", "near"), ("C", "also"), ("T", "near"), ("T", "also"), ("C", "away")]


def test_an_insertion_upstream_pushes_a_site_out_of_the_window():
    text = chromosome_with((81, PALINDROME), (97, SITE))
    promoters = promoters_on(text, ("gene", 100, "+"))
    one, two = scored(text, promoters, variant(text, 91, "T", "TC"), variant(text, 91, "T", "TCC"))
    assert one.alternative == one.reference, "the palindrome now begins at the window's first base"
    assert two.lost == [("R0M1", -PALINDROME_EFFECT)]
    assert two.alternative - two.reference == -PALINDROME_EFFECT
    # The same on the other strand of a chromosome of 200 bases.
    turned = reverse_complement(text)
    promoters = promoters_on(turned, ("gene", 99, "-"))
    (effect,) = scored(turned, promoters, variant(turned, 107, "A", "AGG"))
    assert (effect.change.from_tss, effect[1:3]) == (-9, two[1:3])
    np.testing.assert_array_equal(effect.change.codes, two.change.codes)


def window_after(chromosome, position, ref, alt, tss, strand):
    """The alternative window by another way: positions of the reference carried along the edited chromosome."""
    bases = [(i, base) for i, base in enumerate(chromosome)]
    edited = bases[:position] + [(None, base) for base in alt] + bases[position + len(ref) :]
    if len(ref) == len(alt):
        edited = [(i, base) for i, (_, base) in enumerate(edited)]
    anchor = [i for i, (origin, _) in enumerate(edited) if origin == tss]
    if not anchor:
        return None
    left, right = (UPSTREAM, DOWNSTREAM) if strand == "+" else (DOWNSTREAM, UPSTREAM)
    window = "".join(base for _, base in edited[anchor[0] - left : anchor[0] + right + 1])
    return window if strand == "+" else reverse_complement(window)


@given(
    position=st.integers(70, 130),
    n_deleted=st.integers(0, MARGIN),
    inserted=st.text("ACGT", max_size=15),
    strand=st.sampled_from("+-"),
    seed=st.integers(0, 3),
)
def test_any_change_keeps_the_start_site_and_the_length(position, n_deleted, inserted, strand, seed):
    text = "".join(np.random.default_rng(seed).choice(list("ACGT"), 200))
    ref = text[position : position + n_deleted + 1]
    alt = ref[0] + inserted
    promoters = promoters_on(text, ("gene", 100, strand))
    place, old, new = trim(position, ref, alt)
    changes = list(promoters.changes(Variant("chr1", position, "v", ref, (alt,))))
    low, high = (80, 110) if strand == "+" else (91, 121)
    inside = low < place < high if not old else place < high and place + len(old) > low
    if not old and not new:
        assert all(change.status == "no_alternative" for change in changes)
        return
    assert len(changes) == inside
    for change in changes:
        expected = window_after(text, place, old, new, 100, strand)
        if expected is None:
            assert change.status == "tss_lost"
        else:
            assert change.status == "scored"
            assert decode(change.codes) == expected


def test_a_deletion_draws_a_site_into_the_window():
    # The site at 74 lies outside; a deletion of 8 bases draws it to where 82 was.
    text = chromosome_with((74, SITE))
    promoters = promoters_on(text, ("gene", 100, "+"))
    (effect,) = scored(text, promoters, variant(text, 84, "T" * 9, "T"))
    assert effect.gained == [("MA1", SITE_EFFECT)]
    assert effect.alternative - effect.reference == SITE_EFFECT
    # Downstream of the TSS it comes from the other side.
    text = chromosome_with((106, SITE))
    promoters = promoters_on(text, ("gene", 100, "+"))
    (effect,) = scored(text, promoters, variant(text, 101, "TTTT", "T"))
    assert effect.gained == [("MA1", LATER_EFFECT)]


def test_a_site_that_changes_its_bin_is_moved():
    # The palindrome's middle base goes from 101, before the TSS, to 104, behind it.
    text = chromosome_with((98, PALINDROME))
    promoters = promoters_on(text, ("gene", 102, "+"))
    (effect,) = scored(text, promoters, variant(text, 98, "CACGTGTTT", "TTTCACGTG"))
    assert effect.moved == [("R0M1", EFFECTS[1, 1] - EFFECTS[1, 0])]
    assert (effect.gained, effect.lost) == ([], [])


def test_what_cannot_be_scored_says_why():
    text = chromosome_with((85, SITE), (99, "AC"))
    promoters = promoters_on(text, ("gene", 100, "+"))
    cases = {
        "reference_mismatch": [Variant("chr1", 90, "v", "C", ("G",)), Variant("chr1", 84, "v", "TCC", ("T",))],
        "symbolic_allele": [variant(text, 94, "T", alt) for alt in ("<DEL>", "*", "T[chr2:5[")],
        "no_alternative": [variant(text, 94, "T", "."), variant(text, 94, "T", "T")],
        "too_long": [variant(text, 85, text[85 : 85 + MARGIN + 2], "A")],
        "tss_lost": [variant(text, 99, "AC", "A"), variant(text, 98, "TACT", "GG")],
    }
    for status, found in cases.items():
        for effect in scored(text, promoters, *found):
            assert effect.change.status == status, effect.change.variant
            assert np.isnan([effect.reference, effect.alternative]).all()
        assert len(scored(text, promoters, *found)) == len(found)
    # Replaced by as many bases, the TSS stays where it is.
    (effect,) = scored(text, promoters, variant(text, 99, "AC", "GG"))
    assert effect.change.status == "scored"


def test_at_the_chromosome_end_a_deletion_may_leave_too_little():
    text = chromosome_with((25, SITE), length=60)
    promoters = promoters_on(text, ("gene", 22, "+"))
    (effect,) = scored(text, promoters, variant(text, 10, "TTT", "T"))
    assert effect.change.status == "scored"
    (effect,) = scored(text, promoters, variant(text, 10, "TTTT", "T"))
    assert effect.change.status == "chromosome_end"


def test_promoters_that_are_not_whole_are_left_out(caplog):
    text = chromosome_with(length=60)
    promoters = promoters_on(text, ("short", 15, "+"), ("whole", 30, "+"))
    assert "1 of 2 promoters are left out" in caplog.text
    assert promoters.overlapping("chr1", 14, 1) == [1]
    assert promoters.overlapping("chr2", 14, 1) == []


def test_overlap_is_that_of_changed_bases():
    promoters = promoters_on(chromosome_with(), ("gene", 100, "+"))
    assert [promoters.overlapping("1", place, 1) for place in (79, 80, 109, 110)] == [[], [0], [0], []]
    assert [promoters.overlapping("1", place, 5) for place in (75, 76, 109, 110)] == [[], [0], [0], []]
    # An insertion before the window's first base leaves the window as it is; so does one after its last.
    assert [promoters.overlapping("1", place, 0) for place in (80, 81, 109, 110)] == [[], [0], [0], []]


def test_effects_do_not_depend_on_the_batch(monkeypatch):
    rng = np.random.default_rng(5)
    text = "".join(rng.choice(list("ACGT"), 2000))
    sites = [(f"g{i}", 60 + 40 * i, "+-"[i % 2]) for i in range(45)]
    promoters = promoters_on(text, *sites)
    found = [Variant("1", p, "v", text[p], tuple({*"ACGT"} - {text[p]})) for p in range(60, 1800, 7)]
    scorer = Scorer(FORMULA)
    at_once = [effect[1:3] for effect in effects(found, promoters, scorer)]
    assert len(at_once) > 500
    monkeypatch.setattr(variants, "BATCH", 7)
    assert [effect[1:3] for effect in effects(found, promoters, scorer)] == at_once


def test_cell_types_have_both_alleles():
    text = chromosome_with((85, SITE))
    both = CellTypeFormulas(
        ["a", "b"],
        ["MA1", "R0M1"],
        np.stack([EFFECTS, -EFFECTS]),
        np.empty((2, 0)),
        np.array([0.0, 1.0]),
        np.zeros(2),
        np.ones(2),
    )
    promoters = promoters_on(text, ("gene", 100, "+"))
    (effect,) = scored(text, promoters, variant(text, 87, "G", "C"), cell_types=both)
    np.testing.assert_allclose(effect.cell_types, [[SITE_EFFECT, 1 - SITE_EFFECT], [0, 1]])


def test_the_table_and_its_counts(tmp_path, caplog):
    text = chromosome_with((85, SITE))
    (tmp_path / "v.vcf").write_text("chr1\t88\trs1\tG\tC\nchr1\t91\t.\tA\tC\nchr1\t191\t.\tT\tC\n")
    promoters = promoters_on(text, ("gene", 100, "+"))
    with caplog.at_level("INFO", logger="cisformula"):
        header, *rows = [
            line.rstrip("\n").split("\t") for line in variants.table(tmp_path / "v.vcf", promoters, Scorer(FORMULA))
        ]
    assert header[:9] == ["chrom", "pos", "id", "ref", "alt", "gene", "strand", "from_tss", "status"]
    assert rows[0][:9] == ["chr1", "88", "rs1", "G", "C", "gene", "+", "-13", "scored"]
    assert header[9:13] == ["reference", "alternative", "difference", "log10_difference"]
    assert rows[0][9:13] == ["1.125", "0.125", "-1", "-0.5"]
    assert header[13:] == ["gained", "lost", "moved", "composition"]
    assert rows[0][13:] == ["", "MA1=-1", "", "0"]
    assert [row[8] for row in rows] == ["scored", "scored"]
    assert "scored: 2" in caplog.text
    (tmp_path / "wrong.vcf").write_text("chr1\t88\trs1\tA\tC\n")
    assert len(list(variants.table(tmp_path / "wrong.vcf", promoters, Scorer(FORMULA)))) == 2
    with pytest.raises(InputError, match="1 reference alleles are not what the genome has"):
        list(variants.table(tmp_path / "wrong.vcf", promoters, Scorer(FORMULA), strict=True))
