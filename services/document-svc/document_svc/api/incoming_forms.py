"""What callers send about documents that come in, before it becomes a command."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from chancery.calendar import Span, local_day
from chancery.events.incoming import BasisNamed, Title, Urgency
from chancery.events.parts import Code, Evidence, Key, Name, PaperRef, Sha256
from chancery.web.form import Day, Form, Moment, Opinion, Whole, YesNo
from document_svc.api.consultations import LimitForm
from document_svc.api.forms import TextForm
from document_svc.api.sources import SourceForm

Attribute = Literal["proactive", "on_request", "withheld"]
Some = Annotated[tuple[Code, ...], Field(max_length=50)]


class BroughtForm(Form):
    """Something that lies with the document (随文材料), in the pack's word."""

    evidence: Code
    by: Key | None = None
    of: Key | None = None
    attrs: Annotated[dict[Code, Code], Field(max_length=20, default_factory=dict)]
    reference: Name | None = None

    def brought(self, on: date) -> Evidence:
        return Evidence(
            evidence=self.evidence, by=self.by, of=self.of, given_on=on, attrs=self.attrs, reference=self.reference
        )


class BasisForm(Form):
    """What the document says it rests on (依据): the pack's word, and its entry of the register."""

    basis: Code
    incoming_id: UUID | None = None


class ReceiveForm(Form):
    """A document that came in (收文登记).

    With ``source`` it is read first: what the caller does not say is what it says of itself, and its bytes are kept; of
    several documents in one, ``which`` counts from 1. ``sender``, ``title`` and ``direction`` are needed from either.
    ``fields`` are the parts of the form that are there; what is left out then counts as missing.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sender": "某区财政局",
                    "sender_unit": "finance_bureau",
                    "kind": "request",
                    "number": "某财〔2022〕7号",
                    "title": "关于拨付经费的请示",
                    "direction": "upward",
                    "in_name_of": "department",
                    "addressees": ["某区人民政府"],
                    "fields": ["kind", "addressee", "signer", "seal"],
                }
            ]
        }
    )

    register_of: Code = "general"
    source: SourceForm | None = None
    which: Annotated[Whole, Field(ge=1, le=100)] | None = None
    matter_id: UUID | None = None
    sender: Name | None = None
    sender_unit: Key | None = None
    origin: Code | None = None
    in_name_of: Code | None = None
    direction: Literal["upward", "downward", "level"] = "upward"
    kind: Code | None = None
    number: Name | None = None
    title: Title | None = None
    to: Some = ()
    addressees: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    to_persons: Annotated[tuple[Key, ...], Field(max_length=50)] = ()
    features: Some = ()
    lead_unit: Key | None = None
    units_involved: Annotated[tuple[Key, ...], Field(max_length=100)] = ()
    subjects: Some = ()
    major: YesNo | None = None
    disagreement: YesNo | None = None
    nature: Code | None = None
    about: Annotated[Code | None, Field(description="the fact `source` of circulation 来源")] = None
    submitted_as: Code | None = None
    urgency: Urgency | None = None
    channel: Code | None = None
    attribute: Attribute | None = None
    ground: Opinion | None = None
    copies: Annotated[Whole, Field(ge=1, le=100_000)] = 1
    dated: Day | None = None
    received_at: Moment | None = None
    wanted_by: Moment | None = None
    fields: Some = ()
    brought: Annotated[tuple[BroughtForm, ...], Field(max_length=100)] = ()
    bases: Annotated[tuple[BasisForm, ...], Field(max_length=50)] = ()
    papers: Annotated[tuple[TextForm, ...], Field(max_length=100)] = ()
    content: Sha256 | None = None
    resubmits: UUID | None = None

    def evidence(self, now: datetime) -> tuple[Evidence, ...]:
        return tuple(one.brought(local_day(now)) for one in self.brought)

    def paper_refs(self) -> tuple[PaperRef, ...]:
        return tuple(one.paper() for one in self.papers)

    def named_bases(self) -> tuple[BasisNamed, ...]:
        return tuple(BasisNamed(basis=one.basis, incoming_id=one.incoming_id) for one in self.bases)


class CompleteForm(Form):
    """What came after the document (补正)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"brought": [{"evidence": "countersignature", "by": "finance_bureau"}]}]}
    )

    brought: Annotated[tuple[BroughtForm, ...], Field(max_length=100)] = ()
    fields: Some = ()
    attribute: Attribute | None = None
    ground: Opinion | None = None


class GiveBackForm(Form):
    """``also`` are faults that a person sees beside those the rules name (退文)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "请补正后重新报送。"}]})

    also: Annotated[tuple[Opinion, ...], Field(max_length=50)] = ()
    note: Opinion | None = None
    again_by: Day | None = None


class ProposeForm(Form):
    """How the document should be handled (拟办意见)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "拟请分管领导阅示", "lead_unit": "finance_bureau"}]}
    )

    text: Opinion
    lead_unit: Key | None = None
    units_involved: Annotated[tuple[Key, ...], Field(max_length=100)] = ()
    readers: Annotated[tuple[Key, ...], Field(max_length=50)] = ()
    read_by: Moment | None = None


class MarkForm(Form):
    """What was left on the paper (阅批): a mark in the pack's word, an opinion."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mark": "circle"}]})

    mark: Code | None = None
    opinion: Opinion | None = None


class UrgeForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "请尽快办理"}]})

    note: Opinion | None = None


class HandOverForm(Form):
    """To which unit, and what chooses its clock (交办). ``due_at`` or ``limit`` where the rules leave it to be set."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lead_unit": "finance_bureau"}]})

    lead_unit: Key
    units_involved: Annotated[tuple[Key, ...], Field(max_length=100)] = ()
    needs: Code | None = None
    source: Code | None = None
    due_at: Moment | None = None
    limit: LimitForm | None = None
    note: Opinion | None = None

    def span(self) -> Span | None:
        return None if self.limit is None else Span(n=self.limit.n, unit=self.limit.unit)


class WrittenForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "须现场调查并组织论证"}]})

    text: Opinion


class FinishForm(Form):
    """What came of it (办理结果)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"result": "已办结并书面答复"}]})

    result: Opinion
    papers: Annotated[tuple[TextForm, ...], Field(max_length=100)] = ()


class PassOnForm(Form):
    """To which body outside (转报)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "某区委办公室"}]})

    to: Name
    brought: Annotated[tuple[BroughtForm, ...], Field(max_length=100)] = ()


class NoteForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "已阅存"}]})

    note: Opinion | None = None
