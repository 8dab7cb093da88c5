"""Train one restart of a network on a binary task; go on where it was killed."""

import json
import platform
from dataclasses import asdict
from functools import partial
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
from cisformula import pwm, training
from cisformula.argminn import fit, restarts
from cisformula.argminn.examples import Examples
from cisformula.argminn.networks import NETWORKS
from cisformula.argminn.peak_source import PeakSource
from cisformula.argminn.task_sequences import TaskSource
from cisformula.argminn.tasks import TASKS
from cisformula.job import logged, logger
from cisformula.models.argminn import Architecture

task, network, restart = (snakemake.wildcards[name] for name in ("task", "classifier", "restart"))
params = dict(snakemake.params.items())
with logged(snakemake.log[0], f"train {network} on {task}, restart {restart}"):
    logger.info("device: %s", training.use_threads(snakemake.threads))
    source_seed, seed = restarts.seeds(params.pop("seed"), int(restart))
    if snakemake.input.train:
        source = PeakSource.load(snakemake.input.train, source_seed)
    else:
        source = TaskSource(TASKS[task], pwm.read_meme(snakemake.input.motifs), source_seed)
    architecture = Architecture(**{name: params.pop(name) for name in Architecture.__dataclass_fields__})
    plan = fit.Plan(**{name: tuple(value) if isinstance(value, list) else value for name, value in params.items()})
    folder = Path(snakemake.output.model).parent
    state = folder.with_name(f"{folder.name}_state")

    build = partial(NETWORKS[network], source.length, architecture)
    fitted = fit.fit(build, source, Examples.load(snakemake.input.validation), seed, plan, state)

    fitted.history.to_csv(snakemake.output.history, sep="\t", index=False, float_format="%.6g")
    fitted.model.save(snakemake.output.model)
    card = {
        "network": network,
        "task": task,
        "restart": int(restart),
        "seed": seed,
        "architecture": asdict(architecture) if network == "argminn" else {},
        "plan": asdict(plan),
        "input": f"uint8 codes of shape (n, {source.length}): A C G T = 0 1 2 3, anything else 4",
        "output": "logit of being bound, shape (n, 1)",
        "trainable_weights": int(sum(np.prod(weight.shape) for weight in fitted.model.trainable_weights)),
        "best_epoch": fitted.best_epoch,
        "validation_loss": fitted.validation_loss,
        "validation_accuracy": float(fitted.history["validation_accuracy"][fitted.best_epoch - 1]),
        "versions": {"python": platform.python_version(), **training.versions()},
    }
    Path(snakemake.output.card).write_text(json.dumps(card, indent=1) + "\n")
    fit.forget(state)
    logger.info("best epoch %d: validation accuracy %.3f", fitted.best_epoch, card["validation_accuracy"])
