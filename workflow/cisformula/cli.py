"""The command line: apply a formula to sequences and variants, explain a prediction, show the formula.

Needs NumPy, lightmotif and typer; a reader of genomes only where a genome is given, matplotlib only for a figure.
"""

import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from . import cell_type_formulas, explanation, formula_text, scoring, variants, windows
from . import formula as formulas
from .errors import InputError
from .job import logger
from .textfile import whole_file

EXAMPLES = 5
"""Names shown of sequences to choose from."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Apply a formula that the workflow has made.",
)

FormulaFile = Annotated[Path, typer.Argument(metavar="FORMULA", help="formula.json of a run")]
Sequences = Annotated[
    str,
    typer.Argument(
        metavar="SEQUENCES",
        help="FASTA whose records are as long as the formula's window, or BED6 of TSSs (1 base) or whole windows "
        "with --genome; plain or gzip; - is standard input",
    ),
]
Genome = Annotated[Path | None, typer.Option(help="FASTA (plain, gzip, bgzip) or 2bit that BED intervals lie on")]
CellTypes = Annotated[Path | None, typer.Option(help="effects per cell type of the same run (cell_types/formulas.npz)")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="file to write, gzip if it ends in .gz [default: standard output]")
]


@app.command()
def score(
    formula: FormulaFile,
    sequences: Sequences,
    genome: Genome = None,
    cell_types: CellTypes = None,
    contributions: Annotated[bool, typer.Option("--contributions", help="add what each motif contributes")] = False,
    output: Output = None,
) -> None:
    """Predict the expression of promoters.

    Writes one line per sequence: id, predicted (standardised log expression), log10 (expression in log10 units), and on
    request a column motif:ID per motif and cell_type:NAME per cell type. The contributions sum, with the intercept, to
    the prediction.
    """
    model = formulas.read_json(formula)
    scorer = _scorer(model, cell_types)
    batches = windows.read_windows(sequences, model.reading.upstream, model.reading.downstream, genome)
    with _written(output) as handle:
        handle.writelines(scoring.table(scorer, batches, contributions))


@app.command()
def explain(
    formula: FormulaFile,
    sequences: Sequences,
    genome: Genome = None,
    gene: Annotated[str | None, typer.Option(help="which sequence [default: the only one]")] = None,
    figure: Annotated[Path | None, typer.Option(help="draw the hits to this .png, .pdf or .svg")] = None,
    output: Output = None,
) -> None:
    """Say which hits make the prediction for one promoter, where they lie and what each adds.

    Writes the sums as lines that start with #, then one line per hit, largest contribution first; start and end are in
    bp from the TSS along the gene.
    """
    model = formulas.read_json(formula)
    reading = model.reading
    batches = windows.read_windows(sequences, reading.upstream, reading.downstream, genome, gene)
    name, codes = _only_one(batches, sequences)
    explained = explanation.explain(scoring.Scorer(model), name, codes)
    with _written(output) as handle:
        handle.writelines(explanation.table(explained, model))
    if figure is not None:
        _draw(figure, explained, model)


@app.command(name="variants")
def score_variants(
    formula: FormulaFile,
    vcf: Annotated[str, typer.Argument(metavar="VCF", help="plain or gzip; - is standard input")],
    genome: Annotated[Path, typer.Option(help="FASTA (plain, gzip, bgzip) or 2bit that the variants lie on")],
    tss: Annotated[str, typer.Option(help="BED6 of TSSs (1 base) or whole promoter windows, plain or gzip")],
    cell_types: CellTypes = None,
    max_indel: Annotated[int, typer.Option(min=1, help="most bases of the reference that a variant may replace")] = 500,
    strict: Annotated[
        bool, typer.Option("--strict", help="fail if a reference allele is not what the genome has")
    ] = False,
    output: Output = None,
) -> None:
    """Predict what variants do to the promoters they lie in.

    Writes one line per variant, alternative allele and promoter: the prediction for both alleles and their difference,
    and the motifs gained, lost and moved with the change of their contribution. What cannot be scored has its reason in
    the column status. The TSS stays in its place: an insertion or deletion moves sequence out of or into the window at
    its far end.
    """
    model = formulas.read_json(formula)
    scorer = _scorer(model, cell_types)
    promoters = variants.read_promoters(tss, genome, model.reading, max_indel)
    with _written(output) as handle:
        handle.writelines(variants.table(vcf, promoters, scorer, strict))


@app.command()
def show(
    formula: FormulaFile,
    style: Annotated[str, typer.Option("--format", help=f"one of {', '.join(formula_text.FORMATS)}")] = "text",
    top: Annotated[int | None, typer.Option(min=1, help="show only so many motifs, the strongest first")] = None,
    output: Output = None,
) -> None:
    """Print the formula as text, Markdown or LaTeX."""
    if style not in formula_text.FORMATS:
        raise InputError(
            f"'{style}' is no format.", place="--format", fix=f"say one of {', '.join(formula_text.FORMATS)}."
        )
    with _written(output) as handle:
        handle.write(formula_text.show(formulas.read_json(formula), style, top))


def _scorer(model: formulas.Formula, cell_types: Path | None) -> scoring.Scorer:
    return scoring.Scorer(model, None if cell_types is None else cell_type_formulas.read_npz(cell_types, model))


def _only_one(batches: Iterable[windows.Batch], path: str):
    found = next(iter(batches), windows.Batch([], None))
    if len(found.ids) != 1:
        names = ", ".join(found.ids[:EXAMPLES])
        raise InputError(
            f"holds more than one such sequence: {names} ..." if found.ids else "holds no such sequence.",
            place=path,
            fix="name one of them with --gene.",
        )
    return found.ids[0], found.codes[0]


def _draw(path: Path, explained: explanation.Explanation, model: formulas.Formula) -> None:
    try:
        from .figures import explanation as figures
    except ImportError:
        raise InputError(
            "a figure needs matplotlib, which is not installed.", place="--figure", fix="pip install matplotlib."
        ) from None
    drawn = figures.draw(explained, model)
    if path.suffix[1:].lower() not in drawn.canvas.get_supported_filetypes():
        raise InputError(f"'{path.suffix}' is no kind of figure.", place=str(path), fix="end it in .png, .pdf or .svg.")
    drawn.savefig(path)


@contextmanager
def _written(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        sys.stdout.flush()
    else:
        with whole_file(path) as handle:
            yield handle


def main() -> None:
    """Run the command line; wrong input ends it with one line and exit code 1."""
    logger.handlers.clear()
    logger.setLevel(logging.INFO)
    logger.propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("cisformula: %(message)s"))
    logger.addHandler(handler)
    try:
        app(prog_name="cisformula")
    except InputError as error:
        logger.error("ERROR: %s", error)
        sys.exit(1)
    except BrokenPipeError:
        # The reader, such as head, has enough; Python must not flush to it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        logger.error("ERROR: %s: %s. Fix: check the path and its permissions.", error.filename, error.strerror)
        sys.exit(1)
