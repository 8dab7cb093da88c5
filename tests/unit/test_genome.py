"""Regions of hand-made genomes, the same from every format, and chromosome names of different sources."""

import gzip
import struct
import tracemalloc

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisformula import genome
from cisformula.genome import bare_name, match_names, read_regions

GENOME = {"chr1": "ACGTTGCANNACGGTACCAT" * 13, "chr2": "ttgacatgcc" * 9 + "TTG", "empty": "", "chrM": "GATTACA"}
REGIONS = pd.DataFrame(
    [
        ("chr1", 0, 5),
        ("chr1", 250, 300),
        ("chr1", 58, 63),
        ("chr2", -4, 12),
        ("chr2", 93, 99),
        ("chrM", 0, 7),
        ("x", 1, 2),
    ],
    columns=["chrom", "start", "end"],
)


def fasta_text(records, width=60, end="\n"):
    lines = []
    for name, sequence in records.items():
        lines += [f">{name} described > here", *(sequence[i : i + width] for i in range(0, len(sequence), width))]
    return end.join(lines) + end


def two_bit(records):
    """A little-endian 2bit file with N blocks and no mask."""
    codes = {"T": 0, "C": 1, "A": 2, "G": 3, "N": 0}
    index, bodies = b"", []
    offset = 16 + sum(5 + len(name) for name in records)
    for name, sequence in records.items():
        unknown = [i for i, base in enumerate(sequence.upper()) if base == "N"]
        packed = bytearray(-(-len(sequence) // 4))
        for i, base in enumerate(sequence.upper()):
            packed[i // 4] |= codes[base] << (6 - 2 * (i % 4))
        head = [len(sequence), len(unknown), *unknown, *([1] * len(unknown)), 0, 0]
        body = struct.pack(f"<{len(head)}I", *head) + bytes(packed)
        index += struct.pack("<B", len(name)) + name.encode() + struct.pack("<I", offset)
        offset += len(body)
        bodies.append(body)
    return struct.pack("<4I", 0x1A412743, 0, len(records), 0) + index + b"".join(bodies)


def expected(records, regions):
    return [
        records.get(chrom, "")[max(start, 0) : end].upper() for chrom, start, end in regions.itertuples(index=False)
    ]


def write(path, content):
    path.write_bytes(content)
    return path


@pytest.fixture(params=["plain", "ragged", "windows", "gzip", "blocks", "2bit"])
def genome_file(request, tmp_path):
    """The same genome in every format; its name never tells which."""
    text = fasta_text(GENOME).encode()
    halves = text[:123], text[123:]
    ragged = fasta_text({"chr1": GENOME["chr1"]}, 37) + "\n" + fasta_text({k: GENOME[k] for k in list(GENOME)[1:]}, 11)
    content = {
        "plain": text,
        "ragged": ragged.replace(GENOME["chrM"], "GAT\nTACA").encode(),
        "windows": fasta_text(GENOME, end="\r\n").encode(),
        "gzip": gzip.compress(text),
        "blocks": b"".join(gzip.compress(half) for half in halves) + gzip.compress(b""),
        "2bit": two_bit({name: sequence for name, sequence in GENOME.items() if sequence}),
    }[request.param]
    return write(tmp_path / "genome", content)


def test_every_format_gives_the_same_regions(genome_file, tmp_path):
    found = read_regions(genome_file, REGIONS, tmp_path / "index.fai")
    assert found.sequences == expected(GENOME, REGIONS)
    assert {name: n for name, n in found.lengths.items() if n} == {"chr1": 260, "chr2": 93, "chrM": 7}
    assert found.starts.tolist() == [0, 250, 58, 0, 93, 0, 1]
    assert set(found.names) == {"chr1", "chr2", "chrM"}


def test_nothing_is_written_beside_the_genome(tmp_path):
    (tmp_path / "genome").mkdir()
    path = write(tmp_path / "genome" / "g.fa", fasta_text(GENOME).encode())
    read_regions(path, REGIONS, tmp_path / "index.fai")
    assert [file.name for file in path.parent.iterdir()] == ["g.fa"]
    assert (tmp_path / "index.fai").exists()


@settings(deadline=None)  # a busy machine is no failure
@given(
    chunk=st.integers(1, 40),
    width=st.integers(1, 30),
    regions=st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 70), st.integers(1, 30)), min_size=1),
    sequences=st.lists(st.text("ACGTN", max_size=60), min_size=3, max_size=3),
)
def test_chunks_never_change_what_is_read(chunk, width, regions, sequences):
    records = dict(zip("abc", sequences, strict=True))
    table = pd.DataFrame([(c, s, s + n) for c, s, n in regions], columns=["chrom", "start", "end"])
    text = fasta_text(records, width).encode()
    chunks = [text[i : i + chunk] for i in range(0, len(text), chunk)]
    regions = genome.Regions(table["chrom"].tolist(), table["start"].to_numpy(), table["end"].to_numpy())
    lengths, bases = genome._stream(chunks, "x", regions)
    assert lengths == {name: len(sequence) for name, sequence in records.items()}
    assert [bases(c, row).decode() for row, c in enumerate(table["chrom"])] == expected(records, table)


def test_names_of_different_sources_are_matched():
    assert [
        bare_name(name) for name in ["chr1", "1", "Chr1", "chrM", "MT", "Mito", "chrX", "chr", "chrUn_K1", "IV"]
    ] == [*["1", "1", "1", "MT", "MT", "MT", "X", "chr", "Un_K1", "IV"]]
    assert match_names(["1", "MT", "17"], ["chr1", "chrM", "chr2"]) == {"1": "chr1", "MT": "chrM"}
    assert match_names(["chr1", "1"], ["chr1", "1"]) == {"chr1": "chr1", "1": "1"}
    assert match_names(["Chr1"], ["chr1", "1"]) == {}, "two candidates are no match"


@pytest.mark.parametrize("kind", ["plain", "gzip"])
def test_annotation_names_reach_the_genome(tmp_path, kind):
    text = fasta_text(GENOME).encode()
    path = write(tmp_path / "g", gzip.compress(text) if kind == "gzip" else text)
    regions = REGIONS.assign(chrom=REGIONS["chrom"].str.removeprefix("chr").replace("M", "MT"))
    found = read_regions(path, regions, tmp_path / "i")
    assert found.sequences == expected(GENOME, REGIONS)
    assert found.names == {"1": "chr1", "2": "chr2", "MT": "chrM"}


def test_memory_does_not_grow_with_the_genome(tmp_path):
    path = tmp_path / "g.gz"
    with gzip.open(path, "wt", compresslevel=1) as handle:
        handle.write(">chr1\n")
        for _ in range(640):
            handle.write(("N" * 99 + "\n") * 1000)
    regions = pd.DataFrame({"chrom": ["chr1"], "start": [63_359_990], "end": [63_360_090]})
    tracemalloc.start()
    found = read_regions(path, regions, tmp_path / "i")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.lengths == {"chr1": 63_360_000}
    assert found.sequences == ["N" * 10]
    assert peak < 24e6
