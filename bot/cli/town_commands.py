"""The commands of towns.  Their work is done in the files beside this one, when they are used."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from towns.subjects import Subject

towns = typer.Typer(help="Towns: residents plan, walk, work, trade and talk.", no_args_is_help=True)

TownId = Annotated[str, typer.Argument(metavar="TOWN", help="Id of the town.")]
Speed = Annotated[
    str, typer.Option(help="Game seconds for each real second, or max: as fast as it goes.")
]
Watch = Annotated[bool, typer.Option("--watch", help="Print what happens.")]
MapFile = Annotated[Path | None, typer.Option("--map", help="Write the map at the end: a .png.")]
DayFile = Annotated[Path | None, typer.Option("--gif", help="Write the days as a film: a .gif.")]
Resident = Annotated[str, typer.Option(help="Only what concerns this resident.")]
Day = Annotated[int | None, typer.Option(min=1, help="Only this day.")]


class Plans(StrEnum):
    """How residents come to a plan."""

    QA = "qa"
    MERGED = "merged"


@towns.command("run")
def town_run(
    *,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it lives.")] = 1,
    residents: Annotated[
        int, typer.Option(min=1, help="How many live there, the first ones of its file.")
    ] = 8,
    house: Annotated[
        bool, typer.Option("--house", help="Residents by rule; without --model they always are.")
    ] = False,
    model: Annotated[str, typer.Option(help="A model of models.toml for all residents.")] = "",
    seed: Annotated[int, typer.Option(help="The same seed and answers, the same town.")] = 7,
    plan: Annotated[
        Plans, typer.Option(help="merged: one question for a plan; qa: three.")
    ] = Plans.MERGED,
    map_file: MapFile = None,
    day_file: DayFile = None,
    file: Annotated[Path | None, typer.Option(help="Your own town: a .toml.")] = None,
    speed: Speed = "max",
    watch: Watch = False,
    mayor: Annotated[str, typer.Option(help="Governs: me, house, model:NAME or none.")] = "none",
    mayor_days: Annotated[
        int, typer.Option(min=1, max=3650, help="How many days the mayor decides.")
    ] = 3,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Such as wages=10%, latte=18 or SHOP=08:00-20:00; may be repeated."),
    ] = None,
) -> None:
    """Found a town and let it live."""
    from bot.cli.towns import Manner, TownOrder, found_town

    merged = plan is Plans.MERGED
    order = TownOrder(
        days, residents, house, model, seed, merged, file, mayor, mayor_days, policy or ()
    )
    found_town(order, Manner(speed, watch, map_file, day_file))


@towns.command("resume")
def town_resume(
    town: TownId,
    *,
    speed: Speed = "max",
    watch: Watch = False,
    map_file: MapFile = None,
    day_file: DayFile = None,
) -> None:
    """Let a town go on that was stopped."""
    from bot.cli.towns import Manner, resume_town

    resume_town(town, Manner(speed, watch, map_file, day_file))


@towns.command("list")
def town_list() -> None:
    """List the towns, the newest first."""
    from bot.cli.town_views import list_towns

    list_towns()


@towns.command("status")
def town_status(town: TownId) -> None:
    """Say what time it is there, who is where, and how much has happened."""
    from bot.cli.town_views import show_status

    show_status(town)


@towns.command("residents")
def town_residents(town: TownId) -> None:
    """Show what the residents do, own, need and plan."""
    from bot.cli.town_views import show_residents

    show_residents(town)


@towns.command("policy")
def town_policy(
    town: TownId,
    *,
    wanted: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="Such as wages=10%, CAFE/latte=18 or SHOP=08:00-20:00; may be repeated."
        ),
    ] = None,
) -> None:
    """Show taxes, opening hours and prices with their bounds, or set some of them."""
    from bot.cli.town_policies import set_policies, show_policies

    if wanted:
        set_policies(town, wanted)
    else:
        show_policies(town)


@towns.command("map")
def town_map(
    town: TownId,
    out: Annotated[Path | None, typer.Option(help="Write the map: a .png.")] = None,
    day_file: DayFile = None,
    day: Annotated[int | None, typer.Option(min=1, help="The day to show.")] = None,
    time: Annotated[str, typer.Option(help="The time to show, such as 12:30.")] = "",
) -> None:
    """Draw the town, now or at an earlier time; what the map shows is told in words."""
    from bot.cli.town_views import show_map

    show_map(town, out, day_file, day, time)


@towns.command("chart")
def town_chart(
    town: TownId,
    subject: Annotated[Subject, typer.Argument(help="What it shows.")],
    out: Annotated[Path | None, typer.Option(help="Write the chart: a .png.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the numbers: a .csv.")] = None,
) -> None:
    """Draw how money, mood, calls of models or answers have changed, and tell it in words."""
    from bot.cli.town_views import show_chart

    show_chart(town, subject, out, csv)


@towns.command("news")
def town_news(town: TownId, day: Day = None) -> None:
    """Print the newspaper of each day."""
    from bot.cli.town_views import show_news

    show_news(town, day)


@towns.command("ledger")
def town_ledger(town: TownId, resident: Resident = "") -> None:
    """Print every transfer of money."""
    from bot.cli.town_views import show_ledger

    show_ledger(town, resident)


@towns.command("history")
def town_history(town: TownId, resident: Resident = "", day: Day = None) -> None:
    """Print what was done and said, in order of time."""
    from bot.cli.town_views import show_history

    show_history(town, resident, day)


@towns.command("replay")
def town_replay(town: TownId) -> None:
    """Live a town again from its journal, asking nobody, and print its fingerprint."""
    from bot.cli.town_views import replay_town

    replay_town(town)


@towns.command("export")
def town_export(
    town: TownId,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A .json, .md or .html; it must not exist.")
    ],
) -> None:
    """Write all that happened, thoughts included, to a file."""
    from bot.cli.town_views import export_town

    export_town(town, file)


@towns.command("delete")
def town_delete(
    town: TownId, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Delete a town and all that is kept of it."""
    from bot.cli.town_views import delete_town

    delete_town(town, yes=yes)


@towns.command("evaluate")
def town_evaluate(
    town: TownId,
    questions: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A .toml of questions; Parlour's own without one."),
    ] = None,
    model: Annotated[str, typer.Option(help="Who answers, in place of those who live there.")] = "",
    csv: Annotated[Path | None, typer.Option(help="Write the answers: a .csv.")] = None,
) -> None:
    """Ask residents about any moment of their lives, and measure the answers."""
    from bot.cli.town_evaluation import evaluate_town

    evaluate_town(town, questions, model, csv)
