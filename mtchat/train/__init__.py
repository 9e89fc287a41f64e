"""Making the embedded model: corpus, tokenizer, training, packing, evaluation.

Knows nothing at import time beyond this line: each module says what it knows. Leaves running the model to
`mtchat.models`, the command line to `mtchat.cli`.
"""
