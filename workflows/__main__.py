"""`python -m workflows`: the same as the command `accession-check`."""

from workflows.cli import main

raise SystemExit(main())
