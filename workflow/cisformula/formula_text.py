"""The formula for reading: as plain text, Markdown or LaTeX."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from .formula import Evidence, Formula

FORMATS = ("text", "markdown", "latex")
_LATEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}


class _Table(NamedTuple):
    """What is shown of a formula: sentences, column names, rows of words, and how many motifs are not shown."""

    sentences: list[str]
    columns: list[str]
    rows: list[list[str]]
    hidden: int


def show(formula: Formula, style: str = "text", top: int | None = None) -> str:
    """The formula for reading.

    Parameters
    ----------
    formula : Formula
    style : {"text", "markdown", "latex"}
        LaTeX needs the packages booktabs and longtable.
    top : int, optional
        Show only so many motifs, those first in the file.
    """
    writers: dict[str, Callable[[_Table], str]] = {"text": _text, "markdown": _markdown, "latex": _latex}
    return writers[style](_contents(formula, top))


def _contents(formula: Formula, top: int | None) -> _Table:
    evidence = formula.evidence or [Evidence()] * len(formula.motifs)
    effects = ["effect"]
    if formula.reading.n_bins > 1:
        effects = [f"effect {first:+d}..{end - 1:+d}" for first, end in pairwise(formula.reading.edges)]
    names = ["motif", "name", "match", "consensus", *effects, "coefficient", "SE", "selected"]
    rows = [
        [
            motif.id,
            "" if motif.name == motif.id else motif.name,
            known.match or "",
            motif.consensus,
            *(f"{effect:+.4f}" for effect in values),
            _number(known.coefficient, "+.4f"),
            _number(known.standard_error, ".4f"),
            _number(known.selection_probability, ".0%"),
        ]
        for motif, values, known in zip(formula.motifs, formula.effects, evidence, strict=True)
    ]
    shown = rows if top is None else rows[:top]
    # A column in which no motif has anything to say is left out.
    kept = [i for i in range(len(names)) if not rows or any(row[i] for row in rows)]
    return _Table(
        _sentences(formula),
        [names[i] for i in kept],
        [[row[i] for i in kept] for row in shown],
        len(rows) - len(shown),
    )


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _sentences(formula: Formula) -> list[str]:
    reading = formula.reading
    n_hits = len(formula.motifs) - len(formula.filters)
    terms = [f"z = {formula.intercept:.4f}"]
    if n_hits:
        where = " at its position" if reading.n_bins > 1 else ""
        terms.append(f"sum over the hits of {n_hits} motifs of grade x effect{where}")
    if formula.filters:
        terms.append(f"sum over {len(formula.filters)} learned motifs of mean activation x effect")
    if reading.covariates:
        terms.append(f"sum over {len(reading.covariates)} counts of the window's composition of count x effect")
    sentences = [
        " + ".join(terms),
        f"log10 expression = {formula.target_mean:.4f} + {formula.target_scale:.4f} x z",
        f"Window: {-reading.upstream}..{reading.downstream:+d} bp around the TSS, {reading.length} bases"
        + (", both strands." if reading.both_strands else ", one strand."),
    ]
    if n_hits:
        grades = f"of grade 1, and 1 more, up to {reading.grades}, for every fourfold smaller p-value"
        sentences.append(
            f"Hit: p <= {reading.p_value:g}" + (f", {grades} it reaches." if reading.grades > 1 else ", of grade 1.")
        )
    words: dict[str, list[str]] = {}
    for name, effect in zip(reading.covariates, formula.covariate_effects, strict=True):
        word, start, end = re.fullmatch(r"(\w+)\[(\d+):(\d+)\]", name).groups()
        place = f"{int(start) - reading.upstream:+d}..{int(end) - 1 - reading.upstream:+d}"
        words.setdefault(word, []).append(f"{effect:+.4f} in {place}")
    sentences += [f"Composition, effect of each {word}: {', '.join(places)}." for word, places in words.items()]
    return sentences


def _rest(table: _Table) -> list[str]:
    return [f"... and {table.hidden} motifs more."] if table.hidden else []


def _text(table: _Table) -> str:
    widths = [max(map(len, column)) for column in zip(table.columns, *table.rows, strict=True)]
    lines = [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
        for row in [table.columns, *table.rows]
    ]
    return "\n".join([*table.sentences, "", *lines, *_rest(table)]) + "\n"


def _markdown(table: _Table) -> str:
    def escaped(text: str) -> str:
        return re.sub(r"([\\`*_{}\[\]<>|~$])", r"\\\1", text)

    rows = [f"| {' | '.join(map(escaped, row))} |" for row in [table.columns, *table.rows]]
    rows.insert(1, "|" + "---|" * len(table.columns))
    sentences = [escaped(sentence) + "  " for sentence in table.sentences]
    return "\n".join([*sentences, "", *rows, *([""] if table.hidden else []), *_rest(table)]) + "\n"


def _latex(table: _Table) -> str:
    def escaped(text: str) -> str:
        return "".join(_LATEX.get(character, character) for character in text)

    def sentence(text: str) -> str:
        return re.sub(r"(?<= )x(?= )", r"$\\times$", escaped(text)).replace(r"\textless{}=", r"$\leq$") + r"\\"

    numbers = [re.fullmatch(r"effect.*|coefficient|SE|selected", name) is not None for name in table.columns]

    def row(words: list[str]) -> str:
        # A minus sign is one in mathematics only.
        cells = (f"${escaped(word)}$" if re.match(r"[-+]?\d", word) else escaped(word) for word in words)
        return " & ".join(cells) + r" \\"

    return (
        "\n".join(
            [
                "% needs \\usepackage{booktabs,longtable}",
                *("\\noindent " + sentence(line) for line in table.sentences),
                f"\\begin{{longtable}}{{{''.join('r' if number else 'l' for number in numbers)}}}",
                r"\toprule",
                row(table.columns),
                r"\midrule",
                r"\endhead",
                *map(row, table.rows),
                *(rf"\multicolumn{{{len(table.columns)}}}{{l}}{{{escaped(line)}}} \\" for line in _rest(table)),
                r"\bottomrule",
                r"\end{longtable}",
            ]
        )
        + "\n"
    )
