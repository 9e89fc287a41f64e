"""Words that telling sentences from notes needs: verbs that a request begins with, small words, how code abbreviates.

Knows: the lists. Leaves to others: what follows from them (`prose`, `code`).
"""

VERBS = frozenset(
    {
        "accumulate", "activate", "add", "adjust", "advance", "allocate", "allow", "analyze", "annotate", "answer",
        "append", "apply", "approximate", "archive", "arrange", "ask", "assemble", "assign", "attach", "average",
        "await", "balance", "begin", "bind", "bisect", "blend", "broadcast", "build", "bump", "bypass", "byteswap",
        "cache", "calculate", "calibrate", "call", "cancel", "capitalize", "capture", "cast", "center", "centre",
        "change", "check", "choose", "chop", "clamp", "clean", "clear", "clip", "clone", "close", "cluster",
        "coerce", "collapse", "collect", "combine", "commit", "compact", "compare", "compile", "complete",
        "compose", "compress", "compute", "concatenate", "configure", "connect", "construct", "consume",
        "contract", "convert", "copy", "correct", "count", "crawl", "create", "crop", "cut", "cycle", "deal",
        "decide", "declare", "decode", "decompress", "decorate", "decrease", "decrement", "decrypt", "deduce",
        "deduplicate", "deepcopy", "define", "delegate", "delete", "denormalize", "derive", "deserialize",
        "destroy", "detect", "determine", "differentiate", "dilate", "disable", "discard", "disconnect",
        "discretize", "dispatch", "display", "distribute", "divide", "double", "downcast", "download", "downsample",
        "drain", "draw", "drop", "dump", "duplicate", "echo", "elect", "elide", "eliminate", "embed", "emit",
        "empty", "enable", "encapsulate", "encode", "encrypt", "enforce", "enlarge", "enumerate", "erase", "erode",
        "escape", "establish", "estimate", "evaluate", "exchange", "exclude", "execute", "exhaust", "exit",
        "expand", "explode", "export", "express", "extend", "extract", "factor", "factorize", "favor", "fetch",
        "figure", "fill", "filter", "finalize", "find", "finish", "fit", "fix", "flag", "flatten", "flip", "flush",
        "fold", "follow", "force", "forget", "form", "format", "forward", "gather", "generate", "get", "give",
        "grab", "group", "grow", "guard", "guess", "halt", "hash", "hide", "highlight", "honor", "identify",
        "ignore", "import", "impute", "include", "increase", "increment", "indent", "index", "infer", "initialize",
        "inject", "insert", "inspect", "instantiate", "instrument", "integrate", "interleave", "interpolate",
        "interpret", "intersect", "intersperse", "inverse", "invert", "invoke", "iterate", "jitter", "join", "jump",
        "keep", "label", "launch", "leave", "lex", "lift", "limit", "linearize", "link", "list", "listen", "load",
        "locate", "lock", "log", "look", "loop", "lower", "lowercase", "make", "mangle", "map", "mark", "mask",
        "match", "materialize", "maximize", "measure", "memoize", "merge", "migrate", "mimic", "minimize", "mirror",
        "mix", "modify", "monkeypatch", "mount", "move", "multiply", "mutate", "name", "negate", "nest",
        "normalise", "normalize", "notify", "obtain", "offset", "omit", "open", "order", "orthogonalize", "outline",
        "overwrite", "pack", "pad", "paint", "parse", "partition", "pass", "paste", "patch", "peek", "perform",
        "permute", "persist", "perturb", "pick", "pin", "pipe", "pivot", "place", "plot", "point", "poll", "pop",
        "populate", "position", "preallocate", "precompute", "predict", "prefetch", "prefix", "preload", "prepare",
        "prepend", "preprocess", "preserve", "print", "probe", "process", "produce", "project", "promote",
        "propagate", "propose", "protect", "prune", "pull", "purge", "push", "put", "quantize", "query", "queue",
        "quote", "raise", "randomise", "randomize", "rank", "rasterize", "reach", "read", "rearrange", "reassign",
        "rebin", "rebuild", "recalculate", "recode", "recompute", "reconcile", "reconnect", "reconstruct", "record",
        "recover", "recreate", "recurse", "recycle", "redirect", "reduce", "refill", "refine", "reformat",
        "refresh", "regenerate", "register", "regroup", "reindex", "reinitialize", "reject", "relabel", "release",
        "reload", "remap", "remember", "remove", "rename", "render", "reopen", "reorder", "repack", "repair",
        "reparse", "repeat", "replace", "report", "reposition", "represent", "request", "requeue", "resample",
        "rescale", "reserve", "reset", "reshape", "resize", "resolve", "restore", "restrict", "resume", "rethrow",
        "retrain", "retrieve", "retry", "return", "reuse", "reverse", "revert", "rewind", "rewrite", "rollback",
        "rotate", "round", "route", "run", "sample", "sanitise", "sanitize", "save", "scale", "scan", "scatter",
        "schedule", "score", "search", "seek", "segment", "select", "send", "separate", "serialize", "set",
        "sharpen", "shift", "shorten", "show", "shrink", "shuffle", "shut", "simplify", "simulate", "sketch",
        "skip", "sleep", "slice", "slide", "slurp", "smooth", "solve", "sort", "space", "spawn", "specify",
        "splice", "split", "spread", "square", "squeeze", "stack", "stamp", "standardise", "standardize", "start",
        "stick", "stop", "store", "stream", "stretch", "stringify", "strip", "sub", "subdivide", "submit", "subset",
        "substitute", "subtract", "sum", "supply", "suppress", "swap", "switch", "symmetrize", "sync",
        "synchronize", "tabulate", "tack", "take", "tally", "tell", "test", "thin", "threshold", "tidy", "tile",
        "tilt", "toggle", "tokenise", "tokenize", "trace", "track", "train", "transfer", "transform", "translate",
        "transpose", "trap", "traverse", "triangulate", "trigger", "trim", "truncate", "try", "tune", "turn",
        "tweak", "typecast", "uncompress", "underline", "undo", "unescape", "unfold", "unify", "unindent", "unite",
        "unload", "unlock", "unmask", "unpack", "unpickle", "unquote", "unravel", "unregister", "unroll", "unset",
        "unstack", "untar", "unwind", "unwrap", "unzip", "upcast", "update", "upgrade", "upload", "uppercase",
        "upsample", "use", "validate", "vectorize", "verify", "visit", "vote", "wait", "walk", "warn", "warp",
        "weigh", "widen", "wrap", "write", "yield", "zero", "zip", "zoom",
    }
)  # fmt: skip

SMALL = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "each", "for", "from", "has", "have",
        "if", "in", "into", "is", "it", "its", "may", "more", "must", "no", "not", "of", "on", "one", "only", "or",
        "other", "so", "such", "than", "that", "the", "their", "them", "then", "there", "these", "this", "to",
        "used", "was", "when", "where", "which", "will", "with", "would", "you",
    }
)  # fmt: skip
"""Words that English sentences are full of."""

EMPTY = frozenset(
    {
        "all", "and", "any", "are", "been", "each", "for", "from", "given", "has", "have", "into", "its", "new",
        "not", "one", "out", "than", "that", "the", "them", "then", "this", "two", "was", "when", "which", "with",
    }
)  # fmt: skip
"""Words that say nothing about which code is meant."""

SAME = {
    "remov": ("pop", "del", "disca", "strip"), "delet": ("del", "pop", "remov"), "add": ("appen", "inser", "exten",
    "updat"), "lengt": ("len",), "numbe": ("len", "num", "count", "n"), "count": ("len", "num"), "size": ("len",
    "shape"), "large": ("max",), "great": ("max",), "maxim": ("max",), "small": ("min",), "minim": ("min",),
    "dicti": ("dict",), "strin": ("str",), "integ": ("int",), "index": ("idx", "i", "enume"), "indic": ("idx",
    "inds", "index"), "direc": ("dir",), "funct": ("func", "fn"), "argum": ("arg", "args"), "chara": ("char", "ch",
    "c"), "multi": ("mul", "prod"), "param": ("param",), "value": ("val", "v"), "eleme": ("elem", "item"), "objec":
    ("obj",), "messa": ("msg",), "array": ("arr",), "matri": ("mat", "m"), "error": ("err", "raise"), "conve":
    ("to",), "rever": ("rever",), "order": ("sort",), "avera": ("mean",), "colum": ("col",), "tempo": ("tmp",
    "temp"), "proba": ("prob", "p"), "separ": ("sep", "split"), "join": ("join",), "itera": ("for", "iter"),
    "empty": ("not", "len"), "check": ("if",), "skip": ("contin",),
}  # fmt: skip
"""Stems of words, and the stems by which code says the same."""
