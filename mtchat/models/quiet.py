"""Keeping the libraries' own chatter off the person's screen.

Knows which loggers and progress bars transformers and the hub client have, and puts each back as it was. Leaves to
others: saying anything in their place. What needs no transformers asks for `quiet_hub`, which does not import it.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGERS = ("transformers", "huggingface_hub", "httpx", "httpx2", "torch", "filelock")


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings, log lines or progress bars from the model libraries inside the block. Imports transformers."""
    from transformers.utils import logging as hf

    bars = hf.is_progress_bar_enabled()
    with quiet_hub():
        hf.disable_progress_bar()
        try:
            yield
        finally:
            if bars:
                hf.enable_progress_bar()


@contextmanager
def quiet_hub() -> Iterator[None]:
    """No warnings, log lines or progress bars from the hub's client and from what is imported already."""
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    bars = not are_progress_bars_disabled()
    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        disable_progress_bars()
        for name in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
            if bars:
                enable_progress_bars()
