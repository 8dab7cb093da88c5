"""What each motif of the formula adds to the prediction of each gene, compared with the average gene."""

import numpy as np
import pandas as pd

from .formula import Formula
from .scoring import Scores

COMPOSITION = "composition"
"""Column of what all composition covariates add together."""


def table(formula: Formula, scores: Scores, gene_ids: pd.Series) -> pd.DataFrame:
    """Take the predictions of genes apart.

    Parameters
    ----------
    formula : Formula
    scores : Scores
        Of the genes' promoters.
    gene_ids : pd.Series, shape (genes,)

    Returns
    -------
    pd.DataFrame, shape (genes, motifs + 1), float32
        Indexed by ``gene_id``; one column per motif id, in the order of the formula, and :data:`COMPOSITION`. In
        standard deviations of log expression, minus the mean over genes: a row sums to the gene's prediction minus the
        mean prediction.
    """
    parts = np.column_stack([scores.contributions, scores.covariates.sum(axis=1)])
    columns = [*(motif.id for motif in formula.motifs), COMPOSITION]
    return pd.DataFrame(
        (parts - parts.mean(axis=0)).astype(np.float32),
        index=pd.Index(gene_ids, name="gene_id"),
        columns=columns,
    )
