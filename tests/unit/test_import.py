"""What importing the library settles before anything else is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WORKFLOW = Path(__file__).parents[2] / "workflow"
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"


def printed(program, folder=WORKFLOW, **environment):
    """Words that a program prints which starts in ``folder``, with no wish of the caller's as to oneDNN."""
    inherited = {name: value for name, value in os.environ.items() if name != ONEDNN}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder, env=inherited | environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(("given", "used"), [({}, "1"), ({ONEDNN: "0"}, "0")])
def test_tensorflow_uses_onednn_on_every_processor_unless_told_otherwise(given, used):
    assert printed(f"import os, cisformula; print(os.environ['{ONEDNN}'])", **given) == [used]


def test_garbage_is_looked_for_in_a_job_but_not_while_it_imports():
    program = """
import library_path
import gc
print(gc.isenabled())
from cisformula.job import logged
with logged("/dev/null", "job"):
    print(gc.isenabled(), gc.get_freeze_count() > 1000)
"""
    assert printed(program, WORKFLOW / "scripts") == ["False", "True", "True"]
