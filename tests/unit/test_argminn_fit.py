"""Training on binary tasks: what is learnt, which epoch is taken, and going on after a kill."""

import numpy as np
import pytest

from cisformula.argminn import fit
from cisformula.argminn.examples import Examples
from cisformula.argminn.fit import Plan, best_epoch
from cisformula.errors import InputError
from cisformula.models import argminn
from cisformula.models.argminn import Architecture
from cisformula.sequence import encode

WORD = encode("TGACTCAT")
PLAN = Plan(
    epochs=8,
    batches=32,
    batch_size=64,
    learning_rate=(0.01, 0.001),
    overlap_weight=(1.0, 10.0),
    l1_weight=(1e-4, 1e-3),
)


class Words:
    """A word in half of the sequences."""

    length = 40

    def epoch(self, number, size):
        rng = np.random.default_rng(number)
        codes = rng.integers(0, 4, (size, self.length)).astype(np.uint8)
        label = (np.arange(size) % 2).astype(np.float32)
        for row in np.flatnonzero(label):
            start = rng.integers(0, self.length - len(WORD))
            codes[row, start : start + len(WORD)] = WORD
        return Examples(codes, label)


class KilledError(Exception):
    pass


class KilledAfter(Words):
    """Ends the training where epoch ``last`` would begin."""

    def __init__(self, last):
        self.last = last

    def epoch(self, number, size):
        if number == self.last:
            raise KilledError
        return super().epoch(number, size)


def build():
    return argminn.build(Words.length, Architecture(filters=4, width=8, layers=2))


def wider():
    return argminn.build(Words.length, Architecture(filters=5, width=8, layers=2))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    state = tmp_path_factory.mktemp("whole")
    return fit.fit(build, Words(), Words().epoch(99, 400), 3, PLAN, state), state


def test_a_planted_word_is_learnt_and_the_loss_is_shown_by_terms(trained):
    fitted, _ = trained
    _, accuracy = fit.validate(fitted.model, Words().epoch(98, 1000))
    assert accuracy > 0.95
    assert list(fitted.history["epoch"]) == list(range(1, 9))
    assert {"loss", "overlap", "l1", "validation_loss", "validation_accuracy"} < set(fitted.history)
    assert (fitted.history["l1"][:2] == 0).all()
    assert (fitted.history["l1"][2:] > 0).all()


def test_the_learning_rate_falls_from_where_the_penalties_begin():
    plan = Plan(epochs=40, learning_rate=(1e-3, 1e-5))
    assert [plan.rate(epoch) for epoch in (0, 10)] == [1e-3, 1e-3]
    assert [plan.rate(epoch) for epoch in (25, 40)] == pytest.approx([1e-4, 1e-5])


def test_the_chosen_epoch_is_the_best_of_the_last_and_its_weights_are_kept(trained):
    fitted, _ = trained
    losses = fitted.history["validation_loss"]
    assert PLAN.first_chosen == 6
    assert fitted.best_epoch == losses[6:].idxmin() + 1
    loss, _ = fit.validate(fitted.model, Words().epoch(99, 400))
    assert loss == pytest.approx(losses[fitted.best_epoch - 1], abs=1e-6)
    assert fitted.validation_loss == losses[fitted.best_epoch - 1]


def test_a_killed_training_goes_on_to_the_same_bytes(trained, tmp_path):
    fitted, _ = trained
    with pytest.raises(KilledError):
        fit.fit(build, KilledAfter(5), Words().epoch(99, 400), 3, PLAN, tmp_path)
    assert (tmp_path / "epoch_5.npz").exists()
    again = fit.fit(build, Words(), Words().epoch(99, 400), 3, PLAN, tmp_path)
    for ours, theirs in zip(fitted.model.get_weights(), again.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert fitted.history.equals(again.history)
    fit.forget(tmp_path)
    assert not tmp_path.exists()


def test_the_state_of_another_training_is_not_taken_up(trained, tmp_path):
    with pytest.raises(KilledError):
        fit.fit(build, KilledAfter(1), Words().epoch(99, 400), 3, PLAN, tmp_path)
    with pytest.raises(KilledError):
        fit.fit(build, KilledAfter(0), Words().epoch(99, 400), 4, PLAN, tmp_path)


def test_the_state_of_another_network_is_not_taken_up(tmp_path):
    with pytest.raises(KilledError):
        fit.fit(build, KilledAfter(1), Words().epoch(99, 400), 3, PLAN, tmp_path)
    with pytest.raises(KilledError):
        fit.fit(wider, KilledAfter(0), Words().epoch(99, 400), 3, PLAN, tmp_path)


def test_only_epochs_whose_penalties_are_done_rising_compete():
    losses = [0.1, 0.5, 0.4, 0.3, 0.35, 0.3]
    rows = [{"validation_loss": loss} for loss in losses]
    assert best_epoch(rows[:2], 3) == 1
    assert best_epoch(rows, 3) == 3


def test_a_loss_that_is_no_number_ends_the_training(tmp_path):
    wild = Plan(epochs=2, batches=3, batch_size=8, learning_rate=(float("nan"), 1.0))
    with pytest.raises(InputError, match="no longer a number in epoch 1"):
        fit.fit(build, Words(), Words().epoch(99, 40), 3, wild, tmp_path)


def test_cross_entropy_and_accuracy_are_those_of_their_definitions():
    model = build()
    examples = Words().epoch(1, 50)
    probability = 1 / (1 + np.exp(-fit.predict(model, examples.codes).astype(float)))
    wanted = -np.log(np.where(examples.label == 1, probability, 1 - probability)).mean()
    loss, accuracy = fit.validate(model, examples)
    assert loss == pytest.approx(wanted, rel=1e-5)
    assert accuracy == ((probability > 0.5) == (examples.label == 1)).mean()
