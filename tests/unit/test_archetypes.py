"""Merged motifs of clusters: planted parts of one motif give it back."""

import numpy as np

from cisformula.archetypes import archetypes
from cisformula.motif_clusters import cluster_motifs
from cisformula.pwm import Motif

WHOLE = 0.94 * np.eye(4)[[0, 1, 2, 2, 0, 0, 3, 1, 2, 1]] + 0.015


def part(name, start, end, nsites=100.0, reverse=False):
    motif = Motif(name, name, WHOLE[start:end], nsites)
    return motif.reverse_complement() if reverse else motif


def test_parts_of_a_motif_are_merged_to_the_columns_that_most_of_them_have():
    motifs = [part("R0M0", 0, 8), part("R1M0", 1, 9, reverse=True), part("R2M0", 2, 10)]
    clusters = cluster_motifs(motifs)
    (merged,) = archetypes(motifs, clusters)
    representative = clusters["representative"].iloc[0]
    begins = {"R0M0": 0, "R1M0": 1, "R2M0": 2}[representative]
    forward = representative != "R1M0"
    expected = WHOLE[1:9] if forward else WHOLE[1:9][::-1, ::-1]
    np.testing.assert_allclose(merged.motif.pfm, expected)
    assert merged.first == (1 - begins if forward else 0)
    assert (merged.motif.id, merged.motif.name, merged.motif.nsites) == ("A1", representative, 300)


def test_members_count_by_their_sites():
    other = Motif("R1M0", "R1M0", np.roll(WHOLE, 0) * 0.9 + 0.025, 300.0)
    motifs = [Motif("R0M0", "R0M0", WHOLE, 100.0), other]
    (merged,) = archetypes(motifs, cluster_motifs(motifs))
    np.testing.assert_allclose(merged.motif.pfm, 0.25 * WHOLE + 0.75 * other.pfm)


def test_a_motif_alone_is_its_own_archetype():
    motifs = [part("R0M0", 0, 8), Motif("R0M1", "R0M1", WHOLE[::-1][:7], 50)]
    merged = archetypes(motifs, cluster_motifs(motifs))
    assert [archetype.motif.id for archetype in merged] == ["A1", "A2"]
    for archetype, motif in zip(merged, motifs, strict=True):
        np.testing.assert_allclose(archetype.motif.pfm, motif.pfm)
        assert archetype.first == 0
