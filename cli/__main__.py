"""`python -m cli` is `claims`: how the supervisor starts its children, whatever is on the path."""

from cli.main import main

main()
