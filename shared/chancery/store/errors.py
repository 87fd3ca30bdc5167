"""What can go wrong between a decision and the disk."""

from chancery.refusal import Fault


class StoreUnavailable(Fault):
    """The database did not answer in time. Whether the command was stored is not known; a repeat tells."""


class PoisonedAppend(Fault):
    """This command can never be stored: bad bytes, or a write its tables refuse. Others go on."""


class OutdatedProcess(Fault):
    """The tables have moved on to a newer projection version; this process must be started anew."""
