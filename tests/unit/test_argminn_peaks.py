"""Windows at peaks and off them, against bedtools and the genome itself."""

import gzip
from textwrap import wrap

import numpy as np
import pandas as pd
import pytest
from pybedtools import BedTool
from scipy import stats

from cisformula.argminn import peaks as module
from cisformula.argminn.chromosome_split import split_chromosomes
from cisformula.argminn.intervals import Intervals
from cisformula.argminn.peak_file import Peaks, read_peaks, shift_limits
from cisformula.argminn.peak_source import CENTRAL, PeakSource
from cisformula.argminn.peaks import GenomeFile, make_examples
from cisformula.errors import InputError
from cisformula.sequence import UNKNOWN, decode, reverse_complement_codes

LENGTHS = {"chr1": 400_000, "chr2": 150_000, "chr3": 120_000, "chr4": 90_000}


def gc_rich_stretches(length, rng):
    """Bases whose GC content changes every 1,000 from 0.3 to 0.7, so that peaks and the rest can differ."""
    gc = np.repeat(rng.uniform(0.3, 0.7, -(-length // 1000)), 1000)[:length]
    strong = rng.random(length) < gc
    return np.where(strong, rng.integers(1, 3, length), 3 * rng.integers(0, 2, length)).astype(np.uint8), gc


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    """Encoded chromosomes, the FASTA file, and a BED file of peaks in stretches of high GC content."""
    folder, rng = tmp_path_factory.mktemp("genome"), np.random.default_rng(0)
    codes, lines = {}, []
    for name, length in LENGTHS.items():
        codes[name], gc = gc_rich_stretches(length, rng)
        codes[name][length // 2 : length // 2 + 3000] = UNKNOWN
        for middle in rng.choice(np.flatnonzero(gc > 0.5), length // 4000, replace=False):
            start, end = max(middle - rng.integers(50, 400), 0), middle + rng.integers(50, 400)
            lines.append(f"{name}\t{start}\t{end}\tp\t0\t.\t1\t1\t1\t{middle - start}")
    fasta = folder / "genome.fa"
    records = [f">{name}\n" + "\n".join(wrap(decode(own), 70)) + "\n" for name, own in codes.items()]
    text = "".join(records)
    fasta.write_text(text)
    with gzip.open(folder / "genome.fa.gz", "wt") as handle:
        handle.write(text)
    bed = folder / "peaks.narrowPeak"
    bed.write_text("\n".join(lines) + "\n")
    return codes, fasta, bed


def made(genome, tmp_path, seed=0, suffix="", **sets):
    _, fasta, bed = genome
    file = GenomeFile(f"{fasta}{suffix}", tmp_path / "index")
    return make_examples(read_peaks(bed), file, sets.get("test"), sets.get("validation"), seed)


@pytest.fixture(scope="module")
def examples(genome, tmp_path_factory):
    return made(genome, tmp_path_factory.mktemp("made"), test=["chr3"], validation=["4"])


def arrays(examples):
    """Windows of each set and label in the order of the regions."""
    train = examples.train
    margin = (train["bound"].shape[1] - 500) // 2
    yield "train", 1, train["bound"][:, margin : margin + 500]
    yield "train", 0, train["unbound"]
    for name in ("validation", "reading", "test"):
        own = getattr(examples, name)
        for label in (1, 0):
            if (own.label == label).any():
                yield name, label, own.codes[own.label == label]


def test_sequences_are_those_of_the_regions(genome, examples):
    codes, regions = genome[0], examples.regions
    seen = 0
    for name, label, windows in arrays(examples):
        own = regions[(regions["set"] == name) & (regions["label"] == label)]
        assert len(own) == len(windows)
        for window, row in zip(windows, own.itertuples(), strict=True):
            np.testing.assert_array_equal(window, codes[row.chrom][row.start : row.end])
            assert row.gc == pytest.approx(np.isin(window, (1, 2)).mean())
        seen += len(own)
    assert seen == len(regions)
    assert not any((windows == UNKNOWN).any() for _, _, windows in arrays(examples))


def test_sets_share_no_chromosome_and_have_as_many_of_either_label(examples):
    regions = examples.regions
    chroms = regions.groupby("set")["chrom"].agg(set)
    assert chroms["train"] == {"chr1", "chr2"}
    assert chroms["validation"] == {"chr4"}
    assert chroms["test"] == {"chr3"}
    for held_out in (examples.validation, examples.test):
        assert held_out.label.mean() == 0.5
    bound = regions[(regions["label"] == 1) & regions["set"].isin(["train", "validation"])]
    reading = regions[regions["set"] == "reading"]
    columns = ["chrom", "start"]
    assert set(reading[columns].itertuples(index=False)) == set(bound[columns].itertuples(index=False))
    assert (examples.reading.label == 1).all()


def to_bed(table):
    return BedTool.from_dataframe(table[["chrom", "start", "end"]])


def test_bound_windows_overlap_their_peak_by_half_and_unbound_ones_none(genome, examples):
    regions, peaks = examples.regions, BedTool(str(genome[2]))
    assert len(to_bed(regions[regions["label"] == 0]).intersect(peaks, u=True)) == 0
    central = regions[regions["label"] == 1].copy()
    central["start"] += (500 - CENTRAL) // 2
    central["end"] -= (500 - CENTRAL) // 2
    # Half of either one, whichever is smaller: bedtools' -e with both fractions.
    assert len(to_bed(central).intersect(peaks, u=True, f=0.5, F=0.5, e=True)) == len(central)


def test_most_peaks_are_used_and_no_unbound_window_twice(genome, examples):
    regions = examples.regions
    peaks = pd.read_csv(genome[2], sep="\t", header=None)
    bound = regions[(regions["label"] == 1) & (regions["set"] != "reading")]
    assert len(bound) > 0.9 * len(peaks)
    unbound = regions[regions["label"] == 0]
    assert not unbound.duplicated(["chrom", "start"]).any()
    assert (unbound["set"] == "train").sum() > 2.5 * (bound["set"] == "train").sum()


def test_unbound_windows_are_far_from_unknown_bases(genome, examples):
    for row in examples.regions[examples.regions["label"] == 0].itertuples():
        around = genome[0][row.chrom][row.start - 200 : row.end + 200]
        assert len(around) == 900
        assert (around != UNKNOWN).all()


def test_gc_content_is_matched_where_the_genome_differs(genome, examples):
    regions = examples.regions
    everywhere = np.isin(np.concatenate(list(genome[0].values())), (1, 2)).mean()
    for name in ("validation", "test"):
        bound, unbound = (regions.loc[(regions["set"] == name) & (regions["label"] == label), "gc"] for label in (1, 0))
        assert bound.mean() > everywhere + 0.03
        assert bound.mean() == pytest.approx(unbound.mean(), abs=0.01)
        assert stats.ks_2samp(bound, unbound).pvalue > 0.5
    source = examples.source(0)
    drawn = source.epoch(0, 400)
    gc = np.isin(drawn.codes, (1, 2)).mean(axis=1)
    assert gc[drawn.label == 1].mean() == pytest.approx(gc[drawn.label == 0].mean(), abs=0.015)


def test_the_same_seed_gives_the_same_examples_from_plain_and_gzip(genome, examples, tmp_path):
    again = made(genome, tmp_path, suffix=".gz", test=["chr3"], validation=["4"])
    pd.testing.assert_frame_equal(again.regions, examples.regions)
    for name, values in examples.train.items():
        np.testing.assert_array_equal(again.train[name], values)
    other = made(genome, tmp_path, seed=1, test=["chr3"], validation=["4"])
    assert not other.regions.equals(examples.regions)


def test_epochs_hold_moved_peaks_on_both_strands_and_new_partners(genome, examples, tmp_path):
    np.savez(tmp_path / "train.npz", **examples.train)
    source = PeakSource.load(tmp_path / "train.npz", seed=7)
    assert source.length == 500
    first, again, second = (
        source.epoch(3, 101),
        examples.source(7).epoch(3, 101),
        source.epoch(4, 101),
    )
    np.testing.assert_array_equal(first.codes, again.codes)
    assert first.codes.shape == (101, 500)
    assert first.label.sum() == 50
    pool = {window.tobytes() for window in examples.train["unbound"]}
    drawn = []
    for epoch in (first, second):
        unbound = epoch.codes[epoch.label == 0]
        forward = [window.tobytes() in pool for window in unbound]
        reverse = [window.tobytes() in pool for window in reverse_complement_codes(unbound)]
        assert all(a != b for a, b in zip(forward, reverse, strict=True))
        assert 5 < sum(forward) < 46
        drawn.append(
            {
                window.tobytes()
                for window in np.where(np.array(forward)[:, None], unbound, reverse_complement_codes(unbound))
            }
        )
    assert len(drawn[0] - drawn[1]) > 30, "another epoch has other unbound windows"


def test_moved_windows_still_overlap_their_peak(genome, examples):
    """Every bound window of an epoch is found in the genome, where bedtools must call it bound."""
    text = {name: decode(codes) for name, codes in genome[0].items() if name in ("chr1", "chr2")}
    peaks = BedTool(str(genome[2]))
    drawn = examples.source(1).epoch(0, 300)
    bound = drawn.codes[drawn.label == 1]
    places = []
    for window in [*bound, *reverse_complement_codes(bound)]:
        places += [(name, at) for name, own in text.items() if (at := own.find(decode(window))) >= 0]
    assert len(places) == len(bound)
    table = pd.DataFrame(places, columns=["chrom", "start"]).assign(end=lambda rows: rows["start"] + 450)
    table["start"] += 50
    assert len(to_bed(table).intersect(peaks, u=True, f=0.5, F=0.5, e=True)) == len(table)
    middles = {(chrom, middle) for chrom, middle in zip(*_middles(genome[2]), strict=True)}
    moved = [(chrom, start + 200) not in middles for chrom, start in zip(table["chrom"], table["start"], strict=True)]
    assert np.mean(moved) > 0.9


def _middles(bed):
    peaks = read_peaks(bed)
    return peaks.chroms.tolist(), peaks.middles.tolist()


def test_shift_limits_are_where_the_overlap_ends():
    rng = np.random.default_rng(3)
    starts = rng.integers(1000, 2000, 300)
    ends = starts + rng.integers(1, 1500, 300)
    middles = rng.integers(starts, ends)
    low, high = shift_limits(Peaks(np.full(300, "chr1"), starts, ends, middles))
    for start, end, middle, least, most in zip(starts, ends, middles, low, high, strict=True):
        shift = np.arange(-200, 201)
        first = middle + shift - 200
        overlap = np.minimum(end, first + 400) - np.maximum(start, first)
        allowed = shift[overlap >= 0.5 * min(400, end - start)]
        assert (allowed.min(), allowed.max()) == (least, most)
        assert len(allowed) == most - least + 1


def test_overlap_is_that_of_bedtools():
    rng = np.random.default_rng(4)

    def intervals(number, longest):
        starts = rng.integers(0, 20_000, number)
        chroms = rng.choice(["chr1", "chr2", "chr3"], number)
        return pd.DataFrame({"chrom": chroms, "start": starts, "end": starts + rng.integers(1, longest, number)})

    taken, asked = intervals(40, 600), intervals(500, 500)
    taken = taken[taken["chrom"] != "chr3"]
    columns = ["chrom", "start", "end"]
    found = Intervals(*(taken[column].to_numpy() for column in columns)).overlap(
        *(asked[column].to_numpy() for column in columns)
    )
    expected = {tuple(map(str, row[:3])) for row in to_bed(asked).intersect(to_bed(taken), u=True)}
    assert found.tolist() == [tuple(map(str, row)) in expected for row in asked.itertuples(index=False)]
    assert 0 < found.sum() < 500


def test_intervals_that_touch_do_not_overlap():
    taken = Intervals(np.array(["chr1"]), np.array([100]), np.array([200]))
    asked = np.array([[50, 100], [50, 101], [200, 300], [199, 300], [120, 130]])
    found = taken.overlap(np.full(5, "chr1"), *asked.T)
    assert found.tolist() == [False, True, False, True, True]


def test_narrow_peaks_have_summits_and_other_bed_files_middles(tmp_path):
    path = tmp_path / "peaks.bed"
    tail = "\tp\t0\t.\t1\t1\t1"
    path.write_text(f"track name=x\n#c\nchr1\t100\t200{tail}\t7\nchr1\t100\t200{tail}\t-1\n")
    assert read_peaks(path).middles.tolist() == [107, 150]
    # BED12 has its number of blocks in column 10.
    path.write_text("chr2\t100\t301\tp\t0\t+\t100\t300\t0\t1\t201,\t0,\n\nchr2\t5\t6\n")
    found = read_peaks(path)
    assert found.middles.tolist() == [200, 5]
    assert found.chroms.tolist() == ["chr2", "chr2"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("chr1 100 200", "expected chromosome, start and end"),
        ("chr1\ta\t200", "expected chromosome, start and end"),
        ("chr1\t200\t200", "holds no base"),
        ("chr1\t-5\t200", "in whole numbers"),
        ("chr1\t100\t200\tp\t0\t.\t1\t1\t1\t100", "lies outside the peak"),
        ("chr1\t100\t200\tp\t0\t.\t1\t1\t1\tx", "summit in column 10"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, message):
    path = tmp_path / "peaks.bed"
    path.write_text(f"chr1\t1\t2\n{line}\n")
    with pytest.raises(InputError, match=rf"peaks.bed:2: .*{message}"):
        read_peaks(path)


def test_a_file_without_peaks_and_a_genome_without_them_are_refused(tmp_path, genome):
    path = tmp_path / "peaks.bed"
    path.write_text("# nothing\n")
    with pytest.raises(InputError, match=r"holds no peak"):
        read_peaks(path)
    path.write_text("scaffold_9\t1000\t2000\n")
    with pytest.raises(InputError, match=r"genome.fa: has none of the chromosomes of the peaks \(scaffold_9"):
        make_examples(read_peaks(path), GenomeFile(genome[1], tmp_path / "index"), None, None, 0)


def test_chromosomes_are_split_by_name_or_by_size():
    lengths = {"chr1": 250, "chr2": 240, "chr3": 90, "chr4": 105, "chr5": 315}
    assert split_chromosomes(lengths, None, None) == {
        "chr1": "train",
        "chr2": "train",
        "chr3": "validation",
        "chr4": "test",
        "chr5": "train",
    }
    named = split_chromosomes(lengths, ["4", "chr1"], None)
    assert {name for name, own in named.items() if own == "test"} == {"chr1", "chr4"}
    assert named["chr3"] == "validation"
    given = split_chromosomes(lengths, None, ["chr4"])
    assert (given["chr4"], given["chr3"]) == ("validation", "test")


@pytest.mark.parametrize(
    ("lengths", "test", "validation", "message"),
    [
        ({"1": 5, "2": 5, "3": 5}, ["9"], None, "chromosome 9 of the test set holds no peaks"),
        ({"1": 5, "2": 5, "3": 5}, ["1"], ["chr1"], "both in the test and in the validation set"),
        ({"1": 5, "2": 5}, None, None, "2 chromosomes with peaks do not suffice"),
        ({"1": 5, "2": 5, "3": 5}, ["1", "2"], ["3"], "do not suffice"),
    ],
)
def test_splits_that_cannot_be_are_refused(lengths, test, validation, message):
    with pytest.raises(InputError, match=message):
        split_chromosomes(lengths, test, validation)


def test_peaks_without_partners_of_their_gc_content_are_left_out(genome, tmp_path, monkeypatch):
    """With hardly any window drawn, every set is still matched bin by bin."""
    monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.setattr(module, "MOST_DRAWN", 12)
    few = made(genome, tmp_path)
    for held_out in (few.validation, few.test):
        assert 0 < len(held_out.label) <= 24
        assert held_out.label.mean() == 0.5
    assert set(few.train["bound_bin"]) <= set(few.train["unbound_bin"])
    assert few.source(0).epoch(0, 64).label.sum() == 32
