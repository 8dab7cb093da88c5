"""All files of the site, from a run's tables."""

import logging
import re
import shutil
from pathlib import Path

import jinja2

from . import (
    cell_pages,
    citations,
    downloads,
    gene_data,
    grammar_page,
    grammar_verdict,
    logos,
    methods,
    motif_pages,
    packing,
    rendering,
    verdict,
)
from .grammar_tables import GrammarTables
from .run_tables import RunTables

logger = logging.getLogger("cisformula")

ASSETS = rendering.TEMPLATES
VENDORED = Path(__file__).parents[3] / "resources" / "vendor"
N_STRONGEST = 12
"""Motifs on the overview."""


class Site:
    """The pages of one run.

    Parameters
    ----------
    run : RunTables
    grammar : GrammarTables
    config : dict
        The whole configuration.
    cards : list of str
        Cards of trained networks, for the versions of what trained them.
    """

    def __init__(self, run: RunTables, grammar: GrammarTables, config: dict, cards: list[str]):
        self.run, self.config, self.cards = run, config, cards
        self.fdr = config["cell_type_effects"]["fdr"]
        self.motifs = motif_pages.rows(run)
        self.cell_types = cell_pages.rows(run, self.fdr)
        self.has_groups = cell_pages.has_groups(run)
        limits = config["grammar"]["fdr"], config["grammar"]["min_fold"]
        self.grammar = grammar_page.Page(grammar, self.motifs, *limits)

    def write(self, index: str | Path, folder: str | Path) -> None:
        """Write ``index``, the page to open first, and everything else into ``folder`` beside it.

        The folder is made if it is not there; it must be called ``site``, for the pages link to each other.
        """
        self.index, self.folder = Path(index), Path(folder)
        for name in ("assets", "data", "data/genes", "logo", "figures", "motif", "cell"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._copy_assets()
        self._write_data()
        for row, motif in zip(self.motifs, self.run.formula.motifs, strict=True):
            self._write("logo", f"{row.number}.svg", logos.file(motif))
        templates = rendering.environment()
        self._write_overview(templates)
        self._write_motifs(templates)
        self._write_cell_types(templates)
        self._write_grammar(templates)
        self._write_rest(templates)
        logger.info("%d motifs, %d cell types, %d genes", len(self.motifs), len(self.cell_types), len(self.run.genes))

    def _write(self, *place: str) -> None:
        *path, text = place
        self.folder.joinpath(*path).write_text(text, encoding="utf-8")

    def _page(self, templates: jinja2.Environment, template: str, up: str, **values: object) -> str:
        """A page filled in; ``up`` leads from the page's folder to that of the index."""
        shared = {"dataset": self.config["dataset"], "up": up, "fdr": self.fdr, "has_groups": self.has_groups}
        return templates.get_template(template).render(**shared, **values)

    def _copy_assets(self) -> None:
        for source in [*sorted(ASSETS.glob("*.css")), *sorted(ASSETS.glob("*.js")), *sorted(VENDORED.iterdir())]:
            shutil.copyfile(source, self.folder / "assets" / source.name)

    def _write_data(self) -> None:
        data = {
            "motifs": motif_pages.index_data(self.motifs),
            "cell_types": cell_pages.index_data(self.run),
            "effects": cell_pages.effects_data(self.run, self.fdr),
            "gene_names": gene_data.names(self.run),
            "genes": gene_data.index(self.run),
        }
        for name, content in data.items():
            self._write("data", f"{name}.js", packing.data_script(name, content))
        for number, part in enumerate(gene_data.parts(self.run)):
            self._write("data", "genes", f"{number}.js", packing.data_script(f"genes/{number}", part))

    def _write_overview(self, templates: jinja2.Environment) -> None:
        strongest = sorted(self.motifs, key=lambda row: -abs(row.coefficient))[:N_STRONGEST]
        page = self._page(
            templates,
            "index.html.j2",
            "",
            findings=[*verdict.findings(self.run, self.fdr), grammar_verdict.overview(self.grammar)],
            counts=methods.counts(self.run),
            simulated={
                what: [] if table is None else table.to_dict("records")
                for what, table in (("Formula", self.run.verdict), ("Grammar", self.grammar.grammar.verdict))
            },
            strongest=strongest,
            extent=max((max(abs(row.low), abs(row.high)) for row in strongest), default=1.0),
            n_motifs=len(self.motifs),
            n_cell_types=len(self.cell_types),
            n_genes=len(self.run.genes),
            data={
                "performance": verdict.performance_rows(self.run),
                "cell_types": self._scores("expression") + self._scores("deviation"),
            },
        )
        self.index.write_text(page, encoding="utf-8")

    def _scores(self, target: str) -> list[dict]:
        return [
            {
                "target": target,
                "number": row.number,
                "name": row.name,
                "r2": score["r2"],
                "low": score["r2_low"],
                "high": score["r2_high"],
                "composition": score["composition_r2"],
            }
            for row in self.cell_types
            for score in [row.scores.get(target)]
            if score is not None
        ]

    def _write_motifs(self, templates: jinja2.Environment) -> None:
        self._write("motifs.html", self._page(templates, "motifs.html.j2", "../", motifs=self.motifs))
        pages, letters = motif_pages.Pages(self.run), logos.letter_definitions()
        numbers = {row.id: row.number for row in self.motifs}
        for row, motif in zip(self.motifs, self.run.formula.motifs, strict=True):
            page = self._page(
                templates,
                "motif.html.j2",
                "../../",
                motif=row,
                letters=letters,
                forward=logos.inline(motif),
                backward=logos.inline(motif.reverse_complement()),
                reverse_consensus=motif.reverse_complement().consensus,
                known=motif_pages.KNOWN,
                n_motifs=len(self.motifs),
                n_cell_types=len(self.cell_types),
                genes_of_formula=pages.targets_of_formula(row.id),
                factors=pages.factor_rows(row.id),
                n_factors=pages.n_factors(row.id),
                tests=pages.group_tests(row.id),
                gene_sets=pages.gene_sets(row.id),
                numbers=numbers,
                grammar=self.grammar.of_motif(row.id),
                data=pages.data(row),
            )
            self._write("motif", f"{row.number}.html", page)

    def _write_cell_types(self, templates: jinja2.Environment) -> None:
        scores = {"cell_types": self._scores("expression") + self._scores("deviation")}
        page = self._page(
            templates, "cells.html.j2", "../", cell_types=self.cell_types, motifs=self.motifs, data=scores
        )
        self._write("cells.html", page)
        for row in self.cell_types:
            page = self._page(
                templates,
                "cell.html.j2",
                "../../",
                cell_type=row,
                n_cell_types=len(self.cell_types),
                n_motifs=len(self.motifs),
                data={"cell_type": row.number - 1},
            )
            self._write("cell", f"{row.number}.html", page)

    def _write_grammar(self, templates: jinja2.Environment) -> None:
        tables = self.grammar.grammar
        images = grammar_page.images(tables.figures)
        for image in images:
            shutil.copyfile(tables.figures[image.name], self.folder / "figures" / f"{image.name}.png")
        page = self._page(
            templates,
            "grammar.html.j2",
            "../",
            findings=grammar_verdict.findings(self.grammar),
            grammar=self.grammar,
            arms=self.grammar.arms(),
            images=images,
            attention=tables.attention,
            controls=tables.controls.to_dict("records"),
            n_features=len(tables.features),
            n_edges=len(tables.edges),
            n_profiles=len(tables.profiles),
            n_motifs=len(self.motifs),
            grammar_fdr=self.config["grammar"]["fdr"],
            config=self.config,
        )
        self._write("grammar.html", page)

    def _write_rest(self, templates: jinja2.Environment) -> None:
        self._write("genes.html", self._page(templates, "genes.html.j2", "../", n_genes=len(self.run.genes)))
        self._write(
            "methods.html",
            self._page(
                templates,
                "methods.html.j2",
                "../",
                software=methods.software(self.cards, vendored()),
                parameters=methods.parameters(self.config),
                counts=methods.counts(self.run),
                citations=citations.of_run(self.config),
                config=self.config,
            ),
        )
        offered = downloads.sections(
            self.run.enrichment is not None,
            self.grammar.grammar.attention is not None,
            self.run.verdict is not None,
        )
        self._write("downloads.html", self._page(templates, "downloads.html.j2", "../", sections=offered))


def vendored() -> list[tuple[str, str]]:
    """Names and versions of the bundled libraries, from their first lines."""
    found = []
    for path in sorted(VENDORED.glob("*.js")):
        with open(path, encoding="utf-8") as handle:
            version = re.search(r"v(\d+(?:\.\d+)+)", handle.readline())
        found.append(({"d3": "D3", "plot": "Observable Plot"}[path.name.split(".")[0]], version.group(1)))
    return found
