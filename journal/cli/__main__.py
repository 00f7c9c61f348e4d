"""``python -m journal.cli``: the command without the script."""

from journal.cli import main

main()
