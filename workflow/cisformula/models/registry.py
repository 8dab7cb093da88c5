"""Every network by name: the one whose filters become motifs, and those it is compared with."""

from . import contextual_regression, explainn, xpresso_cnn
from .network import Network

NETWORKS: dict[str, Network] = {
    **{f"contextual_regression_{name}": network for name, network in contextual_regression.VARIANTS.items()},
    "xpresso_cnn": xpresso_cnn.NETWORK,
    "explainn": explainn.NETWORK,
}
