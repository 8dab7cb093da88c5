"""The effect of a column beside others, against an independent regression."""

import numpy as np
import statsmodels.api as sm

from cisformula.grammar.adjusted_effect import adjusted_effect


def test_the_effect_and_its_error_are_those_of_an_independent_regression():
    rng = np.random.default_rng(1)
    others = rng.normal(size=(80, 3))
    column = others[:, 0] + rng.normal(size=80) > 0.5
    target = 0.7 * column + others @ [1.0, -0.5, 0] + rng.normal(size=80) * (1 + column)
    design = sm.add_constant(np.column_stack([column, others]).astype(float))
    fit = sm.OLS(target, design).fit(cov_type="HC3", use_t=True)
    wanted = (fit.params[1], *fit.conf_int()[1], fit.pvalues[1])
    np.testing.assert_allclose(adjusted_effect(column, others, target), wanted, rtol=1e-9)


def test_an_effect_that_the_others_tell_is_unknown():
    column = np.arange(20) < 10
    assert np.isnan(adjusted_effect(column, column[:, None].astype(float), np.arange(20.0))).all()
