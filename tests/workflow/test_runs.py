"""Whole runs: they finish, do nothing twice, resume after a kill, and do not depend on the number of cores."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pandas as pd
import pytest
import yaml

from cisformula import background, hits, pwm, sequence

from .conftest import CELL_TYPES, GROUPS, SMALL, Checkout, name_cell_types
from .run_hashes import hashes

FIGURES = 24
LAST_TABLES = [
    f"results/small/{table}"
    for table in (
        "formula/performance.tsv",
        "cell_types/effects.tsv.gz",
        "grammar/communities.tsv",
        "grammar/controls.tsv",
        "grammar/motif_roles.tsv",
        "grammar/spacing_expression.tsv",
    )
]
"""What nearly all other tables are needed for; no figure is."""
CELL_TYPE_RULES = (
    *("cell_type_effects", "motif_activity", "second_opinion", "find_targets", "compare_gene_sets", "link_factors"),
    *("figure_factors", "build_site"),
)
WORDS = dict(zip(CELL_TYPES, (f"cluster {letter}" for letter in "abcdefghijkl"), strict=True))
GROUP_WORDS = dict(zip(sorted(GROUPS), ("group a", "group b", "group c"), strict=True))


@pytest.fixture(scope="module")
def in_words(finished, tmp_path_factory):
    """The finished run with words for the names of cell types and groups, and all that depends on them made again."""
    checkout = Checkout(tmp_path_factory.mktemp("words") / "cisformula")
    shutil.copytree(finished.path, checkout.path)
    folder = checkout.results() / "expression"
    sheet = pd.read_csv(folder / "cell_types.tsv", sep="\t", dtype=str, keep_default_na=False)
    sheet = sheet.assign(cell_type=sheet["cell_type"].map(WORDS), group=sheet["group"].map(GROUP_WORDS))
    name_cell_types(checkout.path / "input", sheet)
    sheet.to_csv(folder / "cell_types.tsv", sep="\t", index=False)
    matrix = pd.read_parquet(folder / "expression.parquet")
    matrix.rename(columns=WORDS).to_parquet(folder / "expression.parquet")
    result = checkout.run("all", "--rerun-triggers", "mtime", "--allowed-rules", "all", *CELL_TYPE_RULES, config=SMALL)
    assert result.returncode == 0, result.stderr[-3000:]
    assert [rule for rule in CELL_TYPE_RULES if f"rule {rule}:" not in result.stderr] == []
    return checkout


def test_a_second_call_does_nothing(finished):
    result = finished.run("--dry-run", config=SMALL)

    assert "Nothing to be done" in result.stdout + result.stderr


def test_every_predictor_is_scored_under_every_split(finished):
    formula = finished.results() / "formula"
    scores = pd.read_csv(formula / "performance.tsv", sep="\t")
    overall = scores[scores["fold"] == "all"]
    splits_of = overall.groupby("predictor")["split"].agg(set)
    assert splits_of.pop("noise_ceiling") == {"replicates"}
    assert splits_of.pop("formula") == {"chromosome", "paralogue", "in_sample"}
    assert splits_of["contextual_regression"] == splits_of["2to5mer_ridge"] == {"chromosome", "paralogue"}
    assert (scores["split"] == "chromosome").idxmax() == 0, "the main split comes first"
    assert (overall["r2_low"] <= overall["r2"]).all()
    assert (overall["r2"] <= overall["r2_high"]).all()
    differences = pd.read_csv(formula / "differences.tsv", sep="\t").set_index(["split", "predictor"])
    r2 = overall.set_index(["split", "predictor"])["r2"]
    for split, predictor in differences.index:
        expected = r2[split, "formula"] - r2[split, predictor]
        assert differences.loc[(split, predictor), "difference"] == pytest.approx(expected, abs=2e-5)
    for split in ("chromosome", "paralogue"):
        predictions = pd.read_csv(formula / f"predictions_{split}.tsv", sep="\t")
        folds = pd.read_csv(finished.results() / "splits" / split / "folds.tsv", sep="\t")
        assert predictions["gene_id"].tolist() == folds["gene_id"].tolist()
        assert predictions["fold"].tolist() == folds["fold"].tolist()


def test_the_table_counts_the_folds_that_chose_a_motif_or_one_it_stands_for(finished):
    formula = pd.read_csv(finished.results() / "formula" / "formula.tsv", sep="\t", keep_default_na=False)
    selection = pd.read_csv(finished.results() / "formula" / "selection_chromosome.tsv", sep="\t")
    chosen = selection.groupby("fold")["motif"].agg(set)
    assert formula["stands_for"].str.contains(r"MA\d", regex=True).any(), "known motifs of one family are alike"
    for row in formula.itertuples():
        group = {row.motif, *(label.split()[0] for label in row.stands_for.split("; ") if label)}
        assert row.folds >= sum(not group.isdisjoint(ids) for ids in chosen), row.motif
    assert formula["folds"].max() == len(chosen)


def test_targets_of_a_planted_motif_are_the_genes_with_its_sites(finished):
    table = pd.read_csv(finished.results() / "cell_types" / "enrichment.tsv.gz", sep="\t", keep_default_na=False)
    of_formula = table[table["cell_type"] == ""]
    best = of_formula.loc[of_formula.groupby("motif")["p"].idxmin()].set_index("motif")["gene_set"]
    planted = [motif for motif in best.index if motif in set(table["gene_set"])]
    assert len(planted) >= 2
    assert best[planted].tolist() == planted


def test_cell_types_and_groups_named_by_numbers_are_those_named_by_words(finished, in_words):
    names = list(CELL_TYPES)
    numbers, words = (checkout.results() / "cell_types" for checkout in (finished, in_words))
    assert pd.read_parquet(finished.results() / "expression" / "expression.parquet").columns.tolist() == names
    tables = sorted(path.name for path in numbers.glob("*.tsv*"))
    assert len(tables) == 12
    for name in tables:
        table, other = (
            pd.read_csv(folder / name, sep="\t", dtype=str, keep_default_na=False) for folder in (numbers, words)
        )
        of_cell_types = table.columns.intersection(["cell_type", "peak_cell_type", "name"])
        table[of_cell_types] = table[of_cell_types].replace(WORDS)
        if "group" in table:
            grouped = table["column"] == "group" if "column" in table else slice(None)
            table.loc[grouped, "group"] = table.loc[grouped, "group"].map(GROUP_WORDS)
        keys = table.columns.tolist()
        pd.testing.assert_frame_equal(*(one.sort_values(keys, ignore_index=True) for one in (table, other)), obj=name)
    effects = pd.read_csv(numbers / "effects.tsv.gz", sep="\t", dtype=str, keep_default_na=False)
    assert effects["cell_type"].drop_duplicates().tolist() == names
    tests = pd.read_csv(numbers / "group_effects.tsv", sep="\t", dtype=str)
    assert tests.groupby("column")["group"].agg(set).to_dict() == {"group": set(GROUPS), "2024": {"TRUE", "true"}}
    factors = pd.read_csv(numbers / "factors.tsv", sep="\t")
    assert factors["r"].notna().any()
    assert set(factors["n"][factors["r"].notna()]) == {12}

    targets = pd.read_parquet(numbers / "targets.parquet").replace({"cell_type": WORDS})
    pd.testing.assert_frame_equal(targets, pd.read_parquet(words / "targets.parquet"))
    predicted = pd.read_parquet(numbers / "predictions.parquet").rename(columns=WORDS)
    pd.testing.assert_frame_equal(predicted, pd.read_parquet(words / "predictions.parquet"))


def test_the_site_shows_cell_types_named_by_numbers(finished, in_words):
    numbers, words = (checkout.results() / "report" / "site" / "data" for checkout in (finished, in_words))
    scripts = sorted(str(path.relative_to(numbers)) for path in numbers.rglob("*.js"))
    assert {"effects.js", "genes/0.js"} < set(scripts)
    assert [name for name in scripts if (numbers / name).read_bytes() != (words / name).read_bytes()] == [
        "cell_types.js"
    ]
    content = json.loads((numbers / "cell_types.js").read_text().split(", ", 1)[1].removesuffix(");\n"))
    assert content["name"] == list(CELL_TYPES)
    assert content["group"] == np.repeat(GROUPS, 4).tolist()
    assert [group["name"] for group in content["groups"]] == sorted(GROUPS)


def test_sites_lie_on_the_genome_where_the_table_says(finished, tmp_path):
    sites = pd.read_parquet(finished.results() / "formula" / "sites.parquet")
    bed = pd.read_csv(finished.results() / "formula" / "sites.bed.gz", sep="\t", header=None)
    assert (
        bed[[0, 1, 2, 3, 5]].to_numpy().tolist()
        == sites[["chrom", "start", "end", "motif", "strand"]].to_numpy().tolist()
    )
    motifs = {motif.id: motif for motif in pwm.read_meme(finished.results() / "formula" / "formula.meme")}
    packed = finished.path / "input" / "genome.fa.gz"
    (tmp_path / "genome.fa").write_bytes(gzip.decompress(packed.read_bytes()))
    genome = sequence.read_fasta(tmp_path / "genome.fa")
    codes = np.load(finished.results() / "expression" / "sequences.npy")
    frequencies = background.base_frequencies(codes, both_strands=True)
    assert set(sites["strand"]) == {"+", "-"}
    for site in sites[:: len(sites) // 200].itertuples():
        word = sequence.encode(genome[site.chrom][site.start : site.end])
        word = word if site.strand == "+" else sequence.reverse_complement_codes(word)
        matrix = hits.score_matrix(motifs[site.motif], [1e-4], frequencies)
        total = matrix.scores[np.arange(len(word)), word].sum()
        assert total >= matrix.thresholds[0]
        assert site.p_value == pytest.approx(hits.p_values(matrix.scores, frequencies)[total], rel=1e-6)
    tss = (
        pd.read_csv(finished.results() / "expression" / "genes.tsv", sep="\t")
        .set_index("gene_id")
        .loc[sites["gene_id"]]
    )
    assert (
        sites["from_tss"].abs() - ((sites["start"] + sites["end"]) // 2 - tss["tss"].to_numpy()).abs()
    ).abs().max() <= 1


def test_the_formula_gives_its_own_predictions_on_its_start_sites(finished):
    scores = pd.read_csv(finished.results() / "apply" / "scores.tsv.gz", sep="\t", index_col="id")
    predictions = pd.read_csv(finished.results() / "formula" / "predictions.tsv", sep="\t", index_col="gene_id")
    np.testing.assert_allclose(scores.loc[predictions.index, "predicted"], predictions["in_sample"], atol=2e-7)
    motifs = scores.filter(like="motif:").sum(axis=1) + scores.filter(like="covariate:").sum(axis=1)
    assert (scores["predicted"] - motifs).std() < 1e-5, "what is left is the intercept"
    cell_types = scores.filter(like="cell_type:")
    assert cell_types.columns.tolist() == [f"cell_type:{name}" for name in CELL_TYPES]
    assert cell_types.corrwith(scores["predicted"]).median() > 0.5

    variants = pd.read_csv(finished.results() / "apply" / "variants.tsv.gz", sep="\t")
    own = variants[variants["id"] == variants["gene"]].set_index("gene")
    assert (own["status"] == "scored").all()
    assert (own["from_tss"] == -30).all()
    assert own.index.isin(scores.index).all()
    np.testing.assert_allclose(own["reference"], scores.loc[own.index, "predicted"], rtol=1e-5, atol=1e-6)
    changed = own[["gained", "lost", "moved"]].notna().any(axis=1)
    assert changed.any()
    assert (own.loc[~changed, "difference"].abs() < own["difference"].abs().max()).all()


def test_the_report_holds_every_figure(finished):
    result = finished.run("--report", "report.zip", config=SMALL, cores=None)

    assert result.returncode == 0, result.stderr[-3000:]
    listing = "\n".join(zipfile.ZipFile(finished.path / "report.zip").namelist())
    figures = sorted(path.name for path in (finished.results() / "figures").glob("*.png"))
    assert len(figures) == FIGURES
    assert [figure for figure in figures if figure not in listing] == []


def test_a_killed_run_resumes_and_on_one_core_gives_the_same_files(finished, small):
    (small.path / "test.yaml").write_text(yaml.safe_dump(SMALL))
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--configfile", "test.yaml"]
    run = subprocess.Popen(
        command, cwd=small.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    kept = small.results() / "models" / "main" / "chromosome" / "unfinished" / "run_1"
    deadline = time.monotonic() + 900
    while not kept.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert kept.exists()
    assert not (small.results() / "formula" / "formula.json").exists()

    assert small.run("--unlock", config=SMALL).returncode == 0
    resumed = small.run(*LAST_TABLES, config=SMALL, cores=1)
    assert resumed.returncode == 0, resumed.stderr[-3000:]
    assert "rule list_tss:" not in resumed.stderr
    assert "2 of 5 runs were done before" in (small.results() / "logs" / "train_chromosome.log").read_text()
    assert not kept.parent.exists()
    first, second = hashes(finished.results()), hashes(small.results())
    assert {"formula/formula.json", "motifs/learned.meme", "cell_types/effects.tsv.gz"} <= set(second)
    assert {"grammar/communities.tsv", "grammar/groups.tsv", "grammar/spacing.tsv"} <= set(second)
    # A figure that was killed half-way stays so, as nothing here asks for it.
    tables = [path for path in second if not path.startswith("figures/")]
    assert [path for path in tables if second[path] != first.get(path)] == []


def test_the_papers_checklist_is_made_from_a_finished_run(finished):
    result = finished.run("paper_figures", config=SMALL)

    assert result.returncode == 0, result.stderr[-3000:]
    paper = finished.results() / "paper"
    comparison = pd.read_csv(paper / "comparison.tsv", sep="\t").set_index("quantity")
    performance = pd.read_csv(finished.results() / "formula" / "performance.tsv", sep="\t")
    performance = performance[performance["fold"] == "all"].set_index(["predictor", "split"])["r2"]
    for split, genes in (("chromosome", "held-out genes"), ("in_sample", "the genes it was fitted to")):
        ours = float(comparison.loc[f"R2 of the formula on {genes}", "ours"])
        assert ours == pytest.approx(performance["formula", split], abs=1e-3)
    assert len(pwm.read_meme(paper / "tables" / "learned.meme")) == 5 * 16
    heat_map = pd.read_csv(paper / "tables" / "heat_map.tsv", sep="\t", header=None, nrows=1, dtype=str).iloc[0, 1:]
    assert sorted(heat_map) == sorted(CELL_TYPES)
    page = (paper / "README.md").read_text()
    for figure in (paper / "figures").glob("*.png"):
        assert f"figures/{figure.name}" in page
