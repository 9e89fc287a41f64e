"""Words that telling sentences from notes needs: verbs that a request begins with, small words, how code abbreviates.

Knows: the lists. Leaves to others: what follows from them (`prose`, `code`).
"""

VERBS = frozenset(
    {
        "accumulate", "activate", "add", "adjust", "advance", "allocate", "allow", "analyze", "answer", "append",
        "apply", "approximate", "arrange", "ask", "assemble", "assign", "attach", "average", "begin", "bind",
        "blend", "broadcast", "build", "bump", "cache", "calculate", "call", "cancel", "capitalize", "capture",
        "cast", "center", "change", "check", "choose", "chop", "clamp", "clean", "clear", "clip", "clone", "close",
        "coerce", "collapse", "collect", "combine", "compare", "compile", "complete", "compose", "compress",
        "compute", "concatenate", "configure", "connect", "consider", "construct", "consume", "contract", "convert",
        "copy", "correct", "count", "crawl", "create", "crop", "cut", "cycle", "deal", "decide", "declare",
        "decode", "decompress", "decrease", "decrement", "decrypt", "deduce", "deduplicate", "define", "delete",
        "denormalize", "derive", "deserialize", "destroy", "detect", "determine", "disable", "discard",
        "disconnect", "dispatch", "display", "distribute", "divide", "double", "download", "draw", "drop", "dump",
        "duplicate", "echo", "eliminate", "emit", "empty", "enable", "encode", "encrypt", "enumerate", "erase",
        "escape", "establish", "estimate", "evaluate", "exchange", "exclude", "execute", "exit", "expand",
        "explode", "export", "express", "extend", "extract", "factor", "fetch", "figure", "fill", "filter", "find",
        "finish", "fit", "fix", "flag", "flatten", "flip", "flush", "fold", "follow", "force", "form", "format",
        "forward", "gather", "generate", "get", "give", "grab", "group", "grow", "guess", "hash", "hide",
        "highlight", "identify", "ignore", "import", "include", "increase", "increment", "indent", "index", "infer",
        "initialize", "inject", "insert", "inspect", "instantiate", "integrate", "interpolate", "interpret",
        "intersect", "inverse", "invert", "invoke", "iterate", "join", "jump", "keep", "label", "launch", "leave",
        "limit", "link", "list", "listen", "load", "locate", "lock", "log", "look", "loop", "lower", "make", "map",
        "mark", "mask", "match", "maximize", "measure", "merge", "mimic", "minimize", "mirror", "modify",
        "monkeypatch", "move", "multiply", "name", "negate", "normalise", "normalize", "notify", "number", "obtain",
        "offset", "omit", "open", "order", "overwrite", "pack", "pad", "paint", "parse", "partition", "pass",
        "paste", "peek", "perform", "permute", "pick", "plot", "point", "pop", "populate", "position", "predict",
        "prefix", "prepare", "prepend", "preserve", "print", "process", "produce", "project", "propagate", "prune",
        "pull", "push", "put", "query", "queue", "quote", "raise", "randomize", "rank", "read", "rearrange",
        "rebuild", "recompute", "reconstruct", "record", "recover", "recreate", "redirect", "reduce", "refine",
        "refresh", "register", "reindex", "reject", "release", "reload", "remove", "rename", "render", "reorder",
        "repeat", "replace", "report", "represent", "request", "rescale", "reset", "reshape", "resize", "resolve",
        "restore", "restrict", "retrieve", "return", "reverse", "rewind", "rewrite", "rotate", "round", "run",
        "sample", "sanitize", "save", "scale", "scan", "schedule", "search", "seek", "select", "send", "separate",
        "serialize", "set", "shift", "show", "shrink", "shuffle", "shut", "simplify", "simulate", "skip", "sleep",
        "slice", "smooth", "solve", "sort", "space", "specify", "split", "spread", "square", "squeeze", "stack",
        "standardize", "start", "stop", "store", "stretch", "strip", "sub", "submit", "substitute", "subtract",
        "sum", "suppress", "swap", "switch", "symmetrize", "synchronize", "take", "tell", "test", "threshold",
        "tile", "toggle", "tokenize", "trace", "track", "transfer", "transform", "translate", "transpose",
        "traverse", "trigger", "trim", "truncate", "try", "turn", "uncompress", "undo", "unescape", "unindent",
        "unload", "unlock", "unpack", "unquote", "unregister", "unwrap", "update", "upgrade", "upload", "use",
        "validate", "verify", "visit", "wait", "walk", "warn", "weigh", "widen", "wrap", "write", "yield", "zero",
        "zip",
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
