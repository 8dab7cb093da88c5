"""The stages that scaling.py measures, each run in a process of its own.

    python benchmarks/scaling_stages.py STAGE FOLDER WINDOW

A stage is a script of the workflow on the files that scaling_inputs.py made, with the parameters of config/config.yaml
except for a single epoch and run of training. Selection alone is called by itself, for the script around it does more.
Prints the CPU seconds that the stage took once everything was imported, and the memory in MB that the imports took.
"""

import ast
import importlib
import resource
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import yaml
from one_core import cpu_seconds
from scaling_sizes import DOWNSTREAM, Size

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "workflow" / "scripts"
HITS = ["database_strict.npz", "database_graded.npz"]


class Files(dict):
    """Files or parameters by name or place, as Snakemake hands them to a script."""

    def __getattr__(self, name: str):
        if name not in self:
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, key: str | int):
        return list(self.values())[key] if isinstance(key, int) else super().__getitem__(key)


class Stage(NamedTuple):
    """A script of the workflow and its files.

    Attributes
    ----------
    script : str
        Empty for selection, see :func:`select`.
    inputs, outputs : dict of str to str or list of str
        Files in the folder of the input, by the names that the script knows them by.
    parameters : str
        A key of what :func:`parameters` makes.
    later : tuple of str
        Modules that the library imports on the way.
    """

    script: str
    inputs: dict[str, str | list[str]]
    outputs: dict[str, str | list[str]]
    parameters: str
    later: tuple[str, ...] = ()


FIT = {
    "genes": "genes.tsv",
    "sequences": "sequences.npy",
    "folds": "folds.tsv",
    "runs": "runs.tsv",
    "database": "database.meme",
    "database_hits": HITS,
    "selection": "selection.tsv",
    "design": "design.tsv",
    "matches": "matches.tsv",
    "predictions": "predictions.tsv",
}
COUNTING = Stage(
    "count_hits",
    {"sequences": "sequences.npy", "motifs": "motifs.meme"},
    {"hits": "out.npz"},
    "graded",
    ("scipy.sparse",),
)
STAGES = {
    "extraction": Stage(
        "extract_promoters",
        {"tss": "tss.tsv", "repairs": "annotation.tsv", "genome": "genome.fa.gz"},
        {"bed": "out.bed", "fasta": "out.fa", "table": "out.tsv", "qc": "out_qc.tsv"},
        "promoters",
        ("pybedtools", "pyfaidx"),
    ),
    "counting": COUNTING,
    "counting, strict": COUNTING._replace(parameters="strict"),
    "training epoch": Stage(
        "train",
        {name: FIT[name] for name in ("genes", "sequences", "folds", "runs")},
        {
            name: [f"run_0/{file}"]
            for name, file in {
                "model": "model.keras",
                "history": "history.tsv",
                "predictions": "predictions.tsv",
                "filters": "filters.npy",
                "card": "card.json",
            }.items()
        },
        "training",
        ("tensorflow",),
    ),
    "formula": Stage(
        "fit_formula",
        FIT,
        {
            "formula": "out.json",
            "meme": "out.meme",
            "table": "out.tsv",
            "predictions": "out_predictions.tsv",
            "design": "out_design.tsv",
        },
        "formula",
    ),
    "cell-type effects": Stage(
        "cell_type_effects",
        {
            **FIT,
            "expression": "expression.parquet",
            "cell_types": "cell_types.tsv",
            "formula": "formula.tsv",
            "published": "formula.json",
        },
        {
            "effects": "out_effects.tsv.gz",
            "performance": "out_performance.tsv",
            "formulas": "out_formulas.npz",
            "predictions": "out_predictions.parquet",
            "hits": "out_hits.parquet",
            "null": "out_null.tsv",
            "quantiles": "out_quantiles.tsv",
        },
        "formula",
        ("pyarrow.parquet",),
    ),
    "expression matrix": Stage(
        "join_expression",
        {"promoters": "promoters.tsv", "fasta": "promoters.fa", "expression": "expression.tsv.gz"},
        {
            "genes": "out.tsv",
            "sequences": "out.npy",
            "matrix": "out.parquet",
            "cell_types": "out_cell_types.tsv",
            "report": "out_join.tsv",
        },
        "expression",
        ("pyarrow.parquet",),
    ),
    "comparison": Stage(
        "compare_motifs", {"learned": "motifs.meme", "database": "database.meme"}, {"matches": "out.tsv"}, "comparison"
    ),
    "clustering": Stage(
        "cluster_motifs",
        {"meme": "motifs.meme"},
        {"clusters": "out.tsv", "representatives": "out_representatives.meme", "archetypes": "out_archetypes.meme"},
        "clustering",
    ),
    "selection": Stage("", {"genes": "genes.tsv", "hits": "motif_hits.npz", "motifs": "motifs.meme"}, {}, "formula"),
}
"""All stages by name."""


def parameters(kind: str, window: int) -> Files:
    """Parameters of a stage, by the names that its rule gives them."""
    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    readings = {reading["name"]: reading for reading in config["hits"]["readings"]}
    size = Size(0, window)
    place = {"upstream": size.upstream, "downstream": DOWNSTREAM}
    # How few genes are too few is not the question here.
    promoters = {**config["promoters"], **place, "min_genes": 2}
    hits, scale, motifs = config["hits"] | {"bin_width": size.bin_width}, config["expression_scale"], config["motifs"]
    made = {
        "promoters": promoters,
        "strict": {**hits, **readings["strict"]},
        "graded": {**hits, **readings["graded"]},
        "training": {key: value for key, value in config["model"].items() if key not in ("runs", "parallel_runs")}
        | {"epochs": 1},
        "formula": {
            **config["formula"],
            **config["cell_type_effects"],
            **hits,
            **place,
            "min_overlap": motifs["min_overlap"],
            "cluster_similarity": motifs["cluster_similarity"],
            "readings": list(readings),
            "p_values": [reading["p_value"] for reading in readings.values()],
            "grades": [reading["grades"] for reading in readings.values()],
            "seed": config["seed"],
        },
        "expression": {**scale, "scale": scale["input"], "min_genes": 2},
        "comparison": config["comparison"],
        "clustering": {**motifs, "distance": config["comparison"]["distance"]},
    }
    return Files(made[kind])


def import_all(stage: Stage) -> None:
    """Import what the script does, in its functions too, and what the library imports on the way."""
    sys.path.insert(0, str(SCRIPTS))
    script = ast.parse((SCRIPTS / f"{stage.script or 'fit_formula'}.py").read_text())
    imports = [node for node in ast.walk(script) if isinstance(node, ast.Import | ast.ImportFrom)]
    # The first one puts the library on the path of the others.
    imports.sort(key=lambda node: node.lineno)
    exec(compile(ast.Module(imports, []), stage.script, "exec"), {})
    for name in stage.later:
        importlib.import_module(name)


def run_script(stage: Stage, folder: Path, window: int) -> None:
    """Run the script of a stage."""

    def placed(files: dict) -> Files:
        paths = {name: file if isinstance(file, list) else [file] for name, file in files.items()}
        paths = {name: [str(folder / file) for file in of_name] for name, of_name in paths.items()}
        return Files({name: paths[name] if isinstance(file, list) else paths[name][0] for name, file in files.items()})

    for file in stage.outputs.values():
        (folder / (file[0] if isinstance(file, list) else file)).parent.mkdir(exist_ok=True)
    job = SimpleNamespace(
        input=placed(stage.inputs),
        output=placed(stage.outputs),
        params=parameters(stage.parameters, window),
        wildcards=Files(reading=stage.parameters, motif_set="some", scheme="random"),
        threads=1,
        log=[str(folder / "log.txt")],
    )
    runpy.run_path(str(SCRIPTS / f"{stage.script}.py"), init_globals={"snakemake": job})


def select(stage: Stage, folder: Path, window: int) -> None:
    """Choose motifs by the hits of all of them, as a formula is fitted; as many as in a formula, or half of them."""
    from cisformula import candidates, gene_table, pwm, selection

    params = parameters(stage.parameters, window)
    motifs = pwm.read_meme(folder / stage.inputs["motifs"])
    file = candidates.HitFile.of(folder / stage.inputs["hits"], motifs)
    X = candidates.read_hits([file], in_bins=False)[:, :, 0].astype(np.float64)
    target = gene_table.read(folder / stage.inputs["genes"])["target"].to_numpy()
    chosen = min(params.n_motifs, len(motifs) // 2)
    selection.select(params.selection, X, target, chosen, params.seed)


def main(name: str, folder: str, window: str) -> None:
    """Run one stage and print what it took."""
    stage = STAGES[name]
    import_all(stage)
    start, imported = cpu_seconds(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (run_script if stage.script else select)(stage, Path(folder), int(window))
    print(f"{cpu_seconds() - start:.3f}\t{imported / 1024:.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
