"""CPU time and memory of the command line: score 100,000 sequences, and 10,000 variants, with 300 motifs.

    python benchmarks/score_speed.py results/human/formula/formula.json

Sequences, genome and variants are random. Every command runs on a tenth of the input too, so that memory can be seen
not to grow with it. The aim: each under 60 CPU seconds on one core.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from one_core import ONE_CORE

SEQUENCES = 100_000
VARIANTS = 10_000
PROMOTERS = 2_000
SPACING = 3_000
BASES = np.frombuffer(b"ACGT", dtype=np.uint8)


def random_bases(rng: np.random.Generator, length: int) -> str:
    """Random DNA."""
    return BASES[rng.integers(0, 4, length)].tobytes().decode()


def write_sequences(path: Path, rng: np.random.Generator, number: int, length: int) -> None:
    """Write FASTA records of one length."""
    with open(path, "w") as handle:
        for i in range(number):
            handle.write(f">s{i}\n{random_bases(rng, length)}\n")


def write_genome(folder: Path, rng: np.random.Generator, number: int, length: int) -> None:
    """Write a chromosome, TSSs on it, and SNPs and short indels in the windows around them."""
    genome = random_bases(rng, SPACING * (PROMOTERS + 1))
    folder.joinpath("genome.fa").write_text(
        ">chr1\n" + "\n".join(genome[i : i + 60] for i in range(0, len(genome), 60)) + "\n"
    )
    sites = [SPACING * (i + 1) for i in range(PROMOTERS)]
    folder.joinpath("tss.bed").write_text(
        "".join(f"chr1\t{site}\t{site + 1}\tgene{i}\t0\t{'+-'[i % 2]}\n" for i, site in enumerate(sites))
    )
    places = np.sort(rng.choice(sites, number) + rng.integers(-40, 40, number))
    with open(folder / "variants.vcf", "w") as handle:
        handle.write("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        for i, place in enumerate(places.tolist()):
            ref = genome[place : place + (4 if i % 10 == 0 else 1)]
            alt = ref[0] if len(ref) > 1 else "ACGT".replace(ref, "")[i % 3]
            handle.write(f"chr1\t{place + 1}\tv{i}\t{ref}\t{alt}\t.\t.\t.\n")


def measure(*arguments: str | Path) -> tuple[float, float]:
    """CPU seconds and largest memory in MB of one call of the command line."""
    child = subprocess.Popen(
        [sys.executable, "-m", "cisformula", *map(str, arguments)],
        env={**os.environ, **ONE_CORE, "PYTHONPATH": str(Path(__file__).parents[1] / "workflow")},
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(map(str, arguments))}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(formula: str) -> None:
    """Print one line per command and size of input."""
    content = json.loads(Path(formula).read_text())
    reading = content["reading"]
    length = reading["upstream"] + 1 + reading["downstream"]
    print(f"{len(content['motifs'])} motifs, window of {length} bases")
    print("command\tinput\tCPU seconds\tMB")
    rng = np.random.default_rng(1)
    with TemporaryDirectory() as name:
        folder = Path(name)
        out = folder / "out.tsv"
        for number in (SEQUENCES // 10, SEQUENCES):
            write_sequences(folder / "s.fa", rng, number, length)
            for options in ([], ["--contributions"]):
                seconds, memory = measure("score", formula, folder / "s.fa", "-o", out, *options)
                print(f"score {' '.join(options)}\t{number} sequences\t{seconds:.1f}\t{memory:.0f}", flush=True)
        for number in (VARIANTS // 10, VARIANTS):
            write_genome(folder, rng, number, length)
            options = ["--genome", folder / "genome.fa", "--tss", folder / "tss.bed", "-o", out]
            seconds, memory = measure("variants", formula, folder / "variants.vcf", *options)
            print(f"variants\t{number} variants\t{seconds:.1f}\t{memory:.0f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
