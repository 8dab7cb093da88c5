"""How well the motifs of every method match the true or known ones, and how many there are of each."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import pwm
from cisformula.argminn import motif_recovery, planted_matches
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"evaluate motifs, {snakemake.wildcards.task}"):
    files, settings, rows = snakemake.input, dict(snakemake.params.items()), []
    methods, is_truth = settings.pop("methods"), settings.pop("is_truth")
    known = pwm.read_meme(files.known)
    others = pwm.read_meme(files.others) if files.get("others") else []
    for method, path in zip(methods, files.motifs, strict=True):
        motifs = motif_recovery.read_motifs(path)
        matches = planted_matches.compare(motif_recovery.trimmed_motifs(motifs), known, others, **settings)
        row = motif_recovery.score_motifs(method, motifs, matches, len(known) if is_truth else None)
        rows.append(row)
        logger.info("%s: %d motifs used, %d passed, match score %.2f", *list(row.values())[:3], row["match_score"])
    table = pd.DataFrame(rows, columns=motif_recovery.COLUMNS)
    table.to_csv(snakemake.output.motifs, sep="\t", index=False, float_format="%.6g")
