"""``chancery``: start the house, rehearse, follow events, look after projections, deadlines, rules and the clock."""

from chancery.cli.main import app


def main() -> None:
    """The entry point of the command."""
    app()
