"""ARGMINN's network: attention against plain loops, what faithful changes, the schedule of its penalties."""

import keras
import numpy as np
import pytest

from cisformula.models import argminn
from cisformula.models.argminn import Architecture, Attend, complex_product, conjugate, distance_code, position_code
from cisformula.models.motif_scanner import MotifScanner, SetPenalties, scheduled_weight
from cisformula.sequence import reverse_complement_codes


def softmax(scores):
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()


def attention_by_loops(layer, stream, tokens, places):
    """One sequence and one head at a time; distances as turns of complex numbers."""
    query = stream @ layer.query.kernel.numpy() + layer.query.bias.numpy()
    value, bias = layer.value.numpy(), layer.value_bias.numpy()
    matched, width = (layer.value if layer.by_value else layer.key).numpy(), value.shape[2]
    code = distance_code(tokens.shape[1])
    half = code.shape[1] // 2
    turns = code[:, half:] + 1j * code[:, :half]
    maps, seen = [], []
    for sequence in range(len(stream)):
        heads = []
        for head in range(layer.heads):
            own = query[sequence, head * width : (head + 1) * width]
            scores = np.array([own @ (token @ matched[:, head]) / width**0.5 for token in tokens[sequence]])
            if layer.relative:
                start = places[sequence, head, half:] + 1j * places[sequence, head, :half]
                wanted = stream[sequence] @ layer.distance.kernel.numpy() + layer.distance.bias.numpy()
                wanted = wanted.reshape(layer.heads, 2 * half)[head]
                away = turns * start.conj()
                scores += (away.real * wanted[half:] + away.imag * wanted[:half]).sum(axis=1)
            weights = softmax(scores)
            maps.append(weights)
            heads.append(weights @ (tokens[sequence] @ value[:, head] + bias[head]))
            if layer.relative:
                heads[-1] = np.concatenate([heads[-1], weights @ away.imag, weights @ away.real])
        seen.append(np.concatenate(heads) @ layer.output_map.kernel.numpy() + layer.output_map.bias.numpy())
    return np.array(seen), np.array(maps).reshape(len(stream), layer.heads, -1)


@pytest.mark.parametrize(("by_value", "relative"), [(False, False), (True, False), (False, True)])
def test_attention_is_that_of_plain_loops(by_value, relative):
    rng = np.random.default_rng(1)
    stream, tokens = rng.normal(size=(3, 128)).astype("f4"), rng.normal(size=(3, 7, 32)).astype("f4")
    places = rng.normal(size=(3, 4, distance_code(7).shape[1])).astype("f4")
    layer = Attend(4, by_value=by_value, relative=relative)
    layer([stream, tokens, places] if relative else [stream, tokens])
    if relative:
        layer.distance.kernel.assign(rng.normal(size=layer.distance.kernel.shape) / 30)
    seen, attention, looked_at = layer([stream, tokens, places] if relative else [stream, tokens])
    wanted_seen, wanted = attention_by_loops(layer, stream, tokens, places)
    np.testing.assert_allclose(attention, wanted, atol=1e-5)
    np.testing.assert_allclose(seen, wanted_seen, atol=1e-4)
    np.testing.assert_allclose(looked_at, wanted @ distance_code(7), atol=1e-5)
    assert any("key" in weight.path for weight in layer.weights) is not by_value


def test_what_a_query_asks_of_distances_does_not_hang_on_where_a_pair_lies():
    code = distance_code(60)
    away = complex_product(code[17], conjugate(code[12]))
    np.testing.assert_allclose(away, complex_product(code[45], conjugate(code[40])), atol=1e-5)
    np.testing.assert_allclose(away, code[5], atol=1e-5)
    asked = np.random.default_rng(6).normal(size=code.shape[1]).astype("f4")
    first, second = (np.dot(complex_product(asked, code[start]), code[start + 5]) for start in (3, 31))
    np.testing.assert_allclose(first, second, rtol=1e-4)


def test_one_distance_is_told_from_the_next_as_easily_as_from_one_far_off():
    code = distance_code(100)
    fine = argminn.FINE_FREQUENCIES
    halves = code.shape[1] // 2
    fine_code = np.concatenate([code[:, :fine], code[:, halves : halves + fine]], axis=1)
    alike = fine_code[20] @ fine_code[:80].T
    np.testing.assert_allclose(alike, fine * (np.arange(80) == 20), atol=1e-4)


def test_positions_are_told_by_sines_and_cosines():
    code = position_code(50)
    assert code.shape == (50, 16)
    np.testing.assert_allclose(code[7, 2], np.sin(7 / 1e4 ** (4 / 16)), rtol=1e-6)
    np.testing.assert_allclose(code[7, 10], np.cos(7 / 1e4 ** (4 / 16)), rtol=1e-6)
    # What the network can use: the code of a position a fixed gap away is a fixed linear map of this one's.
    turn = np.linalg.lstsq(code[:-5], code[5:], rcond=None)[0]
    np.testing.assert_allclose(code[:-5] @ turn, code[5:], atol=1e-4)


def test_activations_are_scores_above_the_bias_on_either_strand():
    rng = np.random.default_rng(2)
    model = argminn.build(30, Architecture(filters=3, width=5, layers=2))
    scanner = model.get_layer("motifs")
    bias = np.array([0.1, -0.2, 0], "f4")
    scanner.bias.assign(bias)
    kernel = scanner.kernel.numpy()
    codes = rng.integers(0, 5, (4, 30)).astype(np.uint8)
    found = argminn.read(argminn.reader(model), codes)
    assert found.activations.shape == (4, 26, 3, 2)
    assert found.attention.shape == (4, 2, 4, 26)
    one_hot = np.eye(5)[codes][..., :4]
    windows = np.stack([one_hot[:, start : start + 5] for start in range(26)], axis=1)
    forward = np.einsum("nibc,bcf->nif", windows, kernel)
    reverse = np.einsum("nibc,bcf->nif", windows, kernel[::-1, ::-1])
    np.testing.assert_allclose(found.activations[..., 0], np.maximum(forward + bias, 0), atol=1e-5)
    np.testing.assert_allclose(found.activations[..., 1], np.maximum(reverse + bias, 0), atol=1e-5)
    np.testing.assert_allclose(found.attention.sum(axis=-1), 1, atol=1e-5)
    np.testing.assert_allclose(found.output, model.predict(codes, verbose=0)[:, 0], atol=1e-5)


def test_a_sequence_and_its_reverse_complement_show_the_same_sites():
    codes = np.random.default_rng(3).integers(0, 4, (5, 40)).astype(np.uint8)
    turned = np.stack([reverse_complement_codes(sequence) for sequence in codes])
    reader = argminn.reader(argminn.build(40, Architecture(filters=4, width=6, layers=1)))
    there, back = argminn.read(reader, codes).activations, argminn.read(reader, turned).activations
    np.testing.assert_allclose(there[:, ::-1, :, ::-1], back, atol=1e-5)


def test_a_faithful_network_scans_one_strand_and_has_no_keys():
    faithful = argminn.build(30, Architecture(filters=3, width=5, layers=2, faithful=True))
    assert faithful.get_layer("motifs").output.shape == (None, 26, 3)
    assert not any("key" in weight.path or "distance" in weight.path for weight in faithful.weights)
    assert argminn.read(argminn.reader(faithful), np.zeros((1, 30), np.uint8)).activations.shape == (1, 26, 3, 1)


def test_penalties_wait_rise_exponentially_and_stay():
    weights = [scheduled_weight(1, 1e4, epoch, 40) for epoch in range(40)]
    assert weights[:10] == [0] * 10
    assert weights[10] == 1
    assert weights[20] == pytest.approx(1e2)
    assert weights[30:] == pytest.approx([1e4] * 10)


def test_penalties_enter_the_loss_in_training_alone_and_are_shown():
    keras.utils.set_random_seed(4)
    model = argminn.build(30, Architecture(filters=3, width=5, layers=1))
    model.compile("sgd", "mse")
    model.optimizer.learning_rate = 0.0
    codes, target = np.random.default_rng(4).integers(0, 4, (8, 30)).astype(np.uint8), np.zeros((8, 1))
    scanner = model.get_layer("motifs")
    size = np.abs(scanner.kernel.numpy()).sum()
    plan = [SetPenalties((2.0, 2.0), (0.5, 0.5), 4)]
    shown = model.fit(codes, target, epochs=2, batch_size=8, verbose=0, callbacks=plan).history
    assert shown["l1"] == pytest.approx([0, 0.5 * size])
    assert shown["overlap"][0] == 0 < shown["overlap"][1]
    assert shown["loss"][1] - shown["l1"][1] - shown["overlap"][1] == pytest.approx(shown["loss"][0], rel=1e-5)
    bare = np.mean(model.predict(codes, verbose=0) ** 2)
    assert model.evaluate(codes, target, verbose=0, return_dict=True)["loss"] == pytest.approx(bare, rel=1e-5)


def test_a_saved_network_is_read_as_before(tmp_path):
    model = argminn.build(30, Architecture(filters=3, width=5, layers=2, faithful=True))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", compile=False)
    codes = np.random.default_rng(5).integers(0, 4, (6, 30)).astype(np.uint8)
    ours, theirs = (argminn.read(argminn.reader(network), codes) for network in (model, again))
    for name in ours._fields:
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
    assert isinstance(again.get_layer("motifs"), MotifScanner)
