"""cisformula: a readable linear formula of DNA motifs for gene expression.

CONTRIBUTING.md lists the modules in the order data flows through them. Each imports only what the environments of its
own rules declare, so this file imports none.
"""

import os

__version__ = "0.1.0"  # x-release-please-version

# TensorFlow reads its environment when it is imported, which is after this. Its start-up banner is noise in every log.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# By itself it uses oneDNN on some processors only; elsewhere a step of ARGMINN takes three times as long.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
