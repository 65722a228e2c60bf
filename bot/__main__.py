"""`python -m bot` is `accession`."""

from bot.cli import main

raise SystemExit(main())
