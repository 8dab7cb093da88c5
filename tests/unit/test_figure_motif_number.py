"""What the figure of the number of motifs draws of a known curve."""

import numpy as np
import pandas as pd
import pytest

from cisformula.figures import motif_number, style

NUMBERS = [10, 50, 100, 300]
R2 = [0.1, 0.25, 0.298, 0.3]


@pytest.fixture
def curve():
    r2 = np.array(R2)
    table = pd.DataFrame({"n_motifs": NUMBERS, "r2": r2, "r2_low": r2 - 0.02, "r2_high": r2 + 0.01})
    return table.iloc[[2, 0, 3, 1]]


@pytest.fixture
def axes():
    figure, (axes,) = style.panels(1)
    yield axes
    style.plt.close(figure)


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_the_curve_its_interval_and_where_it_saturates(axes, curve):
    motif_number.draw_curve(axes, curve, 100, 300)
    line, dashed = axes.lines
    np.testing.assert_array_equal(line.get_xydata(), np.column_stack([NUMBERS, R2]))
    assert list(dashed.get_xdata()) == [100, 100]
    band, ring = axes.collections
    corners = band.get_paths()[0].vertices
    for number, r2 in zip(NUMBERS, R2, strict=True):
        at = corners[corners[:, 0] == number, 1]
        assert (at.min(), at.max()) == (pytest.approx(r2 - 0.02), pytest.approx(r2 + 0.01))
    np.testing.assert_array_equal(ring.get_offsets(), [[300, 0.3]])
    assert texts(axes) == ["300, as in this run\nR² = 0.300"]
    axes.figure.canvas.draw()
    assert [label.get_text() for label in axes.get_xticklabels()] == ["10", "50", "100", "300"]


def test_a_number_that_is_not_on_the_curve_gets_no_ring(axes, curve):
    motif_number.draw_curve(axes, curve, 100, 250)
    assert len(axes.collections[1].get_offsets()) == 0
    assert texts(axes) == []


def test_references_are_level_lines_named_from_the_highest_down(axes):
    motif_number.draw_references(axes, {"gc_cpg": 0.209, "some_network": 0.365})
    assert [line.get_ydata()[0] for line in axes.lines] == [0.209, 0.365]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["some network: 0.365", "GC and CpG: 0.209"]


def test_references_are_the_formula_the_best_network_and_the_kmers_on_held_out_genes():
    rows = [
        ("xpresso_cnn", "chromosome", "all", 0.31),
        ("2to5mer_ridge", "chromosome", "all", 0.34),
        ("explainn", "chromosome", "all", 0.33),
        ("formula", "chromosome", "all", 0.36),
        ("formula", "chromosome", "0", 0.9),
        ("gc_cpg", "chromosome", "all", 0.2),
        ("xpresso_cnn", "random", "all", 0.8),
        ("formula", "in_sample", "all", 0.95),
    ]
    performance = pd.DataFrame(rows, columns=["predictor", "split", "fold", "r2"])
    assert list(motif_number.reference_scores(performance).items()) == [
        ("formula", 0.36),
        ("explainn", 0.33),
        ("2to5mer_ridge", 0.34),
    ]
    assert motif_number.reference_scores(performance.iloc[[1]]) == {"2to5mer_ridge": 0.34}


def test_the_title_says_where_it_saturates_and_what_is_best(curve):
    figure = motif_number.draw(curve, 100, 300)
    assert figure.axes[0].get_title(loc="left") == "R² saturates at 100 motifs: 0.298; best 0.300 with 300"
    style.plt.close(figure)


def test_the_same_data_give_the_same_bytes(curve, tmp_path, monkeypatch):
    monkeypatch.setitem(style.plt.rcParams, "savefig.dpi", 50)
    for turn in "ab":
        figure = motif_number.draw(curve, 100, 300, {"gc_cpg": 0.209})
        style.save(figure, tmp_path / f"{turn}.pdf", tmp_path / f"{turn}.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
