"""Put the workflow's library on the import path.

Snakemake adds the folder of a script to ``sys.path`` but clears ``PYTHONPATH`` inside conda environments, so every
script imports this module first. It works the same with conda, without it and on a cluster node.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
