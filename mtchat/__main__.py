"""`python -m mtchat`: the command line.

Knows nothing; `mtchat.cli` does.
"""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until `main` is there: Ctrl-C would be a traceback

from mtchat.cli import main

if __name__ == "__main__":
    main()
