"""Decisions, documents and tasks as they stand at each station."""

from datetime import date

from chancery.events.disclosure import Origin, Published
from chancery.events.document import DocumentIssued, Founding
from chancery.events.meeting import MinutesIssued
from chancery.events.parts import Counted, Decision
from chancery.events.supervision import OutcomeHeard, TaskClosed, TaskReported
from tests.hongkou import an_id, at
from tests.scenario import THE_THING

MATTER, MINUTES, SITTING, DOCUMENT, ITEM = an_id(1), an_id(4), an_id(3), an_id(5), an_id(2)
SITTING_ENDED = at("2022-01-19", 16)
MINUTES_OUT = at("2022-01-20", 10)
ISSUED_AT = at("2022-01-21", 10)


def decision(**more: object) -> Decision:
    found = Decision(
        no=1,
        item_id=ITEM,
        matter_id=MATTER,
        title="区政府工作规则",
        kind="normative_document",
        outcome="adopted",
        text="会议审议通过。",
        lead="justice_bureau",
        orders_document="normative_document",
    )
    return found.model_copy(update=more)


def minutes(*decisions: Decision, body: str = "executive") -> MinutesIssued:
    return MinutesIssued(
        minutes_id=MINUTES,
        sitting_id=SITTING,
        body=body,
        series="2022",
        number=1,
        sitting_on=date(2022, 1, 19),
        closed_at=SITTING_ENDED,
        decisions=decisions or (decision(),),
        issued_at=MINUTES_OUT,
        issued_on=date(2022, 1, 20),
    )


FOUNDING = Founding(
    body="executive",
    sitting_id=SITTING,
    minutes_id=MINUTES,
    sitting_on=date(2022, 1, 19),
    series="2022",
    number=1,
    decision_no=1,
    meeting_ended_at=SITTING_ENDED,
)


def issued(**more: object) -> DocumentIssued:
    event = DocumentIssued(
        document_id=DOCUMENT,
        matter_id=MATTER,
        kind="normative_document",
        title="区政府工作规则",
        number="虹府发〔2022〕3号",
        in_name_of="district_government",
        lead_unit="justice_bureau",
        founding=FOUNDING,
        attribute="proactive",
        signed_on=date(2022, 1, 20),
        issued_on=date(2022, 1, 21),
        issued_at=ISSUED_AT,
    )
    return event.model_copy(update=more)


def published(**more: object) -> Published:
    event = Published(
        entry_id=an_id(61),
        matter_id=MATTER,
        document_id=DOCUMENT,
        index_number="AD2022-00001",
        title="区政府工作规则",
        number="虹府发〔2022〕3号",
        channels=(),
        published_at=ISSUED_AT,
        published_on=date(2022, 1, 21),
        origin=Origin(minutes_id=MINUTES, decision_no=1),
    )
    return event.model_copy(update=more)


def heard(what: str = "document_issued", reference: str = "虹府发〔2022〕3号") -> OutcomeHeard:
    return OutcomeHeard(task_id=THE_THING, matter_id=MATTER, what=what, reference=reference, happened_at=ISSUED_AT)


def closed(by: str, note: str, *, late: bool = False, **more: object) -> TaskClosed:
    event = TaskClosed(task_id=THE_THING, matter_id=MATTER, by=by, note=note, late=late, closed_at=ISSUED_AT)
    return event.model_copy(update=more)


def told(
    by: str, text: str, *, done: bool = False, provides: tuple[str, ...] = (), then: Counted | None = None
) -> TaskReported:
    """``then`` is by when the next report has to be there."""
    return TaskReported(
        task_id=THE_THING,
        text=text,
        done=done,
        reported_by=by,
        reported_at=ISSUED_AT,
        provides=provides,
        report_due=then,
    )
