"""``python -m bayesmodel``: the program, where its command is not on the path."""

from bayesmodel import quiet  # noqa: F401 (Ctrl-C is quiet from the first line)
from bayesmodel.cli import main

if __name__ == "__main__":
    main()
