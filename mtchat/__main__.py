"""`python -m mtchat`: the command line.

Knows nothing; `mtchat.cli` does.
"""

from mtchat.cli import main

if __name__ == "__main__":
    main()
