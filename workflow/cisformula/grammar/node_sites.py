"""Nodes of the grammar, which are sets of similar motifs, and where their sites lie in the promoters.

Motifs of one family of factors match the same sites. Left apart, any two of them would seem to keep company wherever
one has a site; so similar motifs become one node, and the sites of a node do not overlap. A motif that resembles the
motifs of two nodes would bring sites of the one among those of the other, and with them the other's company; so its
sites count for neither.
"""

import numpy as np
import pandas as pd

from ..errors import InputError
from ..motif_clusters import cluster_motifs
from ..pwm import UNIFORM, Motif
from ..similarity import best_alignment
from ..sites import find_sites

NODE_COLUMNS = ["motif", "node", "name", "source", "coefficient", "width", "offset", "reverse", "resembles"]
SITE_COLUMNS = ["gene", "node", "motif", "start", "end", "strand", "p_value"]


def collapse(motifs: list[Motif], formula: pd.DataFrame, similarity: float, min_overlap: int = 6) -> pd.DataFrame:
    """Join the formula's motifs to nodes by average linkage.

    Parameters
    ----------
    motifs : list of Motif
    formula : pd.DataFrame
        ``motif name source coefficient`` of each of them, in the same order.
    similarity : float
        Groups are merged while the mean similarity between their members is at least this, see
        :func:`cisformula.motif_clusters.cluster_motifs`.
    min_overlap : int
        Fewest aligned columns of two motifs.

    Returns
    -------
    pd.DataFrame
        :data:`NODE_COLUMNS`, one row per motif in the order of the formula: the id of the node, which is that of the
        member with the largest absolute coefficient (the first on a tie), the node's name and width, which are that
        member's, the motif's own source and coefficient, how it lies along the node's motif: the column of that at
        which its first column lies (offset), once it is reverse-complemented (reverse) or not, and the other node whose
        motif it resembles too (the most alike; empty if none is as similar as ``similarity``, or if the motif is its
        own node's).

    Raises
    ------
    InputError
        If the two tables do not name the same motifs.
    """
    if [motif.id for motif in motifs] != formula["motif"].tolist():
        raise InputError(
            "the motifs are not those of the formula.",
            place="formula/formula.meme",
            fix="make both again: one of them is older.",
        )
    aligned = best_alignment(motifs, motifs, min_overlap)
    cluster = cluster_motifs(motifs, similarity, min_overlap, aligned)["cluster"].to_numpy()
    strength = formula["coefficient"].abs().groupby(cluster)
    head = strength.transform("idxmax").to_numpy()
    nodes = formula[["motif", "source", "coefficient"]].reset_index(drop=True)
    nodes["node"] = formula["motif"].to_numpy()[head]
    nodes["name"] = formula["name"].to_numpy()[head]
    width = np.array([motif.width for motif in motifs])
    nodes["width"] = width[head]
    offset, nodes["reverse"] = (array[np.arange(len(motifs)), head] for array in (aligned.offset, aligned.reverse))
    # From "head reversed" to "motif reversed".
    nodes["offset"] = np.where(nodes["reverse"], width[head] - offset - width, offset)
    nodes["resembles"] = _other_node(nodes["node"].to_numpy(), head, aligned.similarity, similarity)
    return nodes[NODE_COLUMNS]


def _other_node(node: np.ndarray, head: np.ndarray, alike: np.ndarray, least: float) -> np.ndarray:
    """Id of the other node that each motif resembles too, or an empty string.

    ``head`` is the row of the motif that names a motif's own node, ``alike`` the similarity of every motif with every
    other, and ``least`` what counts as resembling.
    """
    heads = np.unique(head)
    others = np.where(head[:, None] == heads, -np.inf, alike[:, heads])
    others[heads] = -np.inf
    return np.where(others.max(axis=1) >= least, node[heads[others.argmax(axis=1)]], "")


def in_windows(sites: pd.DataFrame, genes: pd.DataFrame, upstream: int) -> pd.DataFrame:
    """Sites on the genome as sites in the windows around the start sites, read along the gene.

    Parameters
    ----------
    sites : pd.DataFrame
        ``start end strand motif gene_id from_tss p_value`` of :func:`cisformula.site_table.on_genome`.
    genes : pd.DataFrame
        ``gene_id strand``, one row per window.
    upstream : int
        Bases of the window before the TSS.

    Returns
    -------
    pd.DataFrame
        ``gene`` (row of ``genes``), ``motif``, ``start`` and ``end`` (bases from the window's first, half-open),
        ``strand`` (1: the gene's own) and ``p_value``, row by row.

    Raises
    ------
    InputError
        For a site of a gene that ``genes`` does not hold.
    """
    gene = pd.Index(genes["gene_id"]).get_indexer(sites["gene_id"])
    if (gene < 0).any():
        raise InputError(
            f"gene {sites['gene_id'].iloc[int(gene.argmin())]} has sites but no promoter.",
            place="formula/sites.parquet",
            fix="make it again: the genes have changed since.",
        )
    width = (sites["end"] - sites["start"]).to_numpy()
    # from_tss is that of the middle base, see cisformula.sequence.centre.
    start = sites["from_tss"].to_numpy() + upstream - width // 2
    sense = sites["strand"].to_numpy() == genes["strand"].to_numpy()[gene]
    return pd.DataFrame(
        {
            "gene": gene.astype("int32"),
            "motif": sites["motif"].to_numpy(),
            "start": start.astype("int32"),
            "end": (start + width).astype("int32"),
            "strand": np.where(sense, 1, -1).astype("int8"),
            "p_value": sites["p_value"].to_numpy(),
        }
    )


def in_node_frame(sites: pd.DataFrame, nodes: pd.DataFrame, length: int) -> pd.DataFrame:
    """Sites of motifs as sites of their nodes' motifs, so that all sites of a node count distances from the same base.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene motif start end strand p_value``, as :func:`in_windows` returns it.
    nodes : pd.DataFrame
        From :func:`collapse`.
    length : int
        Bases of a window.

    Returns
    -------
    pd.DataFrame
        The same columns; without the sites that the node's motif would carry beyond the window.
    """
    place = nodes.set_index("motif").loc[sites["motif"]]
    offset, width = place["offset"].to_numpy(), place["width"].to_numpy()
    strand = np.where(place["reverse"], -sites["strand"], sites["strand"])
    start = np.where(strand > 0, sites["start"] - offset, sites["end"] + offset - width)
    moved = sites.assign(start=start, end=start + width, strand=strand)
    return moved[(moved["start"] >= 0) & (moved["end"] <= length)]


def node_sites(sites: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    """Sites of nodes: of overlapping ones of one node in one promoter, the best stays.

    Sites of motifs that resemble another node too are left out. The others are taken by their p-value from the smallest
    up, ties leftmost first, then forward, then narrower, then in the order of the nodes' motifs; each stays unless it
    shares a base with one that stayed.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene motif start end strand p_value``, as :func:`in_node_frame` returns it.
    nodes : pd.DataFrame
        From :func:`collapse`.

    Returns
    -------
    pd.DataFrame
        :data:`SITE_COLUMNS`: ``gene`` int32, ``node`` (categories: all nodes in the order of ``nodes``), ``motif``
        (categories: all motifs), ``start`` and ``end`` int32, ``strand`` int8, ``p_value`` float32; by gene, start,
        end, strand (forward first) and node.
    """
    sites = sites[sites["motif"].isin(nodes.loc[nodes["resembles"] == "", "motif"])]
    motif = pd.Categorical(sites["motif"], categories=nodes["motif"])
    names = nodes["node"].drop_duplicates()
    node_of = pd.Index(names).get_indexer(nodes["node"])
    table = sites.assign(motif=motif, node=pd.Categorical.from_codes(node_of[motif.codes], names))
    table = table[SITE_COLUMNS].astype({"gene": "int32", "start": "int32", "end": "int32", "strand": "int8"})
    table = table.astype({"p_value": "float32"})
    kept = table[_best(table)]
    order = np.lexsort((kept["node"].cat.codes, -kept["strand"], kept["end"], kept["start"], kept["gene"]))
    return kept.iloc[order].reset_index(drop=True)


def scan(
    codes: np.ndarray,
    motifs: list[Motif],
    nodes: pd.DataFrame,
    p_value: float,
    background: np.ndarray = UNIFORM,
    both_strands: bool = True,
) -> pd.DataFrame:
    """Sites of nodes in encoded sequences.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    motifs : list of Motif
    nodes : pd.DataFrame
        Of these motifs, from :func:`collapse`.
    p_value, background, both_strands
        As for :func:`cisformula.sites.find_sites`.

    Returns
    -------
    pd.DataFrame
        As :func:`node_sites` returns it; ``gene`` is the row of ``codes``.
    """
    found = find_sites(codes, motifs, p_value, background, both_strands).rename(columns={"sequence": "gene"})
    return node_sites(in_node_frame(found, nodes, codes.shape[1]), nodes)


def _best(sites: pd.DataFrame) -> np.ndarray:
    """Which sites stay; shape (sites,), bool."""
    node = sites["node"].cat.codes.to_numpy()
    gene, start, end = (sites[column].to_numpy() for column in ("gene", "start", "end"))
    stays = np.ones(len(sites), dtype=bool)
    ranked = np.lexsort((sites["motif"].cat.codes, end, -sites["strand"], start, sites["p_value"]))
    chain = _chains(gene, node, start, end)
    crowded = ranked[np.bincount(chain)[chain[ranked]] > 1]
    taken: dict[int, list[tuple[int, int]]] = {}
    for site, group, left, right in zip(crowded, chain[crowded], start[crowded], end[crowded], strict=True):
        others = taken.setdefault(group, [])
        if any(left < other_end and other_start < right for other_start, other_end in others):
            stays[site] = False
        else:
            others.append((left, right))
    return stays


def _chains(gene: np.ndarray, node: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Number of the chain of overlapping sites of one gene and node that each site belongs to; shape (sites,), int."""
    chain = np.zeros(len(gene), dtype=np.int64)
    if len(gene) == 0:
        return chain
    order = np.lexsort((start, node, gene))
    gene, node, start, end = gene[order], node[order], start[order], end[order]
    group = np.cumsum(np.r_[False, (np.diff(gene) != 0) | (np.diff(node) != 0)])
    # Groups are laid one after another, so that one running maximum serves them all.
    shift = group * (int(end.max()) + 1)
    reached = np.maximum.accumulate(end + shift)
    chain[order] = np.cumsum(np.r_[False, (start + shift)[1:] >= reached[:-1]])
    return chain
