"""Hits of the real FIMO, the motifs and the sequences they belong to."""

import gzip
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from cisformula.pwm import Motif, read_meme
from cisformula.sequence import encode

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))


class Reference(NamedTuple):
    """Rows as printed, of the motifs whose name no other has: those of one name cannot be told apart in the table."""

    rows: pd.DataFrame
    motifs: list[Motif]
    codes: np.ndarray
    sequence_names: list[str]


def read_reference() -> Reference:
    """The reference, or a skipped test where the development data are not."""
    folder = DATA / "reference"
    if not folder.is_dir():
        pytest.skip(f"no development data at {DATA} (set CISFORMULA_DATA)")
    motifs = read_meme(DATA / "paper" / "JASPAR2022_CORE_vertebrates_nonredundant.meme.gz")
    names = pd.Series([motif.name for motif in motifs])
    unique = [motif for motif in motifs if (names == motif.name).sum() == 1]
    with gzip.open(folder / "fimo_sequences_100x3kb.fa.gz", "rt") as handle:
        lines = handle.read().split()
    path = folder / "fimo_5.5.8_first20_uniform_bg_1e-4.tsv.gz"
    rows = pd.read_csv(path, sep="\t", comment="#", dtype={"score": str, "p-value": str})
    rows = rows[rows["motif_id"].isin([motif.name for motif in unique])]
    codes = np.stack([encode(sequence) for sequence in lines[1:40:2]])
    return Reference(rows, unique, codes, [header[1:] for header in lines[0:40:2]])
