"""cisformula: a readable linear formula of DNA motifs for gene expression.

CONTRIBUTING.md lists the modules in the order data flows through them. Each imports only what the environments of its
own rules declare, so this file imports nothing.
"""

__version__ = "0.1.0"  # x-release-please-version
