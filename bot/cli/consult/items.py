"""`seraf-bot items`: the items of the pack; and which pack a command for one SERAF uses."""

import json
from typing import Annotated

import typer

from bot.cli.terminal import print_table
from bot.runtime.packs import SHIPPED, load_pack
from bot.runtime.starting import is_nothing_set
from seraf.advice.answer import items_as_values
from seraf.pack import Pack


def items(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False) -> None:
    """The items of the pack: ids, labels, options, and whether each was checked against the board's form."""
    instrument = pack_in_use().instrument
    if as_json:
        typer.echo(json.dumps(items_as_values(instrument), ensure_ascii=False, indent=2))
        return
    options = {item.id: ", ".join(option.id for option in item.section.options) for item in instrument.items}
    rows = ((item.id, item.label, options[item.id], "yes" if item.verified else "no") for item in instrument.items)
    title = f"{instrument.edition.board}: {instrument.edition.label}"
    print_table(("Id", "Label", "Options", "Checked"), rows, title=title, is_boxed=True)


def pack_in_use() -> Pack:
    """Return the pack that the settings name, or the shipped one, without importing settings, if nothing was set up."""
    if is_nothing_set():
        return load_pack(SHIPPED)
    from bot.runtime.settings import load_pack_settings  # slow to import

    return load_pack(load_pack_settings().pack)
