"""Does the grammar stage find the communities and distances that were planted? Twenty simulated sets of promoters.

    python benchmarks/grammar_recovery.py [number of seeds]

Each seed simulates promoters as the demo does (6,000 genes, 20 planted motifs in four communities of four, two pairs at
a fixed distance) and searches them with 300 motifs of JASPAR 2022: the planted ones, and others drawn once, none more
similar to another than candidates of the formula may be. From there everything is as in a run with its default
configuration; nothing is told which motifs were planted, and where motifs make one node, the first of JASPAR stands for
it. No network is trained and no formula fitted. Writes benchmarks/results/grammar_recovery.tsv.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula import background, grammar_recovery, jaspar, planted_grammar, simulate
from cisformula.grammar import communities, cooccurrence, node_sites, spacing_rules, spacing_tables
from cisformula.grammar.dinucleotide_shuffle import shuffle
from cisformula.grammar.find_spacing import Spacing, find_spacing, mark_composition
from cisformula.grammar.positions import BLOCK
from cisformula.grammar.presence_model import composition
from cisformula.grammar.spacing import Limits
from cisformula.grammar.spacing_null import gc_strata
from cisformula.pwm import Motif
from cisformula.similarity import best_alignment

RESULTS = Path(__file__).parent / "results" / "grammar_recovery.tsv"
SEEDS, N_MOTIFS = 20, 300
P_VALUE, MIN_OVERLAP, MAX_SIMILARITY = 1e-4, 6, 0.97
NODE_SIMILARITY, EDGE_MAX_SIMILARITY, PAIR_FDR, SHUFFLES = 0.8, 0.7, 0.01, 4
LIMITS, MAX_DISTANCE, GC_STRATA = Limits(fdr=0.05, min_fold=2, min_promoters=20), 100, 5


def planted_motifs() -> list[Motif]:
    """The motifs of the demo."""
    database = {motif.name.upper(): motif for motif in jaspar.load_database(simulate.DATABASE).motifs}
    return [database[name] for name in simulate.PLANTED]


def searched_motifs(planted: list[Motif]) -> list[Motif]:
    """The planted motifs and others, in the order of JASPAR."""
    database = jaspar.load_database(simulate.DATABASE).motifs
    similarity = best_alignment(database, database, MIN_OVERLAP).similarity
    similarity = np.maximum(similarity, similarity.T)
    ids = [motif.id for motif in database]
    chosen = [ids.index(motif.id) for motif in planted]
    for other in np.random.default_rng(1).permutation(len(database)):
        if len(chosen) < N_MOTIFS and other not in chosen and similarity[other, chosen].max() <= MAX_SIMILARITY:
            chosen.append(int(other))
    return [database[index] for index in sorted(chosen)]


def find_edges(
    codes: np.ndarray, sites: pd.DataFrame, motifs: list[Motif], nodes: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """The table of pairs, as rule cooccurrence makes it; no two simulated promoters are alike."""
    frequencies = background.base_frequencies(codes, both_strands=True)
    by_chance = [node_sites.scan(shuffle(codes, rng), motifs, nodes, P_VALUE, frequencies) for _ in range(SHUFFLES)]
    limits = cooccurrence.thresholds(sites, by_chance, len(codes), P_VALUE)
    strong = cooccurrence.up_to(sites, limits["p_value"].to_numpy())
    similarity = cooccurrence.node_similarity(motifs, nodes)
    pairs = cooccurrence.count_pairs(strong, composition(codes))
    return cooccurrence.pair_table(
        pairs, limits["carriers"].to_numpy(), nodes, similarity, EDGE_MAX_SIMILARITY, PAIR_FDR
    )


def find_rules(
    codes: np.ndarray, sites: pd.DataFrame, motifs: list[Motif], nodes: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """The table of distances, as rule find_spacing makes it."""
    frequencies = background.base_frequencies(codes, both_strands=True)
    by_chance = node_sites.scan(shuffle(codes, rng, BLOCK), motifs, nodes, P_VALUE, frequencies)

    def distances(table: pd.DataFrame) -> Spacing:
        strata = gc_strata(np.isin(codes, (1, 2)).mean(axis=1), GC_STRATA)
        alone, length = np.arange(len(codes)), codes.shape[1]
        return find_spacing(table, nodes, motifs, alone, strata, length, MAX_DISTANCE, LIMITS)

    found = distances(sites)
    mark_composition(found, distances(by_chance), LIMITS)
    names = nodes.drop_duplicates("node").set_index("node")["name"]
    return spacing_tables.rule_table(found.rules, found.counts[0], found.pairs, found.sites, codes, names)


def grade(seed: int, planted: list[Motif], motifs: list[Motif]) -> dict:
    """What one seed gives, beside what was planted."""
    codes = simulate.simulate_promoters(simulate.Plan(), planted, np.random.default_rng(seed)).codes
    described = {"motif": [motif.id for motif in motifs], "name": [motif.name for motif in motifs]}
    nodes = node_sites.collapse(
        motifs, pd.DataFrame(described | {"source": "database", "coefficient": 1.0}), NODE_SIMILARITY, MIN_OVERLAP
    )
    sites = node_sites.scan(codes, motifs, nodes, P_VALUE, background.base_frequencies(codes, both_strands=True))
    rng = np.random.default_rng(seed)
    pairs = find_edges(codes, sites, motifs, nodes, rng)
    network = communities.graph(pairs)
    found = communities.node_table(network, communities.scan(network, seed).community, nodes)
    rules = find_rules(codes, sites, motifs, nodes, rng)

    ids = [motif.id for motif in planted]
    node = nodes.set_index("motif")["node"][ids]
    members = [(n, ids[i]) for n, group in enumerate(planted_grammar.communities(len(ids))) for i in group]
    truth = pd.DataFrame(members, columns=["community", "motif"])
    wanted = pd.DataFrame(planted_grammar.spacing_rules(len(ids)))
    wanted[["first", "second"]] = np.array(ids)[wanted[["first", "second"]]]
    heads = {motif.id: motif for motif in motifs}
    frames = grammar_recovery.frames(planted, [heads[name] for name in node], MIN_OVERLAP)
    expected = grammar_recovery.expected_rules(wanted, node, frames)
    called = rules[rules["status"] == spacing_rules.RULE]
    recovered, true = grammar_recovery.spacing_agreement(expected, called)
    exact = [distance in set(called["distance"][true]) for distance in expected["distance"]]
    return {
        "seed": seed,
        "nodes": nodes["node"].nunique(),
        "community_ari": grammar_recovery.community_agreement(ids, truth, node, found),
        "communities": found["community"].nunique(),
        "planted_distances": len(wanted),
        "found_exactly": int((recovered & exact).sum()),
        "found_within_1": int(recovered.sum()),
        "other_distances": int((~true).sum()),
        **count_edges(pairs[pairs["edge"]], node, truth, wanted),
        "other": "; ".join(described_rules(called[~true])),
    }


def count_edges(edges: pd.DataFrame, node: pd.Series, truth: pd.DataFrame, rules: pd.DataFrame) -> dict:
    """Edges within the plan, between planted motifs outside of it, and of nodes without a planted motif."""
    community = truth.set_index("motif")["community"]
    planned = {frozenset(node[[rule.first, rule.second]]) for rule in rules.itertuples()}
    for _, members in community.groupby(community):
        planned |= {frozenset((one, other)) for one in node[members.index] for other in node[members.index]}
    ends = [frozenset(pair) for pair in zip(edges["first"], edges["second"], strict=True)]
    among_planted = sum(end <= set(node) for end in ends)
    within = sum(end in planned for end in ends)
    return {
        "edges_planted": within,
        "edges_outside": among_planted - within,
        "edges_of_other_nodes": len(ends) - among_planted,
    }


def described_rules(rules: pd.DataFrame) -> list[str]:
    """One phrase per rule."""
    return [
        f"{row.first_name}-{row.second_name} {row.orientation} {row.order} {row.low}-{row.high} "
        f"({row.observed}/{row.expected:.1f}, q {row.q:.1g})"
        for row in rules.itertuples()
    ]


def main(n_seeds: int) -> None:
    """Grade all seeds, print each as it comes, and write the table."""
    planted = planted_motifs()
    motifs = searched_motifs(planted)
    rows = []
    for seed in range(1, n_seeds + 1):
        rows.append(grade(seed, planted, motifs))
        if seed == 1:
            print(*rows[0], sep="\t")
        print(*rows[-1].values(), sep="\t", flush=True)
    table = pd.DataFrame(rows)
    table.to_csv(RESULTS, sep="\t", index=False, float_format="%.4g")
    agreement, others = table["community_ari"], table["other_distances"].sum()
    print(
        f"{n_seeds} seeds: adjusted Rand index {agreement.min():.3f} to {agreement.max():.3f}, in"
        f" {(agreement >= 0.9).sum()} at least 0.9; of {table['planted_distances'].sum()} planted distances"
        f" {table['found_exactly'].sum()} exact, {table['found_within_1'].sum()} within 1 bp; {others} others called"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
