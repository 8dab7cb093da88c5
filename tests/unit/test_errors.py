"""The message names the place, the problem and the fix, in this order."""

import pytest

from cisformula.errors import InputError


def test_message_and_parts():
    with pytest.raises(ValueError, match=r"^genes\.tsv:3: text in a number\. Fix: correct it\.$") as caught:
        raise InputError("text in a number.", place="genes.tsv:3", fix="correct it.")
    error = caught.value
    assert (error.problem, error.place, error.fix) == ("text in a number.", "genes.tsv:3", "correct it.")
