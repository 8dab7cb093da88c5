"""What the gene look-up shows: an index of all genes, and details in parts that are loaded when asked for."""

import numpy as np

from ..cell_types.design import standardise
from . import packing
from .run_tables import RunTables

PART = 256
"""Genes in a part."""
N_TERMS = 20
"""Largest contributions to a gene's prediction that are shown one by one; the others are summed."""
COMPOSITION = "composition"


def names(run: RunTables) -> dict:
    """Ids and names of all genes; numbers of genes elsewhere count from 0 in this order."""
    return {"id": run.genes["gene_id"].tolist(), "name": run.genes["gene_name"].tolist()}


def index(run: RunTables) -> dict:
    """All genes: where they lie, observed and predicted standardised log expression."""
    genes = run.genes
    text = {name: genes[name].tolist() for name in ("chrom", "strand")}
    numbers = {name: packing.rounded(genes[name].to_numpy()) for name in ("observed", "predicted", "in_sample")}
    return {
        **text,
        "tss": packing.whole(genes["tss"].to_numpy()),
        "fold": genes["fold"].tolist(),
        **numbers,
        "part": PART,
        "mean": run.formula.target_mean,
        "scale": run.formula.target_scale,
    }


def parts(run: RunTables) -> list[dict]:
    """Details of every gene, :data:`PART` genes at a time, in the order of the index.

    Each part holds, for its genes in rows, the ``motif`` (number from 1; 0 for base composition) and ``value`` of the
    largest contributions, the sum of the ``others``, and expression over the cell types, ``observed`` and held-out
    ``predicted``, in standard deviations over genes.
    """
    motifs = [motif.id for motif in run.formula.motifs]
    terms = run.contributions[[COMPOSITION, *motifs]].to_numpy(dtype=np.float64)
    observed = standardise(run.expression.to_numpy(dtype=np.float64))
    predicted = run.cell_type_predictions[run.expression.columns].to_numpy(dtype=np.float64)
    return [
        {
            **_largest(terms[start : start + PART]),
            "observed": packing.rounded(observed[start : start + PART], packing.COARSE),
            "predicted": packing.rounded(predicted[start : start + PART], packing.COARSE),
        }
        for start in range(0, len(terms), PART)
    ]


def _largest(terms: np.ndarray) -> dict:
    """The largest terms of each row, base composition always among them, and the sum of the others.

    Parameters
    ----------
    terms : np.ndarray, shape (genes, 1 + motifs)
        Base composition first.
    """
    size = np.abs(terms)
    size[:, 0] = np.inf
    order = np.argsort(-size, axis=1, kind="stable")[:, :N_TERMS]
    values = np.take_along_axis(terms, order, axis=1)
    return {
        "motif": packing.whole(order),
        "value": packing.rounded(values),
        "others": packing.rounded(terms.sum(axis=1) - values.sum(axis=1)),
    }
