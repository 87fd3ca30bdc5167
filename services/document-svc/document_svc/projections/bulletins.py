"""Which bulletins does each unit have, and which issues went up? (简报台账)"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.outgoing import BulletinClosed, BulletinIssueSent, BulletinOpened
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case BulletinOpened() as event:
            row = {
                "bulletin_id": event.bulletin_id,
                "version": recorded.version,
                "unit": event.unit,
                "title": event.title,
                "opened_on": event.opened_on,
                "closed_on": None,
                "permitted_by": event.permitted_by,
            }
            return [Upsert("bulletins", ("bulletin_id",), row)]
        case BulletinClosed() as event:
            closed = {"closed_on": event.closed_on, "version": recorded.version}
            return [Patch("bulletins", {"bulletin_id": event.bulletin_id}, closed)]
        case BulletinIssueSent() as event:
            row = {
                "bulletin_id": event.bulletin_id,
                "unit": event.unit,
                "year": event.year,
                "no": event.no,
                "number": event.number,
                "pages": event.pages,
                "sent_on": event.sent_on,
            }
            moved = Patch("bulletins", {"bulletin_id": event.bulletin_id}, {"version": recorded.version})
            return [Upsert("bulletin_issues", ("bulletin_id", "year", "no"), row), moved]
        case _:
            return []


BULLETINS = Projection(
    "bulletins",
    1,
    ("bulletins", "bulletin_issues"),
    frozenset(kind.event_name for kind in (BulletinOpened, BulletinIssueSent, BulletinClosed)),
    project,
)
