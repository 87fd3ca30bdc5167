"""A draft was laid open, or what became of the comments was published: that is on the matter's file from now on."""

from collections.abc import Sequence

from chancery.calendar import local_day
from chancery.envelope import Recorded
from chancery.events.openness import DraftOpened, DraftReported
from chancery.events.parts import Evidence
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.matter.note_evidence import NoteEvidence, note_evidence
from meeting_svc.matter.state import MATTER


def opened(recorded: Recorded[DraftOpened], rules: Rules) -> Sequence[Order]:
    """What the rules take the publication of a draft, and of its basis, for."""
    del rules
    told = recorded.event
    return _filed(recorded, told.gives, told.unit, told.opened_by)


def reported(recorded: Recorded[DraftReported], rules: Rules) -> Sequence[Order]:
    del rules
    return _filed(recorded, recorded.event.gives, None, recorded.event.reported_by)


def _filed(
    recorded: Recorded[DraftOpened] | Recorded[DraftReported], gives: Sequence[str], unit: str | None, by: str
) -> Sequence[Order]:
    told = recorded.event
    day = local_day(recorded.business_at)
    return [
        Order(
            MATTER,
            note_evidence,
            NoteEvidence(Evidence(evidence=word, by=unit, given_on=day, reference=str(told.window_id)), by),
            stream=told.matter_id,
            key=word,
            matter=told.matter_id,
        )
        for word in gives
    ]


ON_DRAFT_OPENED = Reaction("file_draft_publication", "disclosure", DraftOpened, opened)
ON_DRAFT_REPORTED = Reaction("file_comment_report", "disclosure", DraftReported, reported)
