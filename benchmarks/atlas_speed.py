"""CPU time and memory of the tests in cell types, beside statsmodels and decoupler.

    python benchmarks/atlas_speed.py                 random data of the size of the human set
    python benchmarks/atlas_speed.py results/human   a finished run

Both targets are tested with HC3 errors for every motif in every cell type, and once more for every permutation of the
genes. statsmodels does the same for one cell type at a time (five are timed), decoupler's mlm without HC3 errors and
permutations. Each runs in a process of its own on one core.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from one_core import ONE_CORE

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula import features
from cisformula.cell_types import activity, design, effects, null, second_opinion

GENES, MOTIFS, CELL_TYPES = 11_683, 300, 154
PERMUTATIONS = 1000
TIMED = 5
FDR = 0.05


def load(results: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hits, composition and log expression of a run, or random ones."""
    if results:
        folder = Path(results)
        expression = pd.read_parquet(folder / "expression" / "expression.parquet")
        hits = pd.read_parquet(folder / "cell_types" / "hits.parquet").loc[expression.index]
        composition = features.gc_and_cpg(np.load(folder / "expression" / "sequences.npy"))
        return hits.to_numpy(np.float64), composition, expression.to_numpy()
    rng = np.random.default_rng(1)
    hits = rng.poisson(1.0, (GENES, MOTIFS)).astype(float)
    return hits, rng.normal(size=(GENES, 2)), rng.normal(size=(GENES, CELL_TYPES))


def ours(hits: np.ndarray, composition: np.ndarray, expression: np.ndarray) -> str:
    """Effects, ridge effects, group tests and 1,000 permutations of both targets."""
    fit = design.least_squares(hits, composition)
    said = []
    for target, values in design.targets(expression).items():
        effects.estimate(fit, values)
        effects.estimate(design.ridge(hits, composition, values, activity.PENALTIES), values)
        effects.group_test(fit, values)
        permuted = null.permute(fit, values, PERMUTATIONS, FDR, seed=1)
        said.append(f"{target}: {permuted.significant.mean():.5%} of permuted tests at q < {FDR:g}")
    return "; ".join(said)


def statsmodels(hits: np.ndarray, composition: np.ndarray, expression: np.ndarray) -> str:
    """HC3 tests of one target in a few cell types."""
    import statsmodels.api as sm

    X = sm.add_constant(np.column_stack([composition, hits]))
    for y in expression.T[:TIMED]:
        sm.OLS(y, X).fit(cov_type="HC3", use_t=True).pvalues  # noqa: B018  (computed when asked for)
    return f"{TIMED} cell types, one target, no permutation"


def decoupler(hits: np.ndarray, composition: np.ndarray, expression: np.ndarray) -> str:
    """Both linear models of decoupler on the deviation."""
    genes = [f"g{i}" for i in range(len(hits))]
    hits = pd.DataFrame(hits, index=genes, columns=[f"m{i}" for i in range(hits.shape[1])])
    values = pd.DataFrame(design.deviations(expression), index=genes, columns=map(str, range(expression.shape[1])))
    second_opinion.scores(hits, values)
    return "all cell types, one target, no HC3, no permutation"


ENGINES = {"cisformula": ours, "statsmodels": statsmodels, "decoupler": decoupler}


def main(results: str) -> None:
    """Run every engine in a process of its own and print what it took."""
    print("engine\tcpu_s\tmemory_gb\twhat")
    for engine in ENGINES:
        command = [sys.executable, __file__, results, engine]
        subprocess.run(command, check=True, env={**os.environ, **ONE_CORE})


def measure(results: str, engine: str) -> None:
    """Run one engine and print CPU seconds, those of reading left out, and the largest memory."""
    data = load(results)
    start = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    what = ENGINES[engine](*data)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{engine}\t{sum(usage[:2]) - start:.1f}\t{usage.ru_maxrss / 1e6:.2f}\t{what}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(*sys.argv[1:])
    else:
        main(sys.argv[1] if len(sys.argv) == 2 else "")
