"""The site of a made-up run: what the pages say, that hostile names stay text, and that files repeat."""

import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made_up_run import CELL_TYPES, GENES, HOSTILE, IMAGE, MOTIFS, PATH, QUOTE, SCRIPT, MadeUpRun

from cisformula.errors import InputError
from cisformula.site import run_tables

VOID = {"meta", "link", "img", "input", "br"}
FOREIGN = {"svg", "g", "path", "use", "rect", "circle", "defs"}
POLICY = "default-src 'none'; script-src 'self' file:"


class Page(HTMLParser):
    """What a browser would make of a page: its elements, attributes, text and links."""

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.open, self.tags, self.text, self.links, self.scripts = path, [], [], [], [], []
        self.feed(path.read_text())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("href", "src") and not value.startswith("#"):
                self.links.append(value)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{self.path}: {tag} at {self.getpos()}"

    def handle_data(self, data):
        (self.scripts if self.open and self.open[-1] == "script" else self.text).append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.text))


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    return MadeUpRun(tmp_path_factory.mktemp("results") / "made_up").build()


@pytest.fixture(scope="module")
def pages(index) -> dict[str, Page]:
    found = [index, *sorted((index.parent / "site").rglob("*.html"))]
    return {str(path.relative_to(index.parent)): Page(path) for path in found}


def test_there_is_a_page_for_every_motif_and_cell_type_named_by_number(pages):
    expected = {"index.html"} | {f"site/{name}.html" for name in ("motifs", "cells", "genes", "methods", "downloads")}
    expected |= {f"site/motif/{number}.html" for number in range(1, len(MOTIFS) + 1)}
    expected |= {f"site/cell/{number}.html" for number in range(1, len(CELL_TYPES) + 1)}
    assert set(pages) == expected


def test_every_element_is_closed_and_every_page_has_one_title_and_one_heading(pages):
    for name, page in pages.items():
        assert page.open == [], name
        for tag in ("title", "h1", "main"):
            assert sum(found == tag for found, _ in page.tags) == 1, (name, tag)


def test_links_lead_to_files_of_the_site_or_of_the_run(pages, index):
    downloads = pages["site/downloads.html"].links
    assert "../../formula/formula.tsv" in downloads
    for page in pages.values():
        for link in page.links:
            if link.startswith(("https://", "data:")):
                continue
            target = (page.path.parent / link.split("#")[0]).resolve()
            inside = target.is_relative_to(index.parent)
            assert target.is_file() if inside else target.is_relative_to(index.parents[1]), (page.path.name, link)


def test_nothing_but_citations_leads_to_the_network(pages):
    for name, page in pages.items():
        if name != "site/methods.html":
            assert not [link for link in page.links if "//" in link], name
    for page in pages.values():
        assert not [attrs for tag, attrs in page.tags if tag != "a" and "//" in (attrs.get("src") or "")]


def test_hostile_names_are_text_and_nothing_else(pages):
    """No element, attribute or script on a page comes from a name."""
    for name, page in pages.items():
        images = [attrs for tag, attrs in page.tags if tag == "img"]
        assert all(re.fullmatch(r"(\.\./)*site/logo/\d+\.svg", attrs["src"]) for attrs in images), name
        assert not [attrs for _, attrs in page.tags if any(key.startswith("on") for key in attrs)], name
        for tag, attrs in page.tags:
            if tag == "script":
                is_data = attrs.get("type") == "application/json"
                assert is_data or re.fullmatch(r"(\.\./)*site/(assets|data)/[\w.]+\.js", attrs["src"]), (name, attrs)
        for text in page.scripts:
            assert text.strip() == "" or not set("<>&'\u2028") & set(text), name
            if text.strip():
                json.loads(text)


def test_hostile_names_appear_as_they_are(pages):
    assert SCRIPT in pages["site/motif/2.html"].words
    assert IMAGE in pages["site/cells.html"].words
    assert PATH in pages["site/cells.html"].words
    first = pages["site/motif/1.html"].words
    assert "line separator </script> & {{ 7 * 7 }}" in pages["site/cells.html"].words
    assert SCRIPT in first  # a factor
    assert QUOTE in first  # a description of a gene set
    assert IMAGE in pages["index.html"].words  # the data set


def test_shared_data_cannot_end_its_script(index):
    for path in (index.parent / "site/data").rglob("*.js"):
        text = path.read_text()
        assert text.isascii(), path
        assert not set("<>&'") & set(text), path
        name, content = re.fullmatch(r"cisformula\.provide\((\"[\w/]+\"), (.*)\);\n", text).groups()
        assert path.name == json.loads(name).split("/")[-1] + ".js"
        json.loads(content)
    names = re.search(r", (.*)\);", (index.parent / "site/data/gene_names.js").read_text()).group(1)
    assert json.loads(names)["id"] == GENES


def test_every_page_forbids_scripts_and_requests_from_elsewhere(pages):
    for name, page in pages.items():
        policies = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv")]
        assert len(policies) == 1, name
        assert policies[0].startswith(POLICY), name
        assert "unsafe-inline" not in policies[0].split("script-src")[1].split(";")[0], name


def test_overview_says_what_the_tables_say(pages):
    words = pages["index.html"].words
    for sentence in (
        "37.3 % of expression explained on unseen genes",
        "(whole chromosomes held out); 95 % interval 35.9 to 38.7 % of the variance",
        "On the genes it was fitted to, R² would read 46.1 %.",
        "The formula explains 3.0 points more than ridge regression on all 2- to 5-mers (95 % interval +2.1 to +3.8).",
        "The formula and the best network (CNN, Xpresso-like) cannot be told apart (95 % interval −2.9 to +0.1",
        "2 of 3 motifs are known",
        "Of all 2 motifs that the networks learned: 1.",
        "against 0.010 % when genes are permuted",
        "Median held-out R² over 4 cell types on unseen genes; highest in liver (40.0 %)",
        "In 1 of them a factor's own expression goes with the motif's activity",
        "0 of 1 linked motifs single out a factor by its expression",
    ):
        assert sentence in words.replace("\u00a0", " "), sentence


def test_motif_page_holds_match_groups_factors_targets_and_gene_sets(pages):
    words = pages["site/motif/1.html"].words.replace("\u00a0", " ")
    for part in (
        "E = 2.0 × 10⁻⁴, q = 0.001, 8 aligned columns",
        "reverse complement",
        "Kruskal-Wallis test of z over 2 groups: H = 3.9, p = 0.048",
        "not in the expression matrix",
        "+0.500",
        "Gene sets among the targets",
        "as in the formula, CCGGAAGT",
        "on the other strand, ACTTCCGG",
        "3 in all promoters",
    ):
        assert part in words, part


def test_the_same_tables_give_the_same_bytes(tmp_path):
    digests = []
    for name in ("one", "two"):
        report = MadeUpRun(tmp_path / name).build().parent
        files = sorted(path for path in report.rglob("*") if path.is_file())
        digests.append([(path.relative_to(report), hashlib.sha256(path.read_bytes()).digest()) for path in files])
    assert digests[0] == digests[1]


def test_parts_that_a_run_does_not_have_are_left_out(tmp_path):
    run = MadeUpRun(tmp_path / "bare", grouped=False, linked=False, gene_sets=False, simulated=False)
    report = run.build().parent
    motif = Page(report / "site/motif/1.html").words
    assert "No factor is linked to this motif." in motif
    assert "Gene sets" not in motif
    assert "Kruskal" not in motif
    assert "plot-groups" not in (report / "site/motif/1.html").read_text()
    assert "Simulated data" not in Page(report / "index.html").words
    assert "single out a factor" not in Page(report / "index.html").words
    columns = [text for text in Page(report / "site/cells.html").text if text.strip() == "Group"]
    assert columns == []
    downloads = Page(report / "site/downloads.html").words
    assert "enrichment" not in downloads
    assert "truth" not in downloads


def test_names_that_look_like_numbers_or_nothing_stay_text(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("motif\tname\tmatch\tq\nNA\t1e5\t\t0.5\n007\tnull\tnan\t\n")
    table = run_tables.read_table(path)
    assert table["motif"].tolist() == ["NA", "007"]
    assert table["name"].tolist() == ["1e5", "null"]
    assert table["match"].tolist() == ["", "nan"]
    assert table["q"].isna().tolist() == [False, True]


def test_tables_of_another_run_are_refused(tmp_path):
    run = MadeUpRun(tmp_path / "run")
    table = Path(run.files.formula_table)
    table.write_text(table.read_text().replace("MA0003", "MA0004"))
    with pytest.raises(InputError, match="motifs are not those of the formula"):
        run_tables.read(run.files)


def test_hostile_names_are_all_used():
    assert set(HOSTILE) <= {*MOTIFS, *CELL_TYPES, *GENES, QUOTE}


def test_bundled_libraries_are_those_that_their_readme_names():
    folder = Path(__file__).parents[2] / "resources" / "vendor"
    rows = re.findall(
        r"^\| [\w ]+ \| ([\d.]+) \| .* \| `(\S+)` \| `(\w+)` \|$", (folder / "README.md").read_text(), re.M
    )
    assert {name for _, name, _ in rows} == {path.name for path in folder.glob("*.js")}
    for version, name, digest in rows:
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        assert f"v{version}".encode() in content[:80]
