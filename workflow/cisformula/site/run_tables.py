"""The tables of a run that the site is made of, read once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .. import match_table, pwm, result_table
from ..errors import InputError
from ..figures.coefficients import motif_labels
from ..formula import Formula, read_json
from ..pwm import Motif


@dataclass(frozen=True)
class RunTables:
    """A run's tables; the columns of each are those of the file.

    Attributes
    ----------
    formula : Formula
        Its motifs are numbered from 1 in this order, everywhere in the site.
    motifs : pd.DataFrame
        ``formula/formula.tsv``, in the order of the formula, with the column ``label``.
    genes : pd.DataFrame
        ``expression/genes.tsv`` with ``fold observed predicted in_sample`` of ``formula/predictions.tsv``.
    cell_types : pd.DataFrame
        ``expression/cell_types.tsv``, numbered from 1 in this order.
    expression, cell_type_predictions, contributions : pd.DataFrame
        Genes in rows, in the order of ``genes``.
    factor_expression : pd.DataFrame
        Factors in rows, by gene id; log10 expression minus the mean over genes.
    known : dict of str to Motif
        The motif database.
    enrichment : pd.DataFrame or None
        None where no gene sets were given.
    verdict : pd.DataFrame or None
        Of a simulated data set: what was planted and what was found.
    """

    formula: Formula
    motifs: pd.DataFrame
    genes: pd.DataFrame
    join: pd.DataFrame
    cell_types: pd.DataFrame
    expression: pd.DataFrame
    sites: pd.DataFrame
    performance: pd.DataFrame
    differences: pd.DataFrame
    learned: pd.DataFrame
    matches: pd.DataFrame
    match_summary: pd.DataFrame
    known: dict[str, Motif]
    contributions: pd.DataFrame
    effects: pd.DataFrame
    activity: pd.DataFrame
    cell_type_motifs: pd.DataFrame
    groups: pd.DataFrame
    group_effects: pd.DataFrame
    cell_type_performance: pd.DataFrame
    cell_type_predictions: pd.DataFrame
    null: pd.DataFrame
    targets: pd.DataFrame
    factors: pd.DataFrame
    factor_expression: pd.DataFrame
    enrichment: pd.DataFrame | None
    verdict: pd.DataFrame | None

    def matrix(self, table: pd.DataFrame, column: str) -> np.ndarray:
        """A column of a long table as an array of shape (motifs, cell types), NaN where there is no row."""
        wide = table.pivot(index="motif", columns="cell_type", values=column)
        return wide.reindex(index=self.motifs["motif"], columns=self.cell_types["cell_type"]).to_numpy(dtype=float)

    def of_target(self, target: str) -> pd.DataFrame:
        """The effects on ``expression`` or ``deviation``."""
        return self.effects[self.effects["target"] == target]


def read(files: Any) -> RunTables:
    """Read what the rule names.

    Parameters
    ----------
    files : namedtuple-like
        Paths, one attribute for each table; ``enrichment`` and ``verdict`` may be empty.

    Raises
    ------
    InputError
        Tables of genes or motifs do not belong to one run.
    """
    formula = read_json(files.formula)
    motifs = result_table.read(files.formula_table)
    if motifs["motif"].tolist() != [motif.id for motif in formula.motifs]:
        raise of_another_run(files.formula_table, "motifs are not those of the formula")
    genes = result_table.read(files.genes)
    predictions = result_table.read(files.predictions)
    if predictions["gene_id"].tolist() != genes["gene_id"].tolist():
        raise of_another_run(files.predictions, "genes are not those of the expression matrix")
    genes = genes.assign(**{name: predictions[name] for name in ("fold", "observed", "predicted", "in_sample")})
    return RunTables(
        formula=formula,
        motifs=motifs.assign(label=[label.replace(r"\$", "$") for label in motif_labels(motifs)]),
        genes=genes,
        join=result_table.read(files.join),
        cell_types=result_table.read_cell_types(files.cell_types),
        expression=_of_genes(files.expression, genes),
        sites=pd.read_parquet(files.sites, columns=["motif", "strand", "from_tss"]),
        performance=result_table.read(files.performance),
        differences=result_table.read(files.differences),
        learned=result_table.read(files.learned),
        matches=match_table.read(files.matches),
        match_summary=result_table.read(files.match_summary),
        known={motif.id: motif for motif in pwm.read_meme(files.database)},
        contributions=_of_genes(files.contributions, genes),
        effects=result_table.read(files.effects),
        activity=result_table.read(files.activity),
        cell_type_motifs=result_table.read(files.cell_type_motifs),
        groups=result_table.read(files.groups),
        group_effects=result_table.read(files.group_effects),
        cell_type_performance=result_table.read(files.cell_type_performance),
        cell_type_predictions=_of_genes(files.cell_type_predictions, genes),
        null=result_table.read(files.null),
        targets=pd.read_parquet(files.targets),
        factors=result_table.read(files.factors),
        factor_expression=pd.read_parquet(files.factor_expression),
        enrichment=result_table.read(files.enrichment) if files.enrichment else None,
        verdict=result_table.read(files.verdict) if files.verdict else None,
    )


def _of_genes(path: str, genes: pd.DataFrame) -> pd.DataFrame:
    """A matrix with genes in rows, in the order of the table of genes."""
    matrix = pd.read_parquet(path)
    if set(matrix.index) != set(genes["gene_id"]):
        raise of_another_run(path, "genes are not those of the expression matrix")
    return matrix.loc[genes["gene_id"]]


def of_another_run(path: str, problem: str) -> InputError:
    """The error of a table that does not belong to the rest."""
    return InputError(f"its {problem}.", place=str(path), fix="make both in one run of the workflow.")
