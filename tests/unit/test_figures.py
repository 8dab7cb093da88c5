"""What the figures draw: bars, rows, orders and labels of known tables, and the same bytes each time."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from cisformula.figures import (
    cell_type_effects,
    cell_type_performance,
    coefficients,
    match_counts,
    performance,
    recovery,
    scheme,
    style,
    training,
)
from cisformula.pwm import Motif

GENES, RUNS, MOTIFS = 60, 4, 5
CELL_TYPES = ["HPA:lymph node", "HPA:A-431", "spleen", "liver", "costs 5$ or 6$", "NA"]


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture
def axes():
    figure, (axes,) = style.panels(1)
    yield axes
    style.plt.close(figure)


@pytest.fixture
def history():
    epochs = np.arange(1, 7)
    return pd.concat(
        pd.DataFrame({"run": run, "epoch": epochs, "loss": 1 / epochs, "validation_loss": 1 + (epochs - 2 - run) ** 2})
        for run in range(RUNS)
    )


@pytest.fixture
def predictions(rng):
    observed = rng.normal(size=GENES)
    tables = []
    for run in range(RUNS):
        role = np.where(np.arange(GENES) % 2 == run % 2, "test", "train")
        predicted = np.where(role == "test", 2 * observed + 1, -observed)
        tables.append(
            pd.DataFrame(
                {
                    "run": run,
                    "gene_id": [f"g{i}" for i in range(GENES)],
                    "role": role,
                    "observed": observed,
                    "predicted": predicted,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


@pytest.fixture
def runs():
    return pd.DataFrame({"run": range(RUNS), "fold": [0, 1, 0, 1], "seed": range(RUNS)})


@pytest.fixture
def scores():
    rows = [
        ("gc_cpg", "chromosome", "all", GENES, 0.2, 0.15, 0.25, 0.45),
        ("gc_cpg", "chromosome", "0", 30, -0.9, -1.0, 0.1, 0.0),
        ("formula", "chromosome", "all", GENES, 0.4, 0.35, 0.45, 0.63),
        ("formula", "chromosome", "0", 30, 0.38, 0.3, 0.46, 0.62),
        ("contextual_regression", "chromosome", "all", GENES, 0.3, 0.25, 0.35, 0.55),
        ("formula", "random", "all", GENES, 0.5, 0.45, 0.55, 0.7),
        ("formula", "in_sample", "all", GENES, 0.6, 0.55, 0.65, 0.77),
        ("noise_ceiling", "replicates", "all", GENES, 0.95, 0.94, 0.96, 0.97),
    ]
    return pd.DataFrame(rows, columns=["predictor", "split", "fold", "n_genes", "r2", "r2_low", "r2_high", "pearson_r"])


@pytest.fixture
def leads():
    rows = [
        ("contextual_regression", "chromosome", -0.02, -0.05, 0.01, -0.06, 0.02, 22),
        ("gc_cpg", "chromosome", 0.2, 0.15, 0.25, 0.1, 0.3, 22),
    ]
    columns = ["predictor", "split", "difference", "low", "high", "block_low", "block_high", "n_blocks"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def motifs(rng):
    return [Motif(f"m{i}", f"m{i}", rng.dirichlet(np.ones(4), 8)) for i in range(MOTIFS)]


@pytest.fixture
def formula():
    return pd.DataFrame(
        {
            "motif": [f"m{i}" for i in range(MOTIFS)],
            "name": ["SP1", "m1", "m2", "m3", "m4"],
            "source": ["database", "learned", "learned", "learned", "database"],
            "consensus": "ACGTACGT",
            "coefficient": [0.1, -0.5, 0.3, -0.2, 0.0],
            "standard_error": 0.02,
            "selection_probability": [1.0, 0.98, 0.5, 0.25, np.nan],
            "folds": [5, 4, 3, 2, 1],
            "match": ["", "YY1", "NRF1", "", ""],
            "match_q": [np.nan, 0.01, 0.2, np.nan, np.nan],
        }
    )


@pytest.fixture
def effects(rng):
    rows = []
    for target in ("expression", "deviation"):
        for motif in range(MOTIFS):
            for place, cell_type in enumerate(CELL_TYPES):
                # Motif 4 cannot be estimated; motif 2 acts most, in every other cell type.
                t = np.nan if motif == 4 else float(motif == 2) * 9 * (-1) ** place + rng.normal(0, 0.1) + motif * 0.5
                q = np.nan if motif == 4 else 0.001 if abs(t) > 5 else 0.6
                rows.append((target, f"m{motif}", f"m{motif}", cell_type, t, q))
    return pd.DataFrame(rows, columns=["target", "motif", "name", "cell_type", "t", "q"])


@pytest.fixture
def groups():
    return pd.Series(["immune", "line", "immune", "gut", "gut", "gut"], index=CELL_TYPES)


@pytest.fixture
def by_cell_type(groups):
    tables = [
        pd.DataFrame(
            {
                "target": target,
                "cell_type": CELL_TYPES,
                "group": groups.to_numpy(),
                "n_genes": GENES,
                "r2": [0.3, 0.1, 0.4, 0.2, 0.25, -0.9],
                "r2_low": -1.0,
                "r2_high": 0.5,
                "composition_r2": 0.05,
                "permutation_p": [0.01, 0.01, 0.01, 0.01, 0.5, 0.9],
            }
        )
        for target in ("expression", "deviation")
    ]
    return pd.concat(tables, ignore_index=True)


@pytest.fixture
def null():
    return pd.DataFrame(
        {"target": ["expression", "deviation"], "permutation": 1, "significant_share": 0.0, "mean_f": 1.03}
    )


@pytest.fixture
def summary():
    counts = {"E<10": [6, 3], "E<0.05": [4, 2], "q<0.05": [3, 1], "q<0.1": [3, 2], "q<0.5": [5, 3], "p<0.001": [4, 2]}
    return pd.DataFrame({"set": ["learned", "representatives"], "queries": [7, 3], **counts})


@pytest.fixture
def clusters():
    return pd.DataFrame(
        {
            "motif": [f"R{i}M0" for i in range(7)],
            "cluster": [1, 1, 1, 1, 2, 2, 3],
            "representative": ["R0M0"] * 4 + ["R4M0"] * 2 + ["R6M0"],
            "n_runs": [4, 4, 4, 4, 2, 2, 1],
        }
    )


@pytest.fixture
def matches():
    return pd.DataFrame({"Query_ID": ["R0M0", "R4M0"], "Target_ID": ["MA1", "MA2"], "q-value": [0.01, 0.2]})


@pytest.fixture
def truth():
    table = pd.DataFrame(
        {
            "planted": ["MA1", "MA2", "MA3"],
            "name": ["SP1", "YY1", "NRF1"],
            "width": 10,
            "n_sites": 1000,
            "found": ["R0M0", "R1M1", "R2M2"],
            "similarity": [0.95, 0.99, 0.5],
            "recovered": [True, True, False],
            "true_effect": [0.2, -0.1, 0.3],
            "found_effect": [0.1, 0.05, np.nan],
            "sign_right": [True, False, False],
        }
    )
    controls = pd.DataFrame(
        {"planted": ["MA1", "MA2", "MA3", "MA3"], "shuffle": 0, "similarity": [0.5, 0.6, 0.7, 0.95]}
    )
    cell_types = pd.DataFrame(
        {
            "true_effect": [0.1, 0.1, 0.0, 0.0, 0.0],
            "estimated": [0.2, 0.0, 0.3, 0.0, 0.1],
            "q": [0.01, 0.9, 0.01, 0.9, np.nan],
            "planted_effect": [True, True, False, False, False],
        }
    )
    verdict = pd.DataFrame(
        {"measure": ["a", "b", "c"], "value": [1.0, 0.2, 0.5], "goal": [">= 0.9", "<= 0.1", ""]}
    ).assign(passed=[True, False, np.nan])
    return table, controls, cell_types, verdict


@pytest.fixture
def run_of_scheme(rng, clusters, formula, motifs, scores, effects):
    run = scheme.Run(249, 50, "contextual_regression", RUNS, 64, 8, "lasso", 2, 0.05)
    design = pd.DataFrame({"fold": ["0", "1", "all"], "candidates": [9, 9, 12]})
    codes = rng.integers(0, 5, (GENES, 300)).astype(np.uint8)
    return run, scheme.Tables(codes, clusters, 8, design, formula, motifs, scores, effects)


def texts(drawn) -> str:
    """Everything a figure or axes says."""
    return "\n".join(text.get_text() for text in drawn.findobj(style.plt.Text))


def tick_labels(axis) -> list[str]:
    return [label.get_text() for label in axis.get_ticklabels()]


# Training -------------------------------------------------------------------------------------------------------------


def test_learning_curves_mark_the_best_epoch_of_each_run(axes, history):
    training.draw_learning_curves(axes, history)
    best = axes.collections[0].get_offsets()
    np.testing.assert_allclose(best, [[run + 2, 1] for run in range(RUNS)])
    assert "Learning curves of 4 networks" in texts(axes)


def test_a_loss_that_is_not_a_number_is_passed_over(axes, history):
    history.loc[history["run"] == 1, ["loss", "validation_loss"]] = np.nan
    training.draw_learning_curves(axes, history)
    assert len(axes.collections[0].get_offsets()) == RUNS - 1


def test_correlations_are_per_run_and_role(predictions):
    table = training.correlations(predictions)
    assert len(table) == 2 * RUNS
    expected = table["role"].map({"test": 1.0, "train": -1.0})
    np.testing.assert_allclose(table["pearson_r"], expected)


def test_correlation_and_its_interval():
    assert training.correlation(np.ones(5), np.arange(5.0)) == 0
    low, high = training.correlation_interval(0.5, 103)
    # Fisher's z 0.5493 with standard error 0.1.
    assert (low, high) == pytest.approx((0.3393, 0.6323), abs=1e-4)


def test_hexagons_hold_every_gene(axes, rng):
    observed = rng.normal(size=500)
    training.draw_agreement(axes, observed, 0.5 * observed, 500, "genes")
    assert axes.collections[0].get_array().sum() == 500
    assert "Pearson r = 1.000" in texts(axes)


# Performance ----------------------------------------------------------------------------------------------------------


def test_predictors_are_ordered_by_held_out_r2_and_every_split_has_its_markers(axes, scores):
    order = performance.ranked(scores, "chromosome")
    assert order == ["formula", "contextual_regression", "gc_cpg"]
    performance.draw_scores(axes, scores, order, "chromosome")
    handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    assert list(handles) == [
        "whole chromosomes held out",
        "random genes held out",
        "single folds (chromosome)",
        "not held out: the genes it was fitted to",
    ]
    markers = {label: np.asarray(dots.get_offsets()) for label, dots in handles.items()}
    np.testing.assert_allclose(markers["whole chromosomes held out"][:, 0], [0.2, 0.4, 0.3])
    np.testing.assert_allclose(markers["random genes held out"], [[0.5, 0.24]])
    np.testing.assert_allclose(markers["not held out: the genes it was fitted to"], [[0.6, 0]])
    assert tick_labels(axes.yaxis) == ["formula", "network: contextual regression", "GC and CpG"]
    said = texts(axes)
    assert "0.400 (0.350 to 0.450)" in said
    assert "in-sample, leaks: 0.600" in said
    assert "noise ceiling 0.950" in axes.get_xlabel()


def test_a_fold_far_below_zero_is_drawn_at_the_edge(axes, scores):
    performance.draw_scores(axes, scores, performance.ranked(scores, "chromosome"), "chromosome")
    lowest = min(offset[0] for dots in axes.collections for offset in dots.get_offsets())
    assert lowest == performance.FLOOR > axes.get_xlim()[0]


def test_leads_of_the_formula_stand_in_the_rows_of_the_others(axes, scores, leads):
    performance.draw_differences(axes, leads, performance.ranked(scores, "chromosome"))
    dots = np.asarray(axes.collections[-1].get_offsets())
    np.testing.assert_allclose(dots, [[-0.02, 1], [0.2, 2]])
    assert "−0.020" in texts(axes)
    assert "thin: over 22 whole blocks" in axes.get_xlabel()
    grey, green = axes.collections[-1].get_facecolors()
    assert style.plt.matplotlib.colors.to_hex(green) == style.GREEN.lower()
    assert style.plt.matplotlib.colors.to_hex(grey) == style.GREY


# Coefficients ---------------------------------------------------------------------------------------------------------


def test_largest_coefficients_come_first(formula, motifs):
    figure = coefficients.draw(formula, motifs, n_folds=5, limit=4)
    bars = [[bar.get_width() for bar in axes.patches] for axes in figure.axes[:4] if axes.patches]
    assert bars == [[-0.5, 0.3], [-0.2, 0.1]]
    assert [bar.get_height() for bar in figure.axes[-1].patches] == [-0.5, -0.2, 0.3, 0.0, 0.1]
    said = texts(figure)
    assert "4 of 5 motifs" in said
    assert "4/5" in said
    assert "halves" in said
    assert "98 %" in said


def test_a_selection_without_halves_shows_none(formula, motifs):
    figure = coefficients.draw(formula.assign(selection_probability=np.nan), motifs, n_folds=5)
    assert "halves" not in texts(figure)


def test_motifs_are_called_by_name_or_significant_match(formula):
    assert coefficients.motif_labels(formula).tolist() == [
        "SP1 (m0)",
        "m1 ≈ YY1",
        "m2 ACGTACGT",
        "m3 ACGTACGT",
        "m4",
    ]


def test_long_names_keep_their_ends():
    assert coefficients.shortened("abcdefghijklmnop", 10) == "abcdef…nop"
    assert coefficients.shortened("short", 10) == "short"


# Cell types -----------------------------------------------------------------------------------------------------------


def test_motifs_that_cannot_be_estimated_are_left_out_and_the_strongest_kept(effects):
    t, _ = cell_type_effects.matrices(effects)
    assert t.shape == (4, 6)
    assert list(t.columns) == CELL_TYPES
    assert cell_type_effects.strongest(t, 2) == ["m2", "m3"]


def test_similar_rows_are_neighbours():
    order = cell_type_effects.cluster(np.array([[0.0, 0], [9, 9], [0, 1], [9, 8]])).order
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset([0, 2]), frozenset([1, 3])}


def test_heat_map_fades_what_is_not_significant(effects, groups, formula):
    labels = coefficients.motif_labels(formula)
    figure = cell_type_effects.draw(effects, groups, labels, fdr=0.05, limit=3)
    heat, shares = figure.axes[0], figure.axes[4]
    image = heat.images[0].get_array()
    assert image.shape == (3, 6, 3)
    rows = tick_labels(shares.yaxis)
    assert set(rows) == {"m1 ≈ YY1", "m2 ACGTACGT", "m3 ACGTACGT"}
    strong = image[rows.index("m2 ACGTACGT")]
    faint = np.delete(image, rows.index("m2 ACGTACGT"), axis=0)
    assert strong.min(axis=1).max() < 0.5 < 0.75 < faint.min()
    assert dict(zip(rows, [bar.get_width() for bar in shares.patches], strict=True)) == {
        "m1 ≈ YY1": 0,
        "m2 ACGTACGT": 100,
        "m3 ACGTACGT": 0,
    }
    assert "3 of 4 motifs" in texts(figure)


def test_one_cell_type_has_no_deviations_to_show(effects, groups, formula):
    one = effects[effects["cell_type"] == "liver"]
    figure = cell_type_effects.draw(one, groups, coefficients.motif_labels(formula), 0.05)
    assert "at least two cell types" in texts(figure)


@pytest.mark.parametrize(("n_groups", "n_colours"), [(2, 2), (14, 14), (20, 14)])
def test_small_groups_are_merged_beyond_fourteen(n_groups, n_colours):
    groups = pd.Series(np.repeat([f"g{i:02d}" for i in range(n_groups)], range(n_groups, 0, -1)))
    shown, colours = cell_type_effects.group_colours(groups)
    assert len(colours) == len(set(colours.values())) == n_colours
    assert next(iter(colours)) == "g00"
    assert ("other" in colours) == (n_groups > 14)
    assert set(shown) == set(colours)


def test_cell_types_are_ordered_by_group_then_r2(by_cell_type, null):
    figure = cell_type_performance.draw(by_cell_type, null)
    names = ["HPA:lymph node", "spleen", "costs 5\\$ or 6\\$", "liver", "NA", "HPA:A-431"]
    assert tick_labels(figure.axes[1].xaxis) == [names[1], names[0], names[2], names[3], names[4], names[5]]
    dots = figure.axes[0].collections[1].get_offsets()
    np.testing.assert_allclose(dots[:, 1], [0.4, 0.3, 0.25, 0.2, 0.1])
    said = texts(figure)
    assert "in 4 of 6 cell types" in said
    assert "F of all motifs beyond composition averages 1.03" in said


def test_no_permutations_are_said_so(by_cell_type, null):
    assert cell_type_performance.null_in_words(by_cell_type, null.head(0)) == "No permutations were asked for."


# Matches --------------------------------------------------------------------------------------------------------------


def test_match_counts_equal_the_summary(axes, summary):
    match_counts.draw_counts(axes, summary, "JASPAR2022")
    assert [bar.get_width() for bar in axes.patches] == [6, 4, 3, 3, 5, 4, 3, 2, 1, 2, 3, 2]
    assert tick_labels(axes.yaxis) == ["E < 10", "E < 0.05", "q < 0.05", "q < 0.1", "q < 0.5", "p < 0.001"]
    assert "6 (86%)" in texts(axes)


def test_clusters_are_counted_once(axes, clusters):
    match_counts.draw_reproducibility(axes, clusters.drop_duplicates("representative"), {"R0M0"})
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == [0, 0, 0, 1, 1, 1, 0, 0]


# Verdict --------------------------------------------------------------------------------------------------------------


def test_planted_motifs_are_sorted_by_similarity(axes, truth):
    table, controls, *_ = truth
    recovery.draw_similarity(axes, table, controls)
    assert tick_labels(axes.yaxis)[0] == "YY1 (10 bp, 1,000 sites)"
    grey, recovered, missed = (dots.get_offsets() for dots in axes.collections)
    assert grey[:, 1].tolist() == [1, 0, 2, 2]
    np.testing.assert_allclose(recovered, [[0.99, 0], [0.95, 1]])
    np.testing.assert_allclose(missed, [[0.5, 2]])
    assert "2 of 3 motifs recovered; 25.0% of 4 controls" in texts(axes)


def test_wrong_signs_are_named(axes, truth):
    recovery.draw_effects(axes, truth[0])
    assert [len(dots.get_offsets()) for dots in axes.collections] == [1, 1]
    assert [text.get_text() for text in axes.texts] == ["YY1"]


def test_null_effects_that_were_called_are_crossed(axes, truth):
    recovery.draw_cell_types(axes, truth[2], 0.05)
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == [
        "null, not significant (2)",
        "planted, missed (1)",
        "planted, found (1)",
        "null, called at q < 0.05 (1)",
    ]


def test_measures_without_a_goal_are_not_counted(truth):
    figure = recovery.draw(*truth, fdr=0.05)
    said = texts(figure)
    assert "1 of 2 goals met" in said
    assert said.count("✓") == said.count("✗") == 1


def test_verdict_without_effects_in_the_formula(truth):
    table, controls, cell_types, verdict = truth
    assert isinstance(recovery.draw(table, controls, cell_types.head(0), verdict, fdr=0.05), Figure)


# Scheme ---------------------------------------------------------------------------------------------------------------


def test_scheme_says_the_numbers_of_the_run(run_of_scheme):
    said = texts(scheme.draw(*run_of_scheme))
    for part in (
        "60 genes",
        "4 networks of 64 filters",
        "7 motifs from filters in\n3 clusters, 2 of them",
        "12 unlike each other,\n5 chosen by lasso",
        "R² = 0.400 (0.350 to 0.450)",
        "6 cell types: 6\nof 24 deviations",
    ):
        assert part in said


# All of them ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "scheme",
        "training",
        "performance",
        "coefficients",
        "cell_type_effects",
        "cell_type_performance",
        "match_counts",
        "recovery",
    ],
)
def test_the_same_data_give_the_same_bytes(name, request, tmp_path, monkeypatch):
    monkeypatch.setitem(style.plt.rcParams, "savefig.dpi", 50)

    def get(*names):
        return [request.getfixturevalue(fixture) for fixture in names]

    draw = {
        "scheme": lambda: scheme.draw(*get("run_of_scheme")[0]),
        "training": lambda: training.draw(*get("history", "predictions", "runs")),
        "performance": lambda: performance.draw(*get("scores", "leads", "predictions")),
        "coefficients": lambda: coefficients.draw(*get("formula", "motifs"), n_folds=5),
        "cell_type_effects": lambda: cell_type_effects.draw(
            *get("effects", "groups"), coefficients.motif_labels(*get("formula")), 0.05
        ),
        "cell_type_performance": lambda: cell_type_performance.draw(*get("by_cell_type", "null")),
        "match_counts": lambda: match_counts.draw(*get("summary", "clusters", "matches"), "JASPAR2022"),
        "recovery": lambda: recovery.draw(*get("truth")[0], fdr=0.05),
    }[name]
    for turn in "ab":
        style.save(draw(), tmp_path / f"{turn}.pdf", tmp_path / f"{turn}.png")
    for kind in ("pdf", "png"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
