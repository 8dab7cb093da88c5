"""Known motifs from a JASPAR release and from files."""

import os
from pathlib import Path

import numpy as np
import pytest

from cisformula.errors import InputError
from cisformula.jaspar import families, load_database
from cisformula.pwm import Motif, read_meme, write_meme

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def vertebrates():
    return load_database("JASPAR2022", "vertebrates").motifs


def test_the_release_has_its_841_matrices(vertebrates):
    assert len(vertebrates) == 841
    ids = [motif.id for motif in vertebrates]
    assert ids == sorted(set(ids))
    # Non-redundant: one version of each matrix.
    assert len({name.split(".")[0] for name in ids}) == 841
    assert len({motif.name for motif in vertebrates}) == 791


def test_a_matrix_has_its_name_sites_and_frequencies(vertebrates):
    arnt = next(motif for motif in vertebrates if motif.id == "MA0004.1")
    assert (arnt.name, arnt.nsites, arnt.consensus) == ("Arnt", 20, "CACGTG")
    np.testing.assert_allclose(arnt.pfm[0], [0.2, 0.8, 0, 0])


def test_all_rows_sum_to_one_and_all_motifs_have_sites(vertebrates):
    for motif in vertebrates:
        np.testing.assert_allclose(motif.pfm.sum(axis=1), 1)
        assert motif.nsites >= 1


def test_matrices_have_the_family_of_their_factor(vertebrates, tmp_path):
    family = families("JASPAR2022", "vertebrates")
    assert set(family) == {motif.id for motif in vertebrates}
    assert family["MA0076.2"] == "Ets-related"
    assert sum(map(bool, family.values())) > 800
    write_meme(tmp_path / "mine.meme", vertebrates[:3])
    assert families(str(tmp_path / "mine.meme")) == {}


def test_another_group_gives_other_motifs(vertebrates):
    fungi = {motif.id for motif in load_database("JASPAR2022", "fungi").motifs}
    assert fungi
    assert not fungi & {motif.id for motif in vertebrates}


def test_names_hold_no_blank():
    names = [motif.name for motif in load_database("JASPAR2014").motifs]
    assert "JUN(var.2)" in names
    assert not any(" " in name for name in names)


def test_a_release_survives_the_file_format(vertebrates, tmp_path):
    write_meme(tmp_path / "database.meme", vertebrates)
    back = read_meme(tmp_path / "database.meme")
    assert [(m.id, m.name, m.nsites) for m in back] == [(m.id, m.name, m.nsites) for m in vertebrates]


def test_a_meme_file_is_taken_whole(tmp_path):
    write_meme(tmp_path / "mine.meme", [Motif("a", "STRE", np.eye(4)[[0, 2, 2, 2, 2]])])
    (motif,) = load_database(str(tmp_path / "mine.meme"), "no such group").motifs
    assert (motif.id, motif.name, motif.consensus) == ("a", "STRE", "AGGGG")


@pytest.mark.parametrize("name", ["JASPAR2021", "missing/file.meme", ""])
def test_neither_release_nor_file(name):
    with pytest.raises(InputError, match="neither") as caught:
        load_database(name, "vertebrates")
    assert caught.value.place == "configuration key motif_database"
    assert "JASPAR2022" in caught.value.fix


@pytest.mark.filterwarnings("ignore:Zero motifs")
def test_unknown_group_names_the_known_ones():
    with pytest.raises(InputError, match="'vertebrate'") as caught:
        load_database("JASPAR2022", "vertebrate")
    assert "fungi" in caught.value.fix
    assert "vertebrates" in caught.value.fix


@pytest.mark.data
def test_the_release_equals_the_published_file(vertebrates):
    path = DATA / "paper" / "JASPAR2022_CORE_vertebrates_nonredundant.meme.gz"
    if not path.is_file():
        pytest.skip(f"no development data at {DATA} (set CISFORMULA_DATA)")
    published = sorted(read_meme(path), key=lambda m: (m.name, m.width, m.pfm.round(5).tolist()))
    ours = sorted(vertebrates, key=lambda m: (m.name, m.width, m.pfm.round(5).tolist()))
    assert [m.name for m in ours] == [m.name for m in published]
    for one, other in zip(ours, published, strict=True):
        np.testing.assert_allclose(one.pfm, other.pfm, atol=2e-6)
        # The published file cuts the fraction of sites counted as 999.999.
        assert abs(one.nsites - other.nsites) <= 1
