"""Training of a network on a binary task: new sequences every epoch, the choice on validation alone, resumable."""

import json
import math
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from keras import ops

from ..epochs import check_finite, epochs_of
from ..job import logger
from ..models.motif_scanner import BEGIN, SetPenalties, first_settled
from ..sequence import decode
from .examples import Examples, Source
from .word_seeds import begin_at_words

CLIP_NORM = 1.0
PREDICTION_BATCH = 256
LOG_EVERY = 10
"""Seconds between two lines of the log."""


@dataclass(frozen=True)
class Plan:
    """How long and how a network is trained.

    Attributes
    ----------
    epochs, batches, batch_size : int
        ``batches`` per epoch.
    learning_rate : tuple of float
        First and last. It falls, exponentially, from where the penalties begin: they make filters so small that steps
        as large as the first ones throw them back and forth.
    overlap_weight, l1_weight : tuple of float
        First and last weight of the penalties of a network that has a motif scanner, see
        :func:`cisformula.models.motif_scanner.scheduled_weight`.
    seeded : bool
        Whether filters begin at over-represented words, see :mod:`cisformula.argminn.word_seeds`.
    """

    epochs: int = 40
    batches: int = 100
    batch_size: int = 128
    learning_rate: tuple[float, float] = (1e-3, 2e-4)
    overlap_weight: tuple[float, float] = (10**0.5, 1e4)
    l1_weight: tuple[float, float] = (1e-3, 3e-3)
    seeded: bool = True

    def rate(self, epoch: int) -> float:
        """Learning rate in an epoch, counted from 0."""
        first, last = self.learning_rate
        begin = BEGIN * self.epochs
        return first * (last / first) ** max(0.0, (epoch - begin) / (self.epochs - begin))

    @property
    def first_chosen(self) -> int:
        """First epoch, from 0, that may be chosen."""
        return first_settled(self.epochs)


@dataclass(frozen=True)
class Fitted:
    """A trained network with the weights of its best epoch.

    Attributes
    ----------
    model : keras.Model
    history : pd.DataFrame
        One row per epoch: ``epoch`` (from 1), each term of the training loss, ``validation_loss`` (cross-entropy alone)
        and ``validation_accuracy``.
    best_epoch : int
        From 1.
    """

    model: keras.Model
    history: pd.DataFrame
    best_epoch: int

    @property
    def validation_loss(self) -> float:
        """Cross-entropy on the validation set at the best epoch."""
        return float(self.history["validation_loss"][self.best_epoch - 1])


def fit(
    build: Callable[[], keras.Model], source: Source, validation: Examples, seed: int, plan: Plan, state: Path
) -> Fitted:
    """Train, keep the weights of the epoch with the lowest validation loss among the last, resume where it was killed.

    Parameters
    ----------
    build : callable
        Gives the untrained network, from codes (batch, length) uint8 to a logit (batch, 1).
    source : Source
    validation : Examples
        Decides which epoch is taken; nothing else does.
    seed : int
    plan : Plan
    state : Path
        Folder that holds the state between epochs; removed by :func:`forget`.

    Raises
    ------
    InputError
        If the loss is no longer a number.
    """
    keras.utils.set_random_seed(seed)
    model = build()
    optimizer = keras.optimizers.Adam(plan.rate(0), global_clipnorm=CLIP_NORM)
    model.compile(optimizer, loss=keras.losses.BinaryCrossentropy(from_logits=True))
    optimizer.build(model.trainable_variables)
    steps, penalties = epochs_of(model, plan.batch_size), _penalties(model, plan)
    progress = _State(state, plan, seed, model)
    rows = progress.restore(model)
    if plan.seeded and not rows:
        words = begin_at_words(model, source, seed)
        logger.info("filters begin at the words %s", ", ".join(map(decode, words)) or "of chance")
    log = _Log(plan.epochs, len(rows))
    for epoch in range(len(rows), plan.epochs):
        examples = source.epoch(epoch, plan.batches * plan.batch_size)
        optimizer.learning_rate.assign(plan.rate(epoch))
        penalties.on_epoch_begin(epoch)
        terms = steps.train(examples.codes, examples.label)
        check_finite(terms, epoch, place="config: argminn", fix="lower learning_rate or the penalties' weights.")
        loss, accuracy = validate(model, validation)
        rows.append({"epoch": epoch + 1, **terms, "validation_loss": loss, "validation_accuracy": accuracy})
        best = best_epoch(rows, plan.first_chosen)
        progress.save(model, rows, is_best=best == epoch)
        log.show(rows[-1])
    model.load_weights(progress.best)
    return Fitted(model, pd.DataFrame(rows), best_epoch(rows, plan.first_chosen) + 1)


def best_epoch(rows: list[dict[str, float]], first: int) -> int:
    """Epoch, from 0, with the lowest validation loss from ``first`` on; the last one if there is none yet."""
    losses = [row["validation_loss"] for row in rows[first:]]
    return first + int(np.argmin(losses)) if losses else len(rows) - 1


def validate(model: keras.Model, examples: Examples) -> tuple[float, float]:
    """Mean cross-entropy in nats, without penalties, and accuracy."""
    logit = predict(model, examples.codes)
    loss = cross_entropy(logit, examples.label).mean()
    return float(loss), float(((logit > 0) == (examples.label == 1)).mean())


def cross_entropy(logit: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Cross-entropy of each sequence in nats; all arrays have shape (sequences,)."""
    return np.logaddexp(0, np.where(label == 1, -logit, logit))


def predict(model: keras.Model, codes: np.ndarray) -> np.ndarray:
    """Logits, shape (sequences,), float32."""
    return model.predict(codes, batch_size=PREDICTION_BATCH, verbose=0)[:, 0]


def forget(state: Path) -> None:
    """Remove the state of a training that is done."""
    shutil.rmtree(state, ignore_errors=True)


def _penalties(model: keras.Model, plan: Plan) -> keras.callbacks.CallbackList:
    """What sets the weights of the penalties before each epoch, where the network has any."""
    has_scanner = any(hasattr(layer, "overlap_weight") for layer in model.layers)
    setting = [SetPenalties(plan.overlap_weight, plan.l1_weight, plan.epochs)] if has_scanner else []
    return keras.callbacks.CallbackList(setting, model=model)


class _State:
    """What is kept of a training on disk after every epoch, each file replaced as a whole."""

    def __init__(self, folder: Path, plan: Plan, seed: int, model: keras.Model):
        self.folder, self.best = Path(folder), Path(folder) / "best.weights.h5"
        shapes = [list(variable.shape) for variable in _variables(model)]
        self.asked = {"plan": json.loads(json.dumps(asdict(plan))), "seed": seed, "shapes": shapes}
        self.folder.mkdir(parents=True, exist_ok=True)

    def restore(self, model: keras.Model) -> list[dict[str, float]]:
        """Put the model where the last finished epoch left it; the rows of its history."""
        log = self.folder / "state.json"
        if not log.exists():
            return []
        kept = json.loads(log.read_text())
        if kept["asked"] != self.asked:
            return []
        variables = _variables(model)
        with np.load(self.folder / kept["variables"]) as arrays:
            for number, variable in enumerate(variables):
                variable.assign(arrays[str(number)])
        logger.info("resumed after epoch %d", len(kept["rows"]))
        return kept["rows"]

    def save(self, model: keras.Model, rows: list[dict[str, float]], is_best: bool) -> None:
        """Write the state after an epoch: the record of it last, so that a kill leaves the state before it."""
        if is_best:
            model.save_weights(self.folder / "new.weights.h5")
            os.replace(self.folder / "new.weights.h5", self.best)
        name = f"epoch_{len(rows)}.npz"
        arrays = {str(number): ops.convert_to_numpy(value) for number, value in enumerate(_variables(model))}
        np.savez(self.folder / name, **arrays)
        record = self.folder / "state.json.new"
        record.write_text(json.dumps({"asked": self.asked, "rows": rows, "variables": name}))
        os.replace(record, self.folder / "state.json")
        (self.folder / f"epoch_{len(rows) - 1}.npz").unlink(missing_ok=True)


def _variables(model: keras.Model) -> list:
    """All that training changes: weights, counters of random numbers, the optimiser's moments."""
    return [*model.variables, *model.optimizer.variables]


class _Log:
    """One line every :data:`LOG_EVERY` seconds: how far, each term of the loss, how long left."""

    def __init__(self, epochs: int, done: int):
        self.epochs, self.first, self.start, self.shown = epochs, done, time.monotonic(), -math.inf

    def show(self, row: dict[str, float]) -> None:
        now, epoch = time.monotonic(), row["epoch"]
        if now - self.shown < LOG_EVERY and epoch < self.epochs:
            return
        self.shown = now
        left = (now - self.start) / (epoch - self.first) * (self.epochs - epoch)
        terms = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in row.items() if name != "epoch")
        logger.info("epoch %d of %d: %s; %d s left", epoch, self.epochs, terms, round(left))
