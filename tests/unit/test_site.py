"""The site of a made-up run: what the pages say, that hostile names stay text, and that files repeat."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from made_up_run import (
    CELL_TYPES,
    FIGURE_SIZE,
    FIGURES,
    GENES,
    HOSTILE,
    IMAGE,
    MOTIFS,
    PATH,
    QUOTE,
    SCRIPT,
    MadeUpRun,
)
from parsed_page import Page

from cisformula.errors import InputError
from cisformula.site import grammar_tables, run_tables

POLICY = "default-src 'none'; script-src 'self' file:"


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    return MadeUpRun(tmp_path_factory.mktemp("results") / "made_up").build()


@pytest.fixture(scope="module")
def pages(index) -> dict[str, Page]:
    found = [index, *sorted((index.parent / "site").rglob("*.html"))]
    return {str(path.relative_to(index.parent)): Page(path) for path in found}


def test_there_is_a_page_for_every_motif_and_cell_type_named_by_number(pages):
    expected = {"index.html"} | {
        f"site/{name}.html" for name in ("motifs", "cells", "grammar", "genes", "methods", "downloads")
    }
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
        drawn = rf"(\.\./)*site/(logo/\d+\.svg|figures/({'|'.join(FIGURES)})\.png)"
        assert all(re.fullmatch(drawn, attrs["src"]) for attrs in images), name
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
    assert f"{SCRIPT} R0M0" not in pages["site/grammar.html"].words
    for hostile in (SCRIPT, QUOTE, IMAGE):  # a core promoter element, a motif's name, a control
        assert hostile in pages["site/grammar.html"].words


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
        "explain 28.9 % of the variance of expression; the prediction that the features sum to, 45.7 %. Found: "
        "1 community of motifs that share promoters, 1 pair that keeps a distance, and 2 of 3 motifs that prefer a "
        "place relative to the start site.",
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


def test_both_verdicts_of_simulated_data_are_shown(pages):
    words = pages["index.html"].cells
    assert f"Formula Measure Value Goal Reached {SCRIPT} 0.950 >= 0.9 yes" in words
    assert f"Grammar Measure Value Goal Reached {IMAGE} 0.930 >= 0.9 yes" in words


def test_grammar_page_says_what_the_tables_say(pages):
    words = pages["site/grammar.html"].cells
    for sentence in (
        # Groups and their honest control.
        "Their mean expression goes from −0.75 to +0.42 standard deviations. They explain 28.9 % of its variance "
        "(η², 95 % interval 27.2 to 30.7 %)",
        "the prediction, which alone explains 45.7 % (44.2 to 47.2 %)",
        "groups cut from the prediction explain 43.6 %. Beside a straight line on the prediction the groups add 0.19 % "
        "(0.11 to 0.34 %), the cut ones 0.60 %. With the mean of every gene taken away, groups explain 14.3 %.",
        "15 −0.75 −0.80 to −0.70 −0.60 50 % 0.60 R0M0 ≈",
        "control: the prediction cut into as many parts",
        # Roles.
        "1 and 1 motifs are active and repressive",
        "1 of 3 motifs are neither",
        # Communities.
        "1 of 1 pairs of motifs share promoters more often than base composition explains. They form a single "
        "community, of 2 motifs.",
        "changes expression beyond their single effects in 0 of 1 (q < 0.05)",
        "There is only one community",
        "100 % 12 +0.31 +0.10 to +0.52 0.012 −0.07 −0.20 to +0.06 0.3",
        # Distances.
        "1 rule of distance at q < 0.05, beside 1 inside what seems one composite motif",
        "6 bp apart (opposite strands, back to back), 27.5 times as often as expected in 65 promoters",
        "+0.25 +0.05 to +0.45 q = 0.03 +0.080 at 7 bp +0.075 to +0.085 elsewhere +0.020",
        "20 to 29 bp",
        "one composite motif or repeat: the bases between are alike too",
        "1 other significant distance, explained otherwise",
        "follows from rule 1",
        # Places.
        "2 of 3 motifs prefer a place relative to the start site",
        "at −29 to −20",
        f"Found: {SCRIPT} at −31 (12.4-fold). Not found: DPE.",
        "no single place is named",
        # Controls.
        "rules of distance 0 – 20",
        "0.04 0.05 20",
        "The same tests where there is nothing to find",
        "this workflow’s own design",
    ):
        assert sentence in words, sentence


def test_motif_page_holds_its_part_of_the_grammar(pages):
    words = pages["site/motif/1.html"].cells
    for part in (
        "active a site adds +0.0200 (+0.0180 to +0.0220) SD to a network’s prediction",
        "Enriched in group 1 log2 odds +1.50, q = 1.0 × 10⁻⁴",
        "Depleted in no group of genes",
        "Community 1 of 2 motifs",
        "2.00-fold",
        "Keeps a distance 6 bp to",
        "opposite strands, back to back; 27.5-fold",
        "Prefers −29 to −20 bp from the TSS, sense; 6.7-fold",
    ):
        assert part in words, part
    third = pages["site/motif/3.html"].cells
    assert "stands for them" in third  # the second motif does
    assert "it stands for them" not in third
    assert "it stands for them" in pages["site/motif/2.html"].cells
    assert "20 to 29 bp to itself" in third
    assert "no place in the promoter" in third
    assert "../../site/motif/1.html" in pages["site/motif/3.html"].links  # its partner's page
    assert "../../site/grammar.html#rule-1" in pages["site/motif/1.html"].links


def test_figures_of_the_grammar_lie_in_the_site_with_their_sizes_and_descriptions(pages, index):
    page = pages["site/grammar.html"]
    images = [attrs for tag, attrs in page.tags if tag == "img" and "figures" in attrs["src"]]
    assert {Path(attrs["src"]).stem for attrs in images} == set(FIGURES)
    for attrs in images:
        assert (2 * int(attrs["width"]), 2 * int(attrs["height"])) == FIGURE_SIZE
        assert attrs["loading"] == "lazy"
        assert len(attrs["alt"].split()) > 5
        copy = (page.path.parent / attrs["src"]).resolve()
        assert copy.read_bytes() == (index.parents[1] / "figures" / copy.name).read_bytes()
        assert attrs["src"] in page.links[page.links.index(attrs["src"]) + 1 :]  # a link to its full size


def test_a_grammar_that_found_nothing_says_so(tmp_path):
    report = MadeUpRun(tmp_path / "silent", grammar=False).build().parent
    words = Page(report / "site/grammar.html").cells
    for sentence in (
        "0 and 0 motifs are active and repressive",
        "None is active. None is repressive. 3 of 3 motifs are neither.",
        "0 of 1 pairs of motifs share promoters more often than base composition explains. Without such pairs there is "
        "no community.",
        "There is no community: no pair of motifs shares promoters more often than base composition explains.",
        "3 pairs of motifs and ways to lie were looked at; no rule of distance at q < 0.05.",
        "No pair of motifs keeps a distance: none of 3 pairs and ways to lie fulfils these conditions.",
        "0 of 3 motifs prefer a place relative to the start site",
        "None of 3 motifs prefers a place relative to the TSS.",
        "None was sought",
        "No control was run.",
    ):
        assert sentence in words, sentence
    assert "explained otherwise" not in words
    motif = Page(report / "site/motif/1.html").cells
    for part in (
        "Enriched in no group of genes",
        "Community none",
        "Shares promoters with none",
        "Keeps a distance none",
    ):
        assert part in motif, part


def test_what_attention_adds_is_shown_where_argminn_was_trained(pages, tmp_path):
    without = pages["site/grammar.html"]
    assert "What attention adds" not in without.words
    assert "argminn" not in pages["site/downloads.html"].words
    report = MadeUpRun(tmp_path / "attending", attention=True).build().parent
    page = Page(report / "site/grammar.html")
    for sentence in (
        f"{SCRIPT} CCGGAAGT 2 1,234 987 61 % +0.123 +0.113 to +0.133",
        "TGANTCA TGANTCA 1 0 0 – Distances",
        f"{QUOTE} 5 bp after A 41 44 8.2 5.3 1.5 × 10⁻⁸ 2 of 2 1 (rule): 75 % of pairs",
        "A twice 30 44 8.2 5.3 1.5 × 10⁻⁸ 0 of 2 none",
    ):
        assert sentence in page.cells, sentence
    assert "../site/figures/attended_gaps.png" in page.links
    assert "grammar/argminn/syntax.tsv" in Page(report / "site/downloads.html").words


def test_attention_that_found_no_rule_says_so(tmp_path):
    report = MadeUpRun(tmp_path / "attending", attention=False).build().parent
    words = Page(report / "site/grammar.html").cells
    assert "No two motifs keep a distance: none of 1,500 gaps tested fulfils these conditions." in words


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
    assert "grammar/spacing.tsv" in downloads


def test_tables_of_another_run_are_refused(tmp_path):
    run = MadeUpRun(tmp_path / "run")
    table = Path(run.files.formula_table)
    table.write_text(table.read_text().replace("MA0003", "MA0004"))
    with pytest.raises(InputError, match="motifs are not those of the formula"):
        run_tables.read(run.files)


def test_grammar_tables_of_another_run_are_refused(tmp_path):
    made_up = MadeUpRun(tmp_path / "run")
    table = Path(made_up.files.nodes)
    table.write_text(table.read_text().replace("MA0003", "MA0004"))
    with pytest.raises(InputError, match="motifs are not those of the formula"):
        grammar_tables.read(made_up.files, run_tables.read(made_up.files))


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
