"""`python -m ie` is the `ie` command."""

import sys

from ie.cli import main

sys.exit(main())
