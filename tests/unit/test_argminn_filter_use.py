"""Which filters are needed: in networks whose output is a known function of what their filters see."""

import keras
import numpy as np
import pytest
from keras import ops

from cisformula.argminn import filter_use, fit
from cisformula.argminn.examples import Examples
from cisformula.models.bases import bases_input
from cisformula.models.motif_scanner import MotifScanner
from cisformula.sequence import encode, one_hot

WORDS = ("GATAAG", "CACGTG", "TTTTCC")


@pytest.fixture
def network():
    """The logit is 8 less 2 for the first word on either strand; the second is seen, but counts for nothing."""
    codes, bases = bases_input(30)
    scanner = MotifScanner(3, 6, name="motifs")
    highest = ops.max(scanner(bases), axis=1)
    weights = np.array([[8.0], [0.0], [0.0]] * 2, dtype=np.float32)
    model = keras.Model(codes, ops.matmul(highest, weights) - 2)
    scanner.kernel.assign(np.stack([one_hot(encode(word)) for word in WORDS], axis=-1))
    scanner.bias.assign([-5.0, -5.0, -7.0])
    return model


@pytest.fixture
def examples():
    """Of 40 sequences of A, the first 20 hold the first word, every other one the second."""
    codes = np.zeros((40, 30), dtype=np.uint8)
    codes[:20, 4:10] = encode(WORDS[0])
    codes[::2, 20:26] = encode(WORDS[1])
    return Examples(codes, (np.arange(40) < 20).astype(np.float32))


def test_only_the_filter_that_predictions_rest_on_is_needed(network, examples):
    costs = filter_use.silencing_costs(network, examples)
    # Bound sequences have a logit of 6 with their filter and of -2 without; of the unbound ones nothing changes.
    rise = np.where(examples.label == 1, np.log1p(np.exp(2)) - np.log1p(np.exp(-6)), 0)
    half = 1.96 * rise.std(ddof=1) / 40**0.5
    expected = [[rise.mean(), rise.mean() - half, rise.mean() + half], [0, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(costs[["loss_rise", "loss_rise_low", "loss_rise_high"]], expected, atol=1e-6)
    assert filter_use.needed(costs).tolist() == [True, False, False]


def test_a_filter_that_helps_by_chance_is_not_needed(network, examples):
    """The first word is in 15 bound sequences and in 5 unbound ones, of which the network is surer."""
    costs = filter_use.silencing_costs(network, examples._replace(label=(np.arange(40) < 15).astype(np.float32)))
    assert costs["loss_rise"][0] > 0
    assert costs["loss_rise_low"][0] < 0 < costs["loss_rise_high"][0]
    assert not filter_use.needed(costs).any()


def test_afterwards_the_network_is_as_before(network, examples):
    before = fit.predict(network, examples.codes)
    filter_use.silencing_costs(network, examples)
    np.testing.assert_array_equal(fit.predict(network, examples.codes), before)
    with pytest.raises(RuntimeError), network.get_layer("motifs").silenced(0):
        raise RuntimeError
    np.testing.assert_array_equal(fit.predict(network, examples.codes), before)
