"""The published numbers beside those of this run."""

import json
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import learned_ids, pwm, result_table
from cisformula.job import logged, logger
from cisformula.paper import measures, published
from cisformula.paper.feature_space import FeatureSpace

with logged(snakemake.log[0], "compare with paper"):
    files, params = snakemake.input, snakemake.params
    # The published motifs are those of one kind of network and of the database.
    learned = learned_ids.of_network(learned_ids.MAIN, pwm.read_meme(files.learned))
    clusters = pd.read_csv(files.clusters, sep="\t").set_index("motif").loc[[motif.id for motif in learned]]
    database = pwm.read_meme(files.database)
    formula = result_table.read(files.formula)
    chosen = set(formula.loc[formula["source"] == "learned", "motif"])
    n_genes, window = np.load(files.sequences, mmap_mode="r").shape
    cards = [json.loads(Path(path).read_text()) for path in files.cards]
    n_known = int((formula["source"] == "database").sum())
    design = pd.read_csv(files.design, sep="\t", dtype={"fold": str}).set_index("fold")
    space = pd.read_csv(files.feature_space, sep="\t").iloc[0]
    measured = {
        **measures.of_training(n_genes, window, len(database), cards),
        **measures.of_performance(
            pd.read_csv(files.performance, sep="\t"),
            pd.read_csv(files.in_sample, sep="\t"),
            pd.read_csv(files.differences, sep="\t"),
            params.main_network,
            params.networks,
        ),
        **measures.of_learned(learned, clusters["cluster"].nunique()),
        **measures.of_matches(pd.read_csv(files.counts, sep="\t"), len(database), Path(params.database).name),
        **measures.of_chosen(learned, chosen, len(cards)),
        **measures.of_formula(len(formula), n_known, len(database), design.loc["all"]),
        **measures.of_features(FeatureSpace(**space.to_dict())),
        **measures.of_cell_types(result_table.read(files.effects), result_table.read(files.cell_types), params.fdr),
    }
    table = published.compare(published.read(files.published), measured)
    table.to_csv(snakemake.output.table, sep="\t", index=False)
    logger.info("%d numbers, %d of them published", len(table), (table["published"] != "").sum())
