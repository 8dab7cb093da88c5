"""Training of one network on one split, reproducible to the byte on one machine."""

import math
import time
from dataclasses import dataclass, replace
from functools import lru_cache

import keras
import numpy as np
import pandas as pd

from .epochs import Epochs, check_finite, epochs_of
from .job import logger
from .models.motif_scanner import SetPenalties, first_settled
from .models.network import Network
from .models.registry import NETWORKS

PREDICTION_BATCH = 128
"""Sequences predicted at once; more would take more memory than training does, and no less time."""


@dataclass(frozen=True)
class Settings:
    """Training settings.

    Attributes
    ----------
    network : str
        A key of :data:`cisformula.models.registry.NETWORKS`.
    filters, width : int or None
        Number and width (bp) of the filters of the first convolution; None takes the network's own.
    epochs : int
        Most epochs to train.
    patience : int
        Epochs without a better validation loss before training stops.
    batch_size : int
    learning_rate : float or None
        None takes the network's own.
    """

    network: str = "contextual_regression_best_site"
    filters: int | None = None
    width: int | None = None
    epochs: int = 100
    patience: int = 10
    batch_size: int = 128
    learning_rate: float | None = None

    def complete(self) -> "Settings":
        """The same settings with the network's own values in place of None."""
        own = NETWORKS[self.network]
        return replace(
            self,
            filters=self.filters or own.filters,
            width=self.width or own.width,
            learning_rate=self.learning_rate or own.learning_rate,
        )


@dataclass(frozen=True)
class Trained:
    """A trained network: the model with the weights of its best epoch, the losses, a prediction for every gene."""

    model: keras.Model
    history: pd.DataFrame
    best_epoch: int
    predictions: np.ndarray


def use_threads(threads: int) -> str:
    """Limit the backend to ``threads`` cores, make it deterministic, and return the device's name for the log."""
    if keras.backend.backend() != "tensorflow":
        return keras.backend.backend()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    gpus = tf.config.list_physical_devices("GPU")
    return f"TensorFlow {tf.__version__} on {gpus[0].name if gpus else f'CPU, {threads} thread(s)'}"


def versions() -> dict[str, str]:
    """Versions of Keras and its backend."""
    backend = keras.backend.backend()
    return {"keras": keras.__version__, backend: __import__(backend).__version__}


class _Progress(keras.callbacks.Callback):
    """Logs the losses and the time left at most every ten seconds and after the first epoch."""

    def on_train_begin(self, logs=None):
        """Start the clock."""
        self.start = self.shown = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        """Say how far training is."""
        now = time.monotonic()
        if epoch and now - self.shown < 10:
            return
        self.shown = now
        left = (now - self.start) / (epoch + 1) * (self.params["epochs"] - epoch - 1)
        logger.info(
            "epoch %d of at most %d: loss %.4f, validation loss %.4f, at most %d s left",
            epoch + 1,
            self.params["epochs"],
            logs["loss"],
            logs["val_loss"],
            round(left),
        )


def _optimizer(network: Network, rate: float, steps: int) -> keras.optimizers.Optimizer:
    """The network's optimizer, whose learning rate follows the network's plan over ``steps`` batches."""
    if network.annealing:
        rise = max(1, steps // 10)
        fall = max(1, steps - rise)
        rate = keras.optimizers.schedules.CosineDecay(rate / 10, fall, warmup_target=rate, warmup_steps=rise)
    return keras.optimizers.SGD(rate, momentum=0.9) if network.optimizer == "sgd" else keras.optimizers.Adam(rate)


def train(codes: np.ndarray, target: np.ndarray, roles: np.ndarray, seed: int, settings: Settings) -> Trained:
    """Train a network on the training genes, stop on the validation genes, predict every gene.

    Parameters
    ----------
    codes : np.ndarray, shape (genes, length), uint8
        Encoded promoters.
    target : np.ndarray, shape (genes,)
        Standardised log expression.
    roles : np.ndarray, shape (genes,), str
        ``train``, ``validation`` or ``test``; test genes are used for nothing but the prediction.
    seed : int
    settings : Settings

    Returns
    -------
    Trained
    """
    network, settings = NETWORKS[settings.network], settings.complete()
    fitted, held_out = roles == "train", roles == "validation"
    batches = math.ceil(fitted.sum() / settings.batch_size)
    planned = max(1, round(network.annealing / batches)) if network.annealing else settings.epochs
    epochs = min(settings.epochs, planned)
    asked = codes.shape[1], settings, epochs * batches if network.annealing else 0
    working, steps = _working(*asked)
    # Names of layers count from one again, whatever this process has trained before.
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(seed)
    model = _compiled(*asked)
    _start(working, model, settings)
    first_watched = first_settled(epochs) if network.penalties else min(network.warm_up, epochs - 1)
    watching = keras.callbacks.CallbackList(
        _callbacks(network, settings, epochs, first_watched), model=working, epochs=epochs
    )
    examples = [(codes[genes], target[genes]) for genes in (fitted, held_out)]
    losses = _fit(steps, *examples, watching, seed)
    losses.insert(0, "epoch", range(1, len(losses) + 1))
    best_epoch = int(losses.loc[first_watched:, "validation_loss"].idxmin()) + 1
    predictions = working.predict(codes, batch_size=PREDICTION_BATCH, verbose=0)[:, 0]
    _copy(working.variables, model.variables)
    return Trained(model, losses, best_epoch, predictions)


def _compiled(length: int, settings: Settings, planned: int) -> keras.Model:
    """A new network; ``planned`` is the number of batches over which its learning rate is annealed, if it is."""
    network = NETWORKS[settings.network]
    model = network.build(length, settings.filters, settings.width)
    model.compile(_optimizer(network, settings.learning_rate, planned), loss="mse")
    return model


@lru_cache(maxsize=1)
def _working(length: int, settings: Settings, planned: int) -> tuple[keras.Model, Epochs]:
    """The network on which a process trains all runs that ask for the same: its graphs take a second or two to make."""
    model = _compiled(length, settings, planned)
    return model, epochs_of(model, settings.batch_size)


def _start(working: keras.Model, new: keras.Model, settings: Settings) -> None:
    """Put a network that may have been trained where a new one starts."""
    _copy(new.variables, working.variables)
    for variable in working.optimizer.variables:
        variable.assign(keras.ops.zeros_like(variable))
    if not NETWORKS[settings.network].annealing:
        working.optimizer.learning_rate = settings.learning_rate
    working.stop_training = False


def _copy(source: list[keras.Variable], target: list[keras.Variable]) -> None:
    for one, other in zip(source, target, strict=True):
        other.assign(one)


def _callbacks(network: Network, settings: Settings, epochs: int, first_watched: int) -> list[keras.callbacks.Callback]:
    """What happens between epochs: progress, early stopping, and the penalties or learning rate of some networks."""
    callbacks = [
        keras.callbacks.EarlyStopping(
            patience=settings.patience, restore_best_weights=True, start_from_epoch=first_watched
        ),
        _Progress(),
    ]
    if network.penalties:
        callbacks.append(SetPenalties(*network.penalties, epochs))
    if network.warm_up and not network.annealing:
        lowest = settings.learning_rate / 100
        callbacks.append(keras.callbacks.ReduceLROnPlateau(factor=1 / 3, patience=4, min_lr=lowest))
    return callbacks


def _fit(
    steps: Epochs,
    fitted: tuple[np.ndarray, np.ndarray],
    held_out: tuple[np.ndarray, np.ndarray],
    watching: keras.callbacks.CallbackList,
    seed: int,
) -> pd.DataFrame:
    """Train until the epochs are over or a callback stops it; columns ``loss`` and ``validation_loss``, a row an epoch.

    Every epoch brings the training genes in another order.
    """
    (codes, target), rng, rows = fitted, np.random.default_rng(seed), []
    watching.on_train_begin()
    for epoch in range(watching.params["epochs"]):
        watching.on_epoch_begin(epoch)
        order = rng.permutation(len(target))
        shown = steps.train(codes[order], target[order])
        check_finite(shown, epoch, place="config: model", fix="lower learning_rate.")
        shown["val_loss"] = steps.validate(*held_out)
        rows.append({"loss": shown["loss"], "validation_loss": shown["val_loss"]})
        watching.on_epoch_end(epoch, shown)
        if watching.model.stop_training:
            break
    watching.on_train_end()
    return pd.DataFrame(rows)
