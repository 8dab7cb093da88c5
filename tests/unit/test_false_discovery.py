"""q-values of the tests that were made, as statsmodels computes them."""

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from cisformula.false_discovery import q_values


def test_tests_that_were_not_made_neither_count_nor_get_a_value():
    p = np.array([0.01, np.nan, 0.04, 0.03, np.nan, 0.5])
    q = q_values(pd.Series(p))
    made = ~np.isnan(p)
    np.testing.assert_allclose(q[made], multipletests(p[made], method="fdr_bh")[1])
    assert np.isnan(q[~made]).all()


def test_where_no_test_was_made_there_is_no_value():
    assert np.isnan(q_values(np.full(3, np.nan))).all()
    assert q_values(pd.Series([], dtype=object)).shape == (0,)
