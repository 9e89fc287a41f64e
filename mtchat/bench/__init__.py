"""The bench room: what models do over many turns, and how fast this program is.

- `values`, `kind`: what a run is made of, and what makes one benchmark differ from another: `mtpb`, `humaneval`,
  `sessions` (with `behaviour`)
- `reading`, `choosing`, `setups`: from problem files and settings to what exactly is measured
- `campaign`: a whole run: `runner` (or `cluster`) has `sampler` ask the model and `judging` run programs at a `desk`
- `grader`: whether a program is right; `results`: the file that survives; `progress`: what is shown meanwhile
- `figures`: what came of it; `likelihood`: perplexity and `mtchat score`; `speed`: latency and the sandbox
"""
