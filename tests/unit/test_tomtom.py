"""Comparison with known motifs: against the real Tomtom's table, known answers, and both engines' errors."""

import os
import stat
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cisformula.errors import InputError
from cisformula.jaspar import load_database
from cisformula.pwm import Motif, read_meme
from cisformula.tomtom import COLUMNS, compare, read_tomtom, run_meme, summarise

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def known():
    return load_database("JASPAR2022", "vertebrates")


@pytest.fixture(scope="module")
def elk4(known):
    return next(motif for motif in known if motif.id == "MA0076.2")


def part_of(motif, start, end, name="part"):
    return Motif(name, name, motif.pfm[start:end], motif.nsites)


def test_a_part_of_a_known_motif_finds_it_in_place(known, elk4):
    part = part_of(elk4, 2, 10)
    table = compare([part, Motif("turned", "turned", part.reverse_complement().pfm, part.nsites)], known)
    assert list(table.columns) == COLUMNS
    for query, orientation, offset in [("part", "+", 2), ("turned", "-", elk4.width - 10)]:
        row = table[(table["Query_ID"] == query) & (table["Target_ID"] == elk4.id)].iloc[0]
        assert (row["Orientation"], row["Optimal_offset"], row["Overlap"]) == (orientation, offset, 8)
        start = row["Optimal_offset"]
        assert row["Target_consensus"][start : start + 8] == row["Query_consensus"]
        assert row["E-value"] < 0.01
        # The whole ETS family is next to it.
        assert elk4.id in table.loc[table["Query_ID"] == query, "Target_ID"].head(10).tolist()


def test_the_same_motif_is_its_own_best_match(known):
    queries = known[::60]
    best = compare(queries, known).drop_duplicates("Query_ID")
    assert best["Target_ID"].tolist() == best["Query_ID"].tolist() == [motif.id for motif in queries]
    assert (best["Optimal_offset"] == 0).all()
    assert (best["p-value"] > 0).all()


def test_e_is_p_times_the_targets_and_q_is_benjamini_hochberg(known):
    table = compare(known[:3], known, min_overlap=1, threshold=np.inf)
    assert len(table) == 3 * len(known)
    np.testing.assert_allclose(table["E-value"], table["p-value"] * len(known))
    for _, rows in table.groupby("Query_ID", sort=False):
        p = rows["p-value"].to_numpy()
        assert (np.diff(p) >= 0).all()
        steps = np.minimum.accumulate((p * len(p) / np.arange(1, len(p) + 1))[::-1])[::-1]
        np.testing.assert_allclose(rows["q-value"], np.minimum(steps, 1))


def test_threshold_and_overlap_only_drop_rows(known):
    queries = [part_of(known[0], 0, 4, "narrow"), part_of(known[5], 0, 8, "wide")]
    whole = compare(queries, known, min_overlap=1, threshold=np.inf)
    widths = {motif.id: motif.width for motif in [*queries, *known]}
    needed = np.minimum(whole["Query_ID"].map(widths), whole["Target_ID"].map(widths)).clip(upper=6)
    expected = whole[(whole["E-value"] <= 50) & (whole["Overlap"] >= needed)].reset_index(drop=True)
    found = compare(queries, known, min_overlap=6, threshold=50)
    assert 0 < len(found) < len(whole)
    assert set(found["Query_ID"]) == {"narrow", "wide"}
    pd.testing.assert_frame_equal(found, expected)


def test_no_match_gives_an_empty_table(known):
    flat = Motif("flat", "flat", np.full((8, 4), 0.25))
    table = compare([flat], known, threshold=1e-9)
    assert list(table.columns) == COLUMNS
    assert table.empty


def test_threads_do_not_change_the_result(known):
    pd.testing.assert_frame_equal(compare(known[:20], known, threads=1), compare(known[:20], known, threads=64))


def test_few_targets_are_reported_in_the_log(known, caplog):
    compare(known[:2], known[:10])
    assert "only 10 known motifs" in caplog.text


def test_builtin_engine_refuses_other_distances(known):
    with pytest.raises(InputError, match="pearson") as caught:
        compare(known[:1], known, distance="pearson")
    assert "engine: meme" in caught.value.fix


@pytest.fixture(scope="module")
def reference():
    """The real tool's table and ours for the same 194 queries and the 791 targets it uses."""
    path = DATA / "reference" / "tomtom_5.5.8_cr194_vs_jaspar2022_ed_minoverlap1.tsv.gz"
    if not path.is_file():
        pytest.skip(f"no development data at {DATA} (set CISFORMULA_DATA)")
    real = pd.read_csv(path, sep="\t", comment="#")
    targets = read_meme(DATA / "paper" / "JASPAR2022_CORE_vertebrates_nonredundant.meme.gz")
    # Tomtom keeps the first motif of a repeated name.
    first = list({motif.name: motif for motif in reversed(targets)}.values())[::-1]
    ours = compare(read_meme(DATA / "paper" / "cr_motifs_194.meme"), first, min_overlap=1, threshold=10)
    return real, ours


@pytest.mark.data
def test_the_same_rows_as_the_real_tool(reference):
    real, ours = reference
    both = real.merge(ours, on=["Query_ID", "Target_ID"], how="outer", indicator=True, suffixes=("_real", ""))
    assert (both["_merge"] == "both").mean() > 0.999
    both = both[both["_merge"] == "both"]
    np.testing.assert_allclose(both["p-value"], both["p-value_real"], rtol=2e-3)
    np.testing.assert_allclose(both["E-value"], both["E-value_real"], rtol=2e-3)
    # Tomtom takes the two strands of a target for two tests, and estimates the share of true nulls.
    ratio = (both["q-value_real"] / both["q-value"])[both["q-value_real"] < 0.9]
    assert ratio.between(0.9, 2.01).all()


@pytest.mark.data
def test_the_same_best_match_and_alignment_as_the_real_tool(reference):
    real, ours = (table.drop_duplicates("Query_ID").set_index("Query_ID") for table in reference)
    assert set(real.index) == set(ours.index)
    ours = ours.loc[real.index]
    agree = {column: (ours[column] == real[column]).mean() for column in ("Target_ID", "Overlap", "Query_consensus")}
    assert min(agree.values()) >= 0.99
    same = (ours["Target_ID"] == real["Target_ID"]) & (ours["Orientation"] == real["Orientation"])
    # Both strands of a near palindrome may score the same; the tools then differ in which they name.
    assert same.mean() >= 0.95
    assert (ours.loc[same, "Optimal_offset"] == real.loc[same, "Optimal_offset"]).mean() >= 0.99
    assert (ours.loc[same, "Target_consensus"] == real.loc[same, "Target_consensus"]).mean() >= 0.99


def install_tomtom(folder, monkeypatch, body):
    """Put a stand-in for the MEME Suite's tomtom on the PATH."""
    program = folder / "tomtom"
    program.write_text(f"#!{sys.executable}\nimport pathlib, sys\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(folder))


REAL_TABLE = (
    "\\t".join(COLUMNS)
    + "\\nR0M0\\tNA\\t-1\\t1e-05\\t0.008\\t0.01\\t7\\tACCGGAAG\\tCCGGAAGT\\t-\\n\\n# Tomtom (Motif Comparison Tool)\\n"
)


def test_the_real_program_is_called_with_its_options(tmp_path, monkeypatch):
    body = f"""
out = pathlib.Path(sys.argv[sys.argv.index("-oc") + 1])
(out / "tomtom.tsv").write_text("{REAL_TABLE}")
pathlib.Path(__file__).with_name("called").write_text("\\n".join(sys.argv[1:]))"""
    install_tomtom(tmp_path, monkeypatch, body)
    table = run_meme("my queries.meme", "$(touch x).meme", distance="ed", min_overlap=3, threshold=0.5)
    called = (tmp_path / "called").read_text().split("\n")
    assert "-no-ssc" in called
    assert "-evalue" in called
    for option, value in [("-min-overlap", "3"), ("-dist", "ed"), ("-thresh", "0.5")]:
        assert called[called.index(option) + 1] == value
    # Paths are passed as they are, whatever they hold.
    assert called[-2:] == ["my queries.meme", "$(touch x).meme"]
    assert list(table.columns) == COLUMNS
    assert table.iloc[0].tolist() == ["R0M0", "NA", -1, 1e-5, 0.008, 0.01, 7, "ACCGGAAG", "CCGGAAGT", "-"]


def test_a_missing_program_names_both_ways_out(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="not on the PATH") as caught:
        run_meme("a.meme", "b.meme")
    assert "engine: builtin" in caught.value.fix
    assert "bioconda" in caught.value.fix


def test_a_failing_program_is_quoted(tmp_path, monkeypatch):
    install_tomtom(tmp_path, monkeypatch, "sys.exit('FATAL: no motifs')")
    with pytest.raises(InputError, match="FATAL: no motifs"):
        run_meme("a.meme", "b.meme")


def test_a_table_without_rows_or_header(tmp_path):
    (tmp_path / "empty.tsv").write_text("\n# Tomtom\n")
    assert list(read_tomtom(tmp_path / "empty.tsv").columns) == COLUMNS
    pd.DataFrame(columns=COLUMNS).to_csv(tmp_path / "header.tsv", sep="\t", index=False)
    assert read_tomtom(tmp_path / "header.tsv").empty


def test_summary_counts_queries_not_rows():
    matches = pd.DataFrame(
        {
            "Query_ID": ["a", "a", "b", "c"],
            "p-value": [1e-6, 1e-5, 5e-4, 0.01],
            "E-value": [1e-3, 1e-2, 0.5, 9.9],
            "q-value": [1e-3, 5e-3, 0.08, 0.6],
        }
    )
    table = summarise(matches, {"all": ["a", "b", "c", "d"], "few": ["c"]})
    assert table.to_dict("list") == {
        "set": ["all", "few"],
        "queries": [4, 1],
        "E<10": [3, 1],
        "E<0.05": [1, 0],
        "q<0.05": [1, 0],
        "q<0.1": [2, 0],
        "q<0.5": [2, 0],
        "p<0.001": [2, 0],
    }


def test_summary_of_no_matches():
    table = summarise(pd.DataFrame(columns=COLUMNS), {"all": ["a"]})
    assert table.iloc[0].tolist() == ["all", 1, 0, 0, 0, 0, 0, 0]
