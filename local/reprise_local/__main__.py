"""`python -m reprise_local` is the `reprise` command."""

from reprise_local.cli import main

main()
