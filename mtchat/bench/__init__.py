"""The bench room: one measurement a file. `mtchat.cli.bench` runs them and shows their figures."""
