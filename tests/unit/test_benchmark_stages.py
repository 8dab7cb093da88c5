"""Sums of benchmark files over jobs and stages, with answers known beforehand."""

import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from rule_files import ROOT

from cisformula.errors import InputError

stages = SimpleNamespace(**runpy.run_path(str(ROOT / "benchmarks" / "stages.py")))

HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
TRAINING = """
rule train:
    benchmark:
        "results/{dataset}/benchmarks/train_{scheme}.tsv"
    script:
        "train.py"


use rule train as train_comparison with:
    benchmark:
        "results/{dataset}/benchmarks/train_{network}_{scheme}.tsv"
"""
INPUTS = """
if True:

    rule fetch:
        benchmark:
            f"results/{config['dataset']}/benchmarks/fetch/{{file}}.tsv"
"""


def attempt(seconds, memory, cpu) -> str:
    """A row as Snakemake writes it."""
    return f"{seconds}\t0:00:00\t{memory}\t1\t1\t1\t0\t-\t50\t{cpu}\n"


def write(folder: Path, name: str, *attempts: str) -> None:
    """A benchmark file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(attempts))


@pytest.fixture
def known(tmp_path):
    """Patterns of made-up rule files."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "training.smk").write_text(TRAINING)
    (rules / "inputs.smk").write_text(INPUTS)
    return stages.patterns(rules)


def test_sums_of_stages_and_total(tmp_path, known):
    folder = tmp_path / "benchmarks"
    write(folder, "train_random.tsv", attempt(10.5, 300, 8.25))
    write(folder, "train_small_cnn_random.tsv", attempt(2, 500, 1), attempt(4, 450.5, 3))
    write(folder, "fetch/genomes/one.fa.gz.tsv", attempt(1.25, "-", "NA"))
    write(folder, "fetch/two.tsv", attempt(0.75, 20, 0.5))
    expected = pd.DataFrame(
        {
            "stage": ["training", "inputs", "total"],
            "jobs": [2, 2, 4],
            "cpu_s": [12.25, 0.5, 12.75],
            "wall_s": [16.5, 2.0, 18.5],
            "peak_mb": [500.0, 20.0, 500.0],
        }
    )
    table = stages.summarise(stages.measurements(folder, known))
    pd.testing.assert_frame_equal(table, expected, check_names=False)


def test_an_unknown_file_is_named(tmp_path, known):
    write(tmp_path / "benchmarks", "fetched/two.tsv", attempt(1, 1, 1))
    with pytest.raises(InputError, match=re.escape("fetched/two.tsv")):
        stages.measurements(tmp_path / "benchmarks", known)


def test_files_of_the_workflow_belong_to_one_stage_each():
    patterns = stages.patterns()
    assert {"inputs", "training", "formula", "grammar_spacing"} <= {stage for stage, _ in patterns}
    for stage, pattern in patterns:
        name = pattern.pattern.replace(".+", "made_up").replace("\\", "")
        assert stages.stage_of(name, patterns) == stage
