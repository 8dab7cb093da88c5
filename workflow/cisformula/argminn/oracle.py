"""The best any classifier could do on a simulated task: the likelihood ratio under the model that made the sequences.

The likelihood of a sequence sums over the configurations of a label, the gaps, the strands of sites, the places that
the jitter allows and both strands of the sequence (:mod:`cisformula.argminn.task_sequences`). One effect is left out:
background that matches a planted motif is drawn again, so that a match where none was planted is rarer than the model
says. That touches up to 7 % of the sequences (TAL1_GATA1); a ratio that knew of it was no more accurate, and its auROC
at most 0.0003 higher.
"""

import numpy as np

from ..job import progress
from ..pwm import Motif
from ..sequence import reverse_complement_codes
from .tasks import Configuration, Gap, Task

ROWS = 256
"""Sequences worked on at once."""
LEAST = 1e-300
"""Likelihood of what cannot be, so that logarithms stay finite."""


def log_likelihood_ratio(codes: np.ndarray, task: Task, motifs: list[Motif], gc: float = 0.5) -> np.ndarray:
    """Natural logarithm of P(sequence | bound) / P(sequence | unbound).

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
        An unknown base says nothing.
    task : Task
    motifs : list of Motif
        From :func:`cisformula.argminn.tasks.planted_motifs`.
    gc : float
        GC content of the background.

    Returns
    -------
    np.ndarray, shape (sequences,)
    """
    odds = {motif.id: _odds_tables(motif, gc) for motif in motifs}
    groups = [codes[first : first + ROWS] for first in range(0, len(codes), ROWS)]
    ratios = [_ratio(group, task, odds) for group in progress(groups, len(groups), "groups of sequences weighed")]
    return np.concatenate([np.empty(0), *ratios])


def _odds_tables(motif: Motif, gc: float) -> dict[str, np.ndarray]:
    """Probability of each base at each position of a site on either strand, over that in background; (width, 5)."""
    base = np.array([1 - gc, gc, gc, 1 - gc]) / 2
    strands = {"+": motif.pfm, "-": motif.pfm[::-1, ::-1]}
    return {strand: np.column_stack([pfm / base, np.ones(motif.width)]) for strand, pfm in strands.items()}


def _ratio(codes: np.ndarray, task: Task, odds: dict[str, dict[str, np.ndarray]]) -> np.ndarray:
    likelihood = np.zeros((2, len(codes)))
    for turned in (codes, reverse_complement_codes(codes)):
        scans = _Scans(turned, odds)
        for label in (0, 1):
            for configuration in task.configurations(label):
                likelihood[label] += configuration.weight / 2 * over_background(configuration, scans, task.jitter)
    unbound, bound = np.log(np.maximum(likelihood, LEAST))
    return bound - unbound


class _Scans:
    """Odds of a site of each motif at each position of some sequences, computed when first asked for.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    odds : dict of str to dict of str to np.ndarray
        By motif and strand, from :func:`_odds_tables`.
    """

    def __init__(self, codes: np.ndarray, odds: dict[str, dict[str, np.ndarray]]):
        self.codes, self.odds = codes, odds
        self._found: dict[tuple[str, str], np.ndarray] = {}

    def width(self, motif: str) -> int:
        """Bases of a site."""
        return len(self.odds[motif]["+"])

    def __call__(self, motif: str, strand: str) -> np.ndarray:
        """Probability of the window that starts at each position if it is a site, over that in background.

        Shape (sequences, length); windows that reach over the end have odds 0. Strand ``?`` is the mean of both.
        """
        if (motif, strand) not in self._found:
            if strand == "?":
                found = (self(motif, "+") + self(motif, "-")) / 2
            else:
                table = self.odds[motif][strand]
                n_windows = self.codes.shape[1] - len(table) + 1
                found = np.zeros(self.codes.shape)
                found[:, :n_windows] = 1.0
                for place, column in enumerate(table):
                    found[:, :n_windows] *= column[self.codes[:, place : place + n_windows]]
            self._found[motif, strand] = found
        return self._found[motif, strand]


def over_background(configuration: Configuration, scans: _Scans, jitter: int) -> np.ndarray:
    """Likelihood of sequences with a configuration on the strand as it reads, over that of background alone.

    The sites are added one by one. After each, ``paths`` holds for every first base and every length so far the sum,
    over the gaps that give that length, of their probability times the odds of the sites.

    Parameters
    ----------
    configuration : Configuration
    scans : _Scans
    jitter : int

    Returns
    -------
    np.ndarray, shape (sequences,)
    """
    n_sequences, length = scans.codes.shape
    if not configuration.motifs:
        return np.ones(n_sequences)
    widths = [scans.width(motif) for motif in configuration.motifs]
    shortest = sum(widths) + sum(min(gap) for gap in configuration.gaps)
    longest = sum(widths) + sum(max(gap) for gap in configuration.gaps)
    middle = length // 2
    starts = np.arange(middle - jitter - longest // 2, middle + jitter - shortest // 2 + 1)
    sites = list(zip(configuration.motifs, configuration.strands, strict=True))
    paths = scans(*sites[0])[:, starts, None]
    reached = np.array([widths[0]])
    for gap, site, width in zip(configuration.gaps, sites[1:], widths[1:], strict=True):
        paths = paths @ _gap_matrix(gap, paths.shape[2])
        reached = np.arange(reached[0] + min(gap), reached[-1] + max(gap) + 1)
        # The window may start past the last base only where the jitter does not allow it.
        at = np.minimum(starts[:, None] + reached, length - 1)
        paths *= scans(*site)[:, at]
        reached = reached + width
    allowed = np.abs(starts[:, None] + reached // 2 - middle) <= jitter
    return np.einsum("nsl,sl->n", paths, allowed / (2 * jitter + 1))


def _gap_matrix(gap: Gap, n_lengths: int) -> np.ndarray:
    """Probability of each length after a gap (columns) for each length before it (rows), both without holes."""
    first = min(gap)
    matrix = np.zeros((n_lengths, n_lengths + max(gap) - first))
    for bases, probability in gap.items():
        before = np.arange(n_lengths)
        matrix[before, before + bases - first] = probability
    return matrix
