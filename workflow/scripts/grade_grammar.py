"""Grade communities, spacing rules and roles of motifs against the truth they were simulated from."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import grammar_recovery, pwm, recovery, result_table
from cisformula.job import logged

with logged(snakemake.log[0], "grade the grammar"):
    files, out, params = snakemake.input, snakemake.output, snakemake.params
    planted, motifs = pwm.read_meme(files.planted), pwm.read_meme(files.motifs)
    ids = [motif.id for motif in planted]
    table = recovery.match(planted, motifs)
    table.insert(1, "name", [motif.name for motif in planted])
    seen = table["similarity"] > recovery.SIMILARITY
    table.loc[~seen, "found"] = ""
    table["node"] = table["found"].map(result_table.read(files.nodes).set_index("motif")["node"])
    nodes = table.loc[seen].set_index("planted")["node"]

    # Communities.
    communities = pd.read_csv(files.communities, sep="\t")
    truth = pd.read_csv(files.planted_communities, sep="\t")
    table["planted_community"] = table["planted"].map(truth.set_index("motif")["community"])
    table["found_community"] = table["node"].map(communities.set_index("node")["community"])
    agreement = grammar_recovery.community_agreement(ids, truth, nodes, communities)

    # Distances.
    by_id = {motif.id: motif for motif in planted + motifs}
    heads = [by_id[node] for node in nodes]
    frames = grammar_recovery.frames([by_id[name] for name in nodes.index], heads, params.min_overlap)
    planted_rules = pd.read_csv(files.planted_spacing, sep="\t")
    expected = grammar_recovery.expected_rules(planted_rules, nodes, frames)
    rules = pd.read_csv(files.spacing, sep="\t", keep_default_na=False)
    rules = rules[rules["status"] == "rule"]
    recovered, true = grammar_recovery.spacing_agreement(expected, rules)
    expected.assign(found=recovered).to_csv(out.spacing, sep="\t", index=False)

    # Directions.
    roles = pd.read_csv(files.roles, sep="\t").set_index("motif")
    effects = pd.read_csv(files.effects, sep="\t").set_index("motif")["effect"]
    table["true_effect"] = table["planted"].map(effects)
    table["contribution"] = table["found"].map(roles["contribution"])
    table["role"] = table["found"].map(roles["role"])
    table["sign_right"] = np.sign(table["contribution"]) == np.sign(table["true_effect"])
    expected_role = np.where(table["true_effect"] > 0, "active", "repressive")
    decided = table["role"].isin(["active", "repressive"])
    table.to_csv(out.motifs, sep="\t", index=False, float_format="%.5g")

    verdict = recovery.verdict(
        [
            ("agreement of motif communities (adjusted Rand index)", agreement, ">= 0.9"),
            ("share of planted distances found within 1 bp", recovered.sum() / len(planted_rules), ">= 1"),
            ("distances called that were not planted", (~true).sum(), "<= 0"),
            (
                "share of planted motifs called active or repressive that are",
                (table["role"] == expected_role)[decided].mean(),
                ">= 0.95",
            ),
            ("share of planted motifs called active or repressive", decided.mean(), ""),
            ("share of planted motifs whose sites add with the right sign", table["sign_right"].mean(), ">= 0.95"),
        ]
    )
    verdict.to_csv(out.verdict, sep="\t", index=False, float_format="%.4f")
    recovery.log_verdict(verdict)
