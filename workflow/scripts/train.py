"""Train one run of a network and predict every gene with it."""

import json
import platform

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import gene_table, performance, splits, training
from cisformula.job import logged, logger
from cisformula.models.network import motif_filters
from cisformula.models.registry import NETWORKS, main_network

run, scheme = int(snakemake.wildcards.run), snakemake.wildcards.scheme
params = dict(snakemake.params.items())
network = snakemake.wildcards.get("network") or main_network(params.pop("name"), params.pop("variant"))
with logged(snakemake.log[0], f"train {network}, {scheme}, run {run}"):
    logger.info("device: %s", training.use_threads(snakemake.threads))
    genes = gene_table.read(snakemake.input.genes)
    folds = pd.read_csv(snakemake.input.folds, sep="\t")["fold"].to_numpy()
    plan = pd.read_csv(snakemake.input.runs, sep="\t").set_index("run").loc[run]
    codes = np.load(snakemake.input.sequences)
    target = genes["target"].to_numpy()
    roles = splits.roles(folds, int(plan["fold"]), int(plan["seed"]))
    settings = training.Settings(network, **params).complete()

    trained = training.train(codes, target, roles, int(plan["seed"]), settings)

    table = genes[["gene_id"]].assign(role=roles, observed=target, predicted=trained.predictions)
    table.to_csv(snakemake.output.predictions, sep="\t", index=False, float_format="%.6g")
    trained.history.to_csv(snakemake.output.history, sep="\t", index=False, float_format="%.6g")
    trained.model.save(snakemake.output.model)
    np.save(snakemake.output.filters, motif_filters(trained.model))
    scores = {
        role: {
            "genes": len(part),
            "r2": performance.r2(part["observed"], part["predicted"]),
            "pearson_r": float(part["observed"].corr(part["predicted"])),
        }
        for role, part in table.groupby("role")
    }
    card = {
        "network": network,
        "description": NETWORKS[network].description,
        "both_strands": NETWORKS[network].both_strands,
        "scheme": scheme,
        "run": run,
        "held_out_fold": int(plan["fold"]),
        "seed": int(plan["seed"]),
        "settings": settings.__dict__,
        "input": f"uint8 codes of shape (n, {codes.shape[1]}): A C G T = 0 1 2 3, anything else 4",
        "output": "standardised median log10 expression, shape (n, 1)",
        "trainable_weights": int(sum(np.prod(weight.shape) for weight in trained.model.trainable_weights)),
        "epochs": len(trained.history),
        "best_epoch": trained.best_epoch,
        "scores": scores,
        "versions": {"python": platform.python_version(), **training.versions()},
    }
    with open(snakemake.output.card, "w") as handle:
        json.dump(card, handle, indent=1)
        handle.write("\n")
    logger.info(
        "%d epochs; R2 %.3f on training genes, %.3f on the held-out fold",
        len(trained.history),
        scores["train"]["r2"],
        scores["test"]["r2"],
    )
