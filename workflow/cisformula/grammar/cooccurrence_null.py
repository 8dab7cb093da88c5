"""What the test of co-occurrence says where no motifs keep company, to see that it errs no more than it should."""

import numpy as np
import pandas as pd

from .cooccurrence import Pairs, counts
from .presence_model import probabilities

STRATUM = 50
"""Promoters among which the sites of a node are exchanged."""
LEVELS = (0.05, 0.01, 0.001)


def exchange(sites: pd.DataFrame, composition: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Give each node's sites in a promoter to another promoter about as likely to carry the node.

    Each node keeps how often its sites come together, where they lie and what composition they prefer, and loses what
    it has to do with other nodes.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node`` and what else.
    composition : np.ndarray, shape (promoters, columns)
        From :func:`cisformula.grammar.presence_model.composition`.
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        The same with other genes, in the order of the sites given.
    """
    n = len(composition)
    likely = probabilities(counts(sites, n) > 0, composition)
    stratum = np.arange(n) // STRATUM
    gene = sites["gene"].to_numpy().copy()
    node = sites["node"].cat.codes.to_numpy()
    for number in range(likely.shape[1]):
        order = np.argsort(likely[:, number], kind="stable")
        moved = np.empty(n, dtype=gene.dtype)
        moved[order] = order[np.lexsort((rng.random(n), stratum))]
        mine = node == number
        gene[mine] = moved[gene[mine]]
    return sites.assign(gene=gene)


def error_rates(pairs: Pairs, similarity: np.ndarray, max_similarity: float) -> dict:
    """Shares of the tested pairs with small p-values, of which there should be no more than the level says.

    Parameters
    ----------
    pairs : Pairs
        Of sites without company: from :func:`exchange`, or found in shuffled promoters.
    similarity : np.ndarray, shape (nodes, nodes)
    max_similarity : float
        Pairs more similar are not tested.

    Returns
    -------
    dict
        ``pairs`` tested, mean and standard deviation of ``z``, ``attraction_LEVEL`` and ``repulsion_LEVEL``.
    """
    upper = np.triu_indices(len(similarity), 1)
    tested = (similarity[upper] <= max_similarity) & (pairs.variance[upper] > 0)
    z = pairs.z[upper][tested]
    rates = {"pairs": int(tested.sum()), "z_mean": float(z.mean()), "z_sd": float(z.std())}
    for name, sign in (("attraction", 1), ("repulsion", -1)):
        p = pairs.tail(sign)[upper][tested]
        rates |= {f"{name}_{level:g}": float((p < level).mean()) for level in LEVELS}
    return rates
