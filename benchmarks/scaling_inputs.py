"""Made-up input of any size for the stages that scaling.py measures.

    python benchmarks/scaling_inputs.py FOLDER GENES WINDOW MOTIFS CELL_TYPES STAGE ...

Two thousand promoters are simulated as the demo does. Genes are drawn from them again and again, each with a tenth of
its bases changed; wide windows are several promoters side by side. Expression and hits are those of the promoter that a
gene was drawn from. Motifs are those of JASPAR in random order, and random ones where these do not suffice.
"""

import gzip
import sys
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from scaling_sizes import DOWNSTREAM, Size
from scipy import sparse

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula import features, formula, hits, jaspar, match_table, pwm, simulate, splits
from cisformula.sequence import decode, reverse_complement_codes, write_fasta

SEED = 1
SIMULATED = 2000
CHANGED = 0.1
"""Share of bases that differ between a gene and the promoter it was drawn from."""
SPACER = 100
LINE = 60
CHROMOSOMES = 12
READINGS = {"strict": (1e-4, 1), "graded": (0.002, 5)}
"""Limits of p-values and grades, those of config/config.yaml."""
CHOSEN = 300
"""Motifs of the formula."""
LINES = 500
"""Different lines of the expression matrix."""
BLOCK = 1000
"""Genes made at once."""


class Source:
    """What input of one size is made of; parts are made when they are asked for.

    Parameters
    ----------
    size : Size
    """

    def __init__(self, size: Size):
        self.size = size
        self.genes = [f"G{i + 1:06d}" for i in range(size.genes)]
        self.cell_types = [f"type_{i + 1:04d}" for i in range(size.cell_types)]
        self.drawn = np.random.default_rng(SEED).integers(0, SIMULATED, size.genes)

    @cached_property
    def database(self) -> list[pwm.Motif]:
        """Known motifs, in random order."""
        motifs = jaspar.load_database(simulate.DATABASE).motifs
        return [motifs[i] for i in np.random.default_rng(SEED).permutation(len(motifs))]

    @cached_property
    def motifs(self) -> list[pwm.Motif]:
        """As many motifs as asked for, known ones first."""
        rng = np.random.default_rng(SEED)
        more = [random_motif(i, rng) for i in range(self.size.motifs - len(self.database))]
        return [*self.database, *more][: self.size.motifs]

    @cached_property
    def simulated(self) -> tuple[np.ndarray, np.ndarray]:
        """Promoters, shape (2000, 300), and their log expression, shape (2000, 154)."""
        named = {motif.name.upper(): motif for motif in self.database}
        planted = [named[name] for name in simulate.PLANTED]
        rng, plan = np.random.default_rng(SEED), simulate.Plan(genes=SIMULATED)
        promoters = simulate.simulate_promoters(plan, planted, rng)
        return promoters.codes, simulate.simulate_expression(plan, promoters, planted, rng).log_expression

    def windows(self, genes: slice) -> np.ndarray:
        """Promoter windows of some genes, shape (genes, window), uint8; the same for the same first gene."""
        codes = self.simulated[0]
        rng = np.random.default_rng([SEED, genes.start])
        own = self.drawn[genes]
        more = rng.integers(0, SIMULATED, (len(own), -(-self.size.window // codes.shape[1]) - 1))
        wide = codes[np.column_stack([own, more])].reshape(len(own), -1)[:, : self.size.window]
        step = rng.integers(1, 4, wide.shape, dtype=np.uint8) * (rng.random(wide.shape, dtype=np.float32) < CHANGED)
        return ((wide + step) % 4).astype(np.uint8)

    def blocks(self) -> list[slice]:
        """All genes in groups of at most :data:`BLOCK`."""
        return [slice(i, min(i + BLOCK, self.size.genes)) for i in range(0, self.size.genes, BLOCK)]

    def expression(self, genes: slice) -> np.ndarray:
        """Log expression of some genes, shape (genes, cell types)."""
        values = self.simulated[1]
        rng = np.random.default_rng([SEED, genes.start, 1])
        columns = np.arange(self.size.cell_types) % values.shape[1]
        return values[np.ix_(self.drawn[genes], columns)] + rng.normal(0, 0.3, (len(self.drawn[genes]), len(columns)))

    @property
    def bin_edges(self) -> np.ndarray:
        """Position bins of a promoter."""
        return hits.bin_edges(self.size.window, self.size.bin_width)

    def hits(self, motifs: list[pwm.Motif], reading: str) -> sparse.csr_matrix:
        """Hits of motifs in every gene, as those of the promoter it was drawn from, or of several side by side."""
        codes = self.simulated[0]
        beside = [np.roll(codes, i, axis=0) for i in range(-(-self.size.window // codes.shape[1]))]
        wide = np.hstack(beside)[:, : self.size.window]
        p_value, grades = READINGS[reading]
        return hits.count_hits(wide, motifs, p_value, grades=grades, bin_edges=self.bin_edges)[self.drawn]


def random_motif(number: int, rng: np.random.Generator) -> pwm.Motif:
    """A motif of 6 to 20 random columns, most of them informative."""
    pfm = rng.dirichlet(np.full(4, 0.3), rng.integers(6, 21))
    return pwm.Motif(f"RANDOM{number}", f"random{number}", pfm, 100)


def fasta_lines(codes: np.ndarray) -> bytes:
    """Text of one sequence in lines of :data:`LINE` bases."""
    text = decode(codes)
    return "".join(f"{text[i : i + LINE]}\n" for i in range(0, len(text), LINE)).encode()


def write_genome(source: Source, folder: Path) -> None:
    """Genes one after another on random strands of a few chromosomes, and the list of their start sites."""
    rng, rows = np.random.default_rng(SEED), []
    ends = np.linspace(0, source.size.genes, CHROMOSOMES + 1).astype(int)
    with gzip.open(folder / "genome.fa.gz", "wb", compresslevel=1) as handle:
        for number, (first, end) in enumerate(pairwise(ends), start=1):
            windows = source.windows(slice(first, end))
            strands = rng.integers(0, 2, len(windows))
            windows[strands == 1] = reverse_complement_codes(windows[strands == 1])
            spacers = rng.integers(0, 4, (len(windows), SPACER), dtype=np.uint8)
            handle.write(f">chr{number}\n".encode() + fasta_lines(np.hstack([spacers, windows]).ravel()))
            start = np.arange(len(windows)) * (SPACER + source.size.window) + SPACER
            tss = start + np.where(strands == 0, source.size.upstream, DOWNSTREAM)
            names = source.genes[first:end]
            rows.append(pd.DataFrame({"gene_id": names, "gene_name": names, "chrom": f"chr{number}", "tss": tss}))
            rows[-1]["strand"] = np.array(["+", "-"])[strands]
    pd.concat(rows).assign(transcript_id="", rank=1).to_csv(folder / "tss.tsv", sep="\t", index=False)
    (folder / "annotation.tsv").write_text("step\tgenes\tlost\tnote\nlines repaired\t0\t0\tnone\n")


def write_sequences(source: Source, folder: Path) -> None:
    """Encoded promoters."""
    np.save(folder / "sequences.npy", np.concatenate([source.windows(block) for block in source.blocks()]))


def write_genes(source: Source, folder: Path) -> None:
    """Table of genes with their target, folds and runs."""
    medians = np.concatenate([np.median(source.expression(block), axis=1) for block in source.blocks()])
    target = (medians - medians.mean()) / medians.std()
    table = promoter_table(source).drop(columns=["start", "end", "rank", "n_fraction"])
    table.assign(median=medians, target=target).to_csv(folder / "genes.tsv", sep="\t", index=False)
    folds = splits.random_folds(source.size.genes, 5, SEED)
    pd.DataFrame({"fold": folds}).to_csv(folder / "folds.tsv", sep="\t", index=False)
    splits.plan_runs(10, 5, SEED).to_csv(folder / "runs.tsv", sep="\t", index=False)
    predictions = pd.DataFrame({"gene_id": source.genes, "fold": folds, "observed": target, "predicted": 0.0})
    predictions.to_csv(folder / "predictions.tsv", sep="\t", index=False)


def promoter_table(source: Source) -> pd.DataFrame:
    """The table of promoters, with places on one chromosome."""
    start = np.arange(source.size.genes) * source.size.window
    end = start + source.size.window
    table = pd.DataFrame({"gene_id": source.genes, "gene_name": source.genes, "chrom": "chr1", "start": start})
    rest = {"end": end, "strand": "+", "tss": end - 1 - DOWNSTREAM, "rank": 1, "n_fraction": 0}
    return table.assign(**rest, gc=0.5, cpg_oe=0.5)


def write_promoters(source: Source, folder: Path) -> None:
    """Promoters as a table and as text."""
    promoter_table(source).to_csv(folder / "promoters.tsv", sep="\t", index=False)
    texts = [decode(row) for block in source.blocks() for row in source.windows(block)]
    write_fasta(folder / "promoters.fa", dict(zip(source.genes, texts, strict=True)))


def write_matrix(source: Source, folder: Path) -> None:
    """Linear expression as text; the lines repeat, for numbers take long to write."""
    values = np.maximum(10 ** source.expression(slice(0, LINES)) - 0.1, 0)
    lines = ["\t".join(f"{value:.4g}" for value in row) for row in values.tolist()]
    with gzip.open(folder / "expression.tsv.gz", "wt", compresslevel=1) as handle:
        handle.write("\t".join(["gene_id", *source.cell_types]) + "\n")
        for i, gene in enumerate(source.genes):
            handle.write(f"{gene}\t{lines[i % len(lines)]}\n")


def write_expression(source: Source, folder: Path) -> None:
    """Log expression as the workflow keeps it, and the sheet of cell types."""
    values = np.concatenate([source.expression(block) for block in source.blocks()])
    index = pd.Index(source.genes, name="gene_id")
    pd.DataFrame(values, index=index, columns=source.cell_types).to_parquet(folder / "expression.parquet")
    sheet = pd.DataFrame({"cell_type": source.cell_types, "group": "all"})
    sheet.to_csv(folder / "cell_types.tsv", sep="\t", index=False)


def write_motifs(source: Source, folder: Path) -> None:
    """The motifs asked for."""
    pwm.write_meme(folder / "motifs.meme", source.motifs)


def write_database(source: Source, folder: Path) -> None:
    """The known motifs."""
    pwm.write_meme(folder / "database.meme", source.database)


def write_motif_hits(source: Source, folder: Path) -> None:
    """Hits of the motifs asked for."""
    sparse.save_npz(folder / "motif_hits.npz", source.hits(source.motifs, "strict"), compressed=False)


def write_database_hits(source: Source, folder: Path) -> None:
    """Hits of the known motifs, read both ways."""
    for reading in READINGS:
        counts = source.hits(source.database, reading)
        sparse.save_npz(folder / f"database_{reading}.npz", counts, compressed=False)


def write_formula(source: Source, folder: Path) -> None:
    """A formula with effects of position, the motifs chosen without each fold, and no matches."""
    chosen = source.database[:CHOSEN]
    edges = source.bin_edges
    upstream = source.size.upstream
    reading = formula.Reading(
        "hits",
        upstream,
        DOWNSTREAM,
        *READINGS["graded"],
        both_strands=True,
        bin_edges=tuple(int(edge) - upstream for edge in edges),
        covariates=features.covariate_names(edges),
    )
    effects, covariates = np.zeros((CHOSEN, len(edges) - 1)), np.zeros(len(reading.covariates))
    published = formula.Formula(chosen, effects, 0.0, reading, 0.0, 1.0, covariates, penalty=100.0)
    formula.write_json(folder / "formula.json", published)
    names = pd.DataFrame([(motif.id, motif.name) for motif in chosen], columns=["motif", "name"])
    names.to_csv(folder / "formula.tsv", sep="\t", index=False)
    of_folds = pd.concat([names.assign(fold=fold) for fold in range(5)])
    of_folds.to_csv(folder / "selection.tsv", sep="\t", index=False)
    design = pd.DataFrame({"fold": [*range(5), "all"], "penalty": 100.0, "reading": "graded", "strength": 0.3})
    design.to_csv(folder / "design.tsv", sep="\t", index=False)
    (folder / "matches.tsv").write_text("\t".join(match_table.COLUMNS) + "\n")


OF_A_FIT = (write_sequences, write_genes, write_database, write_database_hits, write_formula)
NEEDED: dict[str, tuple[Callable[[Source, Path], None], ...]] = {
    "extraction": (write_genome,),
    "counting": (write_sequences, write_motifs),
    "counting, strict": (write_sequences, write_motifs),
    "training epoch": (write_sequences, write_genes),
    "formula": OF_A_FIT,
    "cell-type effects": (*OF_A_FIT, write_expression),
    "expression matrix": (write_promoters, write_matrix),
    "comparison": (write_motifs, write_database),
    "clustering": (write_motifs,),
    "selection": (write_genes, write_motifs, write_motif_hits),
}
"""What makes the input of each stage."""


def main(folder: str, genes: str, window: str, motifs: str, cell_types: str, *stages: str) -> None:
    """Write the input of some stages."""
    source = Source(Size(*map(int, (genes, window, motifs, cell_types))))
    for write in dict.fromkeys(write for stage in stages for write in NEEDED[stage]):
        write(source, Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
