"""The numbers of a run, under the keys of ``resources/published.tsv``."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from .. import learned_ids
from ..pwm import Motif
from ..sequence import reverse_complement
from .feature_space import FeatureSpace
from .published import Measured

ROLES = ("train", "validation", "test")
FEWEST_RUNS = 3
"""The interval of a mean over runs is given from this many on."""
NEAR_1000 = (1000, 1200)
OWN_NETWORK = "a network of this kind, trained here on the window above"
PREDICTORS = {
    "formula_r2": ("formula", ""),
    "xpresso_r2": ("xpresso_cnn", OWN_NETWORK),
    "1mer_r2": ("base_composition", ""),
    "4mer_r2": ("4mer_ridge", ""),
    "5mer_r2": ("2to5mer_ridge", "2- to 5-mers"),
    "jaspar_4mer_r2": ("database_only", "formula of known motifs, their positions and composition by position"),
    "known_300_r2": ("database_only", "formula of known motifs, their positions and composition by position"),
}
"""The predictor of a run that answers to each published R2 of a comparator, and in what it differs."""
PUBLISHED_NETWORK = "contextual_regression"
NOT_TRAINED = "not trained in this run (comparison_networks)"
SEE_BENCHMARKS = "not part of a run; benchmarks/README.md has it for the released matrix"
NOT_IN_RUN = {
    "xpresso_manual_r2": "see the line above",
    "xpresso_half_life_r2": "half-lives are no input of the workflow",
    "known_831_r2": SEE_BENCHMARKS,
    "known_831_in_sample_r2": SEE_BENCHMARKS,
}


def of_training(n_genes: int, window: int, n_database: int, cards: list[dict[str, Any]]) -> dict[str, Measured]:
    """Input and networks.

    Parameters
    ----------
    n_genes, window : int
        Number and length of the promoters.
    n_database : int
        Known motifs.
    cards : list of dict
        ``card.json`` of each run of the network whose filters became motifs.
    """
    genes = {role: round(np.mean([card["scores"][role]["genes"] for card in cards])) for role in ROLES}
    network = cards[0]["network"]
    numbers = {
        "genes": Measured(n_genes),
        "window": Measured(window),
        "runs": Measured(len(cards)),
        "filters": Measured(cards[0]["settings"]["filters"]),
        "width": Measured(cards[0]["settings"]["width"]),
        "trainable_weights": Measured(cards[0]["trainable_weights"], note=f"{network}, {window} bases"),
        "database_motifs": Measured(n_database),
    }
    for role in ROLES:
        numbers[f"{role}_genes"] = Measured(genes[role], note="mean over runs")
        numbers[f"network_{role}_r"] = _over_runs([card["scores"][role]["pearson_r"] for card in cards])
    return numbers


def _over_runs(values: list[float]) -> Measured:
    mean, note = float(np.mean(values)), f"mean over {len(values)} runs"
    if len(values) < FEWEST_RUNS or np.ptp(values) == 0:
        return Measured(mean, note=note)
    return Measured(mean, *stats.t.interval(0.95, len(values) - 1, mean, stats.sem(values)), note)


def of_performance(
    performance: pd.DataFrame,
    in_sample: pd.DataFrame,
    differences: pd.DataFrame,
    main_network: str,
    networks: list[str],
) -> dict[str, Measured]:
    """R2 of the formula, the network and what stands for each published comparator.

    Parameters
    ----------
    performance : pd.DataFrame
        ``predictor split fold r2 r2_low r2_high``; the split of the first row is the main one.
    in_sample : pd.DataFrame
        ``predictor r2``.
    differences : pd.DataFrame
        ``predictor split difference low high``, by which the formula exceeds each predictor.
    main_network : str
        The predictor whose filters became motifs.
    networks : list of str
        Networks trained beside it.
    """
    main = performance["split"].iloc[0]
    overall = performance[performance["fold"].astype(str) == "all"].set_index(["predictor", "split"])
    numbers = {key: _r2(overall, (predictor, main), note) for key, (predictor, note) in PREDICTORS.items()}
    kind = "" if main_network == PUBLISHED_NETWORK else f"another kind of network: {main_network}"
    numbers["network_r2"] = _r2(overall, (main_network, main), kind)
    numbers["formula_in_sample_r2"] = _r2(overall, ("formula", "in_sample"), "no measure of prediction")
    leads = differences[differences["split"] == main].set_index("predictor")
    numbers["formula_minus_network"] = _lead(leads.loc[main_network], kind)
    others = leads.reindex(networks).dropna(subset="difference").sort_values("difference")
    numbers["formula_minus_best"] = (
        _lead(others.iloc[0], others.index[0]) if len(others) else Measured(None, note=NOT_TRAINED)
    )
    fitted = in_sample.set_index("predictor")["r2"]
    numbers["known_300_in_sample_r2"] = Measured(float(fitted["database_only"]), note=PREDICTORS["known_300_r2"][1])
    return numbers | {key: Measured(None, note=reason) for key, reason in NOT_IN_RUN.items()}


def _r2(overall: pd.DataFrame, place: tuple[str, str], note: str) -> Measured:
    if place not in overall.index:
        return Measured(None, note=NOT_TRAINED)
    row = overall.loc[place]
    return Measured(float(row["r2"]), float(row["r2_low"]), float(row["r2_high"]), note)


def _lead(row: pd.Series, note: str = "") -> Measured:
    return Measured(float(row["difference"]), float(row["low"]), float(row["high"]), note)


def of_learned(motifs: list[Motif], n_clusters: int) -> dict[str, Measured]:
    """What the learned motifs look like."""
    entries = np.concatenate([motif.pfm for motif in motifs])
    nsites = np.array([motif.nsites for motif in motifs])
    words = Counter(motif.consensus for motif in motifs)
    either_strand = Counter(min(motif.consensus, reverse_complement(motif.consensus)) for motif in motifs)
    word, repeats = either_strand.most_common(1)[0]
    return {
        "learned_motifs": Measured(len(motifs)),
        "information": _mean([motif.information for motif in motifs]),
        "zero_entries": Measured(float((entries == 0).mean())),
        "one_base_columns": Measured(float((entries == 1).any(axis=1).mean())),
        "single_words": Measured(sum(bool((motif.pfm == 1).any(axis=1).all()) for motif in motifs)),
        "nsites_least": Measured(int(nsites.min())),
        "nsites_median": Measured(float(np.median(nsites))),
        "nsites_most": Measured(int(nsites.max())),
        "nsites_near_1000": Measured(int(((nsites >= NEAR_1000[0]) & (nsites <= NEAR_1000[1])).sum())),
        "words": Measured(len(words)),
        "words_either_strand": Measured(len(either_strand)),
        "most_repeated": Measured(repeats, note=word),
        "clusters": Measured(n_clusters),
    }


def of_chosen(motifs: list[Motif], chosen: set[str], n_runs: int) -> dict[str, Measured]:
    """Learned motifs of the formula beside the others.

    Parameters
    ----------
    motifs : list of Motif
        All that the main networks learned.
    chosen : set of str
        Ids of the formula.
    n_runs : int
    """
    inside, outside = ([motif for motif in motifs if (motif.id in chosen) == wanted] for wanted in (True, False))
    per_run = Counter(learned_ids.parse(motif.id).run for motif in inside)
    counts = [per_run[run] for run in range(n_runs)]
    return {
        "formula_learned": Measured(len(inside)),
        "chosen_learned": Measured(len(inside) / len(motifs), note=f"{len(inside)} of {len(motifs)}"),
        "chosen_per_run_least": Measured(min(counts)),
        "chosen_per_run_most": Measured(max(counts)),
        "information_chosen": _mean([motif.information for motif in inside]),
        "information_other": _mean([motif.information for motif in outside]),
        "gc_chosen": _mean([_gc(motif.consensus) for motif in inside]),
        "gc_other": _mean([_gc(motif.consensus) for motif in outside]),
    }


def _gc(word: str) -> float:
    return (word.count("G") + word.count("C")) / len(word)


def _mean(values: list[float]) -> Measured:
    return Measured(float(np.mean(values))) if values else Measured(None, note="there are none")


def of_formula(n_motifs: int, n_known: int, n_database: int, columns: pd.Series) -> dict[str, Measured]:
    """Size of the formula and how well its motif columns determine it.

    Parameters
    ----------
    n_motifs, n_known, n_database : int
        Motifs of the formula, known ones among them, and all known motifs.
    columns : pd.Series
        ``columns rank condition_number`` of the row ``all`` of ``design.tsv``.
    """
    return {
        "formula_motifs": Measured(n_motifs),
        "formula_known": Measured(n_known),
        "chosen_known": Measured(n_known / n_database, note=f"{n_known} of {n_database}"),
        "formula_rank": Measured(int(columns["rank"]), note=f"of {n_motifs} motifs"),
        "formula_condition": Measured(float(columns["condition_number"])),
    }


def of_features(space: FeatureSpace) -> dict[str, Measured]:
    """What the mean activations of the run's own filters can hold."""
    note = "this run's filters and promoters"
    return {
        "activation_columns": Measured(int(space.columns)),
        "activation_rank_bound": Measured(int(space.rank_bound)),
        "activation_rank": Measured(int(space.rank), note=note),
        "activation_condition": Measured(space.condition_number, note=note),
        "activation_composition": Measured(space.composition_share, note=note),
    }


def of_matches(counts: pd.DataFrame, n_targets: int, database: str) -> dict[str, Measured]:
    """How many learned motifs have a match at each level.

    Parameters
    ----------
    counts : pd.DataFrame
        As :func:`cisformula.match_table.summarise` returns it, of the sets ``learned`` and ``formula``.
    n_targets : int
        Known motifs compared with.
    database : str
        What they are called.
    """
    numbers = {"targets": Measured(n_targets, note=f"{database}, every matrix under a name of its own")}
    for _, row in counts.iterrows():
        for level in counts.columns.drop(["set", "queries"]):
            numbers[f"{row['set']}_jaspar_{level}"] = Measured(int(row[level]), note=f"of {row['queries']}")
            numbers[f"{row['set']}_cisbp_{level}"] = Measured(None, note="compared with the configured database alone")
    return numbers


def of_cell_types(effects: pd.DataFrame, performance: pd.DataFrame, fdr: float) -> dict[str, Measured]:
    """Where the motifs act.

    Parameters
    ----------
    effects : pd.DataFrame
        ``target motif cell_type q``.
    performance : pd.DataFrame
        ``target cell_type r2``.
    fdr : float
        Effects with a q-value below it are significant.
    """
    numbers = {"cell_types": Measured(int(effects["cell_type"].nunique()))}
    for target in ("expression", "deviation"):
        tests = effects[effects["target"] == target]
        if tests["q"].notna().any():
            acting = int((tests.groupby("motif")["q"].min() < fdr).sum())
            share = float((tests["q"].dropna() < fdr).mean())
            r2 = float(performance.loc[performance["target"] == target, "r2"].median())
            note = f"of {tests['motif'].nunique()}; q < {fdr:g} over all motifs and cell types, HC3 errors"
            found = Measured(acting, note=note), Measured(share, note=f"q < {fdr:g}"), Measured(r2)
        else:
            found = [Measured(None, note="there are no tests of it")] * 3
        keys = f"acting_{target}", f"share_{target}", f"cell_type_r2_{target}"
        numbers |= dict(zip(keys, found, strict=True))
    return numbers
