"""What the ARGMINNs of all runs say of motifs in promoters: places, gaps, and rules that runs agree on."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import gene_table, match_table, pwm, result_table
from cisformula.argminn import (
    filter_motifs,
    frames,
    promoter_reading,
    promoter_sites,
    promoter_syntax,
    site_gaps,
    syntax,
)
from cisformula.argminn.instances import write_bed
from cisformula.grammar import site_pairs
from cisformula.job import logged, logger

with logged(snakemake.log[0], "ARGMINN's syntax in promoters"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    promoters = gene_table.promoters_of(files.genes, files.promoters)
    families = pd.read_csv(files.families, sep="\t")["family"].to_numpy()
    known, matches = pwm.read_meme(files.known), match_table.read(files.matches)
    readings = pd.concat([pd.read_csv(path, sep="\t") for path in files.readings], ignore_index=True)
    passed = set(readings.loc[readings["passed"], "filter"].map(filter_motifs.filter_id))
    motifs = [motif for motif in pwm.read_meme(files.motifs) if motif.id in passed]
    by_run = [pd.read_csv(path, sep="\t") for path in files.instances]

    shared = frames.similar_filters(motifs, matches, known)
    filters = filter_motifs.add_matches(readings, matches, {motif.id: motif.name for motif in known})
    filters = filters.merge(shared[["filter", "motif", "reverse", "palindrome"]], on="filter", how="left")
    filters.insert(0, "run", filters["filter"] // promoter_reading.FILTERS_OF_RUN)
    placed = [frames.place(called, shared) for called in by_run]
    pairs, gaps, run_rules = [], [], []
    for run, sites in enumerate(placed):
        sites = site_pairs.in_one_per_family(sites.rename(columns={"sequence": "gene"}), families)
        pairs.append(site_gaps.find_pairs(sites.rename(columns={"gene": "sequence"})))
        gaps.append(syntax.add_significance(site_gaps.gap_table(pairs[-1], apart=True)))
        run_rules.append(syntax.find_rules(gaps[-1], params.fdr))
        logger.info("run %d: %d pairs of instances, %d rules by itself", run, len(pairs[-1]), len(run_rules[-1]))
    pairs, gaps, run_rules = (promoter_syntax.of_all_runs(tables) for tables in (pairs, gaps, run_rules))

    nodes = result_table.read(files.nodes)
    of_nodes = site_pairs.add_matched(pd.read_parquet(files.sites), nodes, pwm.read_meme(files.formula))
    of_nodes = site_pairs.in_one_per_family(of_nodes, families)
    distances = pd.read_csv(files.spacing, sep="\t", keep_default_na=False, na_values={"fold": ""})
    called = promoter_syntax.grammar_pairs(of_nodes, site_pairs.find_pairs(of_nodes, params.max_distance), distances)
    pooled = promoter_syntax.pool_gaps(gaps)
    rules = promoter_syntax.pooled_rules(pooled, run_rules, pairs, called, params.fdr)

    instances = promoter_syntax.of_all_runs(by_run)
    table = promoter_sites.from_start_site(instances, promoters, filters)
    write_bed(out.bed, promoter_sites.on_genome(instances, promoters, table))
    tables = {"filters": filters, "instances": table, "gaps": pooled, "run_gaps": gaps, "run_rules": run_rules}
    tables |= {
        "rules": rules,
        "summary": promoter_sites.summary(table, shared),
        "positions": promoter_sites.positions(table),
    }
    for name, content in tables.items():
        packed = {"method": "gzip", "mtime": 0} if out[name].endswith(".gz") else None
        content.to_csv(out[name], sep="\t", index=False, float_format="%.6g", compression=packed)
    logger.info(
        "%d instances of %d motifs in %d genes", len(table), shared["motif"].nunique(), table["gene_id"].nunique()
    )
    logger.info("%d rules of all runs together", len(rules))
    for rule in rules.itertuples():
        logger.info("%s; %d of %d runs", rule.sentence, rule.runs_found, rule.runs_tested)
