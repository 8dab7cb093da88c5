"""Names and families of clusters, from the matches of their members."""

import numpy as np
import pandas as pd

from cisformula.cluster_names import name_clusters

CLUSTERS = pd.DataFrame(
    {
        "motif": ["R0M0", "R0M1", "R1M0", "R1M1", "R2M0", "R2M1"],
        "cluster": [1, 2, 1, 1, 3, 2],
        "representative": ["R1M0", "R0M1", "R1M0", "R1M0", "R2M0", "R0M1"],
        "cluster_size": [3, 2, 3, 3, 1, 2],
        "n_runs": [2, 2, 2, 2, 1, 2],
    }
)
KNOWN = pd.DataFrame(
    {"motif": ["MA1", "MA2", "MA3"], "name": ["ELK1", "YY1", "NA"], "family": ["Ets-related", "C2H2", ""]}
)
MATCHES = pd.DataFrame(
    {
        "Query_ID": ["R0M0", "R0M0", "R1M0", "R1M1", "R0M1", "R2M1"],
        "Target_ID": ["MA1", "MA2", "MA2", "MA1", "MA3", "MA1"],
        "E-value": [0.1, 0.2, 0.01, 0.02, 0.03, 5.0],
        "q-value": [0.01, 0.02, 0.001, 0.04, 0.01, 0.9],
    }
)


def test_a_cluster_has_the_match_of_its_representative_and_the_family_of_most_members():
    table = name_clusters(CLUSTERS, MATCHES, KNOWN).set_index("cluster")
    assert table["representative"].tolist() == ["R1M0", "R0M1", "R2M0"]
    assert table["cluster_size"].tolist() == [3, 2, 1]
    # The representative of the first matches YY1; two of its three members are Ets-like.
    assert table.loc[1, ["match", "E", "q", "family", "family_members"]].tolist() == [
        "YY1",
        0.01,
        0.001,
        "Ets-related",
        2,
    ]
    # A match without a family, and one that is not significant.
    assert table.loc[2, "match"] == "NA"
    assert pd.isna(table.loc[2, "family"])
    assert table.loc[3, ["match", "E", "family", "family_members"]].isna().all()


def test_of_equally_frequent_families_the_first_by_name_is_taken():
    two = CLUSTERS[CLUSTERS["motif"].isin(["R0M0", "R1M0"])]
    table = name_clusters(two, MATCHES, KNOWN)
    assert table[["family", "family_members"]].to_numpy().tolist() == [["C2H2", 1]]


def test_no_matches():
    table = name_clusters(CLUSTERS, MATCHES[:0], KNOWN)
    assert table["match"].isna().all()
    assert np.array(table["family"].isna()).all()
