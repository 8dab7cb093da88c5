"""Hashes of the files of a run, to compare it with another."""

import hashlib
from pathlib import Path

VARIES = ("benchmarks", "logs", "model.keras")
"""What two equal runs may differ in: run times, time stamps, and the date that Keras writes into its files.

The layout solver of matplotlib leaves noise of about 1e-6 pt in the coordinates of a PDF; the PNG must be the same.
"""


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder that two equal runs have in common, by its path there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    kept = [path for path in files if path.suffix != ".pdf" and not any(word in path.parts for word in VARIES)]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}
