"""What the figure of designs draws of a known table."""

import numpy as np
import pandas as pd
import pytest

from cisformula.argminn import design_scores, design_table
from cisformula.figures import designs, style


def known_table():
    parts = {"rules": [1.0, 2.0, 6.0], "background": [-3.0, -2.0, -1.0], "greedy_cnn": [4.0]}
    tables = [design_table.without_sites(name, len(logit), True).assign(logit=logit) for name, logit in parts.items()]
    table = pd.concat([*tables, design_table.without_sites("bound", 1, False).assign(logit=0.5)], ignore_index=True)
    table = table.assign(oracle=table["logit"] + 10, judge=np.nan, motif_match=1.0, changed=np.nan)
    table["n_sites"] = pd.array([2, 1, 1, 2, 1, 1, pd.NA, pd.NA], dtype="Int64")
    table["n_attended"] = pd.array([2, 0, 1, 0, 0, 1, pd.NA, pd.NA], dtype="Int64")
    return table


@pytest.fixture
def figure():
    table = known_table()
    figure = designs.draw(table, design_scores.score_methods(table), "cnn")
    yield figure
    style.plt.close(figure)


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_methods_have_their_numbers_and_medians(figure):
    logit, oracle, _ = figure.axes
    names = ["designs from rules (3)", "background alone (3)", "greedy, by CNN (1)", "bound test sequences (1)"]
    assert [label.get_text() for label in logit.get_yticklabels()] == names
    assert texts(logit) == ["2.0", "-2.0", "4.0", "0.5", "median"]
    assert texts(oracle) == ["12.0", "8.0", "14.0", "10.5", "median"]
    assert oracle.get_xlabel() == designs.JUDGES["oracle"]


def test_shares_of_attended_sites_stand_beside_their_methods(figure):
    axes = figure.axes[-1]
    shown = [container.lines[0].get_xydata()[0].tolist() for container in axes.containers]
    assert shown == [[0.75, 0], [0.25, 1]]
    assert texts(axes) == ["4", "4", "sites"]


def test_a_judge_that_is_missing_has_no_panel():
    table = known_table().assign(oracle=np.nan, judge=1.0)
    figure = designs.draw(table, design_scores.score_methods(table), "cnn")
    assert [axes.get_xlabel() for axes in figure.axes[:2]] == ["ARGMINN's logit", "logit of CNN"]
    style.plt.close(figure)
