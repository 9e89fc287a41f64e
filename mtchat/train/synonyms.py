"""Synonym classes shared by all skills: `<print>`, `<store>`, `<make>` and the like.

Knows: words. An option that starts with `~` is held out: training never hears it. Leaves to others: the sentences.
"""

# ruff: noqa: E501
# One entry a line, however long: these are tables.
# fmt: off

from __future__ import annotations

CLASSES: dict[str, list[str]] = {
    "print": [
        "print", "print", "print", "print", "print", "print out", "show", "show", "show me", "display", "display", "output", "give me", "write out", "echo", "log",
        "let me see", "print to the screen", "tell me", "report", "~present", "~reveal", "return", "write", "say",
    ],
    "show": ["print", "print", "print", "print", "show", "show me", "display", "output", "print out", "echo", "~reveal", "let me see", "dump"],
    "what": ["what is", "what is", "what is", "what's", "whats", "what would be", "tell me", "do you know", "what are", "~any idea what is", "give me", "i want to know", "let me know"],
    "store": ["store", "store", "store", "save", "save", "put", "put", "assign", "keep", "place", "record", "write", "~stash", "hold", "insert", "load"],
    "compute": ["compute", "compute", "calculate", "calculate", "find", "find", "get", "get", "determine", "work out", "take", "evaluate", "~figure out", "return", "obtain", "fetch", "give", "produce", "generate"],
    "make": ["make", "make", "create", "create", "create", "build", "define", "define", "construct", "initialize", "initialise", "declare", "set up", "~prepare", "form", "generate", "start", "write", "add", "produce", "introduce"],
    "named": ["named", "named", "called", "called", "with the name", "by the name of", "~titled", "known as"],
    "variable": ["variable", "variable", "variable", "var", "new variable", "name"],
    "listnoun": ["list", "list", "list", "list", "array", "collection", "sequence", "~series"],
    "numbersnoun": ["numbers", "numbers", "values", "elements", "items", "entries", "integers", "~figures", "members"],
    "wordsnoun": ["words", "strings", "items", "elements", "entries", "values", "names"],
    "itemsnoun": ["items", "elements", "entries", "values", "things", "members"],
    "dictnoun": ["dictionary", "dictionary", "dict", "dict", "map", "mapping", "~lookup table", "table", "hash map"],
    "strnoun": ["string", "string", "text", "word", "phrase", "~sentence", "message"],
    "funcnoun": ["function", "function", "function", "function", "method", "helper", "helper function", "python function", "~routine", "func", "small function"],
    "each": ["each", "each", "every", "each of the", "all the", "all"],
    "eachsg": ["each", "each", "every", "each single"],
    "total": ["sum", "sum", "total", "~grand total"],
    "largest": ["largest", "biggest", "maximum", "highest", "greatest", "max", "~topmost", "top"],
    "smallest": ["smallest", "lowest", "minimum", "least", "min", "~tiniest"],
    "average": ["average", "mean", "average value", "mean value", "avg", "arithmetic mean"],
    "remove": ["remove", "remove", "delete", "drop", "take out", "get rid of", "discard", "~eliminate", "throw away", "erase", "take away"],
    "add": ["add", "add", "append", "push", "put", "insert", "~tack", "attach", "include"],
    "change": ["change", "set", "update", "modify", "replace", "overwrite", "~alter", "switch"],
    "keep": ["keep only", "keep", "keep just", "filter out everything except", "retain", "retain only", "leave only", "~preserve only", "only keep", "select only"],
    "count": ["count", "count", "count up", "tally", "~enumerate"],
    "number": ["number", "number", "count", "amount", "quantity", "total number"],
    "check": ["check", "check", "test", "tell me", "determine", "see", "find out", "print", "say", "~verify", "show"],
    "whether": ["whether", "whether", "if", "whether or not"],
    "desc": [
        "in descending order", "in descending order", "descending", "from largest to smallest", "in reverse order", "from high to low", "largest first", "in decreasing order",
        "from biggest to smallest", "~biggest first", "with the largest first", "highest to lowest", "desc", "from greatest to least",
    ],
    "asc": [
        "in ascending order", "in ascending order", "ascending", "from smallest to largest", "from low to high", "in increasing order", "smallest first", "in order",
        "~littlest first", "with the smallest first", "lowest to highest", "asc", "from least to greatest",
    ],
    "sort": ["sort", "sort", "sort", "order", "arrange", "~rank", "put"],
    "rev": ["reverse", "reverse", "flip", "turn around", "invert the order of", "~turn back to front", "reverse the order of"],
    "gt": ["greater than", "greater than", "larger than", "more than", "bigger than", "above", "over", "exceeding", "~beyond", "higher than"],
    "lt": ["less than", "less than", "smaller than", "below", "under", "lower than", "~beneath", "fewer than"],
    "longer": ["longer than", "with more than", "of more than", "that have more than", "~exceeding"],
    "letters": ["letters", "characters", "chars"],
    "and": ["and", "and", "and then", "then", ", then", ", and", "and also", "&"],
    "result": ["the result", "the result", "it", "it", "that", "the answer", "the outcome", "the output", "the value"],
    "itword": ["it", "it", "it", "the result", "that", "the new value"],
    "in": ["in", "in", "in", "of", "from", "inside", "within"],
    "loop": ["loop over", "loop through", "iterate over", "go through", "walk through", "~step through", "run over", "use a for loop over", "go over"],
    "returns": ["returns", "returns", "returns", "computes", "calculates", "gives", "gives back", "outputs", "~yields", "finds", "return", "works out", "produces"],
    "takes": ["takes", "takes", "accepts", "receives", "gets", "is given", "~consumes", "has"],
    "call": ["call", "call", "call", "run", "use", "apply", "invoke", "~execute", "try", "test"],
    "on": ["on", "with", "on", "with", "for", "to", "using"],
    "otherwise": ["otherwise", "otherwise", "else", "or else", "if not", "and otherwise"],
    "import": ["import", "import", "load", "bring in", "use", "~pull in", "include"],
}
