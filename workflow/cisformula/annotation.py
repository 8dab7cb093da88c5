"""Transcription start sites from GTF, GFF3 or BED, ranked within each gene."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import numpy as np
import pandas as pd

from .errors import InputError
from .job import logger
from .textfile import UNFIT, WHOLE_NUMBER, check_name, read_lines

EXAMPLES = 5
"""Number of gene ids shown per repair."""
TSS_COLUMNS = ["gene_id", "gene_name", "chrom", "tss", "strand", "transcript_id", "rank"]
TRANSCRIPT_TYPES = frozenset(
    {
        *("transcript", "mRNA", "primary_transcript", "unconfirmed_transcript", "NMD_transcript_variant"),
        *("processed_transcript", "pseudogenic_transcript", "nc_primary_transcript"),
        *(
            "ncRNA",
            "lnc_RNA",
            "lncRNA",
            "lincRNA",
            "antisense_RNA",
            "miRNA",
            "snoRNA",
            "snRNA",
            "scRNA",
            "rRNA",
            "tRNA",
        ),
        *("Y_RNA", "vault_RNA", "SRP_RNA", "RNase_P_RNA", "RNase_MRP_RNA", "telomerase_RNA"),
    }
)
"""Feature types whose 5' end is a TSS (Sequence Ontology names, as used by Ensembl, NCBI, SGD and TAIR)."""

_CANONICAL_TAGS = ("MANE_Select", "Ensembl_canonical", "appris_principal")
# The version of an accession (ENST00000456328.2, NM_000546.6) says nothing about the order of a gene's transcripts.
_ACCESSION = re.compile(r"^(?:ENS[A-Z]*\d+|[NX][MR]_\d+)(?:\.\d+)?$")
_NUMBER_SUFFIX = r"[._-](?:tx|id|mRNA|T|t)?(\d+)$"
_SOURCE_PREFIX = r"^(?:gene|transcript|rna|mrna)[:-]"


class Sites(NamedTuple):
    """Candidate TSSs, and an account of what was left out or put right on reading.

    Attributes
    ----------
    table : pd.DataFrame
        As :func:`list_tss` returns it.
    repairs : pd.DataFrame, shape (3, 4)
        ``step genes lost note``, rows for the QC table of promoters: ``genes`` are changed or lost by the step, and
        ``lost`` is missing, since these genes are not among those that the filters begin with.
    """

    table: pd.DataFrame
    repairs: pd.DataFrame


def list_tss(
    path: str | Path, rule: str = "canonical", bed_gene_column: int = 4, bed_tss: str = "start"
) -> pd.DataFrame:
    """All candidate TSSs of an annotation, ranked within their gene; see :func:`read_sites`."""
    return read_sites(path, rule, bed_gene_column, bed_tss).table


def read_sites(path: str | Path, rule: str = "canonical", bed_gene_column: int = 4, bed_tss: str = "start") -> Sites:
    """All candidate TSSs of an annotation, ranked within their gene, and what was repaired.

    Blanks of any kind become one space in ids and names, and none at their ends. Lines that name no gene, or have no
    strand, are left out.

    Parameters
    ----------
    path : str or Path
        GTF, GFF3 or six-column BED, plain or gzip; recognised by content.
    rule : {"canonical", "most_upstream", "given"}
        ``canonical``: transcripts tagged MANE_Select, Ensembl_canonical or appris_principal first, then by the number
        that ends the transcript's id (``NOC2L_1`` before ``NOC2L_2``), then file order. ``most_upstream``: the
        5'-most TSS first. ``given``: the file must hold exactly one TSS per gene.
    bed_gene_column : {4, 5}
        BED column that holds the gene id; rows with ``.`` there belong to no gene and are left out.
    bed_tss : {"start", "midpoint"}
        The TSS is the 5' end, or the middle, of a BED interval.

    Returns
    -------
    Sites
        Its table has the columns ``gene_id gene_name chrom tss strand transcript_id rank``. ``tss`` is the 0-based
        position of the first transcribed base; ``rank`` 1 is preferred. Genes stand in file order; equal TSSs of a
        gene are one row.

    Raises
    ------
    InputError
        No usable line, malformed coordinates, missing gene ids, names that are no text, or more than one TSS under
        ``given``.
    """
    kind = detect_format(path)
    if kind == "bed":
        found, where = _read_bed(path, bed_gene_column, bed_tss), f"column {bed_gene_column}"
    else:
        found, where = _read_features(path, _name_gtf if kind == "gtf" else _name_gff3), "its attributes"
    tidy = _tidy(found, path)
    named = _with_gene(tidy, path, where)
    stranded = _stranded(named, path)
    changed = named["gene_id"][named["gene_id"] != found["gene_id"][named.index]]
    steps = [
        ("id with blanks put right", changed.nunique(), _examples(changed)),
        ("lines without a gene", 0, f"{len(tidy) - len(named)} lines left out"),
        (
            "lines without a strand",
            named["gene_id"].nunique() - stranded["gene_id"].nunique(),
            f"{len(named) - len(stranded)} lines left out",
        ),
    ]
    repairs = pd.DataFrame(steps, columns=["step", "genes", "note"])
    repairs.insert(2, "lost", pd.array([pd.NA] * len(steps), dtype="Int64"))
    return Sites(rank_tss(stranded, rule, path), repairs)


def _examples(ids: pd.Series) -> str:
    return ", ".join(ids.unique()[:EXAMPLES]) or "none"


def rank_tss(candidates: pd.DataFrame, rule: str, path: str | Path) -> pd.DataFrame:
    """Rank candidate TSSs within their gene; see :func:`list_tss` for rules, columns and errors.

    Parameters
    ----------
    candidates : pd.DataFrame
        Columns ``gene_id gene_name chrom tss strand transcript_id tag line``, in file order; ``tag`` is 0 for the
        strongest mark of a canonical transcript and higher for weaker ones.
    rule : {"canonical", "most_upstream", "given"}
    path : str or Path
        Named in error messages.
    """
    if rule == "given":
        _require_one_each(candidates, path)
    # A gene on two chromosomes or strands (PAR genes, UCSC duplicates) has no common upstream: first locus first.
    locus = candidates["chrom"] + candidates["strand"]
    away = locus != locus.groupby(candidates["gene_id"]).transform("first")
    if rule == "most_upstream":
        order = np.where(candidates["strand"] == "+", candidates["tss"], -candidates["tss"])
        keys = {"away": away, "order": order}
    else:
        keys = {"away": away, "tag": candidates["tag"], "order": transcript_number(candidates["transcript_id"])}
    gene = pd.factorize(candidates["gene_id"])[0]
    ranked = (
        candidates.assign(gene=gene, **keys)
        .sort_values(["gene", *keys], kind="stable")
        .drop_duplicates(["gene", "chrom", "tss", "strand"])
    )
    ranked["rank"] = ranked.groupby("gene").cumcount() + 1
    return ranked[TSS_COLUMNS].reset_index(drop=True)


def transcript_number(ids: pd.Series) -> pd.Series:
    """Number that ends a transcript's id (``YAL003W_id003`` is 3); infinite for accessions and ids without one."""
    number = ids.str.extract(_NUMBER_SUFFIX, expand=False).astype(float)
    return number.mask(ids.str.match(_ACCESSION)).fillna(np.inf)


def _require_one_each(candidates: pd.DataFrame, path: str | Path) -> None:
    second = candidates[candidates["gene_id"].duplicated()]
    if len(second):
        gene = second["gene_id"].iloc[0]
        raise InputError(
            f"gene {gene!r} has more than one TSS, and so have {second['gene_id'].nunique() - 1} other genes.",
            place=f"{path}:{second['line'].iloc[0]}",
            fix="Leave one line per gene, or set promoters: tss_rule to canonical or most_upstream.",
        )


def _lines(path: str | Path) -> Iterator[tuple[int, str]]:
    """Line number and text of the lines that hold data; plain or gzip, up to a ``##FASTA`` section."""
    for number, line in read_lines(path):
        if line.startswith("##FASTA"):
            return
        if line and not line.startswith(("#", "track ", "browser ")) and not line.isspace():
            yield number, line


def detect_format(path: str | Path) -> str:
    """``gtf``, ``gff3`` or ``bed``, from the first line that is data; compression does not matter.

    Raises
    ------
    InputError
        The file is empty, damaged, or its first line has the columns of none of these.
    """
    for number, line in _lines(path):
        fields = line.split("\t")
        if len(fields) >= 9 and fields[6] in "+-.?":  # in BED12, column 7 is a number
            return "gff3" if re.search(r"^\s*[^;\s\"]+=", fields[8]) else "gtf"
        if len(fields) >= 4:
            return "bed"
        raise InputError(
            f"expected GTF or GFF3 (9 columns) or BED (6 columns), found {len(fields)} tab-separated column(s).",
            place=f"{path}:{number}",
            fix="Give a GTF, GFF3 or BED file with tabs between its columns.",
        )
    raise InputError(
        "the annotation holds no line of data.",
        place=str(path),
        fix="Give a GTF, GFF3 or BED file with at least one gene.",
    )


def _table(lines: list[tuple[int, str]], columns: dict[int, str], path: str | Path) -> pd.DataFrame:
    """The named columns of tab-separated lines as text, indexed by line number."""
    rows = []
    for number, line in lines:
        fields = line.split("\t")
        if len(fields) <= max(columns):
            raise InputError(
                f"{len(fields)} tab-separated columns instead of {max(columns) + 1}.",
                place=f"{path}:{number}",
                fix="Give nine columns in GTF and GFF3, six in BED (the strand is the sixth), separated by tabs.",
            )
        rows.append([fields[place] for place in columns])
    return pd.DataFrame(rows, columns=list(columns.values()), index=[number for number, _ in lines])


def _coordinates(table: pd.DataFrame, lowest_start: int, path: str | Path) -> None:
    """Turn the columns ``start`` and ``end`` into integers, or say which line does not allow it."""
    whole = {name: table[name].where(table[name].str.fullmatch(WHOLE_NUMBER)) for name in ("start", "end")}
    numbers = {name: pd.to_numeric(texts) for name, texts in whole.items()}
    wrong = ~((numbers["start"] >= lowest_start) & (numbers["end"] >= numbers["start"] + 1 - lowest_start))
    if wrong.any():
        line = table.index[wrong][0]
        raise InputError(
            f"malformed coordinates: start {table['start'][line]!r}, end {table['end'][line]!r}.",
            place=f"{path}:{line}",
            fix="Start and end must be whole numbers, start first"
            + (" (GTF and GFF3 count from 1)." if lowest_start else " (BED counts from 0, its end is exclusive)."),
        )
    for name, values in numbers.items():
        table[name] = values.astype(np.int64)


def _tidy(table: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    """The table with single spaces for the blanks in its names; names that are empty or no text are refused."""
    columns = ["gene_id", "gene_name", "chrom"]
    tidy = table.assign(**{column: table[column].str.split().str.join(" ") for column in columns})
    for column, what in (("gene_id", "gene id"), ("chrom", "chromosome")):
        for line in tidy.index[tidy[column].str.contains(UNFIT)][:1]:
            check_name(tidy[column][line], what, f"{path}:{line}")
    for line in tidy.index[tidy["chrom"] == ""][:1]:
        raise InputError(
            "no chromosome in column 1.", place=f"{path}:{line}", fix="Give every line the name of its chromosome."
        )
    return tidy


def _stranded(table: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    """Rows with a strand; a TSS has no meaning without one."""
    known = table["strand"].isin(["+", "-"])
    if not known.any():
        raise InputError(
            f"no line has strand + or - (found {table['strand'].iloc[0]!r}).",
            place=f"{path}:{table.index[0]}",
            fix="Give the strand in column 7 of GTF or GFF3, column 6 of BED.",
        )
    if not known.all():
        logger.warning("%s: %d line(s) without strand + or - are left out", path, (~known).sum())
    return table[known].copy()


def _with_gene(table: pd.DataFrame, path: str | Path, where: str) -> pd.DataFrame:
    """Rows that name a gene."""
    named = ~table["gene_id"].isin(["", "."])
    if not named.any():
        raise InputError(
            f"no line names a gene in {where}.",
            place=f"{path}:{table.index[0]}",
            fix="Give every TSS a gene id"
            + (", or set promoters: bed_gene_column." if where.startswith("col") else "."),
        )
    if not named.all():
        logger.warning("%s: %d line(s) that name no gene are left out", path, (~named).sum())
    return table[named]


def _read_bed(path: str | Path, gene_column: int, tss: str) -> pd.DataFrame:
    columns = dict(enumerate(["chrom", "start", "end", "name", "score", "strand"]))
    table = _table(list(_lines(path)), columns, path)
    _coordinates(table, 0, path)
    table["gene_id"] = table["name" if gene_column == 4 else "score"]
    if tss == "midpoint":
        table["tss"] = (table["start"] + table["end"]) // 2
    else:
        table["tss"] = np.where(table["strand"] == "+", table["start"], table["end"] - 1)
    stem = table["name"].str.replace(_NUMBER_SUFFIX, "", regex=True)
    table["gene_name"] = table["gene_id"] if gene_column == 4 else stem
    return table.assign(transcript_id=table["name"], tag=0, line=table.index)


def _read_features(path: str | Path, name_genes) -> pd.DataFrame:
    """Transcripts of a GTF or GFF3 file, or its genes where it has no transcripts."""
    columns = {0: "chrom", 2: "type", 3: "start", 4: "end", 6: "strand", 8: "attributes"}
    kept, seen = [], set()
    for number, line in _lines(path):
        feature = line.split("\t", 3)[2:3]
        seen.update(feature)
        if feature and (feature[0] in TRANSCRIPT_TYPES or feature[0].endswith("gene")):
            kept.append((number, line))
    if not kept:
        raise InputError(
            f"no transcript and no gene among its features (found: {', '.join(sorted(seen)[:6])}).",
            place=str(path),
            fix="Give the annotation with its transcript (or mRNA, or gene) lines.",
        )
    table = _table(kept, columns, path)
    _coordinates(table, 1, path)
    is_gene = ~table["type"].isin(TRANSCRIPT_TYPES)
    named = name_genes(table[~is_gene], table[is_gene])
    named["tss"] = np.where(named["strand"] == "+", named["start"], named["end"]) - 1
    tags = [named["attributes"].str.contains(tag, regex=False) for tag in _CANONICAL_TAGS]
    named["tag"] = np.select(tags, range(len(tags)), len(tags))
    return named.assign(line=named.index)


def _first(*columns: pd.Series) -> pd.Series:
    """The first non-empty text of each row."""
    result = columns[0]
    for column in columns[1:]:
        result = result.where(result != "", column)
    return result


def _name_gtf(transcripts: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """Add ``gene_id``, ``gene_name`` and ``transcript_id`` to the transcripts (or genes) of a GTF file."""
    table = transcripts if len(transcripts) else genes

    def attribute(key: str) -> pd.Series:
        quoted = rf'(?:^|[;\s]){key} +("[^"]*"|[^";\s]+)'
        return table["attributes"].str.extract(quoted, expand=False).str.strip('"').fillna("")

    gene_id = attribute("gene_id")
    return table.assign(
        gene_id=gene_id,
        gene_name=_first(attribute("gene_name"), attribute("gene"), gene_id),
        transcript_id=_first(attribute("transcript_id"), gene_id),
    )


def _name_gff3(transcripts: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """Add ``gene_id``, ``gene_name`` and ``transcript_id`` to the transcripts (or genes) of a GFF3 file.

    The gene is the parent where the file has genes. Otherwise it is the attribute ``gene_id``, the parent's id, or the
    transcript's own id without its ending (``YAL001C_tx0`` is of ``YAL001C``), whichever is there first.
    """

    def attribute(table: pd.DataFrame, key: str) -> pd.Series:
        values = table["attributes"].str.extract(rf"(?:^|;)\s*{key}=([^;]*)", expand=False).fillna("")
        return values.str.strip().map(unquote)

    def without_prefix(ids: pd.Series) -> pd.Series:
        return ids.str.replace(_SOURCE_PREFIX, "", regex=True)

    def names(table: pd.DataFrame) -> pd.Series:
        return _first(attribute(table, "gene_name"), attribute(table, "Name"), attribute(table, "gene"))

    ids = attribute(genes, "ID")
    genes = genes.assign(id=ids, gene_id=_first(attribute(genes, "gene_id"), without_prefix(ids)))
    genes["gene_name"] = _first(names(genes), genes["gene_id"])
    genes["transcript_id"] = genes["gene_id"]
    if transcripts.empty:
        return genes
    parent = attribute(transcripts, "Parent").str.split(",").str[0]
    own_id = without_prefix(attribute(transcripts, "ID"))
    known = genes[genes["id"] != ""].drop_duplicates("id").set_index("id")
    in_gene = parent.isin(known.index)
    if in_gene.any():
        rows, parents = transcripts[in_gene], parent[in_gene]
        return rows.assign(
            gene_id=parents.map(known["gene_id"]),
            gene_name=parents.map(known["gene_name"]),
            transcript_id=own_id[in_gene],
        )
    stem = own_id.mask(own_id.str.match(_ACCESSION), "").str.replace(rf"(?:{_NUMBER_SUFFIX}|_mRNA$)", "", regex=True)
    gene_id = _first(attribute(transcripts, "gene_id"), without_prefix(parent), stem, own_id)
    gene_name = _first(attribute(transcripts, "gene_name"), attribute(transcripts, "gene"), gene_id)
    return transcripts.assign(gene_id=gene_id, gene_name=gene_name, transcript_id=_first(own_id, gene_id))
