"""Motifs, matches and formula as tables in the form of the original work."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import learned_ids, match_table, pwm, result_table, tomtom
from cisformula.job import logged, logger
from cisformula.paper import tables

with logged(snakemake.log[0], "paper tables"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    learned, database, used = (pwm.read_meme(path) for path in (files.learned, files.database, files.motifs))
    # The published motifs are those of one kind of network and of the database.
    learned = learned_ids.of_network(learned_ids.MAIN, learned)
    formula = result_table.read(files.formula)
    chosen = set(formula.loc[formula["source"] == "learned", "motif"])
    learned_in_formula = [motif for motif in learned if motif.id in chosen]
    known = set(formula.loc[formula["source"] == "database", "motif"])
    known_in_formula = [motif for motif in used if motif.id in known]
    pwm.write_meme(out.learned, learned)
    pwm.write_meme(out.learned_in_formula, learned_in_formula)
    pwm.write_meme(out.known_in_formula, known_in_formula)
    pwm.write_meme(out.motifs, used)
    counts = []
    for name, path, queries in (
        ("learned", out.matches, learned),
        ("formula", out.matches_in_formula, learned_in_formula),
    ):
        matches = tomtom.compare(
            queries,
            database,
            distance=params.distance,
            min_overlap=params.min_overlap,
            threshold=params.threshold,
            threads=snakemake.threads,
        )
        match_table.write(path, matches)
        counts.append(match_table.summarise(matches, {name: queries}))
        logger.info("%d matches of %d motifs", len(matches), len(queries))
    pd.concat(counts).to_csv(out.counts, sep="\t", index=False)
    names = {motif.id: motif.name for motif in database}
    table = tables.formula_table(formula, match_table.read(out.matches_in_formula), names)
    table.to_csv(out.formula, sep="\t", index=False, float_format="%.6g")
