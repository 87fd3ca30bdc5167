"""Take a comment in, from the site or put down by hand, and say what became of it (公众意见)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chancery.events.openness import CommentAnswered, CommentEvent, CommentReceived
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.draft.state import Comment
from disclosure_svc.entry.handling import of_office

Channel = Literal["site", "letter", "visit", "public_meeting", "other"]
Became = Literal["adopted", "adopted_in_part", "not_adopted", "no_proposal"]


@dataclass(frozen=True, slots=True)
class ReceiveComment:
    """``by`` is None for what the public sends by itself; ``open`` and ``unit`` are those of the draft."""

    by: PersonId | None
    at: datetime
    window_id: UUID
    matter_id: UUID
    unit: str
    open: bool
    text: str
    channel: Channel
    name: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerComment:
    by: PersonId
    unit: str
    became: Became
    reason: str


def receive_comment(command: ReceiveComment, comment: Comment, rules: Rules) -> Sequence[Told[CommentEvent]]:
    """While the draft lies open. The same words sent twice are one comment.

    Raises:
        Refused: the time is over; (forbidden) put down by somebody of neither the unit nor the office.
    """
    if comment.received is not None:
        return []
    if not command.open:
        raise Refused(Reason("draft_not_open"))
    if command.by is not None:
        _of_the_unit(command.by, command.unit, rules)
    received = CommentReceived(
        comment_id=comment.id,
        window_id=command.window_id,
        matter_id=command.matter_id,
        name=command.name,
        contact=command.contact,
        text=command.text,
        channel=command.channel,
        received_by=command.by,
        received_at=command.at,
    )
    return [Told(received)]


def answer_comment(command: AnswerComment, comment: Comment, rules: Rules) -> Sequence[Told[CommentEvent]]:
    """Raises:
    Refused: no such comment; (forbidden) of neither the unit nor the office.
    """
    if comment.received is None:
        raise not_found("draft_comment")
    _of_the_unit(command.by, command.unit, rules)
    answered = CommentAnswered(
        comment_id=comment.id,
        window_id=comment.received.window_id,
        became=command.became,
        reason=command.reason,
        answered_by=command.by,
    )
    return [] if comment.answered == answered else [Told(answered)]


def _of_the_unit(person: str, unit: str, rules: Rules) -> None:
    if not rules.works_in(person, unit) and not of_office(rules, person):
        params = {"unit": rules.titled(unit)}
        raise Refused(Reason("not_of_office_or_lead", params=params), kind="forbidden")
