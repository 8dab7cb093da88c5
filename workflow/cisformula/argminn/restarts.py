"""Which of a network's trainings is used: the one that does best on the validation set."""

import json
from pathlib import Path

import keras
import numpy as np

from . import networks  # noqa: F401  (its layers must be known to Keras when a network is loaded)


def seeds(seed: int, restart: int) -> tuple[int, int]:
    """Seeds of a restart: of its training sequences, which all networks share, and of its weights."""
    sequences, weights = np.random.SeedSequence(seed, spawn_key=(restart,)).generate_state(2)
    return int(sequences), int(weights)


def choose(cards: list[dict]) -> dict:
    """The card with the lowest ``validation_loss``; of equals the one with the lowest ``restart``."""
    return min(cards, key=lambda card: (card["validation_loss"], card["restart"]))


def load_chosen(path: str | Path) -> keras.Model:
    """The network that a ``chosen.json`` names, from the folder ``restart_{restart}`` beside that file."""
    restart = json.loads(Path(path).read_text())["restart"]
    return keras.models.load_model(Path(path).parent / f"restart_{restart}" / "model.keras", compile=False)
