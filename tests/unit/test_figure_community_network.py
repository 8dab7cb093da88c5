"""The network of motifs: what is shown, where it lies, and that the files are the same every time."""

import hashlib

import numpy as np
import pandas as pd

from cisformula.figures import community_network as figure
from cisformula.figures import style


def made_up(n_groups=3, members=4, alone=1):
    ids = [f"m{i}" for i in range(n_groups * members + alone + 2)]
    community = np.r_[np.repeat(np.arange(n_groups) + 1.0, members), np.full(alone + 2, np.nan)]
    edges = [(i, j) for i in range(len(ids)) for j in range(i) if community[i] == community[j]]
    edges.append((0, n_groups * members))
    pairs = pd.DataFrame({"first": [ids[i] for i, _ in edges], "second": [ids[j] for _, j in edges], "edge": True})
    pairs["z"] = np.linspace(3, 9, len(pairs))
    ends = pairs["first"].tolist() + pairs["second"].tolist()
    nodes = pd.DataFrame({"node": ids, "name": [name.upper() for name in ids], "community": community})
    nodes["degree"] = [ends.count(name) for name in ids]
    nodes["strength"] = nodes["degree"] * 4.0
    summary = pd.DataFrame({"community": range(1, n_groups + 1), "members": "M0 M1", "n_carriers": 120})
    for number, column in enumerate(["difference", "low", "high", "together", "together_low", "together_high"]):
        summary[column] = [0.3, 0.1, 0.5, 0.05, -0.1, 0.2][number]
    summary[["q", "together_q"]] = [0.01, 0.3]
    return nodes, pairs, pd.Series(np.arange(len(ids)) * 10 + 100, index=ids), summary


def test_all_nodes_with_edges_are_named_once_and_labels_do_not_meet():
    nodes, pairs, carriers, summary = made_up()
    drawn = figure.draw(nodes, pairs, carriers, summary)
    left, right = drawn.axes
    names = [text.get_text() for text in left.texts]
    assert sorted(names) == sorted(nodes.loc[nodes["degree"] > 0, "name"])
    assert left.get_title(loc="left") == "13 motifs, 19 edges, 3 communities"
    assert len(left.lines) == len(pairs)
    assert [label.get_text() for label in right.get_yticklabels()] == ["M0, M1\n120 promoters"] * 3
    drawn.canvas.draw()
    boxes = [text.get_window_extent() for text in left.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    style.plt.close(drawn)


def test_too_many_nodes_leave_the_strongest():
    nodes, *_ = made_up(n_groups=20)
    nodes["strength"] = np.arange(len(nodes))[::-1]
    shown = figure.strongest(nodes)
    assert shown["node"].tolist() == [f"m{i}" for i in range(figure.MOST_NODES)]
    assert shown["group"].tolist() == np.repeat(np.arange(1, 16), 4).tolist()
    assert figure.title(nodes, shown, 7) == "81 motifs, 7 edges, 20 communities (shown: the strongest 60)"


def test_groups_lie_in_cells_of_their_own():
    group = np.array([1, 2, 2, 0, 1, 1, 3])
    place, outward = figure.layout(group)
    cells = [tuple(cell) for cell in place.round().astype(int) + 0]
    assert cells == [(0, 0), (1, 0), (1, 0), (1, -1), (0, 0), (0, 0), (0, -1)]
    np.testing.assert_allclose(np.linalg.norm(outward, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(place[group == 1].mean(axis=0), [0, 0], atol=1e-6)
    assert place[3].tolist() == [1, -1]
    assert place[6].tolist() == [0, -1]


def test_sizes_in_the_legend_are_round():
    assert figure.scale(5207) == [1250, 2500, 5000]
    assert figure.scale(37) == [7, 15, 30]
    assert figure.scale(1) == [1]


def test_colours_come_again_but_never_that_of_no_community():
    colours = [figure.colour_of(number) for number in range(1, 20)]
    assert colours[0] == colours[len(figure.COLOURS)]
    assert len(set(colours)) == len(figure.COLOURS)
    assert figure.colour_of(pd.NA) not in colours


def test_without_edges_the_figure_says_so(tmp_path):
    nodes, pairs, carriers, summary = made_up()
    drawn = figure.draw(nodes.assign(degree=0), pairs.assign(edge=False), carriers, summary.head(0))
    texts = [axes.texts[0].get_text() for axes in drawn.axes]
    assert texts == [
        "No two motifs share promoters\nmore often than by chance.",
        "No community with enough promoters.",
    ]
    style.save(drawn, tmp_path / "a.pdf", tmp_path / "a.png")


def test_files_have_the_same_bytes_each_time(tmp_path):
    def digest(name):
        style.save(figure.draw(*made_up()), tmp_path / f"{name}.pdf", tmp_path / f"{name}.png")
        return [hashlib.sha256((tmp_path / f"{name}.{kind}").read_bytes()).hexdigest() for kind in ("pdf", "png")]

    assert digest("first") == digest("second")
