"""Every network for binary tasks by name: ARGMINN, and those it is compared with."""

from collections.abc import Callable

import keras

from ..models import argminn
from ..models.argminn import Architecture
from .peers import cnn, explainn

Build = Callable[[int, Architecture], keras.Model]
"""From the length of the sequences (bp) and what the user asks of ARGMINN, which no other network heeds, to the
untrained network: codes (batch, length) uint8 to a logit (batch, 1)."""

NETWORKS: dict[str, Build] = {
    "argminn": argminn.build,
    "cnn": lambda length, architecture: cnn.build(length, penalised=False),
    "cnn_overlap": lambda length, architecture: cnn.build(length, penalised=True),
    "explainn": lambda length, architecture: explainn.build(length),
}
PEERS = tuple(name for name in NETWORKS if name != "argminn")
