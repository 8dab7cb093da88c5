"""The files of a simulation, read back by the workflow's own readers, give what was simulated."""

import gzip

import numpy as np
import pandas as pd
import pytest

from cisformula import expression, simulated_files
from cisformula.annotation import list_tss
from cisformula.promoters import extract_promoters
from cisformula.pwm import Motif
from cisformula.sequence import decode
from cisformula.simulate import Plan, simulate_expression, simulate_promoters

PLAN = Plan(genes=120, chromosomes=3, sites_per_promoter=(0.4, 0.6), cell_types=9, groups=3)
FILES = ("genome.fa.gz", "annotation.gtf.gz", "expression.tsv.gz", "cell_types.tsv")


def simulated(seed):
    rng = np.random.default_rng(seed)
    motifs = [Motif(f"m{i}", f"m{i}", rng.dirichlet(np.full(4, 0.5), 8)) for i in range(4)]
    promoters = simulate_promoters(PLAN, motifs, rng)
    truth = simulate_expression(PLAN, promoters, motifs, rng)
    return promoters, truth, simulated_files.lay_out(PLAN, promoters, rng)


def write(folder, truth, layout):
    folder.mkdir()
    simulated_files.write_genome(folder / FILES[0], layout.genome)
    simulated_files.write_annotation(folder / FILES[1], layout.genes)
    simulated_files.write_expression(folder / FILES[2], layout.genes, truth)
    simulated_files.write_cell_types(folder / FILES[3], truth)
    return folder


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Promoters, truth, layout and the folder of their files."""
    promoters, truth, layout = simulated(1)
    return promoters, truth, layout, write(tmp_path_factory.mktemp("simulated") / "files", truth, layout)


@pytest.mark.parametrize("rule", ["canonical", "most_upstream"])
def test_promoters_read_back_are_the_ones_simulated(world, tmp_path, rule):
    promoters, _, layout, folder = world
    tss = list_tss(folder / "annotation.gtf.gz", rule)
    found = extract_promoters(tss, folder / "genome.fa.gz", tmp_path / "fai", upstream=249, downstream=50)
    assert len(found.sequences) == PLAN.genes
    read = dict(zip(found.table["gene_id"], found.sequences, strict=True))
    expected = dict(zip(layout.genes["gene_id"], map(decode, promoters.codes), strict=True))
    assert read == expected
    table = found.table.set_index("gene_id").loc[layout.genes["gene_id"]]
    for name in ("chrom", "tss", "strand"):
        assert table[name].tolist() == layout.genes[name].tolist()
    assert set(table["strand"]) == {"+", "-"}
    assert (table["rank"] == 1).all()


def test_every_tenth_gene_has_a_second_start_60_bp_downstream(world):
    _, _, layout, folder = world
    tss = list_tss(folder / "annotation.gtf.gz")
    second = tss[tss["rank"] == 2].set_index("gene_id")
    assert second.index.tolist() == layout.genes["gene_id"][::10].tolist()
    genes = layout.genes.set_index("gene_id").loc[second.index]
    step = np.where(genes["strand"] == "+", 60, -60)
    assert (second["tss"] - genes["tss"]).tolist() == step.tolist()


def test_genes_lie_apart_on_chromosomes_of_falling_size(world):
    _, _, layout, _ = world
    sizes = layout.genes["chrom"].value_counts(sort=False)
    assert sizes.index.tolist() == ["chr1", "chr2", "chr3"]
    assert sizes["chr1"] > sizes["chr2"] > sizes["chr3"]
    for chrom, genes in layout.genes.groupby("chrom"):
        # From 249 before the TSS to the last transcribed base, on the gene's own strand.
        start = np.where(genes["strand"] == "+", genes["tss"] - 249, genes["end"])
        end = np.where(genes["strand"] == "+", genes["end"], genes["tss"] + 249) + 1
        assert (end - start == 300 + simulated_files.GENE_LENGTH).all()
        spacers = np.append(start, len(layout.genome[chrom])) - np.append(0, end)
        low, high = simulated_files.SPACER
        assert spacers.min() >= low
        assert spacers.max() <= high


def test_log_expression_read_back_is_the_one_simulated(world):
    _, truth, layout, folder = world
    path = folder / "expression.tsv.gz"
    matrix = expression.read_matrix(path)
    values = expression.to_log(matrix, "linear", 0.1, "drop_gene", path)
    assert values.index.tolist() == layout.genes["gene_id"].tolist()
    # Four digits of value: log10 is off by at most 0.0005 / ln 10 of its smallest digit; nothing lies below log10(0.1).
    expected = np.maximum(truth.log_expression, -1)
    np.testing.assert_allclose(values.to_numpy(), expected, atol=0.0005 / np.log(10) * 1.01)


def test_expression_below_the_pseudocount_is_written_as_zero(world, tmp_path):
    _, truth, layout, _ = world
    low = truth.log_expression.copy()
    low[0, 0] = -3
    altered = type(truth)(truth.coefficients, truth.specific, truth.groups, low)
    simulated_files.write_expression(tmp_path / "x.tsv.gz", layout.genes, altered)
    assert expression.read_matrix(tmp_path / "x.tsv.gz").iloc[0, 0] == 0


def test_the_sheet_describes_the_columns_of_the_matrix(world):
    _, truth, _, folder = world
    sheet = expression.read_cell_types(folder / "cell_types.tsv")
    columns = expression.read_header(folder / "expression.tsv.gz")[1][1:]
    assert sheet["cell_type"].tolist() == columns
    assert columns[:4] == ["lineage_A.01", "lineage_A.02", "lineage_A.03", "lineage_B.01"]
    assert sheet["group"].tolist() == truth.groups.tolist()


def test_the_same_seed_gives_the_same_bytes_at_any_time(world, tmp_path, monkeypatch):
    _, _, _, folder = world
    monkeypatch.setattr(gzip.time, "time", lambda: 2e9)
    again, other = (write(tmp_path / str(seed), *simulated(seed)[1:]) for seed in (1, 2))
    for name in FILES:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name
    for name in FILES[:3]:
        assert (other / name).read_bytes() != (folder / name).read_bytes(), name


def test_genome_lines_hold_60_bases(world):
    _, _, layout, folder = world
    lines = gzip.decompress((folder / "genome.fa.gz").read_bytes()).decode().splitlines()
    headers = [i for i, line in enumerate(lines) if line.startswith(">")]
    assert [lines[i] for i in headers] == [">chr1", ">chr2", ">chr3"]
    body = lines[1 : headers[1]]
    assert {len(line) for line in body[:-1]} == {60}
    assert "".join(body) == decode(layout.genome["chr1"])


def test_gtf_gives_one_gene_line_per_gene(world):
    _, _, _, folder = world
    gtf = pd.read_csv(folder / "annotation.gtf.gz", sep="\t", comment="#", header=None)
    assert gtf[2].value_counts().to_dict() == {"gene": PLAN.genes, "transcript": PLAN.genes + PLAN.genes // 10}
    assert (gtf[4] - gtf[3] + 1)[gtf[2] == "gene"].eq(300 - 249 + simulated_files.GENE_LENGTH).all()
