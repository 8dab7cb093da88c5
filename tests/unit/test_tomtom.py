"""The built-in Tomtom: every printed digit of the real one, known answers, and distributions by enumeration."""

import itertools
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cisformula import match_table, tomtom
from cisformula.errors import InputError
from cisformula.jaspar import load_database
from cisformula.motif_clusters import cluster_motifs
from cisformula.pwm import Motif, read_meme
from cisformula.tomtom import alignment, column_scores, incomplete, null, q_values

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def known():
    return load_database("JASPAR2022", "vertebrates").motifs


@pytest.fixture(scope="module")
def elk4(known):
    return next(motif for motif in known if motif.id == "MA0076.2")


def part_of(motif, start, end, name="part"):
    return Motif(name, name, motif.pfm[start:end], motif.nsites)


# Against the tables of the real tool ----------------------------------------------------------------------------------

REFERENCES = {
    "194 queries, pearson": ("cr_motifs_194", "paper/tomtom_5.5.5_cr194_vs_jaspar2022.tsv.gz", "pearson", 5, 3171),
    "640 queries, pearson": ("cr_motifs_640", "paper/tomtom_5.5.5_cr640_vs_jaspar2022.tsv.gz", "pearson", 5, 9644),
    "194 queries, ed": (
        "cr_motifs_194",
        "reference/tomtom_5.5.8_cr194_vs_jaspar2022_ed_minoverlap1.tsv.gz",
        "ed",
        1,
        3459,
    ),
}


def first_of_each_name(motifs):
    """The real tool keeps the first motif of a repeated id, and in this file the names are the ids."""
    return list({motif.name: motif for motif in reversed(motifs)}.values())[::-1]


@pytest.mark.data
@pytest.mark.parametrize("reference", REFERENCES)
def test_every_printed_character_of_the_real_tool(reference, tmp_path):
    queries, path, distance, min_overlap, n_rows = REFERENCES[reference]
    if not (DATA / path).is_file():
        pytest.skip(f"no development data at {DATA} (set CISFORMULA_DATA)")
    targets = first_of_each_name(read_meme(DATA / "paper" / "JASPAR2022_CORE_vertebrates_nonredundant.meme.gz"))
    assert len(targets) == 791
    motifs = read_meme(DATA / "paper" / f"{queries}.meme")
    ours = tomtom.compare(motifs, targets, distance=distance, min_overlap=min_overlap, threads=2)
    match_table.write(tmp_path / "ours.tsv", ours)
    printed = pd.read_csv(tmp_path / "ours.tsv", sep="\t", dtype=str)
    real = pd.read_csv(DATA / path, sep="\t", comment="#", dtype=str)
    assert len(real) == n_rows
    pd.testing.assert_frame_equal(printed, real)


@pytest.mark.data
@pytest.mark.parametrize(("queries", "any_match", "at_q"), [("640", 627, 65), ("194", 190, 31)])
def test_the_published_counts_of_matched_motifs(queries, any_match, at_q):
    path = DATA / "paper" / f"cr_motifs_{queries}.meme"
    if not path.is_file():
        pytest.skip(f"no development data at {DATA} (set CISFORMULA_DATA)")
    targets = first_of_each_name(read_meme(DATA / "paper" / "JASPAR2022_CORE_vertebrates_nonredundant.meme.gz"))
    motifs = read_meme(path)
    counts = match_table.summarise(tomtom.compare(motifs, targets, distance="pearson"), {"all": motifs}).iloc[0]
    assert (counts["E<10"], counts["q<0.05"]) == (any_match, at_q)


# Column scores --------------------------------------------------------------------------------------------------------


def test_column_scores_are_correlation_and_distance():
    query = np.array([[0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25]])
    targets = np.array([[0.1, 0.7, 0.1, 0.1], [0.4, 0.4, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25]])
    pearson = column_scores.column_scores(query, targets, "pearson")
    expected = [np.corrcoef(query[0], target)[0, 1] for target in targets[:2]]
    np.testing.assert_allclose(pearson, [[*expected, 0], [0, 0, 0]], atol=1e-15)
    euclidean = column_scores.column_scores(query, targets, "ed")
    np.testing.assert_allclose(euclidean, -np.sqrt(((query[:, None] - targets) ** 2).sum(axis=2)))


def test_integers_are_centred_on_the_lower_median():
    # Row medians 0.2 and -0.1 (the second smallest of four); centred values span -1.2..0.8, so 50 levels per unit.
    scores = np.array([[-1.0, 0.2, 0.4, 1.0], [-0.3, -0.1, 0.2, 0.5]])
    rounded = column_scores.to_integers(scores.copy(), complete=True)
    # The floor of -1.2 is -2 and 100 / (0.8 + 2) is 35.7.
    assert rounded.zero == 70
    assert rounded.scores.tolist() == [[28, 70, 77, 98], [63, 70, 81, 91]]
    # Without centring the values span -1..1.
    rounded = column_scores.to_integers(scores.copy(), complete=False)
    assert rounded.zero == 0
    assert rounded.scores.tolist() == [[0, 60, 70, 100], [35, 45, 60, 75]]


def test_equal_scores_are_no_division_by_zero():
    assert column_scores.to_integers(np.zeros((2, 6)), complete=True).scores.tolist() == [[100] * 6] * 2


# Null distribution, by going through all cases ------------------------------------------------------------------------


def small_query(rng, width, n_columns=4):
    return column_scores.IntegerScores(rng.integers(0, 5, (width, n_columns)).astype(np.uint8), 2)


def configurations(width, target_width):
    """First and last aligned query column of every way to lay the two on each other."""
    for end in range(1, width + target_width):
        yield max(0, width - end), min(width, target_width + width - end)


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("target_width", [1, 2, 3, 5])
def test_p_values_equal_the_product_over_all_alignments(width, target_width):
    query = small_query(np.random.default_rng(width), width)
    found = np.exp(null.log_p_values(query, np.array([target_width]))[0])
    keep = 1.0
    for first, last in configurations(width, target_width):
        sums = [sum(drawn) for drawn in itertools.product(*query.scores[first:last].astype(int))]
        at_least = np.array(
            [np.mean(np.array(sums) + query.zero * (width - last + first) >= k) for k in range(len(found))]
        )
        keep = keep * (1 - at_least) ** 2
    np.testing.assert_allclose(found, 1 - keep, atol=1e-14)


def test_one_table_serves_many_widths():
    query = small_query(np.random.default_rng(1), 4, 10)
    widths = np.array([1, 3, 4, 9])
    together = null.log_p_values(query, widths)
    for width, row in zip(widths, together, strict=True):
        np.testing.assert_array_equal(null.log_p_values(query, np.array([width]))[0], row)


def test_a_p_value_below_all_floating_point_numbers_has_its_logarithm():
    width, n_columns = 100, 150_000
    scores = np.zeros((width, n_columns), dtype=np.uint8)
    scores[:, 0] = 100
    log_p = null.log_p_values(column_scores.IntegerScores(scores, 0), np.array([width]))[0]
    # Only one alignment, the full one, reaches the highest score; two strands.
    assert log_p[100 * width] == pytest.approx(np.log(2) - width * np.log(n_columns))
    assert log_p[100 * width] < np.log(np.finfo(float).smallest_subnormal)


# Alignments -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("min_overlap", [1, 2, 9])
def test_the_best_alignment_is_found(min_overlap):
    rng = np.random.default_rng(3)
    widths = [1, 2, 4, 6]
    targets = alignment.stack_targets([rng.dirichlet(np.ones(4), width) for width in widths])
    query = column_scores.IntegerScores(rng.integers(0, 4, (4, len(targets.columns))).astype(np.uint8), 1)
    found = alignment.best_alignments(query, targets, min_overlap)
    for row, (start, width) in enumerate(zip(targets.starts, targets.widths, strict=True)):
        cases = []
        for end, (first, last) in enumerate(configurations(4, width), start=1):
            if last - first >= min(min_overlap, 4, width):
                columns = np.arange(first, last)
                total = query.scores[columns, start + end - 4 + columns].sum(dtype=int) + 4 - len(columns)
                cases.append((-total, -len(columns), end - 4))
        score, overlap, offset = min(cases)
        assert (found.score[row], found.overlap[row], found.offset[row]) == (-score, -overlap, offset)


def test_targets_are_followed_by_their_reverse_complement():
    pfm = np.array([[1, 0, 0, 0], [0, 0.5, 0.3, 0.2]])
    targets = alignment.stack_targets([pfm, pfm[:1]])
    assert targets.starts.tolist() == [0, 2, 4, 5]
    assert targets.widths.tolist() == [2, 2, 1, 1]
    assert targets.columns[2:4].tolist() == [[0.2, 0.3, 0.5, 0], [0, 0, 0, 1]]


def test_incomplete_scores_take_the_most_significant_alignment():
    rng = np.random.default_rng(5)
    targets = alignment.stack_targets([rng.dirichlet(np.ones(4), width) for width in (2, 5)])
    query = column_scores.IntegerScores(rng.integers(0, 6, (3, len(targets.columns))).astype(np.uint8), 0)
    found = incomplete.most_significant(query, targets, 2)
    for row, (start, width) in enumerate(zip(targets.starts, targets.widths, strict=True)):
        cases = []
        for end, (first, last) in enumerate(configurations(3, width), start=1):
            if last - first >= 2:
                columns = np.arange(first, last)
                observed = query.scores[columns, start + end - 3 + columns].astype(int).sum()
                sums = [sum(drawn) for drawn in itertools.product(*query.scores[first:last].astype(int))]
                cases.append((np.mean(np.array(sums) >= observed), -len(columns), end - 3))
        p, overlap, offset = min(cases)
        assert (found.overlap[row], found.offset[row]) == (-overlap, offset)
        assert np.exp(found.log_p[row]) == pytest.approx(1 - (1 - p) ** (2 * len(cases)))


# q-values -------------------------------------------------------------------------------------------------------------


def test_the_random_numbers_are_those_of_the_old_seeding():
    # The first outputs of MT19937 by its authors' program of 1998, which seeds with 4357.
    first, second = 3510405877, 4290933890
    stream = q_values.RandomStream()
    assert stream.take(1)[0] == (first * 2**32 + second) / 2**64
    more = stream.take(3)
    np.testing.assert_array_equal(q_values.RandomStream().take(4)[1:], more)


def test_a_share_of_true_nulls_is_estimated():
    rng = np.random.default_rng(1)
    p = np.sort(np.concatenate([rng.uniform(size=3000), rng.uniform(0, 1e-4, 1000)]))
    stream = q_values.RandomStream().take(q_values.BOOTSTRAPS * q_values.DRAWS)
    assert q_values.null_share(p, stream) == pytest.approx(0.75, abs=0.03)
    uniform = (np.arange(1000) + 0.5) / 1000
    assert q_values.null_share(uniform, stream) == pytest.approx(1, abs=0.02)


def test_q_values_are_the_smallest_share_of_false_discoveries():
    p = np.array([0.001, 0.01, 0.0101, 0.5, 0.99, 1.0])
    stream = q_values.RandomStream().take(q_values.BOOTSTRAPS * q_values.DRAWS)
    share = q_values.null_share(p, stream)
    expected = np.array([0.006, 0.0202, 0.0202, 0.75, 1.0, 1.0]) * share
    np.testing.assert_allclose(q_values.q_values(p, stream), expected, rtol=1e-6)


# The whole comparison -------------------------------------------------------------------------------------------------


def test_a_part_of_a_known_motif_finds_it_in_place(known, elk4):
    part = part_of(elk4, 2, 10)
    found = tomtom.compare([part, Motif("turned", "turned", part.reverse_complement().pfm, part.nsites)], known)
    for query, orientation, offset in [("part", "+", 2), ("turned", "-", elk4.width - 10)]:
        row = found[(found["Query_ID"] == query) & (found["Target_ID"] == elk4.id)].iloc[0]
        assert (row["Orientation"], row["Optimal_offset"], row["Overlap"]) == (orientation, offset, 8)
        start = row["Optimal_offset"]
        assert row["Target_consensus"][start : start + 8] == row["Query_consensus"]
        assert row["E-value"] < 0.01
        # The whole ETS family is next to it.
        assert elk4.id in found.loc[found["Query_ID"] == query, "Target_ID"].head(10).tolist()


@pytest.mark.parametrize("distance", ["ed", "pearson"])
@pytest.mark.parametrize("complete", [True, False])
def test_the_same_motif_is_its_own_best_match(known, distance, complete):
    queries = known[::60]
    best = tomtom.compare(queries, known, distance=distance, complete=complete).drop_duplicates("Query_ID")
    assert best["Target_ID"].tolist() == best["Query_ID"].tolist() == [motif.id for motif in queries]
    assert (best["Optimal_offset"] == 0).all()


def test_p_values_beyond_single_precision_print_as_zero_and_keep_their_logarithm(known, tmp_path):
    widest = max(known, key=lambda motif: motif.width)
    found = tomtom.compare([widest], known, distance="pearson")
    match_table.write(tmp_path / "m.tsv", found)
    best = (tmp_path / "m.tsv").read_text().splitlines()[1].split("\t")
    assert best[1:6] == [widest.id, "0", "0", "0", "0"]
    assert -90 < found["log10_p"][0] < -45
    np.testing.assert_allclose(10 ** found["log10_p"][1:], found["p-value"][1:], rtol=1e-6)


def test_e_is_p_times_the_targets(known):
    found = tomtom.compare(known[:3], known, min_overlap=1, threshold=np.inf)
    assert len(found) == 3 * len(known)
    np.testing.assert_allclose(found["E-value"], found["p-value"] * len(known), rtol=1e-6)
    for _, rows in found.groupby("Query_ID", sort=False):
        assert (np.diff(rows["p-value"]) >= 0).all()
        assert (np.diff(rows["q-value"]) >= 0).all()


def test_the_threshold_only_drops_rows(known):
    whole = tomtom.compare(known[:5], known, threshold=np.inf)
    part = tomtom.compare(known[:5], known, threshold=0.1)
    pd.testing.assert_frame_equal(part, whole[whole["E-value"] <= 0.1].reset_index(drop=True))


def test_alignments_have_the_overlap_asked_for(known):
    queries = [part_of(known[0], 0, 4, "narrow"), part_of(known[5], 0, 8, "wide")]
    found = tomtom.compare(queries, known, min_overlap=6, threshold=np.inf)
    widths = {motif.id: motif.width for motif in [*queries, *known]}
    needed = np.minimum(found["Query_ID"].map(widths), found["Target_ID"].map(widths)).clip(upper=6)
    assert (found["Overlap"] >= needed).all()
    assert (found["Overlap"] == needed).any()


def test_no_match_gives_an_empty_table(known):
    flat = Motif("flat", "flat", np.full((8, 4), 0.25))
    for queries in ([flat], []):
        found = tomtom.compare(queries, known, threshold=1e-9)
        assert list(found.columns) == [*match_table.COLUMNS, "log10_p"]
        assert found.empty


def test_threads_do_not_change_the_result(known):
    one, many = (tomtom.compare(known[:40], known, threads=threads) for threads in (1, 7))
    pd.testing.assert_frame_equal(one, many)


def test_a_query_does_not_depend_on_those_after_it(known):
    """Random numbers are drawn in turn: the first queries of a run are those of a shorter run."""
    few = tomtom.compare(known[:20], known)
    pd.testing.assert_frame_equal(few, tomtom.compare(known[:40], known).iloc[: len(few)])


def test_the_background_of_the_queries_moves_euclidean_distances(known):
    few_sites = [Motif("few", "few", known[7].pfm, 2.0)]
    uniform, skewed = (
        tomtom.compare(few_sites, known, background=np.array(background))["log10_p"]
        for background in ([0.25] * 4, [0.1, 0.3, 0.5, 0.1])
    )
    swapped = tomtom.compare(few_sites, known, background=np.array([0.1, 0.5, 0.3, 0.1]))["log10_p"]
    assert not np.allclose(uniform[:20], skewed[:20])
    np.testing.assert_array_equal(skewed, swapped)


def test_wide_queries_are_left_out_with_a_warning(known, caplog):
    wide = Motif("wide", "wide", np.tile(known[0].pfm, (30, 1))[:101])
    found = tomtom.compare([wide, known[0]], known)
    assert found["Query_ID"].unique().tolist() == [known[0].id]
    assert "wide is left out: 101 columns" in caplog.text


def test_few_targets_are_reported_in_the_log(known, caplog):
    tomtom.compare(known[:2], known[:10])
    assert "only 10 known motifs" in caplog.text


def test_unknown_distances_are_refused(known):
    with pytest.raises(InputError, match="no distance 'kullback'") as caught:
        tomtom.compare(known[:1], known, distance="kullback")
    assert caught.value.fix == "use one of pearson, ed."


# Motifs with each other -----------------------------------------------------------------------------------------------


def test_similarity_is_a_tenth_of_the_logarithm_of_p(known):
    motifs = known[:60]
    found = tomtom.align_all(motifs, "pearson", 5)
    table = tomtom.compare(motifs, motifs, distance="pearson", threshold=np.inf).set_index(["Query_ID", "Target_ID"])
    ids = [motif.id for motif in motifs]
    np.testing.assert_array_equal(np.diag(found.similarity), 1)
    np.testing.assert_array_equal(found.similarity, found.similarity.T)
    for i, j in [(0, 1), (17, 3), (40, 41)]:
        pair, turned = table.loc[(ids[i], ids[j])], table.loc[(ids[j], ids[i])]
        assert found.similarity[i, j] == pytest.approx(-(pair["log10_p"] + turned["log10_p"]) / 20, abs=1e-8)
        assert (found.offset[i, j], found.overlap[i, j]) == (pair["Optimal_offset"], pair["Overlap"])
        assert found.reverse[i, j] == (pair["Orientation"] == "-")


def test_clusters_on_tomtoms_scale_hold_the_copies_of_a_motif(known, elk4):
    rng = np.random.default_rng(1)
    copies = [Motif(f"R{run}M0", "x", 0.9 * elk4.pfm + 0.1 * rng.dirichlet(np.ones(4), elk4.width)) for run in range(4)]
    copies[2] = Motif("R2M0", "x", copies[2].reverse_complement().pfm)
    others = known[100:160]
    motifs = [*copies, *others]
    clusters = cluster_motifs(motifs, 0.5, 6, tomtom.align_all(motifs, "pearson", 6)).set_index("motif")
    assert clusters.loc[[motif.id for motif in copies], "cluster"].nunique() == 1
    assert len(set(clusters.loc["R0M0":"R3M0", "reverse"])) == 2


def test_a_uniform_motif_is_like_no_other(known):
    flat = Motif("flat", "flat", np.full((8, 4), 0.25))
    similarity = tomtom.align_all([flat, *known[:60]], "pearson", 5).similarity
    assert np.isfinite(similarity).all()
    assert similarity[0, 1:].max() < 0.1
