"""Communities of motifs: groups of nodes that share promoters more with each other than with others.

Nodes are joined by the edges of :mod:`cisformula.grammar.cooccurrence`, weighted by z. Divided by the square root of
the number of promoters that is the correlation of the residuals of both nodes: their company beyond composition, on one
scale for frequent and rare motifs. A logarithm of observed over expected would be large, and noisy, wherever little is
expected.

A wrong edge hangs a stranger on a community. Of a community in which every node could have two edges, only those belong
to it that have: its 2-core, unless that is empty.

Sources: Traag et al. 2019, Sci Rep 9:5233 (Leiden); Lancichinetti & Fortunato 2012, Sci Rep 2:336 (consensus).
"""

import itertools
import random
from typing import NamedTuple

import igraph
import leidenalg
import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from ..job import progress

RESOLUTIONS = tuple(step / 10 for step in range(5, 21))
RUNS = 20
"""Partitions, each from a seed of its own, that a consensus is made of."""
REWIRINGS = 100
SWAPS = 10
"""Attempted swaps of two edges' ends, for each edge of the graph."""
TOGETHER = 0.5
"""Nodes put together in fewer runs than this share are not joined in the consensus."""
ROUNDS = 20
"""Most rounds until all partitions of the consensus agree."""
SCAN_COLUMNS = [
    "resolution",
    "n_communities",
    "modularity",
    "null_mean",
    "null_sd",
    "z",
    "p",
    "stability",
    "score",
    "chosen",
]
NODE_COLUMNS = ["node", "name", "community", "degree", "strength", "within_strength"]


class Scan(NamedTuple):
    """Partitions over a scan of resolutions.

    Attributes
    ----------
    table : pd.DataFrame
        :data:`SCAN_COLUMNS`, one row per resolution.
    community : np.ndarray, shape (nodes of the graph,), int
        The cores of the consensus at the resolution chosen; a node outside of them is a community of its own.
    """

    table: pd.DataFrame
    community: np.ndarray


def graph(pairs: pd.DataFrame) -> igraph.Graph:
    """The edges among ``pairs``, weighted by z; vertices are the nodes that have any, by name."""
    edges = pairs.loc[pairs["edge"], ["first", "second", "z"]]
    names = pd.unique(pd.concat([pairs["first"], pairs["second"]]))
    names = [name for name in names if name in set(edges["first"]) | set(edges["second"])]
    vertex = pd.Index(names)
    ends = np.stack([vertex.get_indexer(edges["first"]), vertex.get_indexer(edges["second"])], axis=1)
    return igraph.Graph(
        n=len(names),
        edges=ends.tolist(),
        vertex_attrs={"name": names},
        edge_attrs={"weight": edges["z"].astype(float).tolist()},
    )


def scan(network: igraph.Graph, seed: int) -> Scan:
    """Find communities at every resolution, and choose one.

    At each resolution Leiden runs from several seeds; the runs agree by a mean adjusted Rand index (stability) and are
    joined to a consensus. Its weighted modularity is compared with that of communities found in the same way, once, in
    graphs whose edges were rewired, each node keeping its degree, and whose weights were shuffled. Chosen is the
    resolution with the largest product of stability and modularity above the largest mean of the null at any
    resolution, the lowest on a tie: at low resolutions rewired graphs make few communities, whose modularity is no bar.

    Parameters
    ----------
    network : igraph.Graph
        With at least one edge; see :func:`graph`.
    seed : int
    """
    seeds = [int(state) for state in np.random.SeedSequence(seed).generate_state(RUNS) >> 1]
    nulls = rewired(network, REWIRINGS, seed)
    rows, found = [], []
    for resolution in progress(RESOLUTIONS, len(RESOLUTIONS), "resolutions"):
        runs = [partition(network, resolution, run) for run in seeds]
        community = consensus(runs, resolution, seeds)
        modularity = network.modularity(community.tolist(), weights="weight")
        null = [other.modularity(partition(other, resolution, seeds[0]).tolist(), weights="weight") for other in nulls]
        rows.append({"resolution": resolution, "stability": stability(runs)} | compare(modularity, np.array(null)))
        rows[-1]["n_communities"] = int((np.bincount(community) > 1).sum())
        found.append(community)
    table = pd.DataFrame(rows)
    # Rounded, so that a tie does not hang on the last digit.
    table["score"] = (table["stability"] * (table["modularity"] - table["null_mean"].max())).round(9)
    best = int(table["score"].argmax())
    table["chosen"] = table.index == best
    return Scan(table[SCAN_COLUMNS], cores(network, found[best]))


def partition(network: igraph.Graph, resolution: float, seed: int) -> np.ndarray:
    """Communities by Leiden on modularity at a resolution (Reichardt and Bornholdt); shape (vertices,), int."""
    found = leidenalg.find_partition(
        network,
        leidenalg.RBConfigurationVertexPartition,
        weights="weight",
        resolution_parameter=resolution,
        n_iterations=-1,
        seed=seed,
    )
    return np.array(found.membership, dtype=np.int64)


def stability(runs: list[np.ndarray]) -> float:
    """Mean adjusted Rand index of any two partitions."""
    # Most runs agree: each two that differ are compared once.
    order = [np.unique(run, return_index=True, return_inverse=True)[1:] for run in runs]
    runs = [start[community] for start, community in order]
    distinct, number = np.unique(runs, axis=0, return_counts=True)
    total = (number * (number - 1) / 2).sum()
    for (first, n_first), (second, n_second) in itertools.combinations(zip(distinct, number, strict=True), 2):
        total += n_first * n_second * adjusted_rand_score(first, second)
    return float(total / (len(runs) * (len(runs) - 1) / 2))


def consensus(runs: list[np.ndarray], resolution: float, seeds: list[int]) -> np.ndarray:
    """One partition that many agree on.

    Nodes are joined by the share of partitions that put them together, and partitioned again from the same seeds, until
    all partitions are the same.

    Parameters
    ----------
    runs : list of np.ndarray, shape (vertices,), int
    resolution : float
    seeds : list of int
        One for each partition.

    Returns
    -------
    np.ndarray, shape (vertices,), int
        Communities by size, then by their first node.
    """
    for _ in range(ROUNDS):
        together = np.mean([run[:, None] == run[None, :] for run in runs], axis=0)
        if np.isin(together, (0.0, 1.0)).all():
            break
        first, second = np.nonzero(np.triu(together >= TOGETHER, 1))
        joined = igraph.Graph(n=len(together), edges=np.stack([first, second], axis=1).tolist())
        joined.es["weight"] = together[first, second].tolist()
        runs = [partition(joined, resolution, seed) for seed in seeds]
    _, start, community, sizes = np.unique(runs[0], return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((start, -sizes))] = np.arange(len(sizes))
    return rank[community]


def cores(network: igraph.Graph, community: np.ndarray) -> np.ndarray:
    """Communities reduced to the nodes with two edges to others of these, where there are any; shape (vertices,), int.

    Nodes that fall out are communities of their own, numbered behind all others.
    """
    reduced = community.copy()
    for number in np.unique(community):
        members = np.flatnonzero(community == number)
        coreness = np.array(network.induced_subgraph(members.tolist()).coreness())
        if (coreness >= 2).any():
            out = members[coreness < 2]
            reduced[out] = reduced.max() + 1 + np.arange(len(out))
    return reduced


def rewired(network: igraph.Graph, number: int, seed: int) -> list[igraph.Graph]:
    """Graphs with the same degrees and weights, but other neighbours."""
    rng = np.random.default_rng(seed)
    # igraph draws from Python's generators.
    igraph.set_random_number_generator(random.Random(seed))
    graphs = []
    for _ in range(number):
        other = network.copy()
        other.rewire(n=SWAPS * network.ecount())
        other.es["weight"] = rng.permutation(network.es["weight"]).tolist()
        graphs.append(other)
    return graphs


def compare(modularity: float, null: np.ndarray) -> dict:
    """Modularity beside that of rewired graphs, shape (rewirings,), with z and permutation p-value."""
    spread = float(null.std(ddof=1))
    excess = modularity - float(null.mean())
    return {
        "modularity": modularity,
        "null_mean": float(null.mean()),
        "null_sd": spread,
        "z": excess / spread if spread > 1e-12 else np.nan,
        "p": (1 + int((null >= modularity - 1e-12).sum())) / (1 + len(null)),
    }


def node_table(network: igraph.Graph, community: np.ndarray, nodes: pd.DataFrame) -> pd.DataFrame:
    """Each node's community and edges.

    Parameters
    ----------
    network : igraph.Graph
    community : np.ndarray, shape (vertices,), int
        From :func:`consensus`.
    nodes : pd.DataFrame
        ``node name``.

    Returns
    -------
    pd.DataFrame
        :data:`NODE_COLUMNS`, one row per node in the order of ``nodes``. ``community`` counts from 1 and is missing for
        nodes without edges or alone in theirs; ``strength`` is the sum of a node's weights, ``within_strength`` that of
        its edges inside the community.
    """
    size = np.bincount(community, minlength=1)
    rows = {name: [pd.NA, 0, 0.0, 0.0] for name in nodes["node"].drop_duplicates()}
    for vertex, own in zip(network.vs, community, strict=True):
        weights = [(edge["weight"], community[edge.source] == community[edge.target]) for edge in vertex.all_edges()]
        label = int(own) + 1 if size[own] > 1 else pd.NA
        within = sum(weight for weight, inside in weights if inside)
        rows[vertex["name"]] = [label, len(weights), sum(weight for weight, _ in weights), within]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=NODE_COLUMNS[2:]).rename_axis("node").reset_index()
    table["community"] = table["community"].astype("Int64")
    table.insert(1, "name", nodes.drop_duplicates("node")["name"].to_numpy())
    return table
