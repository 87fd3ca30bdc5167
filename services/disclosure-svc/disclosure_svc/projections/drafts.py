"""Which drafts lie open, what did people say, and what became of it? (征求意见台账)"""

from collections.abc import Sequence

from chancery.calendar import local_day
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.openness import CommentAnswered, CommentReceived, DraftClosed, DraftOpened, DraftReported
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case DraftOpened() as event:
            told = {"window_id", "matter_id", "title", "kind", "unit", "contact", "text", "basis"}
            row = event.model_dump(include=told) | {
                "version": version,
                "stage": "open",
                "opened_on": local_day(event.opened_at),
                "due_on": event.due.due_on,
            }
            return [Upsert("draft_window", ("window_id",), row)]
        case DraftClosed() as event:
            return [Patch("draft_window", {"window_id": event.window_id}, {"version": version, "stage": "closed"})]
        case DraftReported() as event:
            reported = {
                "version": version,
                "stage": "reported",
                "summary": event.summary,
                "comments": event.comments,
                "reported_on": local_day(event.reported_at),
            }
            return [Patch("draft_window", {"window_id": event.window_id}, reported)]
        case CommentReceived() as event:
            told = {"comment_id", "window_id", "name", "contact", "text", "channel", "received_at"}
            return [Upsert("draft_comment", ("comment_id",), event.model_dump(include=told))]
        case CommentAnswered() as event:
            became = {"became": event.became, "reason": event.reason}
            return [Patch("draft_comment", {"comment_id": event.comment_id}, became)]
        case _:
            return []


HEARS = (DraftOpened, DraftClosed, DraftReported, CommentReceived, CommentAnswered)
DRAFTS = Projection(
    "draft_window", 1, ("draft_window", "draft_comment"), frozenset(k.event_name for k in HEARS), project
)
