"""The drawing of the tasks shows every site and every gap of their configurations, to scale."""

import pytest
from matplotlib.patches import Polygon, Rectangle

from cisformula.argminn.tasks import TASKS, planted_motifs
from cisformula.figures import style, task_truth


@pytest.mark.parametrize("name", ["REST", "GATA1_density", "SPI1"])
def test_every_site_and_gap_is_drawn_to_scale(name):
    task = TASKS[name]
    motifs = planted_motifs(task)
    figure = task_truth.draw([task], [motifs])
    axes = figure.axes[-1]
    configurations = [*task.positives, *task.negatives]
    boxes = [patch for patch in axes.patches if type(patch) is Polygon]
    widths = {motif.id: motif.width for motif in motifs}
    drawn = sorted(round(box.get_xy()[:, 0].max() - box.get_xy()[:, 0].min()) for box in boxes)
    assert drawn == sorted(widths[motif] for one in configurations for motif in one.motifs)
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(bars) == sum(len(gap) for one in configurations for gap in one.gaps)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[::-1] == [
        f"{side} {one.weight:.3g}"
        for side, some in (("bound", task.positives), ("unbound", task.negatives))
        for one in some
    ]
    style.plt.close(figure)


def test_bars_stand_where_the_gap_ends_and_show_its_weight():
    task = TASKS["REST"]
    figure = task_truth.draw([task], [planted_motifs(task)])
    axes = figure.axes[-1]
    (gap,) = task.positives[0].gaps
    top = len(task.positives) + len(task.negatives) - 1
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle) and round(patch.get_y() + 0.28) == top]
    found = {round(bar.get_x() + bar.get_width() / 2) - 9: bar.get_height() for bar in bars}
    assert set(found) == set(gap)
    assert found[2] / found[7] == pytest.approx(gap[2] / gap[7])
    style.plt.close(figure)
