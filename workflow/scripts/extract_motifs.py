"""Turn the filters of every network into motifs, from the genes that it was trained on."""

import json
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import extraction, learned_ids, pwm, splits
from cisformula.job import logged, logger, progress

with logged(snakemake.log[0], "extract motifs"):
    files, params = snakemake.input, snakemake.params
    codes = np.load(files.sequences)
    fold_of_run = pd.read_csv(files.runs, sep="\t").set_index("run")["fold"]
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    motifs, rows = [], []
    paths = zip(files.cards, files.filters, files.predictions, strict=True)
    for card_path, filters_path, predictions_path in progress(paths, len(files.cards), "networks read"):
        card = json.loads(Path(card_path).read_text())
        # What a network is for is the folder's name, of which kind it is the card's.
        network, run = Path(card_path).parts[-4], card["run"]
        role = splits.held_out_roles(predictions_path, folds, fold_of_run[run], run)
        filters = np.load(filters_path)
        found = extraction.top_window_motifs(
            filters,
            codes[role == "train"],
            run,
            params.n_windows,
            card["both_strands"],
            params.weighting,
            network,
        )
        motifs += found
        for motif in found:
            number = learned_ids.parse(motif.id).filter
            about = motif.consensus, motif.information, int(motif.nsites)
            rows.append((motif.id, network, run, fold_of_run[run], number, *about))
        logger.info("%s, run %d: %d motifs of %d filters", network, run, len(found), len(filters))
    pwm.write_meme(snakemake.output.meme, motifs)
    columns = ["motif", "network", "run", "fold", "filter", "consensus", "information_bits", "nsites"]
    table = pd.DataFrame(rows, columns=columns)
    table.to_csv(snakemake.output.table, sep="\t", index=False, float_format="%.4f")
