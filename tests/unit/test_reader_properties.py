"""Properties of the readers: what is written is read again, whatever bytes come only an InputError goes."""

import contextlib
import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisformula import annotation, expression, gene_sets, genome, motif_files, vcf, windows
from cisformula.argminn import peak_file
from cisformula.errors import InputError
from cisformula.promoters import extract_promoters
from cisformula.pwm import Motif, write_meme
from cisformula.sequence import reverse_complement

FEW = settings(max_examples=40, deadline=None, derandomize=True, database=None)
NAMES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp"], exclude_characters="\ufffd\"';#,>"
    ),
    min_size=1,
    max_size=12,
).filter(lambda name: not name.startswith(("track", "browser")) and name != ".")
BASES = st.text("ACGT", min_size=1, max_size=60)
REGION = {"chrom": ["chr1"], "start": [0], "end": [9]}
READERS = {
    "annotation": annotation.read_sites,
    "matrix": expression.read_matrix,
    "cell types": expression.read_cell_types,
    "id map": expression.read_gene_id_map,
    "genome": lambda path: genome.read_regions(path, REGION, path.with_name("index")),
    "motifs": motif_files.read_motifs,
    "VCF": lambda path: list(vcf.read_vcf(path)),
    "peaks": peak_file.read_peaks,
    "start sites": lambda path: windows.read_starts(path, 3, 2),
    "windows": lambda path: list(windows.read_windows(path, 3, 2)),
    "gene sets": gene_sets.read_gmt,
}
FIELDS = st.sampled_from(
    [
        "chr1",
        "1",
        "10",
        "-5",
        "9" * 25,
        "",
        ".",
        "+",
        "transcript",
        'gene_id "G"',
        "ID=x",
        "A",
        "ACGT",
        "0.5",
        "nan",
        "inf",
        '"',
    ]
) | st.text(max_size=6)
TABLES = st.lists(st.lists(FIELDS, max_size=11), max_size=6).map(lambda rows: "\n".join("\t".join(row) for row in rows))
ANYTHING = (
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    | TABLES.map(lambda text: text.encode("utf-8", "replace"))
    | st.builds(
        lambda head, rest: head + rest, st.sampled_from([b">", b">chr1\n", b"MOTIF a\n", b"##"]), st.binary(max_size=80)
    )
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("property") / "input"


@pytest.mark.parametrize("kind", READERS)
@settings(FEW, max_examples=50)
@given(content=ANYTHING, packed=st.booleans())
def test_whatever_comes_only_an_input_error_goes(path, kind, content, packed):
    path.write_bytes(gzip.compress(content) if packed else content)
    path.with_name("index").unlink(missing_ok=True)
    with contextlib.suppress(InputError):
        READERS[kind](path)


@FEW
@given(
    records=st.dictionaries(NAMES, BASES, min_size=1, max_size=4),
    width=st.integers(1, 70),
    end=st.sampled_from(["\n", "\r\n"]),
    packed=st.booleans(),
    places=st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 70), st.integers(1, 40)), min_size=1, max_size=8),
)
def test_fasta_written_is_fasta_read(path, records, width, end, packed, places):
    lines = []
    for name, bases in records.items():
        lines += [f">{name} more", *(bases[i : i + width] for i in range(0, len(bases), width))]
    content = (end.join(lines) + end).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    path.with_name("index").unlink(missing_ok=True)
    names = list(records)
    asked = [(names[number % len(names)], start, start + size) for number, start, size in places]
    chroms, starts, ends = zip(*asked, strict=True)
    found = genome.read_regions(
        path, {"chrom": list(chroms), "start": list(starts), "end": list(ends)}, path.with_name("index")
    )
    assert found.lengths == {name: len(bases) for name, bases in records.items()}
    assert found.sequences == [records[chrom][max(start, 0) : max(end, 0)] for chrom, start, end in asked]


SITES = st.lists(
    st.tuples(NAMES, NAMES, st.integers(0, 10**12), st.integers(1, 10**6), st.sampled_from("+-")),
    min_size=1,
    max_size=6,
    unique_by=lambda site: site[0],
)


@FEW
@given(sites=SITES)
def test_gtf_counts_from_one_closed_and_bed_from_zero_half_open(path, sites):
    """The same intervals in both formats have the same start sites: the 5' base of each."""
    gtf = [
        f'{chrom}\tx\tmRNA\t{start + 1}\t{start + size}\t.\t{strand}\t.\tgene_id "{gene}"; transcript_id "{gene}";'
        for gene, chrom, start, size, strand in sites
    ]
    bed = [f"{chrom}\t{start}\t{start + size}\t{gene}\t0\t{strand}" for gene, chrom, start, size, strand in sites]
    expected = [start if strand == "+" else start + size - 1 for _, _, start, size, strand in sites]
    for lines in (gtf, bed):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = annotation.list_tss(path)
        assert found["tss"].tolist() == expected
        assert found["gene_id"].tolist() == [site[0] for site in sites]
        assert found["chrom"].tolist() == [site[1] for site in sites]
        assert found["strand"].tolist() == [site[4] for site in sites]


@FEW
@given(
    values=st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.just(None), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    ),
    genes=st.lists(NAMES, min_size=6, max_size=6, unique=True),
    columns=st.lists(NAMES, min_size=3, max_size=3, unique=True),
    delimiter=st.sampled_from("\t;"),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_matrix_written_is_a_matrix_read(path, values, genes, columns, delimiter, end):
    rows = [delimiter.join(["id", *columns])]
    for gene, row in zip(genes, values, strict=False):
        rows.append(delimiter.join([gene, *("" if value is None else repr(value) for value in row)]))
    path.write_bytes((end.join(rows) + end).encode())
    found = expression.read_matrix(path)
    assert found.index.tolist() == genes[: len(values)]
    assert found.columns.tolist() == columns
    np.testing.assert_allclose(found.to_numpy(), np.array(values, dtype=float), rtol=1e-15)


@FEW
@given(
    matrices=st.lists(
        st.lists(st.tuples(*[st.integers(0, 999)] * 4).filter(any), min_size=1, max_size=9), min_size=1, max_size=4
    ),
    names=st.lists(NAMES, min_size=4, max_size=4, unique=True),
    nsites=st.floats(1, 1e6),
    both_strands=st.booleans(),
)
def test_motifs_written_are_motifs_read(path, matrices, names, nsites, both_strands):
    motifs = []
    for name, counts in zip(names, matrices, strict=False):
        pfm = np.array(counts, dtype=float)
        motifs.append(Motif(name, name, pfm / pfm.sum(axis=1, keepdims=True), nsites))
    write_meme(path, motifs, both_strands)
    found = motif_files.read_motifs(path)
    assert [motif.id for motif in found.motifs] == names[: len(motifs)]
    assert found.both_strands == both_strands
    for one, other in zip(motifs, found.motifs, strict=True):
        np.testing.assert_allclose(other.pfm, one.pfm, atol=2e-6)
        assert other.nsites == pytest.approx(one.nsites, rel=1e-9)


@FEW
@given(
    variants=st.lists(
        st.tuples(NAMES, st.integers(0, 10**15), BASES, st.lists(BASES | st.just("<DEL>"), min_size=1, max_size=3)),
        max_size=6,
    )
)
def test_variants_written_are_variants_read(path, variants):
    lines = [f"{chrom}\t{at}\t.\t{ref.lower()}\t{','.join(alts)}\t.\t.\tX" for chrom, at, ref, alts in variants]
    path.write_text("##fileformat=VCFv4.2\n" + "".join(line + "\n" for line in lines), encoding="utf-8")
    expected = [vcf.Variant(chrom, at - 1, ".", ref, tuple(alts)) for chrom, at, ref, alts in variants]
    assert list(vcf.read_vcf(path)) == expected


@FEW
@given(
    peaks=st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 5000), st.floats(0, 0.999)), min_size=1, max_size=9),
    summits=st.booleans(),
)
def test_the_middle_of_a_peak_lies_in_it(path, peaks, summits):
    end = [f"\tn\t0\t.\t0\t0\t0\t{int(at * size)}" if summits else "" for _, size, at in peaks]
    lines = [f"chr1\t{start}\t{start + size}{tail}" for (start, size, _), tail in zip(peaks, end, strict=True)]
    path.write_text("\n".join(lines))
    found = peak_file.read_peaks(path)
    assert (found.starts <= found.middles).all()
    assert (found.middles < found.ends).all()
    if summits:
        assert found.middles.tolist() == [start + int(at * size) for start, size, at in peaks]
    low, high = peak_file.shift_limits(found)
    assert (low <= 0).all()
    assert (high >= 0).all()


@settings(FEW, max_examples=10)
@given(
    bases=st.text("ACGT", min_size=40, max_size=120),
    sides=st.tuples(st.integers(0, 12), st.integers(0, 12)),
    share=st.floats(0, 0.999),
    strand=st.sampled_from("+-"),
)
def test_a_promoter_is_the_same_from_either_strand_of_its_chromosome(path, bases, sides, share, strand):
    """Turned around, the chromosome holds the same promoter; at its ends there is none on either strand."""
    upstream, downstream = sides
    at, length = int(share * len(bases)), len(bases)
    before, after = (upstream, downstream) if strand == "+" else (downstream, upstream)
    other = "-" if strand == "+" else "+"
    found = promoter_of(path, bases, at, strand, sides)
    assert found == promoter_of(path, reverse_complement(bases), length - 1 - at, other, sides)
    if at >= before and at + after < length:
        window = bases[at - before : at + after + 1]
        assert found == (window if strand == "+" else reverse_complement(window))
    else:
        assert found is None


def promoter_of(path, bases, position, strand, sides):
    """Sequence of the promoter of the only gene; None if it is not whole."""
    path.write_text(f">c\n{bases}\n")
    path.with_name("index").unlink(missing_ok=True)
    tss = pd.DataFrame({"gene_id": ["g"], "gene_name": "g", "chrom": "c", "tss": position, "strand": strand, "rank": 1})
    try:
        made = extract_promoters(tss, path, path.with_name("index"), upstream=sides[0], downstream=sides[1])
    except InputError as error:
        if "whole window: 0" not in error.problem:
            raise
        return None
    return made.sequences[0]
