"""Attribute names, sorted by what they can lead to, and the error that a refusal is.

Knows names only. Leaves to others: the syntax they stand in (`policy`) and the objects they are asked of (`guards`).
"""

import sys

from RestrictedPython.transformer import INSPECT_ATTRIBUTES

from mtchat.sandbox.allowlist import DENIED_ORIGINS, HIDDEN_NAMES, STANDARD
from mtchat.sandbox.curated import words

_DATA_MODEL = words(
    """
    new init del repr str bytes format lt le eq ne gt ge hash bool getattr getattribute setattr delattr dir get
    set delete set_name slots init_subclass class_getitem instancecheck subclasscheck subclasshook call len
    length_hint getitem setitem delitem missing iter next reversed contains add sub mul matmul truediv floordiv
    mod divmod pow lshift rshift and xor or radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift
    rrshift rand rxor ror iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ixor ior neg
    pos abs invert complex int float index round trunc floor ceil enter exit await aiter anext aenter aexit
    prepare mro_entries match_args post_init copy deepcopy fspath sizeof array array_ufunc array_function
    array_priority buffer release_buffer replace class name qualname doc module dict annotations type_params
    weakref defaults kwdefaults func wrapped bases mro base traceback cause context suppress_context notes
    dataclass_fields dataclass_params members order ignore abstractmethods isabstractmethod total version author
    all debug file license date email credits getstate setstate status copyright main orig_bases parameters args
    origin optional_keys required_keys metadata
    """
)
DATA_MODEL = frozenset(f"__{name}__" for name in _DATA_MODEL)
"""Double-underscore names a program may write and read: the data model and common metadata. Others are refused."""

REFUSED_ATTRIBUTES = INSPECT_ATTRIBUTES | {"f_lasti", "co_consts", "co_names", "func_globals", "func_code", "_convert_"}
WATCHED_ATTRIBUTES = frozenset({"format", "format_map", "query", "eval", "agg", "aggregate", "apply", "transform"})
"""Ordinary names whose methods take an expression or a name in a string: a guard looks at the object first."""

UNSAFE_DUNDERS = frozenset(
    f"__{name}__" for name in words("dict getattribute setattr delattr defaults kwdefaults wrapped getstate setstate")
)
"""Names of the data model that a guard must look at together with the object; the others say nothing."""

SENSITIVE = (
    (frozenset(sys.stdlib_module_names) - {name.partition(".")[0] for name in STANDARD})
    | DENIED_ORIGINS
    | frozenset().union(*HIDDEN_NAMES.values())
    | words(
        """
        sys os path modules module mod builtins environ system np pd plt mpl sp sns nx sk numpy pandas scipy sklearn
        matplotlib sympy networkx seaborn dateutil mpl_toolkits typing_extensions obj loader spec
        """
    )
)
"""Names that modules go by, or that reach for more: guarded in fast mode too."""


class PolicyError(Exception):
    """The sandbox refused something: says what, and what to do instead. `line` is set when found in the source."""

    __module__ = "builtins"  # what a traceback puts before the name
    line: int | None = None


def is_dunder(name: str) -> bool:
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def refused_attribute(name: str) -> str | None:
    """Why no object may be asked for this attribute; None when the object decides."""
    if name in REFUSED_ATTRIBUTES or (is_dunder(name) and name not in DATA_MODEL):
        return f"the attribute '{name}' is not allowed in the sandbox (it reaches into the interpreter)"
    return None


def is_plain(name: str) -> bool:
    """Whether the name says nothing: any object may be asked for it, only the answer is looked at."""
    return not name.startswith("_") and name not in WATCHED_ATTRIBUTES


def is_native(name: str) -> bool:
    """Whether fast mode reads this name of any object without a guard."""
    return is_plain(name) and name not in SENSITIVE and name not in REFUSED_ATTRIBUTES
