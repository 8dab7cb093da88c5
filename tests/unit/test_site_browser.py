"""The site in a browser, opened from disk: pages work, ask for nothing from elsewhere, and hostile names are inert."""

import shutil
from pathlib import Path

import pytest
from made_up_run import CELL_TYPES, FIGURE_SIZE, FIGURES, IMAGE, MOTIFS, QUOTE, SCRIPT, MadeUpRun
from made_up_tasks import MadeUpTasks

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install Debian's package chromium")


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    return MadeUpRun(tmp_path_factory.mktemp("results") / "made up").build().parent


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        # A sandbox of Chromium's own cannot be set up by root, as in a container.
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture
def page(browser):
    """A page that fails the test if it logs an error, throws one, opens a dialog, or asks for more than files."""
    opened, problems = browser.new_page(), []
    opened.set_default_timeout(60_000)

    def note(problem: str, is_one: bool = True) -> None:
        if is_one:
            problems.append(problem)

    opened.on("console", lambda message: note(message.text, message.type in ("error", "warning")))
    opened.on("pageerror", lambda error: note(str(error)))
    opened.on("dialog", lambda dialog: (note(f"dialog {dialog.message}"), dialog.dismiss()))
    opened.on("request", lambda request: note(request.url, not request.url.startswith(("file:", "data:"))))
    # An image that is still to be read when the page is left is no failure.
    opened.on("requestfailed", lambda request: note(request.url, request.failure != "net::ERR_ABORTED"))
    yield opened
    opened.close()
    assert problems == []


def pages_of(report: Path) -> list[str]:
    return ["index.html", *sorted(str(path.relative_to(report)) for path in (report / "site").rglob("*.html"))]


def test_every_page_opens_without_an_error_and_names_make_no_elements(page, report):
    for name in pages_of(report):
        page.goto((report / name).as_uri())
        page.wait_for_load_state("load")
        assert page.locator("h1").count() == 1, name
        assert page.locator("[src=x], [onerror], main script:not([src])").count() == 0, name
        assert page.locator(".plot:visible:not(:has(svg, p))").count() == 0, name


def test_plots_show_every_cell_type_and_predictor(page, report):
    page.goto((report / "index.html").as_uri())
    assert page.locator("#plot-cell-types a").count() == len(CELL_TYPES)
    assert page.locator("#plot-performance circle").count() == 4
    page.select_option("#score-target", "deviation")
    assert page.locator("#plot-cell-types a").count() == len(CELL_TYPES)


def labels(page) -> list[str]:
    return page.locator("#motif-table tbody tr:visible th").all_inner_texts()


def test_motif_table_sorts_by_keyboard_and_says_so(page, report):
    page.goto((report / "site/motifs.html").as_uri())
    at_first = labels(page)
    assert len(at_first) == len(MOTIFS)
    title = page.locator("#motif-table th", has_text="Coefficient")
    button = title.get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    assert title.get_attribute("aria-sort") == "descending"
    assert labels(page) == [at_first[0], at_first[2], at_first[1]]  # 0.3, 0.1, -0.2
    page.keyboard.press("Space")
    assert title.get_attribute("aria-sort") == "ascending"
    assert labels(page) == [at_first[1], at_first[2], at_first[0]]
    page.locator("#motif-table th", has_text="z").get_by_role("button").click()
    assert title.get_attribute("aria-sort") is None
    assert labels(page) == at_first  # 2.0, 1.5, and none, which comes last


def test_motif_table_filters_and_counts(page, report):
    page.goto((report / "site/motifs.html").as_uri())
    count = page.get_by_role("status")
    assert count.inner_text() == "3 motifs"
    page.fill("#motif-search", "ccgga")
    (shown,) = labels(page)
    assert shown.startswith("R0M0 ≈ <img")
    assert count.inner_text() == "1 of 3 motifs"
    page.fill("#motif-search", "")
    page.select_option("#motif-source", "known")
    assert count.inner_text() == "1 of 3 motifs"
    assert "MA0003" in labels(page)[0]


def test_motif_page_is_reached_from_the_table_and_shows_where_it_acts(page, report):
    page.goto((report / "site/motifs.html").as_uri())
    page.locator("#motif-table tbody a").first.click()
    page.wait_for_url("**/site/motif/1.html")
    sync_api.expect(page.locator("#plot-groups a")).to_have_count(len(CELL_TYPES))
    page.select_option("#measure", "expression")
    assert "Effect on expression" in page.locator("#plot-groups").inner_text()
    page.locator("summary").click()
    rows = page.locator("#cell-type-table tbody tr")
    assert rows.count() == len(CELL_TYPES)
    page.locator("#cell-type-table th", has_text="Cell type").get_by_role("button").click()
    assert rows.locator("th").all_inner_texts()[-1] == "liver"
    page.select_option("#target-cell-type", label=IMAGE)
    targets = page.locator("#target-table tbody tr")
    assert targets.count() == 3
    assert targets.nth(1).inner_text().split() == ["HNF4A", "G00", "+0.400", "3"]


def test_cell_type_page_ranks_motifs_and_links_to_them(page, report):
    page.goto((report / "site/cell/1.html").as_uri())
    shown = page.locator("#activating tbody tr").count() + page.locator("#repressing tbody tr").count()
    assert shown == len(MOTIFS)
    assert page.locator("#plot-volcano a").count() == len(MOTIFS)
    page.select_option("#target", "expression")
    page.locator("#activating tbody a, #repressing tbody a").first.click()
    page.wait_for_url("**/site/motif/*.html")


def test_grammar_page_shows_its_figures_and_sorts_places(page, report):
    page.goto((report / "site/grammar.html").as_uri())
    images = page.locator("figure.picture img")
    assert images.count() == len(FIGURES)
    for number in range(len(FIGURES)):
        images.nth(number).scroll_into_view_if_needed()
        loaded = f"document.querySelectorAll('figure.picture img')[{number}].naturalWidth == {FIGURE_SIZE[0]}"
        page.wait_for_function(loaded)
    places = page.locator("#place-table tbody th")
    at_first = places.all_inner_texts()
    title = page.locator("#place-table th", has_text="Motif")
    title.get_by_role("button").click()
    title.get_by_role("button").click()
    assert title.get_attribute("aria-sort") == "descending"
    assert places.all_inner_texts() == sorted(at_first, key=str.casefold, reverse=True)
    assert page.locator("main script, main [onerror]").count() == 0


def test_grammar_of_a_motif_leads_to_the_rule_and_back(page, report):
    page.goto((report / "site/motif/1.html").as_uri())
    page.locator("a", has_text="6 bp").click()
    page.wait_for_url("**/site/grammar.html#rule-1")
    assert page.locator("#rule-1 td").first.inner_text() == "1"
    page.locator("#rule-1 th a").first.click()
    page.wait_for_url("**/site/motif/1.html")


def test_gene_look_up_by_name_shows_a_gene_and_its_motifs(page, report):
    page.goto((report / "site/genes.html").as_uri())
    page.fill("#gene", "hnf")
    assert page.locator("#gene-list option").get_attribute("value") == "HNF4A"
    page.fill("#gene", "hnf4a")
    page.locator("#gene-result").wait_for()
    assert page.locator("#gene-title").inner_text() == "HNF4A"
    assert "chr1:1,000" in page.locator("#gene-place").inner_text()
    assert "Predicted, held-out" in page.locator("#gene-facts").inner_text()
    # Three motifs, base composition, and their sum.
    assert page.locator("#plot-contributions rect").count() == 5
    assert page.locator("#plot-gene-cell-types a").count() == len(CELL_TYPES)


def test_genes_that_share_a_name_are_offered_and_unknown_ones_told(page, report):
    page.goto((report / "site/genes.html").as_uri())
    page.fill("#gene", "SAME")
    message = page.locator("#gene-message")
    assert "Several genes have this name" in message.inner_text()
    message.locator("a", has_text="G02").click()
    page.locator("#gene-title", has_text="SAME").wait_for()
    page.fill("#gene", "nothing")
    page.press("#gene", "Enter")
    assert "No gene of this run is called “nothing”" in message.inner_text()


@pytest.mark.parametrize("name", [IMAGE, SCRIPT, QUOTE])
def test_a_hostile_name_in_the_address_or_the_box_is_text(page, report, name):
    page.goto((report / "site/genes.html").as_uri() + "#" + name)
    page.fill("#gene", name)
    page.press("#gene", "Enter")
    assert page.locator("main img, main script").count() == 0
    assert name in page.locator("main").inner_text() or page.locator("#gene").input_value() == name


def test_a_gene_is_linked_from_a_motif(page, report):
    page.goto((report / "site/motif/2.html").as_uri())
    page.locator("#target-table tbody a").first.click()
    page.locator("#gene-title").wait_for()
    assert page.locator("#gene-place").inner_text().startswith(IMAGE)


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_window(page, report, width):
    page.set_viewport_size({"width": width, "height": 800})
    for name in pages_of(report):
        page.goto((report / name).as_uri())
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_the_first_tab_leads_to_the_content(page, report):
    page.goto((report / "site/motifs.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "motif-search"


def test_page_of_tasks_is_a_file_of_its_own_whose_tables_sort(page, tmp_path):
    (tmp_path / "made").mkdir()
    made = MadeUpTasks(tmp_path / "made", ["peaks", IMAGE], SCRIPT, QUOTE, simulated=False).page(SCRIPT)
    alone = tmp_path / "alone.html"
    made.rename(alone)
    shutil.rmtree(tmp_path / "made")
    page.goto(alone.as_uri())
    assert page.locator("[src=x], [onerror]").count() == 0
    # Decoding fails where an image is not in the page.
    page.evaluate("Promise.all([...document.images].map((image) => ((image.loading = 'eager'), image.decode())))")
    title = page.locator("#accuracy-table th").first
    title.get_by_role("button").click()
    assert title.get_attribute("aria-sort") == "ascending"
    assert page.locator("#accuracy-table tbody th").all_inner_texts() == [IMAGE, "peaks"]
