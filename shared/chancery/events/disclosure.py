"""What is public is published: what disclosure-svc tells."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part
from chancery.events.parts import Code, Counted, Key, Name, PaperRef


class Origin(Part):
    """The decision a published document rests on, where it rests on one: those who follow it up know it by this."""

    minutes_id: UUID
    decision_no: int


class EntryPrepared(Event, name="disclosure.entry_prepared", version=1):
    """A catalogue entry was made for an issued document (目录条目), ready for review.

    ``needs`` are the things the rules want before publication (``secrecy_review``, ``interpretation``);
    ``channels`` where it is to appear; ``due`` None where no rule sets a day.
    """

    entry_id: UUID
    matter_id: UUID
    document_id: UUID
    title: Name
    number: Name
    kind: Code
    issuer: Code
    lead_unit: Key
    features: tuple[Code, ...] = ()
    decided_by: Code | None = None
    issued_on: date
    attribute: Annotated[str, Field(pattern="^(proactive|on_request|withheld)$")]
    ground: str | None = None
    needs: tuple[Code, ...] = ()
    channels: tuple[Code, ...] = ()
    text: PaperRef | None = None
    due: Counted | None = None
    origin: Origin | None = None


class IndexAssigned(Event, name="disclosure.index_assigned", version=1):
    """The catalogue gave the next index number of a year to an entry (索引号): no gap, no reuse, never changed."""

    series: Name
    year: int
    seq: Annotated[int, Field(ge=1)]
    index_number: Name
    entry_id: UUID


class EntryNumbered(Event, name="disclosure.entry_numbered", version=1):
    """The entry carries its index number."""

    entry_id: UUID
    index_number: Name


class SecrecyReviewed(Event, name="disclosure.secrecy_reviewed", version=1):
    """The entry was looked at before publication (保密审查)."""

    entry_id: UUID
    passed: bool
    reviewer: Key
    note: str | None = None


class InterpretationAttached(Event, name="disclosure.interpretation_attached", version=1):
    """The plain explanation that goes out with the document (政策解读)."""

    entry_id: UUID
    title: Name
    paper: PaperRef
    attached_by: Key


class NeedMet(Event, name="disclosure.need_met", version=1):
    """Something else that the rules want before publication is there; ``reference`` is where it can be found."""

    entry_id: UUID
    need: Code
    reference: Name
    met_by: Key


class Published(Event, name="disclosure.published", version=1):
    """The entry is public, with its document and interpretation, in the channels named (公开)."""

    entry_id: UUID
    matter_id: UUID
    document_id: UUID
    index_number: Name
    title: Name
    number: Name
    channels: tuple[Code, ...]
    published_at: AwareDatetime
    published_on: date
    origin: Origin | None = None


class PublicationOverdue(Event, name="disclosure.publication_overdue", version=1):
    """The day set for publication passed."""

    entry_id: UUID
    matter_id: UUID
    due: Counted


EntryEvent = (
    EntryPrepared | EntryNumbered | SecrecyReviewed | InterpretationAttached | NeedMet | Published | PublicationOverdue
)
