"""Variants of simulated sequences break their site where it matters most, or miss every site."""

from typing import NamedTuple

import numpy as np
import pytest

from cisformula.argminn import site_variants
from cisformula.argminn.task_sequences import simulate
from cisformula.argminn.tasks import TASKS, planted_motifs
from cisformula.sequence import reverse_complement_codes


class Found(NamedTuple):
    """Variants with the sequences before and after; those that break a site first."""

    before: np.ndarray
    after: np.ndarray
    sequence: np.ndarray
    position: np.ndarray
    in_site: np.ndarray


@pytest.fixture(scope="module", params=["REST", "TAL1_GATA1"])
def variants(request):
    """Of a random site of each bound sequence, in the order of the sequences."""
    task = TASKS[request.param]
    simulated = simulate(task, planted_motifs(task), 300, 300, np.random.default_rng(0))
    bound = simulated.sites[simulated.label[simulated.sites["sequence"]] == 1]
    table = site_variants.make_variants(simulated.codes, bound, simulated.motifs, np.random.default_rng(4))
    one_each = table[table["breaks"]].sample(frac=1, random_state=4).drop_duplicates("sequence")["variant"]
    chosen = table[table["variant"].isin(one_each)].sort_values(["breaks", "sequence"], ascending=[False, True])
    sequence, position = chosen["sequence"].to_numpy(), chosen["position"].to_numpy()
    after = site_variants.apply_variants(simulated.codes, chosen)
    return simulated, Found(simulated.codes[sequence], after, sequence, position, chosen["breaks"].to_numpy())


def test_variants_change_one_base_in_pairs_of_the_same_change(variants):
    simulated, found = variants
    changed = found.before != found.after
    assert (changed.sum(axis=1) == 1).all()
    assert (changed.argmax(axis=1) == found.position).all()
    np.testing.assert_array_equal(found.before, simulated.codes[found.sequence])
    half = len(found.position) // 2
    assert half >= 295
    assert found.in_site[:half].all()
    assert not found.in_site[half:].any()
    row = np.arange(2 * half)
    for codes in (found.before, found.after):
        bases = codes[row, found.position]
        np.testing.assert_array_equal(bases[:half], bases[half:])
    assert (simulated.label[found.sequence] == 1).all()
    assert len(np.unique(found.sequence)) == half


def test_variants_break_the_most_informative_base_of_a_site_or_miss_all_sites(variants):
    simulated, found = variants
    motifs = {motif.id: motif for motif in simulated.motifs}
    for after, row, position, in_site in zip(found.after, found.sequence, found.position, found.in_site, strict=True):
        sites = simulated.sites[simulated.sites["sequence"] == row]
        hit = sites[(sites["start"] <= position) & (position < sites["end"])]
        assert len(hit) == in_site
        for site in hit.itertuples():
            pfm = motifs[site.motif].pfm
            word = simulated.codes[row, site.start : site.end]
            changed = after[site.start : site.end]
            if site.strand == "-":
                word, changed = reverse_complement_codes(word), reverse_complement_codes(changed)
            (column,) = np.flatnonzero(word != changed)
            entropy = -(pfm * np.log2(np.maximum(pfm, 1e-300))).sum(axis=1)
            intact = word == pfm.argmax(axis=1)
            assert intact[column]
            assert entropy[column] == entropy[intact].min()
            assert pfm[column, changed[column]] == pfm[column].min()
