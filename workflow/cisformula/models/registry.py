"""Every network by name: the one whose filters become motifs, and those it is compared with."""

from . import argminn, contextual_regression, explainn, positional, xpresso_cnn
from .network import Network

NETWORKS: dict[str, Network] = {
    **{f"contextual_regression_{name}": network for name, network in contextual_regression.VARIANTS.items()},
    "contextual_regression_positional": positional.NETWORK,
    "xpresso_cnn": xpresso_cnn.NETWORK,
    "explainn": explainn.NETWORK,
    "argminn": argminn.NETWORK,
}
