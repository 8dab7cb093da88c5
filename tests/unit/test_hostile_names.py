"""Genes, chromosomes and cell types with hostile names pass unharmed through the scripts, and make no file and no call.

That they stay text on the pages of the site is tested in test_site.py and test_site_browser.py.
"""

import re
import runpy
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from parsed_page import Page

from cisformula import annotation, expression, promoters
from cisformula.errors import InputError
from cisformula.figures import activity_groups, style
from cisformula.job import logger
from cisformula.sequence import encode
from cisformula.site import packing, rendering

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"
NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'); alert(1)//",
    "../../escaped",
    "/etc/passwd",
    "$(touch escaped); |",
    "`touch escaped`",
    "-rf",
    "a b",
    "a c",
    "{wildcard}",
    "%s%n",
    "NA",
    "007",
    "1e5",
    "5'ETS",
    '5"ETS',
    "#comment",
    "track",
    "caf\u00e9",
    "\u0627\u0644\u0642\u0644\u0628",
    "right\u200fto\u200eleft",
    "costs $5 or $\\frac$6",
    "&amp;",
    "x" * 3000,
)
UPSTREAM, DOWNSTREAM, GAP = 5, 4, 20


class Named(dict):
    """What Snakemake hands a script: files and values by name."""

    __getattr__ = dict.__getitem__


class Job:
    """A script run in the folder, with the files it writes."""

    def __init__(self, folder: Path):
        self.folder = folder

    def run(self, script: str, inputs: dict, outputs: list[str], **params) -> Named:
        made = Named({Path(name).stem: str(self.folder / name) for name in outputs})
        job = Named(
            input=Named({name: str(path) for name, path in inputs.items()}),
            output=made,
            params=Named(params),
            log=[str(self.folder / f"{script}.log")],
        )
        runpy.run_path(str(SCRIPTS / f"{script}.py"), init_globals={"snakemake": job})
        return made


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Genes of hostile names, one on a chromosome of each name that FASTA allows, through the first three scripts."""
    folder = tmp_path_factory.mktemp("outside") / "run"
    folder.mkdir()
    rng = np.random.default_rng(1)
    bases = ["".join(rng.choice(list("ACGT"), 2 * GAP)) for _ in NAMES]
    chroms = [name if " " not in name and not name.startswith("#") else f"chr{i}" for i, name in enumerate(NAMES)]
    lines = [f">{chrom}\n{sequence}\n" for chrom, sequence in zip(chroms, bases, strict=True)]
    (folder / "genome.fa").write_text("".join(lines))
    bed = [f"{chrom}\t{GAP}\t{GAP + 1}\t{name}\t0\t+\n" for chrom, name in zip(chroms, NAMES, strict=True)]
    (folder / "tss.bed").write_text("browser position\n" + "".join(bed))
    values = np.round(rng.lognormal(size=(len(NAMES), len(NAMES))), 3)
    table = pd.DataFrame(values, index=list(NAMES), columns=list(NAMES))
    table.to_csv(folder / "matrix.tsv", sep="\t", index_label="gene")
    pd.DataFrame({"cell_type": NAMES, "group": NAMES[::-1]}).to_csv(folder / "sheet.tsv", sep="\t", index=False)

    job = Job(folder)
    settings = {"tss_rule": "given", "bed_gene_column": 4, "bed_tss": "start"}
    sites = job.run("list_tss", {"annotation": folder / "tss.bed"}, ["tss", "repairs"], **settings)
    window = {"upstream": UPSTREAM, "downstream": DOWNSTREAM}
    limits = {"max_n_fraction": 0.0, "drop_duplicates": True, "min_genes": 1}
    cut = job.run(
        "extract_promoters",
        {"tss": sites.tss, "repairs": sites.repairs, "genome": folder / "genome.fa"},
        ["bed", "fasta", "table", "qc"],
        **window,
        **limits,
    )
    joined = job.run(
        "join_expression",
        {
            "promoters": cut.table,
            "fasta": cut.fasta,
            "expression": folder / "matrix.tsv",
            "cell_types": folder / "sheet.tsv",
        },
        ["genes", "matrix", "sequences.npy", "cell_types", "report"],
        columns=None,
        panel_column=None,
        scale="linear",
        pseudocount=1.0,
        missing="drop_gene",
        min_genes=1,
    )
    logger.handlers.clear()
    return Named(folder=folder, bases=bases, values=table, **cut, joined=joined)


def test_every_gene_keeps_its_name_its_sequence_and_its_values(run):
    genes = pd.read_csv(run.joined.genes, sep="\t", dtype=str, keep_default_na=False)["gene_id"]
    assert sorted(genes) == sorted(NAMES)
    sequences = np.load(run.joined.sequences)
    matrix = pd.read_parquet(run.joined.matrix)
    for row, name in enumerate(genes):
        window = run.bases[NAMES.index(name)][GAP - UPSTREAM : GAP + DOWNSTREAM + 1]
        np.testing.assert_array_equal(sequences[row], encode(window))
    np.testing.assert_allclose(matrix.loc[list(NAMES)], np.log10(run["values"] + 1))
    assert matrix.columns.tolist() == list(NAMES)


def test_cell_types_keep_their_names_and_groups(run):
    sheet = pd.read_csv(run.joined.cell_types, sep="\t", dtype=str, keep_default_na=False)
    assert sheet["cell_type"].tolist() == list(NAMES)
    assert sheet["group"].tolist() == list(NAMES[::-1])


NUMBERS = ("10", "1e1", "9", "09", "9.0")
"""Numbers all of them: no word among them makes a column of them text. As numbers two are 10 and three are 9."""


@pytest.mark.parametrize("names", [NUMBERS, NAMES[::5]], ids=["numbers", "hostile"])
def test_a_factor_is_drawn_in_the_cell_types_that_it_was_measured_in(tmp_path, monkeypatch, names):
    activity, expression = np.arange(5.0) - 2, np.array([0.3, 0.1, 0.5, 0.2, 0.4])
    groups, motif, gene = ["1", "01", "1", "01", "1"], names[0], names[1]
    tables = {
        "factors": pd.DataFrame({"motif": [motif], "factor": gene, "gene_id": gene}).assign(
            **dict.fromkeys(("n", "r", "r_low", "r_high", "p_genes", "rank"), 1), q=1e-9
        ),
        "activity": pd.DataFrame({"motif": motif, "cell_type": names, "activity": activity})[::-1],
        "cell_types": pd.DataFrame({"cell_type": names, "source": "", "group": groups}),
        "formula": pd.DataFrame({"motif": [motif], "name": motif, "source": "database"}).assign(
            consensus="A", match="", match_q=""
        ),
    }
    inputs = {name: tmp_path / f"{name}.tsv" for name in tables}
    for name, table in tables.items():
        table.to_csv(inputs[name], sep="\t", index=False)
    inputs["expression"] = tmp_path / "expression.parquet"
    pd.DataFrame([expression], [gene], list(names)).to_parquet(inputs["expression"])
    drawn = []
    monkeypatch.setattr(style, "save", lambda figure, *paths: drawn.append(figure))

    Job(tmp_path).run("figure_factors", inputs, ["pdf", "png"], fdr=0.05)

    logger.handlers.clear()
    dots = drawn[0].axes[0].collections[0]
    order = np.argsort(expression)
    places, colours = dots.get_offsets(), dots.get_facecolors()
    np.testing.assert_allclose(places[np.argsort(places[:, 0])], np.c_[expression, activity][order])
    of_group = colours[np.argsort(places[:, 0])][np.argsort(order)]
    assert len(np.unique(of_group, axis=0)) == 2
    np.testing.assert_array_equal(of_group[0::2], of_group[[0, 0, 0]])
    assert [text.get_text() for text in drawn[0].legends[0].get_texts()] == ["1 (3)", "01 (2)"]
    style.plt.close(drawn[0])


def test_bed_files_have_six_columns_and_the_names_as_they_are(run):
    rows = [line.split("\t") for line in Path(run.bed).read_text().splitlines()]
    assert {len(row) for row in rows} == {6}
    assert {row[3] for row in rows} == set(NAMES)


def test_names_make_no_files(run):
    made = {path.name for path in run.folder.iterdir()}
    expected = {"genome.fa", "tss.bed", "matrix.tsv", "sheet.tsv", "tss", "repairs", "bed", "fasta", "table", "qc"}
    expected |= {"genes", "matrix", "sequences.npy", "cell_types", "report"}
    assert made == expected | {f"{script}.log" for script in ("list_tss", "extract_promoters", "join_expression")}
    assert [path.name for path in run.folder.parent.iterdir()] == ["run"]
    assert not Path("escaped").exists()


def test_quality_control_names_every_repair(run):
    qc = pd.read_csv(run.qc, sep="\t").set_index("step")
    assert qc.loc["annotated", "genes"] == qc.loc["distinct sequence", "genes"] == len(NAMES)
    assert qc.loc["id with blanks put right", ["genes", "note"]].tolist() == [0, "none"]
    assert {"lines without a gene", "lines without a strand"} <= set(qc.index)
    report = pd.read_csv(run.joined.report, sep="\t").set_index("source")["genes"]
    assert report["lines without a gene id, left out"] == report["joined with missing values filled in"] == 0


GENE_TABLES = re.compile(r"read_csv\([\w.]*\.(genes|families|promoters)\b(?!.*(dtype|\*\*)).*")
"""A call that reads a table with gene ids and does not say what is text."""


def test_gene_ids_are_read_as_text_wherever_they_are_used():
    """Genes may be called NA, 007 or by number alone, as in Entrez."""
    for path in SCRIPTS.glob("*.py"):
        if "gene_id" not in path.read_text() or path.stem == "grade":  # grades genes that it named itself
            continue
        for call in GENE_TABLES.finditer(path.read_text()):
            assert re.search(r'\)\["(?!gene_id)\w+"\]', call[0]), f"{path.name}: {call[0]}"


def test_no_rule_and_no_module_hands_text_to_a_shell():
    for path in (ROOT / "workflow" / "rules").glob("*.smk"):
        assert "shell:" not in path.read_text(), path
    for path in (ROOT / "workflow").rglob("*.py"):
        for call in ("shell=True", "os.system(", "os.popen(", "eval(", "exec("):
            assert not any(word.endswith(call) for word in path.read_text().split() if word[:1] not in "\"'`"), path


def test_promoters_ask_bedtools_by_number_alone(tmp_path, monkeypatch):
    """Names of chromosomes never reach another program."""
    seen = []
    popen = subprocess.Popen

    def watched(command, *args, **options):
        seen.extend(Path(word).read_text() for word in map(str, command) if Path(word).is_file() and "bed" in word)
        return popen(command, *args, **options)

    monkeypatch.setattr(subprocess, "Popen", watched)
    tss = pd.DataFrame({"chrom": list(NAMES), "tss": 10, "strand": "+"})
    found = promoters.windows(tss, dict.fromkeys(NAMES, 30), 5, 4)
    assert found.tolist() == [[5, 15]] * len(NAMES)
    assert any("\t10\t11\t" in text for text in seen)
    assert not any("escaped" in text or "script" in text for text in seen)


@pytest.mark.parametrize("name", ["evil\u202egnp.exe", "a\u2066b", "a\x07b", "a\x7f", "a\ufffd"])
def test_names_that_turn_or_break_text_are_refused(tmp_path, name):
    (tmp_path / "a.bed").write_text(f"chr1\t5\t6\t{name}\t0\t+\n")
    (tmp_path / "m.tsv").write_text(f"gene\t{name}\nG1\t1\n")
    for read, file in ((annotation.list_tss, "a.bed"), (expression.read_matrix, "m.tsv")):
        with pytest.raises(InputError, match="control character") as caught:
            read(tmp_path / file)
        assert caught.value.place == f"{tmp_path / file}:1"


def test_pages_and_their_data_hold_names_as_text_alone(tmp_path):
    template = rendering.environment().from_string(
        '<!DOCTYPE html><main><ul>{% for name in names %}<li title="{{ name }}">{{ name }}</li>{% endfor %}</ul>'
        '<script type="application/json">{{ names|script_json|safe }}</script></main>'
    )
    (tmp_path / "page.html").write_text(template.render(names=NAMES), encoding="utf-8")
    page = Page(tmp_path / "page.html")
    assert [tag for tag, _ in page.tags] == ["main", "ul", *["li"] * len(NAMES), "script"]
    assert [attributes for tag, attributes in page.tags if tag == "li"] == [{"title": name} for name in NAMES]
    assert "".join(page.text).strip() == "".join(NAMES)
    assert page.scripts == [packing.script_json(NAMES)]


def test_figures_draw_dollar_signs_and_long_names(tmp_path):
    names = pd.DataFrame({"column": "group", "group": [NAMES[-1], "costs $5 or $\\frac$6"], "n": 3})
    motifs = pd.Index(["m1", "m2"])
    table = pd.DataFrame(
        [("group", group, motif, 0.5, 0.01) for group in names["group"] for motif in motifs],
        columns=["column", "group", "motif", "difference", "q"],
    )
    figure, (axes,) = style.panels(1)
    activity_groups.draw_groups(axes, table, names, pd.Series(["m1", "m2"], index=motifs), 0.05)
    style.save(figure, tmp_path / "x.pdf", tmp_path / "x.png")
    texts = [label.get_text() for label in axes.get_xticklabels()]
    assert max(map(len, texts)) < 60
    assert r"costs \$5 or \$\frac\$6 (3)" in texts
