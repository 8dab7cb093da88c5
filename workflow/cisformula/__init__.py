"""cisformula: a readable linear formula of DNA motifs for gene expression.

Modules in the order data flows through them: ``sequence``, ``annotation``, ``promoters``, ``expression``, ``splits``,
``models``, ``training``, ``pwm``, ``hits``, ``similarity``, ``features``, ``selection``, ``formula``, ``cell_types``,
``simulate``, ``recovery`` and ``figures``. Each imports only what its own rule's environment declares, so this file
imports nothing.
"""

__version__ = "0.1.0"
