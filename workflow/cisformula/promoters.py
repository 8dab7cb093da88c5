"""One promoter per gene: windows around ranked TSSs, their sequences, and an account of what was lost on the way."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pandas as pd

from .errors import InputError
from .genome import GenomeRegions, read_regions
from .sequence import UNKNOWN, decode, encode, reverse_complement

COLUMNS = ["gene_id", "gene_name", "chrom", "start", "end", "strand", "tss", "rank", "n_fraction", "gc", "cpg_oe"]
EXAMPLES = 5
"""Number of lost gene ids shown per step."""
MOST_BASES = 4_000_000_000
"""Bases around all TSSs that are held at once."""


class Promoters(NamedTuple):
    """Promoters in genome order and the table of what was kept.

    Attributes
    ----------
    table : pd.DataFrame, shape (n_genes, 11)
        ``gene_id gene_name chrom start end strand tss rank n_fraction gc cpg_oe``; ``start``/``end`` 0-based,
        half-open, chromosome names as the genome has them.
    sequences : list of str, length n_genes
        Upper-case ACGTN on the sense strand, all ``upstream + 1 + downstream`` long.
    qc : pd.DataFrame
        ``step genes lost note``; rows with ``lost`` are the successive filters, the others describe what is left.
    """

    table: pd.DataFrame
    sequences: list[str]
    qc: pd.DataFrame


def bedtools():
    """The pybedtools module, once it is sure that the bedtools program is there.

    Raises
    ------
    InputError
        The program is missing, with the command that installs it.
    """
    if shutil.which("bedtools") is None:
        raise InputError(
            "the program 'bedtools' is not installed (the Python package pybedtools does not contain it).",
            place="bedtools",
            fix="Run 'apt-get install bedtools' or 'conda install -c bioconda bedtools'.",
        )
    import pybedtools

    return pybedtools


def windows(tss: pd.DataFrame, lengths: dict[str, int], upstream: int, downstream: int) -> np.ndarray:
    """Windows around TSSs, counted along the strand and cut at the chromosome's ends, by ``bedtools slop -s``.

    Parameters
    ----------
    tss : pd.DataFrame, shape (n_tss, >= 3)
        Columns ``chrom``, ``tss`` (0-based, inside the chromosome) and ``strand``.
    lengths : dict of str to int
        Chromosome lengths in bases.
    upstream, downstream : int
        Bases on either side of the TSS base, which is position 0.

    Returns
    -------
    np.ndarray, shape (n_tss, 2), int64
        Start and end, 0-based, half-open.
    """
    if tss.empty:
        return np.empty((0, 2), dtype=np.int64)
    # Numbers instead of names: bedtools takes some names, such as track1, for headers.
    number = {chrom: i for i, chrom in enumerate(lengths)}
    chroms = tss["chrom"].map(number)
    points = zip(chroms, tss["tss"], tss["tss"] + 1, range(len(tss)), tss["strand"], strict=True)
    with TemporaryDirectory() as folder:
        sizes, bed = Path(folder, "sizes"), Path(folder, "tss.bed")
        sizes.write_text("".join(f"{number[chrom]}\t{length}\n" for chrom, length in lengths.items()))
        bed.write_text(
            "".join(f"{chrom}\t{start}\t{end}\t{i}\t0\t{strand}\n" for chrom, start, end, i, strand in points)
        )
        slopped = (
            bedtools().BedTool(str(bed)).slop(s=True, l=upstream, r=downstream, g=str(sizes), output=f"{folder}/out")
        )
        table = pd.read_csv(slopped.fn, sep="\t", header=None, usecols=[1, 2, 3])
    return table.sort_values(3)[[1, 2]].to_numpy(dtype=np.int64)


def composition(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unknown fraction, GC fraction and CpG observed/expected of sequences.

    CpG o/e is (number of CpG x number of known bases) / (number of C x number of G) (Gardiner-Garden and Frommer
    1987), and 0 where there is no C or no G.

    Parameters
    ----------
    codes : np.ndarray, shape (n_sequences, length), uint8

    Returns
    -------
    tuple of np.ndarray, each shape (n_sequences,), float64
    """
    known = (codes != UNKNOWN).sum(axis=1)
    c, g = (codes == 1).sum(axis=1), (codes == 2).sum(axis=1)
    cpg = ((codes[:, :-1] == 1) & (codes[:, 1:] == 2)).sum(axis=1)
    gc = np.divide(c + g, known, out=np.zeros(len(codes)), where=known > 0)
    cpg_oe = np.divide(cpg * known, c * g, out=np.zeros(len(codes)), where=c * g > 0)
    return 1 - known / codes.shape[1], gc, cpg_oe


def extract_promoters(
    tss: pd.DataFrame,
    genome_path: str | Path,
    index_path: str | Path,
    *,
    upstream: int,
    downstream: int,
    max_n_fraction: float = 0.0,
    drop_duplicates: bool = True,
    min_genes: int = 1,
) -> Promoters:
    """Promoter of every gene: the window of its best-ranked TSS that is complete.

    A window is complete when it lies inside the chromosome and at most ``max_n_fraction`` of it is unknown.

    Parameters
    ----------
    tss : pd.DataFrame
        As :func:`cisformula.annotation.list_tss` returns it.
    genome_path, index_path : str or Path
        See :func:`cisformula.genome.read_regions`.
    upstream, downstream : int
        Bases on either side of the TSS base (249 and 50 give the 300 bases -249..+50).
    max_n_fraction : float
        Largest fraction of bases other than A, C, G, T.
    drop_duplicates : bool
        Of genes with identical promoters keep the first in genome order.
    min_genes : int
        Fewest genes to go on with.

    Returns
    -------
    Promoters

    Raises
    ------
    InputError
        Windows that no memory holds, no chromosome in common, a window wider than every chromosome, or fewer than
        ``min_genes`` promoters; and what :func:`cisformula.genome.read_regions` and :func:`bedtools` raise.
    """
    width = upstream + 1 + downstream
    bedtools()
    # A window's strand counts only once the chromosome lengths are known, so both sides are read at once.
    reach = max(upstream, downstream)
    _require_memory(width, len(tss) * (2 * reach + 1))
    around = pd.DataFrame({"chrom": tss["chrom"], "start": tss["tss"] - reach, "end": tss["tss"] + reach + 1})
    genome = read_regions(genome_path, around, index_path)
    _require_common_chromosomes(tss, genome, genome_path)
    _require_room(width, genome, genome_path)

    funnel = _Funnel(tss["gene_id"], f"{len(tss)} candidate TSSs")
    table = _place_windows(tss.reset_index(drop=True), genome, upstream, downstream, funnel)
    table = _read_windows(table, genome, width)
    clear = table["n_fraction"] <= max_n_fraction
    note = f"{(~clear).sum()} windows with more than {100 * max_n_fraction:g} % unknown bases"
    table = funnel.keep(table, clear, "known bases", note)

    table = table.sort_values("rank", kind="stable").drop_duplicates("gene_id")
    place = table["chrom"].map({chrom: i for i, chrom in enumerate(genome.lengths)})
    table = table.assign(place=place).sort_values(["place", "start", "end", "gene_id"], kind="stable")
    repeated = table["sequence"].duplicated()
    if drop_duplicates:
        note = "of identical promoters the first in genome order is kept"
        table = funnel.keep(table, ~repeated, "distinct sequence", note)
    _require_enough(len(table), min_genes, funnel, genome_path)

    table = table.reset_index(drop=True)
    remarks = _describe(table, tss, genome)
    if not drop_duplicates:
        remarks.append(_remark("identical promoters kept", repeated.sum(), "same sequence as a gene before it"))
    qc = pd.DataFrame([*funnel.steps, *remarks]).astype({"lost": "Int64"})
    return Promoters(table[COLUMNS], table["sequence"].tolist(), qc)


class _Funnel:
    """The successive filters as rows of the QC table, with genes counted once each."""

    def __init__(self, gene_ids: pd.Series, note: str):
        self.steps = [{"step": "annotated", "genes": gene_ids.nunique(), "lost": 0, "note": note}]

    def keep(self, table: pd.DataFrame, mask: pd.Series, name: str, note: str) -> pd.DataFrame:
        """Rows of ``table`` under the mask; note how many genes are left and which are lost."""
        kept = pd.Index(table["gene_id"][mask].unique())
        lost = pd.Index(table["gene_id"].unique()).difference(kept, sort=False)
        if len(lost):
            note += f"; lost e.g. {', '.join(lost[:EXAMPLES])}"
        self.steps.append({"step": name, "genes": len(kept), "lost": len(lost), "note": note})
        return table[mask]


def _place_windows(
    tss: pd.DataFrame, genome: GenomeRegions, upstream: int, downstream: int, funnel: _Funnel
) -> pd.DataFrame:
    """TSSs with whole windows on chromosomes of the genome, with the columns ``start`` and ``end``."""
    known = tss["chrom"].isin(genome.names)
    table = funnel.keep(tss, known, "known chromosome", _unknown_note(tss["chrom"][~known]))
    table = table.assign(chrom=table["chrom"].map(genome.names))

    inside = table["tss"] < table["chrom"].map(genome.lengths)
    note = f"{(~inside).sum()} TSSs lie beyond the chromosome's end"
    table = funnel.keep(table, inside, "TSS on chromosome", note).copy()

    table[["start", "end"]] = windows(table, genome.lengths, upstream, downstream)
    whole = table["end"] - table["start"] == upstream + 1 + downstream
    return funnel.keep(table, whole, "whole window", f"{(~whole).sum()} windows cut by a chromosome's end").copy()


def _read_windows(table: pd.DataFrame, genome: GenomeRegions, width: int) -> pd.DataFrame:
    """Add ``sequence`` on the sense strand and its ``n_fraction``, ``gc`` and ``cpg_oe``."""
    sequences = []
    for row, start, strand in zip(table.index, table["start"], table["strand"], strict=True):
        offset = start - genome.starts[row]
        forward = genome.sequences[row][offset : offset + width]
        sequences.append(forward if strand == "+" else reverse_complement(forward))
    codes = np.array([encode(text) for text in sequences], dtype=np.uint8).reshape(len(sequences), width)
    table["n_fraction"], table["gc"], table["cpg_oe"] = composition(codes)
    table["sequence"] = [decode(row) for row in codes]  # letters such as R have become N
    return table


def _require_memory(width: int, n_bases: int) -> None:
    if n_bases > MOST_BASES:
        raise InputError(
            f"promoter windows of {width:,} bases take {n_bases:,} bases of sequence, and at most {MOST_BASES:,} are "
            "held at once.",
            place="config: promoters",
            fix="Lower promoters: upstream and promoters: downstream.",
        )


def _require_common_chromosomes(tss: pd.DataFrame, genome: GenomeRegions, path: str | Path) -> None:
    if not genome.names:
        wanted, present = tss["chrom"].unique()[:3], list(genome.lengths)[:3]
        raise InputError(
            f"no chromosome of the annotation ({', '.join(wanted)} ...) is in the genome ({', '.join(present)} ...).",
            place=str(path),
            fix="Give genome and annotation of the same assembly and source ('chr1' and '1' are taken as the same).",
        )


def _require_room(width: int, genome: GenomeRegions, path: str | Path) -> None:
    longest = max(genome.names.values(), key=genome.lengths.get)
    if width > genome.lengths[longest]:
        raise InputError(
            f"the promoter window of {width} bases is wider than the longest chromosome "
            f"({longest}, {genome.lengths[longest]} bases).",
            place=str(path),
            fix="Lower promoters: upstream and promoters: downstream.",
        )


def _require_enough(n_genes: int, min_genes: int, funnel: _Funnel, path: str | Path) -> None:
    if n_genes < min_genes:
        left = "; ".join(f"{step['step']}: {step['genes']}" for step in funnel.steps)
        raise InputError(
            f"only {n_genes} genes have a usable promoter, {min_genes} are needed ({left}).",
            place=str(path),
            fix="Check that genome and annotation are of the same assembly, narrow promoters: upstream and downstream, "
            "or raise promoters: max_n_fraction.",
        )


def _remark(name: str, genes: int, note: str) -> dict:
    """A row of the QC table that describes the promoters kept."""
    return {"step": name, "genes": int(genes), "lost": pd.NA, "note": note}


def _unknown_note(chromosomes: pd.Series) -> str:
    names = chromosomes.unique()
    if not len(names):
        return "all chromosomes of the annotation are in the genome"
    shown = ", ".join(names[:EXAMPLES]) + (" ..." if len(names) > EXAMPLES else "")
    return f"{len(chromosomes)} TSSs on {len(names)} chromosomes that the genome lacks: {shown}"


def _describe(table: pd.DataFrame, tss: pd.DataFrame, genome: GenomeRegions) -> list[dict]:
    """QC rows on the promoters kept: lower-ranked TSSs, overlaps and chromosome names matched."""
    overlapping, bidirectional = overlaps(table)
    renamed = {theirs: ours for theirs, ours in genome.names.items() if theirs != ours}
    n_renamed = tss["gene_id"][tss["chrom"].isin(renamed)].nunique()
    pairs = ", ".join(f"{theirs} = {ours}" for theirs, ours in list(renamed.items())[:EXAMPLES])
    return [
        _remark(
            "lower-ranked TSS used", (table["rank"] > 1).sum(), "the window of a better-ranked TSS is not complete"
        ),
        _remark("overlapping promoters", len(overlapping), "window shared in part with another gene's, any strand"),
        _remark("bidirectional promoters", len(bidirectional), "overlap with a promoter on the other strand"),
        _remark("chromosome renamed", n_renamed, pairs or "names agree"),
    ]


def overlaps(table: pd.DataFrame) -> tuple[set[str], set[str]]:
    """Genes whose window overlaps another gene's, by ``bedtools intersect``, and those that do so on the other strand.

    Parameters
    ----------
    table : pd.DataFrame, shape (n_genes, >= 5)
        Columns ``chrom start end gene_id strand``.

    Returns
    -------
    overlapping, bidirectional : set of str
        Gene ids; the second is a subset of the first.
    """
    with TemporaryDirectory() as folder:
        bed = Path(folder, "windows.bed")
        # Numbers instead of names, as in windows().
        columns = table[["chrom", "start", "end"]].assign(row=range(len(table)), score=0, strand=table["strand"])
        columns["chrom"] = pd.factorize(columns["chrom"])[0]
        columns.to_csv(bed, sep="\t", header=False, index=False)
        windows_bed = bedtools().BedTool(str(bed))
        met = windows_bed.intersect(windows_bed, wa=True, wb=True, output=f"{folder}/out")
        pairs = pd.read_csv(met.fn, sep="\t", header=None, usecols=[3, 5, 9, 11])
    pairs = pairs[pairs[3] != pairs[9]]
    genes = table["gene_id"].to_numpy()
    return set(genes[pairs[3]]), set(genes[pairs[3][pairs[5] != pairs[11]]])
