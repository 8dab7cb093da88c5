"""Train all runs of a network under a split scheme, and predict every gene with each."""

import hashlib
import json
import platform
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import gene_table, performance, side_by_side, splits
from cisformula.job import logged, logger, part
from cisformula.kept_runs import KeptRuns

files, out, scheme = snakemake.input, snakemake.output, snakemake.wildcards.scheme
compared = snakemake.params.get("network")


def sha256(path):
    """Checksum of a file, which may be larger than the memory."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def train_run(run):
    """Train one run and keep its files."""
    # Processes that share the work are forked, which TensorFlow does not survive: it starts in each of them.
    from cisformula import training
    from cisformula.models.network import motif_filters
    from cisformula.models.registry import NETWORKS, main_network

    with part(f"run {run}"), kept.writing(run) as folder:
        device, own = training.use_threads(1), dict(params)
        network = own.pop("network", None) or main_network(own.pop("name"), own.pop("variant"))
        logger.info("%s, on %s", network, device)
        settings = training.Settings(network, **own).complete()
        fold, seed = int(plan.at[run, "fold"]), int(plan.at[run, "seed"])
        roles = splits.roles(folds, fold, seed)

        trained = training.train(codes, target, roles, seed, settings)

        table = genes[["gene_id"]].assign(role=roles, observed=target, predicted=trained.predictions)
        table.to_csv(folder / "predictions.tsv", sep="\t", index=False, float_format="%.6g")
        trained.history.to_csv(folder / "history.tsv", sep="\t", index=False, float_format="%.6g")
        trained.model.save(folder / "model.keras")
        np.save(folder / "filters.npy", motif_filters(trained.model))
        scores = {
            role: {
                "genes": len(of_role),
                "r2": performance.r2(of_role["observed"], of_role["predicted"]),
                "pearson_r": float(of_role["observed"].corr(of_role["predicted"])),
            }
            for role, of_role in table.groupby("role")
        }
        card = {
            "network": network,
            "description": NETWORKS[network].description,
            "both_strands": NETWORKS[network].both_strands,
            "scheme": scheme,
            "run": run,
            "held_out_fold": fold,
            "seed": seed,
            "settings": settings.__dict__,
            "input": f"uint8 codes of shape (n, {codes.shape[1]}): A C G T = 0 1 2 3, anything else 4",
            "output": "standardised median log10 expression, shape (n, 1)",
            "trainable_weights": int(sum(np.prod(weight.shape) for weight in trained.model.trainable_weights)),
            "epochs": len(trained.history),
            "best_epoch": trained.best_epoch,
            "scores": scores,
            "versions": {"python": platform.python_version(), **training.versions()},
        }
        (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n")
        logger.info(
            "%d epochs; R2 %.3f on training genes, %.3f on the held-out fold",
            len(trained.history),
            scores["train"]["r2"],
            scores["test"]["r2"],
        )


with logged(snakemake.log[0], f"train {compared or 'the main network'}, {scheme}"):
    genes = gene_table.read(files.genes)
    codes, target = np.load(files.sequences), genes["target"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    plan, params = pd.read_csv(files.runs, sep="\t").set_index("run"), dict(snakemake.params.items())
    contents = {name: sha256(path) for name, path in files.items()}
    kept = KeptRuns(Path(out.model[0]).parents[1] / "unfinished", {"params": params, "inputs": contents})
    runs = range(len(out.model))
    missing = kept.missing(runs)
    if len(missing) < len(runs):
        logger.info("%d of %d runs were done before", len(runs) - len(missing), len(runs))
    side_by_side.work(train_run, missing, snakemake.threads)
    for paths in (out.model, out.history, out.predictions, out.filters, out.card):
        for run, path in zip(runs, paths, strict=True):
            kept.copy(run, Path(path))
    kept.forget()
