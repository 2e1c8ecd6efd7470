"""The commands of models.  Their work is done in the files beside this one, when they are used."""

from typing import Annotated

import typer

models = typer.Typer(help="Language models named in models.toml.", no_args_is_help=True)


@models.command("list")
def models_list() -> None:
    """List the models of models.toml."""
    from bot.cli.models import list_models

    list_models()


@models.command("test")
def models_test(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name in models.toml.")],
) -> None:
    """Ask a model one question: latency, tokens, and whether JSON schema works."""
    from bot.cli.models import test_model

    test_model(name)


@models.command("serve")
def models_serve(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A local model of models.toml.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8080,
) -> None:
    """Serve a local model to programs of this machine, behind OpenAI's interface."""
    from bot.cli.local_models import serve_model

    serve_model(name, port)


@models.command("bench")
def models_bench(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A local model of models.toml.")],
    tokens: Annotated[int, typer.Option(min=2, max=4096, help="Longest answer.")] = 64,
) -> None:
    """Measure a local model with 1, 4, 8, 16 and 32 conversations at the same time."""
    from bot.cli.local_models import measure_model

    measure_model(name, tokens)


@models.command("add")
def models_add(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .gguf file in the models folder.")],
    name: Annotated[str, typer.Option(help="What players call it.")] = "",
) -> None:
    """Give a file of the models folder a name in models.toml."""
    from bot.cli.model_files import add_model

    add_model(file, name)


@models.command("remove")
def models_remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name in models.toml.")],
) -> None:
    """Take a model out of models.toml; files stay."""
    from bot.cli.model_files import remove_model

    remove_model(name)


@models.command("fetch")
def models_fetch(
    repo: Annotated[str, typer.Argument(metavar="HF-REPO", help="Such as owner/name-GGUF.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .gguf file of that repository.")],
) -> None:
    """Get a model file from huggingface.co into the models folder; goes on after a break."""
    from bot.cli.model_files import fetch_model

    fetch_model(repo, file)
