"""CPU time and memory of the built-in Tomtom and FIMO beside memelite and, where installed, the MEME Suite.

    python benchmarks/motif_engines.py

Queries are 640 pieces of 8 columns cut from JASPAR motifs; targets are the 791 differently named vertebrate motifs of
JASPAR 2022, or 6,607 motifs made by shuffling their columns among motifs. Promoters are 12,000 random sequences of
300 bp. Every engine runs in a process of its own on one core, and is warmed up by a small call first, so that neither
imports nor compilation count; the last line is the price of compilation, paid once per installation.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from one_core import ONE_CORE, cpu_seconds, peak_mb

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula import hits, jaspar, meme_suite, pwm, sites, tomtom
from cisformula.pwm import Motif

QUERIES, QUERY_WIDTH = 640, 8
LARGE = 6607
PROMOTERS, LENGTH = 12_000, 300
P_VALUE = 1e-4


def known_motifs() -> list[Motif]:
    """Vertebrate motifs of JASPAR 2022, 841."""
    return jaspar.load_database("JASPAR2022").motifs


def targets() -> list[Motif]:
    """The first motif of each name, 791."""
    return list({motif.name: motif for motif in reversed(known_motifs())}.values())[::-1]


def many_targets() -> list[Motif]:
    """Motifs of the widths of the known ones, of columns drawn from all of them."""
    known, rng = known_motifs(), np.random.default_rng(2)
    columns = np.concatenate([motif.pfm for motif in known])
    widths = rng.choice([motif.width for motif in known], LARGE)
    return [Motif(f"t{i}", f"t{i}", columns[rng.integers(0, len(columns), width)]) for i, width in enumerate(widths)]


def queries() -> list[Motif]:
    """Pieces of known motifs."""
    rng = np.random.default_rng(1)
    wide = [motif for motif in known_motifs() if motif.width >= QUERY_WIDTH]
    cut = []
    for i in range(QUERIES):
        motif = wide[rng.integers(len(wide))]
        start = rng.integers(motif.width - QUERY_WIDTH + 1)
        cut.append(Motif(f"q{i}", f"q{i}", motif.pfm[start : start + QUERY_WIDTH]))
    return cut


def promoters() -> np.ndarray:
    """Random sequences, shape (12,000, 300)."""
    return np.random.default_rng(3).integers(0, 4, (PROMOTERS, LENGTH)).astype(np.uint8)


def builtin_tomtom(distance: str, against: Callable[[], list[Motif]]) -> Callable[[bool], int]:
    """Comparison by cisformula; the task's argument asks for a small one."""

    def run(small: bool) -> int:
        query, target = (queries()[:2], targets()[:60]) if small else (queries(), against())
        return len(tomtom.compare(query, target, distance=distance))

    return run


def memelite_tomtom(against: Callable[[], list[Motif]]) -> Callable[[bool], int]:
    """Comparison by memelite, which has the Euclidean distance only, and p-values only."""

    def run(small: bool) -> int:
        import memelite

        query, target = (queries()[:2], targets()[:60]) if small else (queries(), against())
        p = memelite.tomtom([motif.pfm.T for motif in query], [motif.pfm.T for motif in target], n_jobs=1)[0]
        return int((p * len(target) <= 10).sum())

    return run


def meme_tomtom(distance: str, against: Callable[[], list[Motif]]) -> Callable[[bool], int]:
    """Comparison by the MEME Suite."""

    def run(small: bool) -> int:
        if small:
            return 0
        with TemporaryDirectory() as folder:
            query, target = Path(folder) / "queries.meme", Path(folder) / "targets.meme"
            pwm.write_meme(query, queries())
            pwm.write_meme(target, against())
            return len(meme_suite.tomtom(query, target, distance=distance))

    return run


def builtin_counts(small: bool) -> int:
    """Hits counted per promoter and motif."""
    codes, motifs = (promoters()[:10], known_motifs()[:5]) if small else (promoters(), known_motifs())
    return int(hits.count_hits(codes, motifs, P_VALUE).sum())


def builtin_sites(small: bool) -> int:
    """Hits one by one, with score and p-value."""
    codes, motifs = (promoters()[:10], known_motifs()[:5]) if small else (promoters(), known_motifs())
    return len(sites.find_sites(codes, motifs, P_VALUE))


def memelite_fimo(small: bool) -> int:
    """Hits by memelite, whose p-values are approximate."""
    import memelite

    codes, motifs = (promoters()[:10], known_motifs()[:5]) if small else (promoters(), known_motifs())
    one_hot = np.eye(4, dtype=np.int8)[codes].transpose(0, 2, 1)
    found = memelite.fimo({motif.id: motif.pfm.T for motif in motifs}, one_hot, threshold=P_VALUE)
    return sum(map(len, found))


def meme_fimo(small: bool) -> int:
    """Hits by the MEME Suite."""
    return 0 if small else len(meme_suite.fimo(promoters(), known_motifs(), P_VALUE))


TASKS: dict[str, Callable[[bool], int]] = {
    "matches, 640 x 791: built-in, pearson": builtin_tomtom("pearson", targets),
    "matches, 640 x 791: built-in, ed": builtin_tomtom("ed", targets),
    "matches, 640 x 791: memelite (no E, no q)": memelite_tomtom(targets),
    "matches, 640 x 791: MEME Suite, pearson": meme_tomtom("pearson", targets),
    "matches, 640 x 6,607: built-in, pearson": builtin_tomtom("pearson", many_targets),
    "matches, 640 x 6,607: memelite (no E, no q)": memelite_tomtom(many_targets),
    "matches, 640 x 6,607: MEME Suite, pearson": meme_tomtom("pearson", many_targets),
    "hits, 12,000 x 841: built-in, counts": builtin_counts,
    "hits, 12,000 x 841: built-in, sites": builtin_sites,
    "hits, 12,000 x 841: memelite": memelite_fimo,
    "hits, 12,000 x 841: MEME Suite": meme_fimo,
}


def child(task: str) -> None:
    """Warm up, then print CPU seconds, largest memory in MB and the number of rows."""
    TASKS[task](True)
    start = cpu_seconds()
    rows = TASKS[task](False)
    used = cpu_seconds() - start
    print(f"{used:.1f}\t{peak_mb():.0f}\t{rows}")


def compilation() -> str:
    """Seconds of a first small comparison, with nothing compiled before."""
    with TemporaryDirectory() as folder:
        code = (
            f"import sys; sys.path[:0] = [{str(Path(__file__).parent)!r}]; import motif_engines as m, time; "
            "t = time.process_time(); m.TASKS['matches, 640 x 791: built-in, pearson'](True); "
            "print(f'{time.process_time() - t:.1f}')"
        )
        environment = {**os.environ, **ONE_CORE, "NUMBA_CACHE_DIR": folder}
        return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True).stdout


def main() -> None:
    """Print one line per task."""
    print("task\tCPU seconds\tMB\trows")
    for task in TASKS:
        if "MEME Suite" in task and not shutil.which("tomtom" if "matches" in task else "fimo"):
            print(f"{task}\tnot installed")
            continue
        command = [sys.executable, __file__, task]
        finished = subprocess.run(command, env={**os.environ, **ONE_CORE}, stdout=subprocess.PIPE, text=True)
        print(f"{task}\t{finished.stdout.strip() or 'failed'}", flush=True)
    print(f"compilation, once\t{compilation().strip()}")


if __name__ == "__main__":
    child(sys.argv[1]) if len(sys.argv) > 1 else main()
