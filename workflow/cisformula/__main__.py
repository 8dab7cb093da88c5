"""``python -m cisformula``: see :mod:`cisformula.cli`."""

from .cli import main

main()
