"""The journey's document as it stands at each station."""

from datetime import date

from chancery.events.document import (
    AttributeProposed,
    DocumentDrafted,
    DocumentNumbered,
    DocumentSigned,
    EvidenceHeard,
    Founding,
    NumberAssigned,
    TextAttached,
)
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Counted, Decision, Evidence, PaperRef, StepDone
from chancery.names import Capacity
from document_svc.document.draft import HOUSE
from tests.hongkou import JUSTICE_HEAD, MAYOR, an_id, at
from tests.scenario import THE_THING

MATTER_ID, ITEM_ID, SITTING_ID, MINUTES_ID = an_id(1), an_id(2), an_id(3), an_id(4)
ENDED = at("2022-01-19", 16)
FACTS = MatterFacts(title="区政府工作规则", kind="normative_document", lead_unit="justice_bureau")

LEGALITY = Evidence(
    evidence="legality_review", by="justice_bureau", given_on=date(2022, 1, 11), attrs={"result": "passed"}
)
COMPETITION = Evidence(
    evidence="fair_competition_review",
    by="justice_bureau",
    given_on=date(2022, 1, 11),
    attrs={"result": "outside_scope"},
)
PARTICIPATION = Evidence(evidence="public_participation", by="justice_bureau", given_on=date(2022, 1, 10))
ALL_EVIDENCE = (LEGALITY, COMPETITION, PARTICIPATION)

FOUNDING = Founding(
    body="executive",
    sitting_id=SITTING_ID,
    minutes_id=MINUTES_ID,
    sitting_on=date(2022, 1, 19),
    series="2022",
    number=1,
    decision_no=1,
    meeting_ended_at=ENDED,
)


def decision(**more: object) -> Decision:
    found = Decision(
        no=1,
        item_id=ITEM_ID,
        matter_id=MATTER_ID,
        title="区政府工作规则",
        kind="normative_document",
        outcome="adopted",
        text="会议审议通过。",
        lead="justice_bureau",
        orders_document="normative_document",
    )
    return found.model_copy(update=more)


def due() -> Counted:
    """虹口2022 五十二: seven working days from the end of the meeting, the last one over the new year's holiday."""
    return Counted(
        name="ordered_document_issue",
        rule="ordered-document-issue",
        clauses=("HK-52-4",),
        force="in_principle",
        starts_at=ENDED,
        n=7,
        unit="working_day",
        due_at=at("2022-01-29", 0),
        due_on=date(2022, 1, 28),
        calendar_version="",
    )


def ordered(**more: object) -> DocumentDrafted:
    event = DocumentDrafted(
        document_id=THE_THING,
        matter_id=MATTER_ID,
        kind="normative_document",
        title="区政府工作规则",
        in_name_of="district_government",
        direction="downward",
        lead_unit="justice_bureau",
        founding=FOUNDING,
        drafted_by=HOUSE,
        drafted_at=at("2022-01-20"),
        issue_due=due(),
    )
    return event.model_copy(update=more)


TEXT = PaperRef(kind="text", name="rules.txt", sha256="a" * 64, size=2048, media_type="text/plain")


def attached() -> TextAttached:
    return TextAttached(document_id=THE_THING, edition=1, paper=TEXT, attached_by=JUSTICE_HEAD)


def proposed(attribute: str = "proactive") -> AttributeProposed:
    return AttributeProposed(document_id=THE_THING, attribute=attribute, proposed_by=JUSTICE_HEAD)


def heard(evidence: Evidence) -> EvidenceHeard:
    return EvidenceHeard(document_id=THE_THING, evidence=evidence)


def signed() -> DocumentSigned:
    taken = StepDone(step=0, do="sign", person=MAYOR, post="mayor", capacity=Capacity.OWN, at=at("2022-01-21"))
    return DocumentSigned(document_id=THE_THING, taken=taken, signed_on=date(2022, 1, 21))


def assigned(seq: int = 3) -> NumberAssigned:
    return NumberAssigned(
        series="虹府发〔2022〕",
        code="虹府发",
        year=2022,
        seq=seq,
        number=f"虹府发〔2022〕{seq}号",
        document_id=THE_THING,
    )


def numbered() -> DocumentNumbered:
    return DocumentNumbered(document_id=THE_THING, number="虹府发〔2022〕3号", code="虹府发", year=2022, seq=3)
