"""`python -m reftel`: the command for where no script is on the path."""

from reftel import main

main()
