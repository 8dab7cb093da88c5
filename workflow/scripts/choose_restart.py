"""Choose the restart of a network that does best on the validation set; what it says of the test set."""

import json
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import training
from cisformula.argminn import fit, restarts
from cisformula.argminn.examples import Examples
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"choose a restart of {snakemake.wildcards.classifier}, {snakemake.wildcards.task}"):
    training.use_threads(snakemake.threads)
    cards = [json.loads(Path(path).read_text()) for path in snakemake.input.cards]
    chosen = restarts.choose(cards)
    shown = ("restart", "validation_loss", "validation_accuracy", "best_epoch")
    record = {"network": chosen["network"], **{name: chosen[name] for name in shown}}
    record["restarts"] = [{name: card[name] for name in shown} for card in cards]
    Path(snakemake.output.chosen).write_text(json.dumps(record, indent=1) + "\n")

    test = Examples.load(snakemake.input.test)
    logit = fit.predict(restarts.load_chosen(snakemake.output.chosen), test.codes)
    table = pd.DataFrame({"label": test.label.astype(int), "logit": logit})
    table.to_csv(snakemake.output.test, sep="\t", index=False, float_format="%.6g")
    logger.info("restart %d, validation loss %.4f", chosen["restart"], chosen["validation_loss"])
