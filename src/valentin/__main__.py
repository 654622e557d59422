"""`python -m valentin`."""

from valentin.cli import main

raise SystemExit(main())
