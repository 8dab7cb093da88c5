"""What each cluster of learned motifs is: its best known match, and the family of factors its members point to."""

import pandas as pd

SIGNIFICANT = 0.05
"""q-value below which a match speaks for a family."""


def name_clusters(clusters: pd.DataFrame, matches: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Describe clusters by the known motifs that their members match.

    Parameters
    ----------
    clusters : pd.DataFrame
        As :func:`cisformula.motif_clusters.cluster_motifs` returns it.
    matches : pd.DataFrame
        Tomtom's columns; the best match of each query first.
    known : pd.DataFrame
        ``motif name family`` of the known motifs; the family may be empty.

    Returns
    -------
    pd.DataFrame
        One row per cluster, in order: ``cluster``, ``representative``, ``cluster_size``, ``n_runs``, ``match``, ``E``
        and ``q`` (name of the representative's best match), ``family`` (the most frequent among the best matches of
        members with q < 0.05; of equally frequent ones the first by name) and ``family_members`` (how many).
    """
    known = known.set_index("motif")
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    table = clusters.drop_duplicates("cluster").sort_values("cluster", ignore_index=True)
    table = table[["cluster", "representative", "cluster_size", "n_runs"]]
    of_representative = best.reindex(table["representative"])
    table["match"] = of_representative["Target_ID"].map(known["name"]).to_numpy()
    table["E"] = of_representative["E-value"].to_numpy()
    table["q"] = of_representative["q-value"].to_numpy()
    families = best.loc[best["q-value"] < SIGNIFICANT, "Target_ID"].map(known["family"])
    members = clusters.assign(family=clusters["motif"].map(families).replace("", pd.NA)).dropna(subset="family")
    counts = members.groupby(["cluster", "family"]).size().reset_index(name="family_members")
    most = counts.sort_values(["cluster", "family_members", "family"], ascending=[True, False, True])
    return table.merge(most.drop_duplicates("cluster"), on="cluster", how="left").astype({"family_members": "Int64"})
