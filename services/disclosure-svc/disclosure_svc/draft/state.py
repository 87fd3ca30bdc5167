"""What decisions about a draft and a comment on it have to remember."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.openness import (
    CommentAnswered,
    CommentEvent,
    CommentReceived,
    DraftClosed,
    DraftEvent,
    DraftOpened,
    DraftReported,
)
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    OPEN = "open"
    CLOSED = "closed"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Draft:
    id: UUID
    stage: Stage = Stage.NOT_SEEN
    opened: DraftOpened | None = None
    reported: DraftReported | None = None


def evolve(draft: Draft, event: DraftEvent) -> Draft:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case DraftOpened():
            return replace(draft, stage=Stage.OPEN, opened=event)
        case DraftClosed():
            return replace(draft, stage=Stage.CLOSED)
        case DraftReported():
            return replace(draft, stage=Stage.REPORTED, reported=event)
        case _:
            assert_never(event)


DRAFT: Thing[Draft, DraftEvent] = Thing("draft_window", Draft, evolve, (DraftOpened, DraftClosed, DraftReported))


@dataclass(frozen=True, slots=True)
class Comment:
    id: UUID
    received: CommentReceived | None = None
    answered: CommentAnswered | None = None


def evolve_comment(comment: Comment, event: CommentEvent) -> Comment:
    """Fold one event in; an answer given again replaces the one before."""
    match event:
        case CommentReceived():
            return replace(comment, received=event)
        case CommentAnswered():
            return replace(comment, answered=event)
        case _:
            assert_never(event)


COMMENT: Thing[Comment, CommentEvent] = Thing(
    "draft_comment", Comment, evolve_comment, (CommentReceived, CommentAnswered)
)
