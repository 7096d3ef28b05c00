"""`python -m api.cli`, the same as `resonance`."""

from api.cli import main

main()
