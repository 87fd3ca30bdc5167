"""Open a draft (拟稿): by hand, or because minutes ordered the document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from chancery.deadlines import counted
from chancery.events.document import DocumentDrafted, DocumentEvent, Founding
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Decision
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.facts import facts_of, known, unknown_words
from document_svc.document.hands import of_unit_or_office
from document_svc.document.state import Document, Stage

ISSUE_CLOCK = "ordered_document_issue"
HOUSE = "document-svc"
"""Who drafts where minutes order it: nobody's hand."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Drafted by a person. ``matter`` as it was heard, None where its file has not reached us."""

    by: PersonId
    at: datetime
    matter_id: UUID
    matter: MatterFacts | None
    kind: str
    title: str
    in_name_of: str
    direction: str
    lead_unit: str
    to: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    units_involved: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    to_persons: tuple[str, ...] = ()
    joint_with: str | None = None
    nature: str | None = None
    urgency: Literal["none", "urgent", "specially_urgent"] = "none"


@dataclass(frozen=True, slots=True)
class DraftOrdered:
    """Ordered by a decision of a sitting, as its issued minutes carry it."""

    at: datetime
    decision: Decision
    founding: Founding


def draft(command: Draft, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """A document that no meeting decided; no clock runs.

    Raises:
        Refused: drafted already, the matter is not known, a word is not the pack's; (forbidden) neither the lead
            unit nor the office acts.
    """
    lacking: list[Reason] = []
    if document.stage is not Stage.NOT_SEEN:
        lacking.append(Reason("document_drafted_already"))
    if command.matter is None:
        lacking.append(Reason("matter_unheard", subject="matter_id"))
    lacking += unknown_words(rules, "kinds", [command.kind], "kind")
    lacking += unknown_words(rules, "issuers", [command.in_name_of], "in_name_of")
    lacking += unknown_words(rules, "addressees", command.to, "to")
    lacking += unknown_words(rules, "features", command.features, "features")
    lacking += [
        Reason("unknown_unit", params={"unit": unit}, subject="lead_unit")
        for unit in dict.fromkeys((command.lead_unit, *command.units_involved))
        if unit not in rules.roster.units
    ]
    if lacking:
        raise Refused(*lacking)
    standing = of_unit_or_office(rules, command.lead_unit, command.by)
    drafted = DocumentDrafted(
        document_id=document.id,
        matter_id=command.matter_id,
        kind=command.kind,
        title=command.title,
        in_name_of=command.in_name_of,
        direction=command.direction,
        to=command.to,
        features=command.features,
        lead_unit=command.lead_unit,
        units_involved=command.units_involved,
        subjects=command.subjects,
        to_persons=command.to_persons,
        joint_with=command.joint_with,
        nature=command.nature,
        urgency=command.urgency,
        drafted_by=command.by,
        drafted_at=command.at,
    )
    return [Told(drafted, standing=standing)]


def draft_ordered(command: DraftOrdered, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """The draft with the decision it rests on, and the clock that began when the meeting ended.

    In whose name it goes out and whereto is the pack's setting ``ordered_documents``, by kind or for all.
    Quiet where the draft is there already.

    Raises:
        Refused: the pack knows no name to issue in.
    """
    decision, founding = command.decision, command.founding
    if document.stage is not Stage.NOT_SEEN or decision.orders_document is None or decision.lead is None:
        return []
    form = _form(rules, decision.orders_document)
    drafted = DocumentDrafted(
        document_id=document.id,
        matter_id=decision.matter_id,
        kind=decision.orders_document,
        title=decision.title,
        in_name_of=form["in_name_of"],
        direction=form.get("direction", "downward"),
        to=tuple(form.get("to", ())),
        features=decision.features,
        lead_unit=decision.lead,
        units_involved=decision.cooperating,
        founding=founding,
        drafted_by=HOUSE,
        drafted_at=command.at,
    )
    asked = facts_of(rules, drafted)
    asked.pop("decided_by")
    body = known(rules, "bodies", founding.body)
    ruling, count = rules.clock(ISSUE_CLOCK, founding.meeting_ended_at, body=body, **asked)
    hit = ruling.first
    if hit is None or count is None:
        return [Told(drafted)]
    clauses = tuple(cite.clause for cite in hit.cites)
    due = counted(count, name=ISSUE_CLOCK, rule=hit.row, clauses=clauses, force=hit.force)
    return [Told(drafted.model_copy(update={"issue_due": due}), (ruling,))]


def _form(rules: Rules, kind: str) -> dict[str, Any]:
    """How an ordered document of this kind goes out: as the setting says, else in the pack's first issuer's name.

    Raises:
        Refused: the pack knows no name to issue in.
    """
    setting = cast("dict[str, Any]", rules.setting("ordered_documents") or {})
    found = cast("dict[str, Any]", setting.get(kind) or setting.get("any") or {})
    if "in_name_of" in found:
        return found
    first = next(iter((*rules.pack.head.numbers, *rules.pack.words.get("issuers", {}))), None)
    if first is None:
        raise Refused(Reason("no_number_form", params={"in_name_of": rules.titled(kind)}))
    return found | {"in_name_of": first}
