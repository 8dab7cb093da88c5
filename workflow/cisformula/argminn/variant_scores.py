"""Whether the size of what a variant does to a prediction tells those that break a site from their matches.

Tseng et al. (2024) score measured variants by |difference of probability|; the difference of logits does not fade where
a prediction is all but certain.
"""

import numpy as np
import pandas as pd

from .classification import ranking_scores

COLUMNS = ["network", "score", "n_breaking", "n_matched", "auroc", "auroc_low", "auroc_high"]
COLUMNS += ["auprc", "auprc_low", "auprc_high"]


def score_variants(network: str, variants: pd.DataFrame, seed: int) -> pd.DataFrame:
    """How well the size of a network's change tells breaking variants from their matches.

    Parameters
    ----------
    network : str
    variants : pd.DataFrame
        ``breaks reference_logit alternative_logit``.
    seed : int

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, one row for |difference of logits| and one for |difference of probabilities|.
    """
    reference, alternative = variants["reference_logit"].to_numpy(), variants["alternative_logit"].to_numpy()
    breaks = variants["breaks"].to_numpy(bool)
    sizes = {
        "delta_logit": np.abs(alternative - reference),
        "delta_probability": np.abs(_probability(alternative) - _probability(reference)),
    }
    counts = {"n_breaking": int(breaks.sum()), "n_matched": int((~breaks).sum())}
    rows = [
        {"network": network, "score": name} | counts | ranking_scores(breaks, size, seed)
        for name, size in sizes.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _probability(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logit))
