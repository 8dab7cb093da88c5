"""Chromosomes for training, validation and test, as named or by their size."""

from collections.abc import Mapping

from ..errors import InputError
from ..genome import match_names

SETS = ("train", "validation", "test")
HELD_OUT = 0.1
"""Share of the genome that a chromosome held out by default should come close to."""


def split_chromosomes(
    lengths: Mapping[str, int], test: list[str] | None, validation: list[str] | None
) -> dict[str, str]:
    """Set of each chromosome.

    Parameters
    ----------
    lengths : Mapping
        Bases of each chromosome that holds peaks.
    test, validation : list of str or None
        Names (``chr1`` and ``1`` are the same). None takes the chromosome whose length comes closest to a tenth of all,
        of those that the other set does not name, first for the test.

    Returns
    -------
    dict of str to str
        ``train``, ``validation`` or ``test``.

    Raises
    ------
    InputError
        A chromosome is in both sets or holds no peaks, or a set has no chromosome.
    """
    sets: dict[str, str] = {}
    for name, wanted in (("test", test), ("validation", validation)):
        known = match_names(wanted or [], lengths)
        if missing := [chrom for chrom in wanted or [] if chrom not in known]:
            raise InputError(
                f"chromosome {missing[0]} of the {name} set holds no peaks.",
                place="configuration section argminn",
                fix=f"choose from {', '.join(list(lengths)[:10])}.",
            )
        for chrom in known.values():
            if sets.setdefault(chrom, name) != name:
                raise InputError(
                    f"chromosome {chrom} is both in the test and in the validation set.",
                    place="configuration section argminn",
                    fix="name it once.",
                )
    share = HELD_OUT * sum(lengths.values())
    for name, wanted in (("test", test), ("validation", validation)):
        free = [chrom for chrom in lengths if chrom not in sets]
        if not wanted and free:
            sets[min(free, key=lambda chrom: abs(lengths[chrom] - share))] = name
    split = {chrom: sets.get(chrom, "train") for chrom in lengths}
    if set(split.values()) != set(SETS):
        raise InputError(
            f"{len(lengths)} chromosomes with peaks do not suffice for the sets {', '.join(SETS)}.",
            place="peaks",
            fix="give peaks on at least three chromosomes, and leave some of them for training.",
        )
    return split
