"""The figure of one prediction: bars of the right height, labels that do not meet."""

import matplotlib
import numpy as np
import pytest
from small_formula import EFFECTS, PALINDROME, SITE, UPSTREAM, small_formula, with_words

from cisformula import explanation
from cisformula.explanation import Explanation, Site
from cisformula.figures import explanation as figure
from cisformula.figures import style
from cisformula.scoring import Scorer
from cisformula.sequence import encode


@pytest.fixture(autouse=True)
def close_figures():
    yield
    style.plt.close("all")


def test_spread_keeps_order_distance_and_bounds():
    np.testing.assert_allclose(figure.spread(np.array([1.0, 5, 9]), 2, 0, 10), [1, 5, 9])
    np.testing.assert_allclose(figure.spread(np.array([4.0, 4, 4]), 2, 0, 10), [2, 4, 6])
    np.testing.assert_allclose(figure.spread(np.array([0.0, 0, 10, 10]), 2, 0, 10), [0, 2, 8, 10], atol=1.0)
    assert figure.spread(np.array([]), 2, 0, 10).size == 0


def test_spread_of_many_labels_stays_inside():
    middles = np.sort(np.random.default_rng(1).uniform(0, 100, 40))
    places = figure.spread(middles, 2.5, 0, 100)
    assert np.diff(places).min() >= 2.5 - 1e-9
    assert places[0] >= 0
    assert places[-1] <= 100 + 1e-9


def test_bars_stand_on_their_sites_as_high_as_they_contribute():
    formula = small_formula()
    found = explanation.explain(Scorer(formula), "gene", encode(with_words((2, PALINDROME), (10, SITE), (21, SITE))))
    drawn = figure.draw(found, formula)
    hits = drawn.axes[0]
    bars = [path.get_extents().extents for path in hits.collections[0].get_paths()]
    expected = [
        [2 - UPSTREAM - 0.5, 0, 7 - UPSTREAM + 0.5, EFFECTS[1, 0]],
        [10 - UPSTREAM - 0.5, 0, 16 - UPSTREAM + 0.5, 2 * EFFECTS[0, 0]],
        [21 - UPSTREAM - 0.5, 2 * EFFECTS[0, 1], 27 - UPSTREAM + 0.5, 0],
    ]
    np.testing.assert_allclose(bars, expected)
    assert [text.get_text().strip() for text in hits.texts] == ["R0M1 ~ USF1", "TFMA1", "TFMA1"]
    assert "+1.62 SD" in drawn.get_suptitle()
    assert [text.get_text() for text in drawn.axes[2].texts][-1] == "predicted +1.62"


def test_labels_do_not_overlap_and_stay_on_the_figure():
    formula = small_formula()
    rng = np.random.default_rng(2)
    sites = [Site(i % 2, -10 + i % 3, -4 + i % 3, "+", 1, rng.normal()) for i in range(30)]
    sites.sort(key=lambda site: -abs(site.contribution))
    scores = Scorer(formula).read(encode(with_words())[None])
    drawn = figure.draw(Explanation("a $name$ of a gene", sites, scores), formula)
    drawn.canvas.draw()
    boxes = [text.get_window_extent() for text in drawn.axes[0].texts]
    assert len(boxes) == figure.LABELLED
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])
        assert drawn.bbox.containsx(box.x0)
        assert drawn.bbox.containsx(box.x1)
        assert drawn.axes[0].bbox.y0 - 1 <= box.y0
        assert box.y1 <= drawn.axes[0].bbox.y1 + 1


def test_a_sequence_without_hits_can_be_drawn(tmp_path):
    formula = small_formula()
    found = explanation.explain(Scorer(formula), "empty", encode(with_words()))
    assert found.sites == []
    drawn = figure.draw(found, formula)
    drawn.savefig(tmp_path / "x.png")
    assert isinstance(drawn, matplotlib.figure.Figure)
    assert "0 hits" in drawn.get_suptitle()
