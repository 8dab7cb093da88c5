"""What the figures of ARGMINN draw of known tables."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from cisformula.argminn.attention_maps import AttentionMaps, highest_bound, read_maps
from cisformula.argminn.classification import COLUMNS, MEASURES
from cisformula.figures import (
    argminn_motifs,
    argminn_scheme,
    argminn_syntax,
    attention_map,
    gc_robustness,
    instance_accuracy,
    network_performance,
    site_variants,
    style,
)
from cisformula.pwm import Motif

KEY = {"first": "JUND", "second": "TEAD4", "orientation": "same", "order": "first_second"}


@pytest.fixture
def axes():
    figure, (axes,) = style.panels(1)
    yield axes
    style.plt.close(figure)


def performance(**accuracy):
    rows = [dict.fromkeys(COLUMNS, value) | {"network": network} for network, value in accuracy.items()]
    table = pd.DataFrame(rows)
    for name in MEASURES:
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 0.02, table[name] + 0.01
    return table


TASKS = {"SPI1": performance(argminn=0.9, cnn=0.8, oracle=0.95), "REST": performance(argminn=0.85, cnn=0.7)}


def test_networks_have_their_intervals_in_the_row_of_their_task(axes):
    network_performance.draw_measure(axes, TASKS, "auroc")
    argminn, cnn = axes.containers
    assert argminn.lines[0].get_xdata().tolist() == [0.9, 0.85]
    assert cnn.lines[0].get_xdata().tolist() == [0.8, 0.7]
    np.testing.assert_allclose(argminn.lines[2][0].get_segments()[0][:, 0], [0.88, 0.91])
    places = np.array([container.lines[0].get_ydata() for container in axes.containers], dtype=float)
    assert np.round(places).tolist() == [[0, 1], [0, 1]]
    ceiling = axes.collections[-1].get_segments()
    assert [segment[:, 0].tolist() for segment in ceiling] == [[0.95, 0.95]]


def test_tasks_are_named_once_and_networks_too():
    figure = network_performance.draw(TASKS)
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["SPI1", "REST"]
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {"ARGMINN", "CNN", "best possible"}
    style.plt.close(figure)


def test_gc_levels_are_on_the_line_and_intervals_in_the_band(axes):
    levels = [0.1, 0.5, 0.9]
    table = pd.concat(
        [performance(argminn=value).assign(gc=gc) for gc, value in zip(levels, (0.7, 0.9, 0.8), strict=True)]
    )
    gc_robustness.draw_measure(axes, table, "accuracy")
    assert axes.lines[0].get_xdata().tolist() == levels
    assert axes.lines[0].get_ydata().tolist() == [0.7, 0.9, 0.8]
    band = axes.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == pytest.approx((0.68, 0.91))


def test_variants_are_drawn_by_either_size_of_a_change():
    parts = [
        performance(argminn=value).assign(score=score, n_breaking=30, n_matched=30)
        for score, value in (("delta_logit", 0.95), ("delta_probability", 0.75))
    ]
    figure = site_variants.draw({"SPI1": pd.concat(parts), "REST": pd.concat(parts)})
    shown = [(axes.get_xlabel(), axes.containers[0].lines[0].get_xdata().tolist()) for axes in figure.axes]
    assert shown == [
        ("auROC of\n|difference of logits|", [0.95, 0.95]),
        ("auROC of\n|difference of probabilities|", [0.75, 0.75]),
        ("auPRC of\n|difference of logits|", [0.95, 0.95]),
        ("auPRC of\n|difference of probabilities|", [0.75, 0.75]),
    ]
    title = figure.legends[0].get_title().get_text()
    assert title == "60 variants that break a planted site, 60 matches that do not"
    style.plt.close(figure)


def syntax_tables():
    gaps = pd.DataFrame([{**KEY, "gap": gap, "n": 50 if gap == 5 else 1, "expected": 3.0} for gap in range(20)])
    rules = pd.DataFrame([{**KEY, "low": 5, "high": 5, "share": 0.81, "n_pairs": 1204}])
    return gaps, rules


def test_gaps_rules_and_planted_gaps_stand_at_their_places(axes):
    gaps, rules = syntax_tables()
    argminn_syntax.draw_gaps(axes, gaps, rules, pd.DataFrame([{**KEY, "gap": 5}]))
    bars = axes.containers[0]
    by_gap = {round(bar.get_x() + bar.get_width() / 2): bar for bar in bars}
    assert (by_gap[5].get_height(), by_gap[6].get_height(), by_gap[40].get_height()) == (50, 1, 0)
    assert [gap for gap, bar in by_gap.items() if bar.get_facecolor() == to_rgba(argminn_syntax.IN_RULE)] == [5]
    expectation, planted = axes.lines
    assert max(expectation.get_ydata()) == 3
    assert planted.get_xdata().tolist() == [5]
    assert [text.get_text() for text in axes.texts] == ["5 bp: 81 % of 1,204 pairs"]


def test_a_pair_is_titled_as_it_lies():
    gaps, rules = syntax_tables()
    figure = argminn_syntax.draw(gaps, rules)
    assert figure.axes[0].get_title(loc="left") == "JUND→  TEAD4→"
    style.plt.close(figure)
    assert argminn_syntax.title("MAX", "TEAD4", "either", "second_first") == "TEAD4  MAX"


def test_without_pairs_the_figure_says_so():
    gaps, rules = syntax_tables()
    figure = argminn_syntax.draw(gaps[:0], rules[:0])
    assert [text.get_text() for text in figure.axes[0].texts] == ["No sequence holds two instances."]
    style.plt.close(figure)


def test_tracks_have_attention_down_activations_up_and_sites(axes):
    attention, activations = np.zeros(41), np.zeros((41, 2))
    attention[7], activations[7, 1], activations[20, 0] = 0.9, 1.0, 0.5
    sites = pd.DataFrame({"motif": ["A"], "start": [8], "end": [16]})
    attention_map.draw_track(axes, attention, activations, {0: style.BLUE, 1: style.GREEN}, 10, sites)
    (line,) = axes.lines
    assert (line.get_ydata().min(), line.get_xdata()[line.get_ydata().argmin()]) == (-0.9, 12)
    stems = [collection.get_segments() for collection in axes.collections]
    assert [segment[0].tolist() for segment in stems] == [[[25, 0], [25, 0.5]], [[12, 0], [12, 1]]]
    (band,) = axes.patches
    assert (band.get_x(), band.get_width()) == (8, 8)


def test_the_map_keeps_the_highest_attention_of_every_few_windows(axes):
    attention = np.zeros((3, 41), dtype=np.float32)
    attention[0, 33], attention[1, 2], attention[2, 12] = 0.9, 0.8, 0.7
    attention_map.draw_map(axes, attention, 10)
    drawn = np.asarray(axes.images[0].get_array())
    assert drawn.shape == (3, 9)
    np.testing.assert_allclose(drawn[[0, 1, 2], [0, 2, 6]], [0.8, 0.7, 0.9])
    assert drawn.sum() == pytest.approx(2.4)


def test_the_scheme_shows_the_bases_around_what_is_attended_to():
    layers = np.zeros((2, 491))
    assert argminn_scheme.shown_bases(layers[:, :91], 100) == (0, 100)
    layers[0, 300], layers[1, 340] = 0.9, 0.8
    first, last = argminn_scheme.shown_bases(layers, 500)
    assert last - first == argminn_scheme.SHOWN
    # Bases 300 to 349 in the middle of 110.
    assert (300 - first, last - 350) == (30, 30)


def test_the_scheme_goes_from_the_sequence_to_the_prediction():
    codes = np.random.default_rng(0).integers(0, 4, 120, dtype=np.uint8)
    activations, layers = np.zeros((111, 3)), np.zeros((2, 111))
    activations[50, 2], layers[0, 50], layers[1, 70] = 4.0, 1.0, 0.5
    sites = pd.DataFrame({"motif": ["GATA1"], "start": [50], "end": [58], "strand": ["-"]})
    motif = Motif("F2", "F2", np.eye(4)[[2, 0, 3, 0]], 10)
    names = {0: "SILENT", 2: "GATA"}
    figure = argminn_scheme.draw(codes, activations, layers, 2.0, dict.fromkeys(names, motif), names, sites)
    sequence, stems, first_layer, second_layer = figure.axes[:4]
    letters = [text for text in sequence.texts if text.get_text() in "ACGT"]
    assert "".join(text.get_text() for text in letters) == "".join("ACGT"[base] for base in codes[5:115])
    assert sequence.texts[-1].get_text() == "GATA1 ←"
    assert stems.collections[0].get_segments()[0].tolist() == [[55, 0], [55, 1]]
    heights = [axes.collections[0].get_paths()[0].vertices[:, 1].max() for axes in (first_layer, second_layer)]
    assert heights == [1.0, 0.5]
    assert figure.axes[-1].texts[0].get_text() == "Prediction: log odds +2.0, probability of being bound 0.881"
    style.plt.close(figure)


def test_the_highest_bound_sequences_are_read():
    label, logit = np.array([1, 0, 1, 1]), np.array([1.0, 9.0, 3.0, 2.0])
    rows = highest_bound(label, logit, 2)
    assert rows.tolist() == [2, 3]

    class Reading:
        def __init__(self, codes):
            value = codes[:, 0].astype(np.float32)
            self.attention = (
                np.ones((len(codes), 2, 2, 5)) * [[[0.1], [0.2]], [[0.3], [0.1]]] * value[:, None, None, None]
            )
            self.activations = np.ones((len(codes), 5, 3, 2)) * [1.0, 4.0]

    maps = read_maps(Reading, np.arange(4, dtype=np.uint8)[:, None] * np.ones(14, dtype=np.uint8), rows)
    np.testing.assert_allclose(maps.attention[:, 0], [0.6, 0.9])
    assert maps.activations.shape == (2, 5, 3)
    assert (maps.activations == 4).all()
    np.testing.assert_allclose(maps.by_layer[:, :, 0], [[0.4, 0.6], [0.6, 0.9]])


METHODS = pd.DataFrame(
    {
        "method": ["argminn", "fimo_modisco"],
        "n_calls": [90, 150],
        "n_truth": 100,
        "precision": [0.95, 0.6],
        "precision_low": [0.9, 0.5],
        "precision_high": [0.99, 0.7],
    }
)


def test_all_calls_are_a_point_at_the_end_of_their_curve(axes):
    curve = pd.DataFrame({"method": "argminn", "n_calls": [1, 10, 90], "precision": [1, 1, 0.95]})
    colours = {"argminn": style.BLUE, "fimo_modisco": style.ORANGE}
    instance_accuracy.draw_curve(axes, METHODS, curve, "precision", colours)
    assert axes.lines[0].get_xdata().tolist() == [1, 10, 90]
    points = [container.lines[0].get_xydata()[0].tolist() for container in axes.containers]
    assert points == [[90, 0.95], [150, 0.6]]
    np.testing.assert_allclose(axes.containers[0].lines[2][0].get_segments()[0][:, 1], [0.9, 0.99])


def test_many_hits_are_counted_together():
    table = pd.DataFrame({"hits": [0, 2, 8, 11], "n_sequences": [1, 5, 2, 2]})
    assert instance_accuracy.shares(table).tolist() == [0.1, 0, 0.5, 0, 0, 0, 0, 0, 0.4]


def test_motifs_stand_above_their_matches_in_one_alignment():
    pfm = np.eye(4)[[2, 0, 3, 0, 0]]
    known = Motif("MA1", "GATA1", np.vstack([np.full((2, 4), 0.25), pfm]), 10)
    matches = pd.DataFrame(
        {"Query_ID": ["F0"], "Target_ID": ["MA1"], "Optimal_offset": [2], "q-value": [1e-5], "Orientation": ["+"]}
    )
    filters = pd.DataFrame({"filter": [0, 3], "nsites": [1234, 10], "weight_correlation": [0.9, 0.1]})
    scores = pd.DataFrame({"method": ["argminn"], "match_score": [4.2], "n_passed": [2]})
    motifs = [Motif("F0", "F0", pfm, 10), Motif("F3", "F3", pfm, 10)]
    figure = argminn_motifs.draw(motifs, [known], matches, filters, scores)
    above, below, alone, without = figure.axes
    assert above.get_title() == "F0: 1,234 windows, weights r = 0.90"
    assert below.get_xlabel() == "GATA1, q = 1.0e-05"
    assert above.get_xlim() == below.get_xlim() == (-0.6, 6.6)
    assert [text.get_text() for text in without.texts] == ["no match"]
    assert alone.get_title().startswith("F3")
    assert figure.get_suptitle() == "Match score: ARGMINN 4.20 (2 passed)"
    style.plt.close(figure)


def test_title_of_the_motifs_fits_the_figure_however_many_methods_there_are():
    methods = ["argminn", "cnn", "cnn_overlap", "explainn", "modisco"]
    scores = pd.DataFrame({"method": methods, "match_score": 14.73, "n_passed": 12})
    figure = argminn_motifs.draw([], [], pd.DataFrame(columns=["Query_ID"]), pd.DataFrame({"filter": []}), scores)
    title = figure._suptitle.get_window_extent()
    assert figure.bbox.x0 < title.x0 < title.x1 < figure.bbox.x1
    assert "TF-MoDISco 14.73 (12 passed)" in figure.get_suptitle().replace("\n", " ")
    style.plt.close(figure)


def test_the_same_tables_give_the_same_bytes(tmp_path):
    eye = np.eye(2, 41, dtype=np.float32)
    maps = AttentionMaps(np.arange(2), eye, np.ones((2, 41, 2), dtype=np.float32), eye[:, None])
    drawings = {
        "syntax": lambda: argminn_syntax.draw(*syntax_tables()),
        "attention": lambda: attention_map.draw(maps, {0: "A"}, 10),
        "performance": lambda: network_performance.draw(TASKS),
    }
    for name, draw in drawings.items():
        files = [tmp_path / f"{name}_{turn}.png" for turn in (1, 2)]
        for file in files:
            style.save(draw(), file.with_suffix(".pdf"), file)
        assert files[0].read_bytes() == files[1].read_bytes()
        assert files[0].with_suffix(".pdf").read_bytes() == files[1].with_suffix(".pdf").read_bytes()
