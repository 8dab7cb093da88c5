"""Pages of motif figures: every motif is on one, and what is written beside it is right."""

import numpy as np
import pandas as pd
import pytest

from cisformula import archetypes, cluster_names
from cisformula.figures import motif_clusters, motif_matches, style
from cisformula.motif_clusters import cluster_motifs
from cisformula.pwm import Motif
from cisformula.sequence import encode


def motif(name, word):
    return Motif(name, name, 0.94 * np.eye(4)[encode(word)] + 0.015, 100)


def texts(figure):
    """All texts of a page, those of panels and subfigures among them."""
    return [text.get_text() for text in figure.findobj(style.plt.Text) if text.get_text()]


def words(n, seed=1):
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list("ACGT"), 8)) for _ in range(n)]


@pytest.fixture
def matched():
    queries = [motif(f"R0M{i}", word) for i, word in enumerate(words(17))]
    targets = [Motif(f"MA{i}", "NRF1", query.pfm[:, ::-1][::-1]) for i, query in enumerate(queries)]
    table = pd.DataFrame(
        {
            "Query_ID": [query.id for query in queries],
            "Target_ID": [target.id for target in targets],
            "Optimal_offset": 0,
            "p-value": np.linspace(1e-5, 1e-4, 17),
            "E-value": np.linspace(0.01, 0.1, 17),
            "q-value": np.linspace(0.02, 0.2, 17),
            "Orientation": "-",
        }
    )
    return queries, targets, table


def test_every_matched_motif_is_drawn_with_its_match(matched, tmp_path):
    figures = list(motif_matches.pages(*matched))
    assert len(figures) == 2
    written = [text for figure in figures for text in texts(figure)]
    for i, (e, q) in enumerate(zip(matched[2]["E-value"], matched[2]["q-value"], strict=True)):
        assert f"R0M{i}: E = {e:.2g}, q = {q:.2g}" in written
        assert f"NRF1 (MA{i}, reverse complement)" in written
    assert style.save_pages(motif_matches.pages(*matched), tmp_path / "a.pdf", tmp_path / "a.png") == 2
    first = [(tmp_path / name).read_bytes() for name in ("a.pdf", "a.png")]
    style.save_pages(motif_matches.pages(*matched), tmp_path / "a.pdf", tmp_path / "a.png")
    assert [(tmp_path / name).read_bytes() for name in ("a.pdf", "a.png")] == first


def test_no_match_is_said(matched):
    (figure,) = motif_matches.pages(matched[0], matched[1], matched[2][:0])
    assert any("no learned motif has a match" in text for text in texts(figure))


def test_clusters_are_drawn_with_their_members_and_family():
    motifs = [motif(f"R{run}M{i}", word) for i, word in enumerate(words(28, seed=3)[:27]) for run in (0, 1)]
    motifs.append(motif("R2M9", "ACACACAC"))
    clusters = cluster_motifs(motifs)
    matches = pd.DataFrame(
        {"Query_ID": ["R0M0", "R1M0"], "Target_ID": ["MA1", "MA1"], "E-value": 0.01, "q-value": [0.001, 0.9]}
    )
    known = pd.DataFrame({"motif": ["MA1"], "name": ["ELK1"], "family": ["Ets-related"]})
    names = cluster_names.name_clusters(clusters, matches, known)
    figures = list(motif_clusters.pages(motifs, archetypes.archetypes(motifs, clusters), clusters, names))
    n_clusters = (clusters.drop_duplicates("cluster")["cluster_size"] > 1).sum()
    assert n_clusters > 25
    assert len(figures) == 2
    written = [text for figure in figures for text in texts(figure)]
    assert sum(": 2 motifs, 2 runs" in text for text in written) == n_clusters
    assert "ELK1, q = 0.001\nEts-related (1 of 2)" in written
    assert "no known match" in written
    assert any(f"1 to 25 of {n_clusters}; alone and not shown: 1" in text for text in written)
    for figure in figures:
        style.plt.close(figure)
