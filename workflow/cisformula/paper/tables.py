"""The tables of the original work in its form: which motifs, with coefficient, p-value and best match."""

import numpy as np
import pandas as pd
from scipy import stats

FORMULA_COLUMNS = ["motif", "name", "source", "consensus", "coefficient", "standard_error", "p"]
MATCH_COLUMNS = {"Target_ID": "match_id", "p-value": "match_p", "E-value": "match_E", "q-value": "match_q"}


def formula_table(formula: pd.DataFrame, matches: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """The motifs of the formula: id, source, coefficient, p-value and best known match.

    Parameters
    ----------
    formula : pd.DataFrame
        ``motif name source consensus coefficient standard_error``.
    matches : pd.DataFrame
        Tomtom's columns for the learned motifs of the formula, best match of each first.
    names : dict of str to str
        Name of each known motif.

    Returns
    -------
    pd.DataFrame
        :data:`FORMULA_COLUMNS`, then ``match match_id match_p match_E match_q``, empty for known motifs and for
        learned ones without a match. ``p`` is two-sided, of the coefficient over its standard error (normal); it takes
        the choice of motifs as given and is therefore too small.
    """
    z = formula["coefficient"] / formula["standard_error"]
    table = formula.assign(p=2 * stats.norm.sf(np.abs(z)))[FORMULA_COLUMNS]
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")[list(MATCH_COLUMNS)].rename(columns=MATCH_COLUMNS)
    best.insert(0, "match", best["match_id"].map(names))
    return table.join(best, on="motif")
