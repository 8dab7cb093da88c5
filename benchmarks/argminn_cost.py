"""Time and memory of a training step of ARGMINN, as it is and with loops, and against each of its sizes.

    python benchmarks/argminn_cost.py
    KERAS_BACKEND=torch python benchmarks/argminn_cost.py    # on that backend, on a GPU if it sees one

The loops are a straightforward form of the same overlap penalty, written here: one term for each filter and offset,
all in one graph. Both train on the same batch in the same run and agree on the loss. Every size is measured in a
process of its own, on one core unless there is a GPU. Writes benchmarks/results/argminn_cost_{backend}_{device}.tsv
(measurements) and ..._growth.tsv (exponents).
"""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from one_core import ONE_CORE, peak_mb

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
RESULTS = Path(__file__).parent / "results"
BATCH, WARM_UP, STEPS = 128, 2, 6
BASE = {"filters": 8, "width": 10, "layers": 4, "length": 500}
SIZES = {"filters": (4, 8, 16), "width": (5, 10, 20), "layers": (2, 4, 8), "length": (250, 500, 1000)}
STEPS_PER_EPOCH = 100
# oneDNN as in a run, where the library asks for it before TensorFlow is imported.
TENSORFLOW = dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "TF_ENABLE_ONEDNN_OPTS"), "1")
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}


def looped_penalty(activations, kernel, filter_of_track, ignore_silent):
    """:func:`cisformula.models.overlap.overlap_penalty`, filter by filter and offset by offset."""
    from keras import ops

    width, n_tracks, windows = kernel.shape[0], activations.shape[-1], activations.shape[1]
    by_base = ops.sum(ops.abs(kernel), axis=1)
    strongest = ops.argmax(activations, axis=-1)
    filter_here = ops.take(ops.convert_to_tensor(filter_of_track), strongest)
    counted = ops.cast(ops.max(activations, axis=-1) > 0, kernel.dtype) if ignore_silent else 1.0
    total = 0.0
    for track in range(n_tracks):
        other = ops.cast(filter_here != int(filter_of_track[track]), kernel.dtype) * counted
        seen = ops.pad(activations[:, :, track], [[0, 0], [width - 1, width - 1]])
        for offset in range(-width + 1, width):
            mass_here = ops.sum(by_base[max(0, offset) : width + min(0, offset)], axis=0)
            mass_there = ops.sum(by_base[max(0, -offset) : width - max(0, offset), track])
            shifted = seen[:, width - 1 + offset : width - 1 + offset + windows]
            total = total + ops.mean(ops.take(mass_here, strongest) * mass_there * shifted * other)
    return total / (n_tracks * (2 * width - 1)) / ops.sum(ops.abs(kernel))


def device() -> tuple[str, str]:
    """Backend and name of the device that Keras computes on."""
    import keras

    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        return backend, tf.config.experimental.get_device_details(gpus[0])["device_name"] if gpus else "CPU"
    if backend == "torch":
        import torch

        return backend, torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    import jax

    first = jax.devices()[0]
    return backend, "CPU" if first.platform == "cpu" else first.device_kind


def device_memory_gb(backend: str) -> float:
    """Most memory taken on a GPU so far."""
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.config.experimental.get_memory_info("GPU:0")["peak"] / 1e9
    if backend == "torch":
        import torch

        return torch.cuda.max_memory_allocated() / 1e9
    import jax

    return jax.devices()[0].memory_stats()["peak_bytes_in_use"] / 1e9


def measure(penalty: str, sizes: dict[str, int]) -> dict:
    """Train some steps; seconds of the first one, seconds and CPU seconds of a later one, memory, the last loss."""
    import keras

    from cisformula.models import argminn, motif_scanner

    if penalty == "loops":
        motif_scanner.overlap_penalty = looped_penalty
    backend, name = device()
    keras.utils.set_random_seed(1)
    length = sizes.pop("length")
    model = argminn.build(length, replace(argminn.Architecture(), **sizes))
    model.compile(keras.optimizers.Adam(1e-3, global_clipnorm=1.0), loss=keras.losses.BinaryCrossentropy(True))
    scanner = model.get_layer("motifs")
    scanner.overlap_weight.assign(1e4)
    scanner.l1_weight.assign(1e-2)
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 4, (BATCH, length)).astype(np.uint8)
    label = rng.integers(0, 2, (BATCH, 1)).astype(np.float32)
    before = peak_mb()
    seconds = []
    for step in range(WARM_UP + STEPS):
        if step == WARM_UP:
            cpu = time.process_time()
        start = time.perf_counter()
        # train_on_batch hands the loss back as a number, so that a GPU has finished.
        loss = float(model.train_on_batch(codes, label, return_dict=True)["loss"])
        seconds.append(time.perf_counter() - start)
    cpu = (time.process_time() - cpu) / STEPS
    memory = (peak_mb() - before) * 2**20 / 1e9 if name == "CPU" else device_memory_gb(backend)
    return {
        "backend": backend,
        "device": name,
        "first_step_s": seconds[0],
        "step_s": float(np.median(seconds[WARM_UP:])),
        "step_cpu_s": cpu,
        "training_gb": memory,
        "loss": loss,
    }


def exponents(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Slope of log cost against log size, by least squares, along each of the sizes."""
    rows = []
    for size, values in SIZES.items():
        others = [name for name in BASE if name != size]
        along = table[(table["penalty"] == "ours") & (table[others] == pd.Series(BASE)[others]).all(axis=1)]
        slopes = [np.polyfit(np.log(along[size]), np.log(along[name]), 1)[0] for name in (column, "training_gb")]
        rows.append((size, min(values), max(values), *slopes))
    return pd.DataFrame(rows, columns=["size", "from", "to", "time_exponent", "memory_exponent"])


def main() -> None:
    """Measure the default size with both forms, then each size."""
    runs = [("ours", BASE), ("loops", BASE)]
    runs += [
        ("ours", {**BASE, size: value}) for size, values in SIZES.items() for value in values if value != BASE[size]
    ]
    rows = []
    for penalty, sizes in runs:
        command = [sys.executable, __file__, penalty, json.dumps(sizes)]
        environment = {**os.environ, **ONE_CORE, **TENSORFLOW, **QUIET}
        said = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True)
        rows.append({"penalty": penalty, **sizes, **json.loads(said.stdout.splitlines()[-1])})
        print(*(f"{value:.4g}" if isinstance(value, float) else value for value in rows[-1].values()), flush=True)
    table = pd.DataFrame(rows)
    backend, name = table.loc[0, ["backend", "device"]]
    column = "step_cpu_s" if name == "CPU" else "step_s"
    growth = exponents(table, column)
    stem = f"argminn_cost_{backend}_{re.sub('[^a-z0-9]+', '_', name.lower())}"
    table.to_csv(RESULTS / f"{stem}.tsv", sep="\t", index=False, float_format="%.4g")
    growth.to_csv(RESULTS / f"{stem}_growth.tsv", sep="\t", index=False, float_format="%.2f")
    print(growth.to_string(index=False, float_format="%.2f"))
    ours, loops = table.iloc[0], table.iloc[1]
    for what in (column, "first_step_s", "training_gb"):
        ratio = loops[what] / ours[what]
        print(f"{what}: {ours[what]:.3g} ours, {loops[what]:.3g} with loops: {ratio:.1f} times")
    print(f"an epoch of {STEPS_PER_EPOCH} steps: {STEPS_PER_EPOCH * ours[column]:.0f} s on {backend}, {name}")
    if abs(ours["loss"] - loops["loss"]) > 1e-3 * abs(loops["loss"]):
        sys.exit(f"the losses differ: {ours['loss']} and {loops['loss']}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], json.loads(sys.argv[2]))))
    else:
        main()
