"""Feed damaged files to the readers until one fails: ``python tests/fuzz/fuzz_readers.py --seconds 60 --seed 1``.

A reader must end in a result that holds together or in an ``InputError`` with place and fix, and in time. What does not
is saved, and the exit code is 1.
"""

import argparse
import gzip
import logging
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "workflow"))

from cisformula import annotation, expression, genome, motif_files, vcf  # noqa: E402  (the path comes first)
from cisformula.errors import InputError  # noqa: E402

LONGEST = 5.0
"""Seconds of the processor that one small file may take."""
MOST_BYTES = 200_000
ODD = (b"nan", b"inf", b"-1", b"1e999", b"9" * 30, b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\t\t", b"  ", b"\n\n")
ODD += (b'"', b"'", b";", b"=", b"%00", b"%E9", b"#", b">", b"//", b"MOTIF", b"w= 0", b"chr1", b"+", b".", b"\xd9\xa1")


class Target(NamedTuple):
    """A reader, sound files to begin with, and what must hold of all that it returns."""

    read: Callable[[Path], object]
    corpus: tuple[str, ...]
    holds: Callable[[object], bool]


MEME = (
    "MEME version 5\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\nA 0.25 C 0.25 G 0.25 T 0.25\n\n"
    "MOTIF a b\nletter-probability matrix: alength= 4 w= 2 nsites= 20 E= 0\n0.5 0.5 0 0\n0 0 1 0\n\n"
    "MOTIF c\nletter-probability matrix: w= 1\n0.1 0.2 0.3 0.4\nURL http://example.org\n"
)
JASPAR = ">MA0001.1 AGL3\nA [ 2 0 1 ]\nC [ 1 0 1 ]\nG [ 1 4 1 ]\nT [ 0 0 1 ]\n>MA2\n1 2\n3 4\n5 6\n7 8\n"
TRANSFAC = "VV db\nXX\n//\nAC  M1\nID  V$MYOD_01\nNA  MyoD\nP0 A C G T\n01 2 1 1 0 R\n02 0 0 4 0 G\nXX\n//\n"
HOMER = ">AGN\t1-AGN\t8.06\t-10\t0\tT:17.0(44%)\n0.5\t0.25\t0.25\t0\n0.001\t0.001\t0.997\t0.001\n"
GTF = "".join(
    f'chr{n}\tx\ttranscript\t{100 * n}\t{900 * n}\t.\t{"+-"[n % 2]}\t.\tgene_id "G{n // 2}"; transcript_id "T_{n}"; '
    f'gene_name "N{n}"; tag "Ensembl_canonical";\n'
    for n in range(1, 6)
)
GFF3 = (
    "##gff-version 3\nchr1\tx\tgene\t101\t900\t.\t+\t.\tID=gene:G1;Name=N%201\n"
    "chr1\tx\tmRNA\t101\t900\t.\t+\t.\tID=transcript:T1;Parent=gene:G1\n"
    "chr2\tx\tmRNA\t5\t90\t.\t-\t.\tID=YAL001C_tx0\n##FASTA\n>chr1\nACGT\n"
)
BED = "track name=x\nchr1\t5\t6\tNOC2L_1\tENSG1\t+\nchr1\t50\t60\tNOC2L_2\tENSG1\t-\nchr2\t7\t9\tX\t.\t.\n"
MATRIX = 'gene\tliver\t"T cell"\tB\nG1.1\t1\t2.5\t0\nG2\t1e3\t\t7\n"G3"\tNA\t0\t-4\n'
CSV = "liver;B\nG1;1;2\nG2;3;4\n"
VCF = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\nchr1\t10\trs1\ta\tG\nchr1\t12\t.\tAT\tA,<DEL>,*\t.\t.\tX=1\n"
FASTA = ">chr1 one\nACGTACGTAC\nGTACGTACGT\nGTN\n\n>chr2\nggccRYKM\nAC\n>chrM\nGATTACA\n"
REGIONS = {"chrom": ["chr1", "2", "chrM"], "start": [2, -3, 0], "end": [12, 4, 99]}


def _read_genome(path: Path) -> genome.GenomeRegions:
    index = path.with_name("index")
    index.unlink(missing_ok=True)
    return genome.read_regions(path, REGIONS, index)


def _genome_holds(found: genome.GenomeRegions) -> bool:
    lengths = [found.lengths.get(found.names.get(chrom), 0) for chrom in REGIONS["chrom"]]
    ends = np.minimum(REGIONS["end"], lengths)
    expected = np.maximum(ends - np.maximum(REGIONS["start"], 0), 0)
    return [len(text) for text in found.sequences] == expected.tolist() and all(map(str.isascii, found.sequences))


def _motifs_hold(file: motif_files.MotifFile) -> bool:
    motifs = file.motifs
    return (
        bool(motifs)
        and all(
            motif.pfm.shape == (motif.width, 4)
            and motif.width > 0
            and np.allclose(motif.pfm.sum(axis=1), 1, atol=1e-4)
            and 0 < motif.nsites < np.inf
            for motif in motifs
        )
        and len({motif.id for motif in motifs}) == len(motifs)
        and bool((file.background > 0).all())
    )


def _sites_hold(sites: annotation.Sites) -> bool:
    table = sites.table
    first = table[table["rank"] == 1]
    return (
        len(table) > 0
        and (table["tss"] >= 0).all()
        and table["strand"].isin(["+", "-"]).all()
        and (table[["gene_id", "chrom"]] != "").all(axis=None)
        and first["gene_id"].is_unique
        and set(first["gene_id"]) == set(table["gene_id"])
        and not table["gene_id"].str.contains(r"[\t\n\r\0]").any()
    )


def _matrix_holds(matrix) -> bool:
    return matrix.index.is_unique and matrix.columns.is_unique and not np.isinf(matrix.to_numpy()).any()


def _variants_hold(variants: list[vcf.Variant]) -> bool:
    return all(-1 <= variant.position < 2**63 and vcf.is_sequence(variant.ref) and variant.alts for variant in variants)


TARGETS = {
    "meme": Target(motif_files.read_motifs, (MEME, JASPAR, TRANSFAC, HOMER), _motifs_hold),
    "gtf": Target(annotation.read_sites, (GTF, GFF3, BED), _sites_hold),
    "matrix": Target(expression.read_matrix, (MATRIX, CSV), _matrix_holds),
    "fasta": Target(_read_genome, (FASTA,), _genome_holds),
    "vcf": Target(lambda path: list(vcf.read_vcf(path)), (VCF,), _variants_hold),
}


def flip_bits(rng: random.Random, data: bytearray, corpus: list[bytes]) -> None:
    """Turn over some bits."""
    for _ in range(rng.randint(1, 8)):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def splice(rng: random.Random, data: bytearray, corpus: list[bytes]) -> None:
    """Put a piece of a sound file in the place of some bytes."""
    other = rng.choice(corpus)
    start, end = sorted(rng.randint(0, len(other)) for _ in range(2))
    place = rng.randint(0, len(data))
    data[place : place + rng.choice((0, 0, 5, 50))] = other[start:end]


def cut(rng: random.Random, data: bytearray, corpus: list[bytes]) -> None:
    """End the file early, or take a piece out of it."""
    start = rng.randint(0, len(data))
    del data[start : None if rng.random() < 0.5 else start + rng.randint(1, 40)]


def insert_odd(rng: random.Random, data: bytearray, corpus: list[bytes]) -> None:
    """Put in something that readers may stumble over, once or many times."""
    place = rng.randint(0, len(data))
    data[place : place + rng.choice((0, 1, 3))] = rng.choice(ODD) * rng.choice((1, 1, 1, 2, 3000))


def change_lines(rng: random.Random, data: bytearray, corpus: list[bytes]) -> None:
    """Repeat, exchange or drop lines."""
    lines = bytes(data).splitlines(keepends=True)
    if lines:
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(3)
        if kind == 0:
            lines[one : one + 1] = [lines[one]] * rng.choice((2, 2, 3, 500))
        elif kind == 1:
            lines[one], lines[other] = lines[other], lines[one]
        else:
            del lines[one]
    data[:] = b"".join(lines)


def swap_words(rng: random.Random, data: bytearray, corpus: list[bytes]) -> None:
    """Exchange two words, wherever they stand."""
    blank = rng.choice((b"\t", b" ", b";", b"\n"))
    words = bytes(data).split(blank)
    one, other = rng.randrange(len(words)), rng.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    data[:] = blank.join(words)


CHANGES = (flip_bits, splice, cut, insert_odd, change_lines, swap_words)


def inputs(rng: random.Random, corpus: tuple[str, ...]) -> Iterator[bytes]:
    """Damaged files without end; one in ten is gzip, and one in twenty is damaged once it is packed."""
    sound = [text.encode() for text in corpus]
    while True:
        data = bytearray(rng.choice(sound))
        for _ in range(rng.choice((1, 1, 2, 4, 8))):
            rng.choice(CHANGES)(rng, data, sound)
        data = data[:MOST_BYTES]
        if rng.random() < 0.1:
            data = bytearray(gzip.compress(data, 1))
            if rng.random() < 0.5:
                flip_bits(rng, data, sound)
        yield bytes(data)


def outcome(target: Target, path: Path) -> tuple[str, str]:
    """``read``, ``refused`` or ``failed``, and for the last what went wrong."""
    started = time.process_time()
    try:
        found = target.read(path)
        kind, about = (
            ("read", "") if target.holds(found) else ("failed", f"a result that does not hold: {found!r:.500}")
        )
    except InputError as error:
        told = error.problem and error.fix and str(path) in error.place
        kind, about = ("refused", "") if told else ("failed", f"a message without place or fix: {error}")
    except Exception:
        kind, about = "failed", traceback.format_exc()
    taken = time.process_time() - started
    return ("failed", f"{taken:.1f} s for {path.stat().st_size} bytes") if taken > LONGEST else (kind, about)


def fuzz(name: str, seed: int, number: float, deadline: float, save: Path) -> Counter:
    """Try ``number`` damaged files, or as many as there is time for; count what came of them, and save failures."""
    counts = Counter()
    with TemporaryDirectory() as folder:
        path = Path(folder, "input")
        for place, data in enumerate(inputs(random.Random(f"{name} {seed}"), TARGETS[name].corpus)):
            if place >= number or time.monotonic() > deadline:
                return counts
            path.write_bytes(data)
            kind, about = outcome(TARGETS[name], path)
            counts[kind] += 1
            if kind == "failed":
                save.mkdir(parents=True, exist_ok=True)
                saved = save / f"{name}-{seed}-{place}"
                saved.write_bytes(data)
                print(f"{saved}: {about}", file=sys.stderr)


def main() -> int:
    """Fuzz every reader for an equal share of the time; 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", choices=TARGETS, nargs="*", default=list(TARGETS))
    parser.add_argument("--save", type=Path, default=Path("fuzz-failures"), help="folder for inputs that fail")
    options = parser.parse_args()
    logging.disable()
    failed = 0
    for name in options.reader:
        deadline = time.monotonic() + options.seconds / len(options.reader)
        counts = fuzz(name, options.seed, float("inf"), deadline, options.save)
        print(
            f"{name}: {counts.total()} inputs, {counts['read']} read, {counts['refused']} refused, "
            f"{counts['failed']} failed"
        )
        failed += counts["failed"]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
