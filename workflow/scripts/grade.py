"""Grade the run against the truth it was simulated from."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import candidates, gene_table, performance, pwm, recovery, result_table
from cisformula.job import logged

with logged(snakemake.log[0], "grade"):
    files, out, params = snakemake.input, snakemake.output, snakemake.params
    planted = pwm.read_meme(files.planted)
    clusters = pd.read_csv(files.clusters, sep="\t").drop_duplicates("representative").set_index("representative")
    stable = set(clusters.index[clusters["n_runs"] >= params.min_runs])
    learned = [motif for motif in pwm.read_meme(files.representatives) if motif.id in stable]
    genes = gene_table.read(files.genes)
    target = genes["target"].to_numpy()
    composition = genes[["gc", "cpg_oe"]].to_numpy()
    sites = pd.read_csv(files.sites, sep="\t")
    ids = [motif.id for motif in planted]
    counts = pd.crosstab(sites["gene_id"], sites["motif"])
    counts = counts.reindex(index=genes["gene_id"], columns=ids, fill_value=0).to_numpy()

    # Motifs the networks learned, against planted ones and against shuffled planted ones.
    table = recovery.match(planted, learned)
    controls = recovery.shuffled_controls(planted, learned, params.seed)
    controls.to_csv(out.controls, sep="\t", index=False, float_format="%.4f")
    table["recovered"] = table["similarity"] > recovery.SIMILARITY
    table.insert(1, "name", [motif.name for motif in planted])
    table.insert(2, "consensus", [motif.consensus for motif in planted])
    table.insert(3, "width", [motif.width for motif in planted])
    table.insert(4, "n_sites", counts.sum(axis=0))
    table["n_runs"] = table["found"].map(clusters["n_runs"])

    # Effects: hits of the recovered motifs refitted together, and what the formula's held-out predictions say.
    effects = pd.read_csv(files.effects, sep="\t").set_index("motif")
    table["true_effect"] = table["planted"].map(effects["effect"])
    of_runs = pwm.read_meme(files.learned)
    order = {motif.id: column for column, motif in enumerate(of_runs)}
    reading = pd.read_csv(files.design, sep="\t").set_index("fold").at["all", "reading"]
    path = list(files.learned_hits)[params.readings.index(reading)]
    hits = candidates.read_hits([candidates.HitFile.of(path, of_runs)], in_bins=False)[:, :, 0]
    seen = table["recovered"].to_numpy()
    columns = hits[:, [order[name] for name in table["found"][seen]]]
    table["found_effect"] = np.nan
    table.loc[seen, "found_effect"] = recovery.joint_effects(columns, composition, target)
    table["sign_right"] = np.sign(table["found_effect"]) == np.sign(table["true_effect"])
    predictions = pd.read_csv(files.predictions, sep="\t")
    predicted = predictions["predicted"].to_numpy()
    table["formula_effect"] = recovery.joint_effects(counts, composition, predicted)
    table.to_csv(out.recovery, sep="\t", index=False, float_format="%.5g")

    # Motif x cell type effects of the formula's motifs that resemble planted ones.
    in_formula = recovery.match(planted, pwm.read_meme(files.formula))
    in_formula = in_formula[in_formula["similarity"] > recovery.SIMILARITY]
    estimated = result_table.read(files.estimated)
    estimated = estimated[estimated["target"] == "deviation"]
    truth = pd.read_csv(files.cell_type_effects, sep="\t", index_col="motif")
    truth = truth.melt(ignore_index=False, var_name="cell_type", value_name="true_effect").reset_index(names="planted")
    pairs = truth.merge(in_formula[["planted", "found"]], on="planted").merge(
        estimated, left_on=["found", "cell_type"], right_on=["motif", "cell_type"]
    )
    pairs["planted_effect"] = pairs["true_effect"] != 0
    pairs = pairs.drop(columns="motif").rename(columns={"planted": "motif", "coefficient": "estimated"})
    pairs = pairs[["motif", "name", "found", "cell_type", "true_effect", "estimated", "p", "q", "planted_effect"]]
    pairs.to_csv(out.cell_types, sep="\t", index=False, float_format="%.5g")

    # Every called effect, also of motifs that resemble none that was planted.
    resembled = recovery.match(pwm.read_meme(files.formula), planted)
    resembled = resembled.rename(columns={"planted": "motif", "found": "planted"})
    every = estimated[estimated["q"] < params.fdr].merge(resembled, on="motif")
    every = every.merge(truth, on=["planted", "cell_type"], how="left")
    alike = every["similarity"] > recovery.SIMILARITY
    explained = alike & (np.sign(every["coefficient"]) == np.sign(every["true_effect"]))

    called = pairs["q"] < params.fdr
    real = pairs["planted_effect"]
    right = np.sign(pairs["estimated"]) == np.sign(pairs["true_effect"])
    ceiling = recovery.linear_ceiling(counts, composition, target)
    held_out = performance.r2(predictions["observed"].to_numpy(), predicted)
    verdict = recovery.verdict(
        [
            ("share of planted motifs that the networks learned", table["recovered"].mean(), ">= 0.9"),
            (
                "share of shuffled controls that match a learned motif",
                (controls["similarity"] > recovery.SIMILARITY).mean(),
                "<= 0.05",
            ),
            ("share of learned motifs that match a planted one", recovery.precision(planted, learned), ""),
            ("share of recovered motifs with the right sign", table["sign_right"][seen].mean(), ">= 0.95"),
            ("correlation of true and refitted effects", table["true_effect"].corr(table["found_effect"]), ">= 0.9"),
            (
                "correlation of true effects and the formula's",
                table["true_effect"].corr(table["formula_effect"]),
                ">= 0.9",
            ),
            ("share of null motif x cell type effects called", called[~real].mean(), "<= 0.05"),
            (
                "share of planted motif x cell type effects called",
                (called & right)[real].sum() / (truth["true_effect"] != 0).sum(),
                ">= 0.8",
            ),
            ("share of called effects that were planted, right sign", (right & real)[called].mean(), ">= 0.95"),
            ("share of all called effects that a planted motif explains", explained.mean(), ""),
            ("held-out R2 of the formula", held_out, ""),
            ("R2 of the best linear formula (true sites)", ceiling, ""),
            ("share of that ceiling the formula reaches", held_out / ceiling, ">= 0.9"),
        ]
    )
    verdict.to_csv(out.verdict, sep="\t", index=False, float_format="%.4f")
    recovery.log_verdict(verdict)
