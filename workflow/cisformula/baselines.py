"""What simple predictors see of a promoter: composition and k-mers, each a ridge regression's columns."""

import numpy as np

from . import features, hits


def columns(codes: np.ndarray, bin_width: int | None) -> dict[str, np.ndarray]:
    """Columns of every simple predictor by its name; shape (n, columns) each.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8
    bin_width : int or None
        Bases of a position bin for composition by position; None: one bin.
    """
    by_position = features.covariates(codes, features.covariate_names(hits.bin_edges(codes.shape[1], bin_width)))
    kmers = np.hstack([features.kmer_counts(codes, k) for k in range(2, 6)])
    return {
        "base_composition": features.base_composition(codes),
        "gc_cpg": features.gc_and_cpg(codes),
        "composition_by_position": by_position,
        "4mer_ridge": features.kmer_counts(codes, 4),
        "2to5mer_ridge": kmers,
        "2to5mer_and_composition_by_position": np.hstack([kmers, by_position]),
    }
