"""Real runs of the workflow in a copy of the checkout, on data that the tests make."""

import gzip
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from cisformula import jaspar, pwm, simulate, simulated_files, tomtom
from cisformula.models import overlap_scan, window_scan

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CISFORMULA_DATA", ROOT.parent / "shared" / "data"))
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".snakemake", "results", "downloads", ".*_cache", "tests")
SMALL = {
    "dataset": "small",
    "genome": "input/genome.fa.gz",
    "annotation": "input/annotation.gtf.gz",
    "expression": "input/expression.tsv.gz",
    "cell_types": "input/cell_types.tsv",
    "splits": {"compare": ["paralogue"]},
    "model": {"runs": 5, "filters": 16, "epochs": 3},
    "comparison_networks": ["xpresso_cnn"],
    "formula": {"n_motifs": 20},
    "cell_type_effects": {"permutations": 5},
    "apply": {"sequences": "input/tss.bed", "variants": "input/variants.vcf"},
    "targets": {"gene_sets": "input/sites.gmt", "enrichment_number": 60},
}
"""A configuration that runs every stage in about two minutes."""
CELL_TYPES = ("0", "1", "2", "007", "7", "1e5", "100000", "1.0", "1.00", "-1", "+1", "inf")
"""Numbers all of them, as clusters of single cells are called: one word among them would make a column of them text."""
GROUPS = ("1", "01", "2")


@dataclass(frozen=True)
class Checkout:
    """A private copy of the repository."""

    path: Path

    def run(self, *arguments: str, config: dict | None = None, cores: int | None = 2) -> subprocess.CompletedProcess:
        """Run snakemake there; ``config`` is written to a file and given with ``--configfile``."""
        named_cores = [] if cores is None else ["--cores", str(cores)]
        # Of the profile's five seconds every run would wait for five at its end.
        soon = ["--max-jobs-per-timespan", "100/1s"]
        command = [sys.executable, "-m", "snakemake", *named_cores, *soon, *arguments]
        if config is not None:
            (self.path / "test.yaml").write_text(yaml.safe_dump(config))
            command += ["--configfile", "test.yaml"]
        return subprocess.run(
            command, cwd=self.path, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )

    def results(self, dataset: str = "small") -> Path:
        """Folder of the results of a data set."""
        return self.path / "results" / dataset


def write_small_inputs(folder: Path) -> None:
    """Simulated genome, annotation, expression and cell-type sheet of 400 genes and 12 cell types."""
    plan = simulate.Plan(genes=400, chromosomes=6, cell_types=12, groups=3)
    rng = np.random.default_rng(7)
    database = {motif.name.upper(): motif for motif in jaspar.load_database(simulate.DATABASE).motifs}
    motifs = [database[name] for name in simulate.PLANTED[:6]]
    promoters = simulate.simulate_promoters(plan, motifs, rng)
    truth = simulate.simulate_expression(plan, promoters, motifs, rng)
    layout = simulated_files.lay_out(plan, promoters, rng)
    folder.mkdir()
    simulated_files.write_genome(folder / "genome.fa.gz", layout.genome)
    simulated_files.write_annotation(folder / "annotation.gtf.gz", layout.genes)
    name_factors(folder / "annotation.gtf.gz")
    simulated_files.write_expression(folder / "expression.tsv.gz", layout.genes, truth)
    sheet = pd.DataFrame({"cell_type": CELL_TYPES, "group": np.repeat(GROUPS, 4), "2024": ["TRUE", "true"] * 6})
    name_cell_types(folder, sheet)
    write_applied(folder, layout)
    write_gene_sets(folder / "sites.gmt", promoters.sites)


def name_factors(annotation: Path) -> None:
    """Call the first genes by the factors of the planted motifs."""
    text = gzip.decompress(annotation.read_bytes()).decode()
    for number, factor in enumerate(simulate.PLANTED[:6], start=1):
        text = text.replace(f'gene_name "Sim{number:05d}"', f'gene_name "{factor}"')
    annotation.write_bytes(gzip.compress(text.encode(), mtime=0))


def name_cell_types(folder: Path, sheet: pd.DataFrame) -> None:
    """Name the columns of the matrix by the sheet, in their order, and write the sheet."""
    lines = gzip.decompress((folder / "expression.tsv.gz").read_bytes()).decode().splitlines()
    header = "\t".join([lines[0].split("\t")[0], *sheet["cell_type"]])
    (folder / "expression.tsv.gz").write_bytes(gzip.compress("\n".join([header, *lines[1:], ""]).encode(), mtime=0))
    sheet.to_csv(folder / "cell_types.tsv", sep="\t", index=False)


def write_applied(folder: Path, layout: simulated_files.Layout) -> None:
    """The start sites as BED, and a SNP 30 bases before each as VCF."""
    bed, vcf = [], ["##fileformat=VCFv4.2"]
    for gene in layout.genes.itertuples():
        bed.append(f"{gene.chrom}\t{gene.tss}\t{gene.tss + 1}\t{gene.gene_id}\t0\t{gene.strand}")
        place = gene.tss - 30 if gene.strand == "+" else gene.tss + 30
        base = "ACGT"[layout.genome[gene.chrom][place]]
        vcf.append(f"{gene.chrom}\t{place + 1}\t{gene.gene_id}\t{base}\t{'CGTA'['ACGT'.index(base)]}")
    (folder / "tss.bed").write_text("\n".join(bed) + "\n")
    (folder / "variants.vcf").write_text("\n".join(vcf) + "\n")


def write_gene_sets(path: Path, sites: pd.DataFrame) -> None:
    """For each planted motif the set of genes that have a site of it."""
    lines = []
    for motif, rows in sites.groupby("motif"):
        genes = [f"SIMG{gene + 1:05d}" for gene in sorted(set(rows["gene"]))]
        lines.append("\t".join([motif, "genes with a site", *genes]))
    path.write_text("\n".join(lines) + "\n")


@cache
def compile_functions() -> None:
    """Have what numba compiles in the checkout's ``__pycache__``, or every copy compiles it for ten seconds."""
    rng = np.random.default_rng(1)
    motifs = [pwm.Motif(name, name, rng.dirichlet(np.ones(4), width), 100) for name, width in (("a", 6), ("b", 9))]
    for distance in ("ed", "pearson"):
        tomtom.compare(motifs, motifs, distance=distance)
    codes, kernel = rng.integers(0, 4, (3, 40), dtype=np.uint8), rng.random((8, 4, 2), dtype=np.float32)
    best, place = window_scan.scan(codes, kernel, window_scan.even_blocks(33, 10), both_strands=True)
    window_scan.kernel_gradient(codes, place, best, 8)
    around, strongest = overlap_scan.gather(best, 3, ignore_silent=True)
    overlap_scan.spread(strongest, around)


def copy_checkout(folder: Path) -> Checkout:
    """Copy the checkout, without results, to a folder that does not exist yet."""
    compile_functions()
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    return Checkout(folder)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A copy of the checkout."""
    return copy_checkout(tmp_path / "cisformula")


@pytest.fixture
def small(checkout: Checkout) -> Checkout:
    """The copy with small inputs in ``input/``; use it with the configuration :data:`SMALL`."""
    write_small_inputs(checkout.path / "input")
    return checkout


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy in which the workflow has run on the small inputs with two cores."""
    checkout = copy_checkout(tmp_path_factory.mktemp("finished") / "cisformula")
    write_small_inputs(checkout.path / "input")
    result = checkout.run(config=SMALL)
    assert result.returncode == 0, result.stderr[-3000:]
    return checkout


@pytest.fixture
def data() -> Path:
    """The development data set; tests that need it are skipped where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"development data not found at {DATA} (set CISFORMULA_DATA)")
    return DATA
