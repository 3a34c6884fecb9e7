"""`seraf-bot items`: the items of the pack."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.desk.pack_in_use import pack_in_use
from seraf.advice.answer import items_as_values
from seraf.form.instrument import Instrument


def items(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False) -> None:
    """The items of the pack: ids, labels, options, and whether each was checked against the board's form."""
    instrument = pack_in_use().instrument
    if as_json:
        typer.echo(json.dumps(items_as_values(instrument), ensure_ascii=False, indent=2))
    else:
        Console(highlight=False, markup=False).print(_table(instrument))


def _table(instrument: Instrument) -> Table:
    table = Table("Id", "Label", "Options", "Checked", title=f"{instrument.board}: {instrument.edition}")
    for item in instrument.items:
        options = ", ".join(option.id for option in item.section.options)
        table.add_row(item.id, item.label, options, "yes" if item.verified else "no")
    return table
