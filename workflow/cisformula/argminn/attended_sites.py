"""Whether a network attends to the sites that were placed in a design."""

import numpy as np
import pandas as pd

from .design_table import BACKGROUND, RULES, SHUFFLED, name_of
from .instances import share_site


def attended(sites: pd.DataFrame, instances: pd.DataFrame) -> np.ndarray:
    """Whether an instance of any filter is called at each site: shares at least half of the shorter.

    Parameters
    ----------
    sites, instances : pd.DataFrame
        ``sequence start end``; ``sequence`` means the same in both.

    Returns
    -------
    np.ndarray, shape (sites,), bool
    """
    numbered = sites.reset_index(drop=True).reset_index(names="site")
    both = numbered.merge(instances, on="sequence", suffixes=("", "_call"))
    found = both.loc[share_site(both["start"], both["end"], both["start_call"], both["end_call"]), "site"]
    return np.isin(np.arange(len(sites)), found)


def with_controls(sites: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Placed sites, and the same places in the controls that have nothing, or shuffled sites, there.

    Parameters
    ----------
    sites : pd.DataFrame
        Of :class:`cisformula.argminn.design.Designs`.
    table : pd.DataFrame
        ``sequence method number``.
    """
    of_rules = table.loc[table["method"] == RULES].set_index("sequence")["number"]
    own = sites[sites["sequence"].isin(of_rules.index)]
    number = own["sequence"].map(of_rules)
    controls = [own.assign(sequence=[name_of(method, n) for n in number]) for method in (SHUFFLED, BACKGROUND)]
    return pd.concat([sites, *controls], ignore_index=True)


def count_attended(table: pd.DataFrame, sites: pd.DataFrame, instances: pd.DataFrame) -> pd.DataFrame:
    """The table of sequences with ``n_sites`` and ``n_attended``, missing where a method places no sites.

    Parameters
    ----------
    table : pd.DataFrame
        ``sequence method number``.
    sites : pd.DataFrame
        As :func:`with_controls` takes them.
    instances : pd.DataFrame
        ``sequence`` (name), ``start end``.
    """
    places = with_controls(sites, table)
    called = places.assign(called=attended(places, instances))
    counts = called.groupby("sequence")["called"].agg(["size", "sum"]).reindex(table["sequence"]).astype("Int64")
    return table.assign(n_sites=counts["size"].to_numpy(), n_attended=counts["sum"].to_numpy())
