"""Every network by name."""

from . import argminn, contextual_regression, explainn, positional, xpresso_cnn
from .network import Network

NETWORKS: dict[str, Network] = {
    **{f"contextual_regression_{name}": network for name, network in contextual_regression.VARIANTS.items()},
    "contextual_regression_positional": positional.NETWORK,
    "xpresso_cnn": xpresso_cnn.NETWORK,
    "explainn": explainn.NETWORK,
    "argminn": argminn.NETWORK,
}


def main_network(name: str, variant: str) -> str:
    """Key of the network that ``model.name`` and ``model.variant`` of the configuration name.

    Contextual regression alone has variants.
    """
    return name if name in NETWORKS else f"{name}_{variant}"
