"""The page of ARGMINN's tasks: made-up numbers are on it, hostile names are text, and it needs no other file."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from made_up_run import IMAGE, PATH, QUOTE, SCRIPT, SEPARATOR
from made_up_tasks import FIGURES, SUMMARIES, MadeUpTasks, motif, verdict_of
from parsed_page import Page

from cisformula.argminn import goals
from cisformula.site import logos, task_downloads, task_page

RULES = Path(__file__).parents[2] / "workflow" / "rules"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory) -> Page:
    made = MadeUpTasks(tmp_path_factory.mktemp("argminn"), ["SPI1", "REST_v2"], "SPI1", "SPI1 twice, 5 bp apart")
    return Page(made.page("demo", verdict_of(0.912)))


@pytest.fixture(scope="module")
def peaks(tmp_path_factory) -> Page:
    made = MadeUpTasks(tmp_path_factory.mktemp("argminn"), [IMAGE, PATH], SCRIPT, f"{QUOTE} after {SEPARATOR}", False)
    return Page(made.page(SCRIPT))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_findings_say_what_the_tables_say(simulated):
    words = plain(simulated.words)
    for sentence in (
        "91.2 % of test sequences are told right",
        "on 20,000 test sequences that had no part in training or in any choice; 95 % interval 90.8 to 91.5 %",
        "Best possible: 93.4 %.",
        "The CNN has 86.1 % (+5.1 points for ARGMINN).",
        "The ExplaiNN-like network has 90.9 % (+0.3 points for ARGMINN; the intervals overlap).",
        "Published of a task with this name: 89.8 %.",
        "Published of a task with this name: 90.2 %.",
        "1 of 2 planted motifs are found",
        "2 motifs of 3 filters passed the quality filter; 1 of them matches a planted motif at q < 0.05.",
        "TF-MoDISco, from the CNN: 14 motifs, 1 with a match. Match score of ARGMINN: 4.25; of TF-MoDISco: 2.50.",
        "95.3 % of called instances are planted sites",
        "Precision of 4,321 calls, 95 % interval 94.8 to 95.8 %; 41.2 % (40.2 to 42.2 %) of 10,000 planted sites",
        "1 rule of spacing",
        "The one that most pairs follow: SPI1 twice, 5 bp apart.",
        "Of the planted gaps 1 of 1 are the most frequent ones between the calls of their sites.",
        "87.5 % of designs from rules are taken for bound",
        "With their sites shuffled: 3.1 %. ARGMINN attends to 90.0 % of the sites placed in them.",
        "Planted, but matched by no filter that passed: CTCF.",
        "configurations of these tasks are our own",
    ):
        assert sentence in words, sentence


def test_tables_hold_the_numbers(simulated):
    cells = plain(simulated.cells)
    for row in (
        "ARGMINN 0.912 0.908 to 0.915 0.971 0.969 to 0.973 0.968 0.966 to 0.970 0.898, 0.955, 0.958 0.811, 0.907",
        "Best possible 0.934",
        "F1 TGACGTCA SPI1 2.5 × 10⁻⁷ 3,456 12.5 +1.500 F0 CCGGAAGT none (nearest SPI1) 0.31 12 9.0 +0.013",
        "TF-MoDISco 3 14 14 1 1 of 2 2.50 1.00",
        "ARGMINN 0.953 0.948 to 0.958 0.412 0.402 to 0.422 0.43 0.42 to 0.44 4,321 0.953, 0.824",
        "SPI1, CTCF same strand 4 bp 206 128 99.2 % 95.7 % to 99.9 % 100.0 % 4",
        "bound SPI1(+) 100.0 % unbound background 100.0 %",
        "CNN 0.512 0.562 0.625 0.688 0.738 0.625",
        "logit ARGMINN 0.901 0.890 to 0.910 0.887 0.870 to 0.900",
        "designs from rules 120 87.5 % 85.5 % to 89.5 % 90.0 % 85.0 % to 95.0 % +1.50 +2.50 +2.00 to +3.00 +7.5 +0.25",
    ):
        assert row in re.sub(r"\s+", " ", cells), row
    assert "of another set" not in cells


@pytest.mark.parametrize(("accuracy", "reached", "answers"), [(0.912, "1 of 2", "yes"), (0.89, "0 of 2", "no")])
def test_goals_are_shown_as_they_are(tmp_path, accuracy, reached, answers):
    made = MadeUpTasks(tmp_path, ["SPI1"], "SPI1", "")
    cells = plain(Page(made.page("demo", verdict_of(accuracy))).cells)
    assert f"Goals {reached} goals reached, of those whose tasks were run (1 of the paper’s six)" in cells
    short = "" if answers == "yes" else " SPI1: accuracy 0.89 (0.886 to 0.893), goal ≥ 0.898"
    assert f"{goals.AIMS['accuracy']} {answers}{short} {goals.AIMS['motifs']} no SPI1: share of them" in cells
    assert f"SPI1 accuracy {accuracy:.3g} {accuracy - 0.004:.3f} to {accuracy + 0.003:.3f} ≥ 0.898 {answers}" in cells
    for aim in ("peers", "instances", "gaps", "spacing"):
        assert goals.AIMS[aim] not in cells


def test_peaks_have_chromosomes_and_nothing_of_a_truth(peaks):
    cells = plain(peaks.cells)
    assert 'training 2 1 "><script>alert(1)</script>, chr2, chr10 choice of epoch and restart 1 0 chr3' in cells
    assert "the numbers of this page 2 1 chr1" in cells
    assert "1 of 2 motifs that passed match a known one" in plain(peaks.words)
    assert "CTCF, HepG2 ARGMINN 0.769 0.848 0.854" in cells
    for word in ("Goals", "Redundancy", "Best possible", "Likelihood ratio", "Hits per bound sequence"):
        assert word not in cells, word


def test_hostile_names_are_text_and_nothing_else(peaks):
    for hostile in (IMAGE, PATH, SCRIPT):
        assert hostile in peaks.words
    assert "line separator </script> & {{ 7 * 7 }}" in peaks.words
    assert all(attrs["src"].startswith("data:image/png;base64,") for tag, attrs in peaks.tags if tag == "img")
    assert sum(tag == "script" for tag, _ in peaks.tags) == 1
    assert not [attrs for _, attrs in peaks.tags if any(key.startswith("on") for key in attrs)]


@pytest.mark.parametrize("name", ["simulated", "peaks"])
def test_page_is_a_file_of_its_own_whose_only_script_is_the_one_allowed(name, request):
    page = request.getfixturevalue(name)
    assert page.open == []
    assert not [attrs for tag, attrs in page.tags if tag == "script" and "src" in attrs]
    assert not [attrs for tag, attrs in page.tags if tag == "link" and attrs["href"] != "data:,"]
    (policy,) = [attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv")]
    digest = base64.b64encode(hashlib.sha256("".join(page.scripts).encode()).digest()).decode()
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}';" in policy
    assert [link for link in page.links if "//" in link and not link.startswith("data:")] == []
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    anchors = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    targets = {attrs["href"][1:] for tag, attrs in page.tags if tag == "a" and attrs["href"].startswith("#")}
    assert {"content", "task-1", "task-2"} <= targets <= anchors


def test_planted_motif_of_a_match_is_drawn_on_the_strand_that_matches(simulated):
    """F1 matches the other strand; F0, whose q is 0.31, matches nothing."""
    text, planted = simulated.path.read_text(), motif("SPI1", "GGAAGTGA")
    assert text.count(logos.inline(planted.reverse_complement())) == len(["SPI1", "REST_v2"])
    assert logos.inline(planted) not in text


def test_figures_are_held_and_link_to_their_files(simulated):
    images = [attrs for tag, attrs in simulated.tags if tag == "img"]
    assert len(images) == 2 * len(FIGURES) + len(SUMMARIES)
    for attrs in images:
        assert (attrs["width"], attrs["height"]) == ("30", "20")
        assert base64.b64decode(attrs["src"].split(",")[1]).startswith(b"\x89PNG")
    for figure in SUMMARIES:
        assert {f"../figures/{figure}.png", f"../figures/{figure}.pdf"} <= set(simulated.links)
    for figure in FIGURES:
        assert {f"task_1/figures/{figure}.png", f"task_1/figures/{figure}.pdf"} <= set(simulated.links)


def test_same_tables_give_the_same_page(tmp_path):
    made = MadeUpTasks(tmp_path, ["SPI1"], "SPI1", "")
    pages = {made.page("demo", verdict_of(0.9)).read_bytes() for _ in range(2)}
    assert len(pages) == 1


def test_rules_of_the_pages_ask_for_the_figures_that_have_a_caption():
    text = (RULES / "argminn_page.smk").read_text()
    asked = [set(re.findall(r'"(\w+)"', listed)) for listed in re.findall(r"figure=\[(.*?)\]", text, flags=re.DOTALL)]
    assert asked == [set(FIGURES), set(SUMMARIES), set(FIGURES) - {"instance_accuracy"}]
    assert set().union(*asked) == set(task_page.CAPTIONS)


def test_every_file_offered_is_made_by_a_rule():
    text = "\n".join(path.read_text() for path in RULES.glob("argminn_*.smk"))
    made = re.sub(r"\{(simulated_|peak_)?task\}", "TASK", text)
    made = made.replace("{read_set}", "reading") + made.replace("{read_set}", "test")
    made = made.replace("{classifier}", "argminn")
    for is_simulated in (True, False):
        for file in task_downloads.of_task("TASK", is_simulated):
            assert f"argminn/{file.path}" in made, file.path
