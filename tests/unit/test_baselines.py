"""What simple predictors see: columns that can be counted by hand."""

import numpy as np

from cisformula import baselines, sequence


def test_columns_of_one_sequence():
    codes = sequence.encode("ACGCGA")[None]
    columns = baselines.columns(codes, bin_width=3)
    np.testing.assert_allclose(columns["base_composition"], [[2 / 6, 2 / 6, 2 / 6, 0]])
    np.testing.assert_array_equal(columns["gc_cpg"], [[4, 2]])
    # A, C, G and CG in the first and in the second half.
    np.testing.assert_array_equal(columns["composition_by_position"], [[1, 1, 1, 1, 1, 1, 1, 1]])
    assert columns["4mer_ridge"].shape == (1, 256)
    np.testing.assert_array_equal(columns["4mer_ridge"].sum(), 3)
    assert columns["2to5mer_ridge"].shape == (1, 16 + 64 + 256 + 1024)
    assert columns["2to5mer_ridge"].sum() == 5 + 4 + 3 + 2
    assert columns["2to5mer_and_composition_by_position"].shape == (1, 1360 + 8)
