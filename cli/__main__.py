"""Run the command from a checkout, as `python -m cli`."""

from .app import main

main()
