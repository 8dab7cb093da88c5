"""Applying the formula to sequences: the same features as in the workflow, and what each motif adds."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from . import features, hits
from .cell_type_formulas import CellTypeFormulas
from .formula import Formula
from .job import counted
from .windows import Batch


class Scores(NamedTuple):
    """Predictions for some sequences.

    Attributes
    ----------
    predicted : np.ndarray, shape (sequences,)
        Standardised log expression.
    features : np.ndarray, shape (sequences, motifs, bins)
        Graded hits of each motif in each position bin, or its mean activation.
    contributions : np.ndarray, shape (sequences, motifs)
        What each motif adds; with the intercept and the covariates they sum to ``predicted``.
    covariates : np.ndarray, shape (sequences, covariates)
        What each composition covariate adds.
    cell_types : np.ndarray, shape (sequences, cell types)
        Standardised log expression in each cell type; no columns if none were asked for.
    """

    predicted: np.ndarray
    features: np.ndarray
    contributions: np.ndarray
    covariates: np.ndarray
    cell_types: np.ndarray


class Scorer:
    """A formula made ready to read sequences.

    Parameters
    ----------
    formula : Formula
    cell_types : CellTypeFormulas, optional
        The same motifs' effects in each cell type.
    """

    def __init__(self, formula: Formula, cell_types: CellTypeFormulas | None = None):
        self.formula = formula
        self.cell_types = cell_types
        reading = formula.reading
        activated = [motif.id in formula.filters for motif in formula.motifs]
        self.filtered, self.scanned = np.flatnonzero(activated), np.flatnonzero(~np.array(activated, dtype=bool))
        self._filters = [formula.filters[formula.motifs[column].id] for column in self.filtered]
        self.bin_edges = reading.edges + reading.upstream
        self.scanner = hits.Scanner(
            [formula.motifs[column] for column in self.scanned],
            reading.p_value,
            np.array(reading.background),
            reading.both_strands,
            reading.grades,
        )

    def features(self, codes: np.ndarray) -> np.ndarray:
        """Graded hits of each motif in each position bin, or its mean activation.

        Parameters
        ----------
        codes : np.ndarray, shape (sequences, length), uint8
            ``length`` is that of the formula's window.

        Returns
        -------
        np.ndarray, shape (sequences, motifs, bins), float64
        """
        values = np.empty((len(codes), *self.formula.effects.shape))
        row = 0
        for group in hits.chunks(codes):
            values[row : row + len(group), self.scanned] = self.scanner.count(group, self.bin_edges)
            row += len(group)
        if self._filters:
            values[:, self.filtered, 0] = features.mean_activation(codes, np.stack(self._filters))
        return values

    def read(self, codes: np.ndarray) -> Scores:
        """Predictions for sequences, shape (sequences, length), with all that goes into them."""
        values = self.features(codes)
        contributions = self.formula.contributions(values)
        composition = features.covariates(codes, self.formula.reading.covariates)
        none = np.empty((len(codes), 0))
        return Scores(
            predicted=self.formula.total(contributions, composition),
            features=values,
            contributions=contributions,
            covariates=composition * self.formula.covariate_effects,
            cell_types=none if self.cell_types is None else self.cell_types.predict(values, composition),
        )


def header(scorer: Scorer, contributions: bool) -> str:
    """Column names of :func:`lines`."""
    columns = ["id", "predicted", "log10"]
    if contributions:
        columns += [f"motif:{motif.id}" for motif in scorer.formula.motifs]
        columns += [f"covariate:{name}" for name in scorer.formula.reading.covariates]
    if scorer.cell_types is not None:
        columns += [f"cell_type:{name}" for name in scorer.cell_types.cell_types]
    return "\t".join(columns) + "\n"


def lines(batch: Batch, scores: Scores, formula: Formula, contributions: bool) -> Iterator[str]:
    """Rows of the table of predictions: id, standardised and log10 prediction, contributions, cell types."""
    columns = [scores.predicted[:, None], formula.log10(scores.predicted)[:, None]]
    columns += [scores.contributions, scores.covariates] * contributions
    table = np.hstack([*columns, scores.cell_types])
    form = "%s\t%.8g\t%.8g" + "\t%.6g" * (table.shape[1] - 2) + "\n"
    for name, row in zip(batch.ids, table.tolist(), strict=True):
        yield form % (name, *row)


def table(scorer: Scorer, batches: Iterable[Batch], contributions: bool = False) -> Iterator[str]:
    """The table of predictions line by line, header first; memory does not grow with the number of sequences."""
    yield header(scorer, contributions)
    for batch in counted(batches, "sequences", size=lambda batch: len(batch.ids)):
        yield from lines(batch, scorer.read(batch.codes), scorer.formula, contributions)
