"""Logos as SVG: heights are information, alignments are those of the comparison."""

import re
from xml.etree import ElementTree

import numpy as np
from matplotlib.path import Path

from cisformula.figures.letters import COLOURS
from cisformula.pwm import Motif, column_information
from cisformula.sequence import encode
from cisformula.site import logos


def placed_letters(drawing: str) -> list[tuple[str, float, float, float]]:
    """Base, left edge, top and height of each letter."""
    matrix = r'href="#base-(.)" transform="matrix\(\S+ 0 0 (\S+) (\S+) (\S+)\)"'
    return [
        (base, float(left), float(top), float(scale) * logos.BOX)
        for base, scale, left, top in re.findall(matrix, drawing)
    ]


def motif(word: str) -> Motif:
    return Motif(word, word, np.eye(4)[encode(word)])


def test_letters_are_as_tall_as_their_share_of_information_and_stand_on_each_other():
    pfm = np.array([[0.7, 0.3, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25]])
    found = placed_letters(logos.letters(pfm))
    bits = column_information(pfm)[0]
    assert [base for base, *_ in found] == ["C", "A"]  # a column without information has no letters
    heights = np.array([height for *_, height in found])
    np.testing.assert_allclose(heights, np.array([0.3, 0.7]) * bits * logos.BIT, atol=0.01)
    tops = np.array([top for _, _, top, _ in found])
    np.testing.assert_allclose(tops, logos.HEIGHT - np.cumsum(heights), atol=0.1)


def test_a_certain_base_fills_the_height():
    ((base, left, top, height),) = placed_letters(logos.letters(np.array([[0.0, 0.0, 1.0, 0.0]]), left=24))
    assert (base, left, top, height) == ("G", 24, 0, logos.HEIGHT)


def test_letters_have_the_colours_of_the_figures_and_fill_their_box():
    definitions = ElementTree.fromstring(logos.letter_definitions())
    assert {path.get("id")[-1]: path.get("fill") for path in definitions} == COLOURS
    for base in "ACGT":
        numbers = np.array(re.findall(r"\d+", logos.letter_outline(base)), dtype=float).reshape(-1, 2)
        assert numbers.min(axis=0).tolist() == [0, 0]
        assert numbers.max(axis=0).tolist() == [logos.BOX, logos.BOX]


def test_the_letter_a_has_a_hole_and_t_has_none():
    assert logos.letter_outline("A").count("Z") == 2
    assert logos.letter_outline("T").count("Z") == 1
    assert Path.CLOSEPOLY  # outlines are closed by Z


def test_a_file_is_a_document_of_its_own():
    root = ElementTree.fromstring(logos.file(motif("ACG")))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == f"0 0 {3 * logos.COLUMN} {logos.HEIGHT}"


def test_aligned_motifs_share_the_columns_they_overlap_in():
    """The query begins at the third column of the target, and ends beyond it."""
    drawing = logos.aligned(logos.Placed(motif("ACGT"), 2), logos.Placed(motif("TTAC"), 0))
    upper = [left for _, left, top, _ in placed_letters(drawing) if top < logos.HEIGHT]
    lower = [left for _, left, top, _ in placed_letters(drawing) if top >= logos.HEIGHT]
    assert upper == [column * logos.COLUMN for column in (2, 3, 4, 5)]
    assert lower == [column * logos.COLUMN for column in (0, 1, 2, 3)]
    shared = ElementTree.fromstring(drawing).find("rect")
    assert (int(shared.get("x")), int(shared.get("width"))) == (2 * logos.COLUMN, 2 * logos.COLUMN)


def test_a_query_that_begins_before_its_target_is_drawn_from_its_own_start():
    drawing = logos.aligned(logos.Placed(motif("ACGT"), -1), logos.Placed(motif("CGT"), 0))
    assert min(left for _, left, top, _ in placed_letters(drawing) if top < logos.HEIGHT) == 0
    assert min(left for _, left, top, _ in placed_letters(drawing) if top >= logos.HEIGHT) == logos.COLUMN
