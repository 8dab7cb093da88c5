"""Simulate a genome, its annotation and an expression matrix, and write down the truth."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import jaspar, planted_grammar, pwm, simulate, simulated_files
from cisformula.job import logged, logger

with logged(snakemake.log[0], "simulate"):
    out, params = snakemake.output, snakemake.params
    plan = simulate.Plan(genes=params.genes)
    rng = np.random.default_rng(params.seed)
    database = {motif.name.upper(): motif for motif in jaspar.load_database(simulate.DATABASE).motifs}
    motifs = [database[name] for name in simulate.PLANTED[: params.planted]]
    promoters = simulate.simulate_promoters(plan, motifs, rng)
    truth = simulate.simulate_expression(plan, promoters, motifs, rng)
    layout = simulated_files.lay_out(plan, promoters, rng)
    logger.info(
        "%d genes; %d sites of %d motifs, %d of them planted",
        plan.genes,
        len(promoters.sites),
        len(motifs),
        promoters.sites["planted"].sum(),
    )

    simulated_files.write_genome(out.genome, layout.genome)
    simulated_files.write_annotation(out.annotation, layout.genes)
    simulated_files.write_expression(out.expression, layout.genes, truth)
    simulated_files.write_cell_types(out.cell_types, truth)

    pwm.write_meme(out.motifs, motifs)
    ids = [motif.id for motif in motifs]
    effects = pd.DataFrame({"motif": ids, "name": [motif.name for motif in motifs], "effect": truth.coefficients})
    effects.to_csv(out.effects, sep="\t", index=False)
    members = [(number, ids[i]) for number, group in enumerate(planted_grammar.communities(len(ids)), 1) for i in group]
    pd.DataFrame(members, columns=["community", "motif"]).to_csv(out.communities, sep="\t", index=False)
    rules = pd.DataFrame(planted_grammar.spacing_rules(len(ids)))
    rules["n_promoters"] = promoters.spaced.sum(axis=0)
    rules[["first", "second"]] = np.array(ids)[rules[["first", "second"]]]
    rules.to_csv(out.spacing, sep="\t", index=False)
    names = simulated_files.cell_type_names(truth.groups)
    specific = pd.DataFrame(truth.specific, index=pd.Index(ids, name="motif"), columns=names)
    specific.to_csv(out.cell_type_effects, sep="\t")
    sites = promoters.sites.assign(gene_id=layout.genes["gene_id"].to_numpy()[promoters.sites["gene"]])
    sites[["gene_id", "motif", "start", "strand", "planted"]].to_csv(
        out.sites, sep="\t", index=False, compression={"method": "gzip", "mtime": 0}
    )
