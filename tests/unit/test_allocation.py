"""In a job freed memory is used again, by the number of pages that the system had to give."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, resource
import numpy as np
from cisformula import allocation
from cisformula.job import logged

with logged(os.devnull, "job"):
    for turn in range(50):
        arrays = [np.ones(200_000) for _ in range(5)]
        del arrays
        if turn == 0:
            first = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - first)
assert allocation.keep_freed_memory() is True
"""
PAGES = 5 * 200_000 * 8 // 4096
"""Of the arrays of one turn."""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_freed_arrays_are_not_fetched_from_the_system_again():
    workflow = Path(__file__).parents[2] / "workflow"
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=workflow, capture_output=True, text=True, check=True)
    assert int(done.stdout) < PAGES, "in 49 turns less than one turn has pages"
