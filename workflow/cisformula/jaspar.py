"""The database of known motifs: a JASPAR release by name, or a motif file."""

import re
from pathlib import Path

import numpy as np

from .errors import InputError
from .motif_files import read_motifs
from .pwm import UNIFORM, Motif, MotifFile


def load_database(database: str, taxon: str = "vertebrates") -> MotifFile:
    """Load known motifs.

    Parameters
    ----------
    database : str
        A JASPAR release such as ``JASPAR2022`` (its CORE collection, the latest version of each matrix, as carried by
        pyjaspar), or the path of a motif file in MEME, JASPAR, TRANSFAC or HOMER format.
    taxon : str
        JASPAR's taxonomic group, e.g. ``vertebrates`` or ``fungi``; a motif file is taken whole.

    Returns
    -------
    MotifFile
        For a release, motifs by matrix id: ``id`` the matrix id (``MA0095.3``), ``name`` the factor, ``nsites`` the
        number of sites in the first column of the count matrix.

    Raises
    ------
    InputError
        If there is neither such a release nor such a file, or the taxonomic group is unknown.
    """
    if Path(database).is_file():
        return read_motifs(database)
    motifs = sorted((_motif(record) for record in _records(database, taxon)), key=lambda motif: motif.id)
    return MotifFile(motifs, UNIFORM, True)


def families(database: str, taxon: str = "vertebrates") -> dict[str, str]:
    """Structural family of the factor of each matrix id, as JASPAR gives it; empty for a motif file.

    The partners of a dimer may be of two families, which then stand side by side.
    """
    if Path(database).is_file():
        return {}
    records = _records(database, taxon)
    return {record.matrix_id: "::".join(dict.fromkeys(record.tf_family or [])) for record in records}


def _records(release: str, taxon: str) -> list:
    from pyjaspar import jaspar_releases, jaspardb

    if release not in jaspar_releases:
        raise InputError(
            f"'{release}' is neither a motif file nor a known JASPAR release.",
            place="configuration key motif_database",
            fix=f"give the path of a motif file, or one of {', '.join(sorted(jaspar_releases))}.",
        )
    connection = jaspardb(release=release)
    records = connection.fetch_motifs(collection="CORE", tax_group=[taxon])
    if not records:
        known = connection.conn.execute("SELECT DISTINCT VAL FROM MATRIX_ANNOTATION WHERE TAG = 'tax_group'")
        raise InputError(
            f"{release} has no CORE motifs of the group '{taxon}'.",
            place="configuration key motif_database_taxon",
            fix=f"choose one of {', '.join(sorted(row[0] for row in known))}.",
        )
    return records


def _motif(record) -> Motif:
    """Motif from a Biopython JASPAR record (counts of A, C, G, T per position)."""
    counts = np.array([record.counts[base] for base in "ACGT"], dtype=float).T
    # A blank would end the name in MEME format; older releases have "JUN (var.2)".
    name = re.sub(r"\s+", "", record.name)
    return Motif(record.matrix_id, name, counts / counts.sum(axis=1, keepdims=True), round(counts[0].sum()))
