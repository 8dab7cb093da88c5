"""What predictions owe to places in sequences."""

import numpy as np
import pandas as pd

from cisformula.argminn import instances, masking
from cisformula.sequence import UNKNOWN, decode, encode


def count_word(codes):
    """A network that adds 0.5 for each occurrence of a word, and knows no other base."""
    return np.array([0.25 + 0.5 * decode(row).count("CCAAT") for row in codes])


def test_change_is_what_the_bases_of_an_instance_add(monkeypatch):
    monkeypatch.setattr(masking, "AT_ONCE", 2)
    codes = np.array([encode("GGCCAATGGGGCCAATGG"), encode("GGGGGGGGGGGGGGGGGG")])
    called = pd.DataFrame(
        {"sequence": [0, 0, 0, 1, 0], "start": [2, 0, 7, 3, 2], "end": [7, 2, 11, 9, 16]}, index=[9, 8, 7, 6, 5]
    )
    changes = masking.prediction_changes(count_word, codes, called)
    assert changes.tolist() == [0.5, 0, 0, 0, 1.0]
    assert UNKNOWN not in codes


def test_calls_that_change_the_odds_by_more_than_the_factor_either_way_are_kept():
    changes = pd.DataFrame({"change": [0.68, 0.70, -0.70, -0.68, 0.0, 5.0]})
    assert instances.decisive(changes, 2)["change"].tolist() == [0.70, -0.70, 5.0]
    assert len(instances.decisive(changes, 1)) == 5
