"""`mtchat convert`: a CodeGen checkpoint in a form that other programs read.

Knows flags. Leaves the forms to `mtchat.models.convert`.
"""

from pathlib import Path

import click

from mtchat.repl.plain import echo


@click.command("convert")
@click.argument("checkpoint", metavar="DIR")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "form",
    required=True,
    type=click.Choice(["gptj", "codegen"]),
    help="gptj: for vLLM and others that know no CodeGen. codegen: CodeGen2 1B and 3.7B as transformers reads them.",
)
@click.option("--revision", metavar="COMMIT", help="Commit, branch or tag of a model on the hub.")
def convert_command(checkpoint: str, out: Path, form: str, revision: str | None) -> None:
    """Write the CodeGen checkpoint DIR (a folder, an alias or a hub name) into the new folder OUT."""
    from mtchat.models.convert import convert

    echo(f"wrote {convert(checkpoint, form, out.expanduser(), revision=revision)}", err=True)
