"""Data of the tests of effects in cell types."""

import numpy as np


def data(seed, n_genes=150, n_motifs=6, n_cell_types=5):
    """Hit counts, composition, and expression whose noise depends on the first motif."""
    rng = np.random.default_rng(seed)
    features = rng.poisson(1.5, (n_genes, n_motifs)).astype(float)
    composition = rng.normal(size=(n_genes, 2)) + features[:, :1]
    noise = rng.normal(size=(n_genes, n_cell_types)) * (0.3 + features[:, :1])
    values = features @ rng.normal(0, 0.3, (n_motifs, n_cell_types)) + composition[:, :1] + noise
    return features, composition, values


def standardised(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)
