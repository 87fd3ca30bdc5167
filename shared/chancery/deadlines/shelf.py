"""The calendar of the moment: the files that come with this version, and those an office has added since."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from chancery.calendar import Calendar, bundled

log = structlog.get_logger(__name__)

BUNDLED = Path(__file__).resolve().parents[1] / "data" / "holidays"
Seen = tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class CalendarShelf:
    """Reads dated files again when they change; a file of the same name in ``added`` goes before the bundled one.

    It looks for changes when asked, at most every ``look_every`` seconds. A file that cannot be read leaves the
    calendar as it was, with a log entry: a bad file must not stop a deadline.
    """

    added: Path | None = None
    look_every: float = 1.0
    _looked: float = -1.0
    _seen: Seen = ()
    _calendar: Calendar | None = field(default=None)

    def __call__(self) -> Calendar:
        if self.added is None:
            return bundled()
        now = time.monotonic()
        if self._calendar is not None and now - self._looked < self.look_every:
            return self._calendar
        self._looked = now
        seen = self._look()
        if self._calendar is None or seen != self._seen:
            self._seen = seen
            self._calendar = self._read() or self._calendar or bundled()
        return self._calendar

    def _files(self) -> list[Path]:
        if self.added is None or not self.added.is_dir():
            return []
        return sorted(self.added.glob("[12][0-9][0-9][0-9].json"))

    def _look(self) -> Seen:
        return tuple((f.name, (stat := f.stat()).st_mtime_ns, stat.st_size) for f in self._files())

    def _read(self) -> Calendar | None:
        files = {f.name: f for f in sorted(BUNDLED.glob("[12][0-9][0-9][0-9].json"))}
        files |= {f.name: f for f in self._files()}
        try:
            found = Calendar.from_files((name, file.read_bytes()) for name, file in files.items())
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("calendar_not_read", folder=str(self.added), error=repr(error))
            return None
        log.info("calendar_read", version=found.version)
        return found


Calendars = Callable[[], Calendar]
"""Gives the calendar of the moment."""
