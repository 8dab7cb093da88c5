"""Put the workflow's library on the import path, and import it and all others without looking for garbage.

Snakemake adds the folder of a script to ``sys.path`` but clears ``PYTHONPATH`` inside conda environments, so every
script imports this module first. It works the same with conda, without it and on a cluster node.

Of what imports make next to nothing is garbage. Python would look through it again and again, for a sixth of the time
that TensorFlow takes to import; :func:`cisformula.job.logged` turns the search on.
"""

import gc
import sys
from pathlib import Path

gc.disable()
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
