"""The REPL: reading intents and commands, showing turns.

`app` is the loop, `commands` what starts with a slash, `screen` the printing, `reader` the input, `loading` the model
that loads while the prompt is already there. Knows terminals; leaves making turns to `engine`.
"""
