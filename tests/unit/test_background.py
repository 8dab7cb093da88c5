"""Backgrounds of single bases: counted, read, written, refused."""

import numpy as np
import pytest

from cisformula import background
from cisformula.errors import InputError
from cisformula.sequence import encode


def test_bases_are_counted_and_unknown_ones_are_not():
    codes = np.stack([encode("AACGNN"), encode("ATTTTG")])
    assert (background.base_frequencies(codes, both_strands=False) * 10).tolist() == [3, 1, 2, 4]
    np.testing.assert_allclose(background.base_frequencies(codes, both_strands=True), [0.35, 0.15, 0.15, 0.35])


def test_the_single_bases_of_a_markov_file_are_read(tmp_path):
    (tmp_path / "bg").write_text("# order 1\n#\nA 3.0e-01\nc 0.2\nG 0.2\nT 0.3\nAA 0.1\nAC 0.05\n")
    np.testing.assert_allclose(background.read_background(tmp_path / "bg"), [0.3, 0.2, 0.2, 0.3])


def test_what_is_written_is_read(tmp_path):
    frequencies = np.array([0.1, 0.2, 0.3, 0.4])
    background.write_background(tmp_path / "bg", frequencies)
    np.testing.assert_allclose(background.read_background(tmp_path / "bg"), frequencies, rtol=1e-8)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A 0.25\nC x\n", 2),
        ("A\n", 1),
        ("A 0.25\nC 0.25\nG 0.25\n", None),
        ("A 0.5\nC 0.5\nG 0.5\nT 0.5\n", None),
        ("A 0.5\nC 0.5\nG 0\nT 0\n", None),
        ("A nan\nC 0.5\nG 0.2\nT 0.3\n", None),
        ("", None),
    ],
)
def test_bad_files_are_refused(tmp_path, text, line):
    path = tmp_path / "bg"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        background.read_background(path)
    assert caught.value.place == (str(path) if line is None else f"{path}:{line}")


def test_the_choices_of_the_configuration(tmp_path):
    codes = encode("AAAT")[None]
    assert background.choose("uniform", codes, True).tolist() == [0.25] * 4
    assert background.choose("promoters", codes, False).tolist() == [0.75, 0, 0, 0.25]
    (tmp_path / "bg").write_text("A 0.4\nC 0.1\nG 0.1\nT 0.4\n")
    assert background.choose(str(tmp_path / "bg"), codes, True).tolist() == [0.4, 0.1, 0.1, 0.4]
