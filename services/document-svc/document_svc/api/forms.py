"""What callers send, before it becomes a command."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from chancery.events.parts import Code, Key, Name, PaperRef, Proof, Sha256
from chancery.rules.excusing import Claiming, Excusing
from chancery.web.form import Day, Form, Opinion, Whole, YesNo


class DraftForm(Form):
    """A draft opened by hand (拟稿). Lead unit, units and subjects are the matter's where none are named."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "matter_id": "019a0000-0000-7000-8000-000000000001",
                    "kind": "notice",
                    "title": "关于开展档案整理工作的通知",
                    "in_name_of": "district_office",
                    "direction": "downward",
                    "to": ["departments"],
                    "lead_unit": "district_office",
                }
            ]
        }
    )

    matter_id: UUID
    kind: Code
    title: Name
    in_name_of: Code
    direction: Literal["upward", "downward", "level"]
    to: tuple[Code, ...] = ()
    features: tuple[Code, ...] = ()
    lead_unit: Key
    units_involved: tuple[Key, ...] = ()
    subjects: tuple[Code, ...] = ()
    to_persons: tuple[Key, ...] = ()
    joint_with: Code | None = None
    nature: Code | None = None
    urgency: Literal["none", "urgent", "specially_urgent"] = "none"


class TextForm(Form):
    """A version of the text; its bytes were put into the file store before (正文)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "text",
                    "name": "working-rules.txt",
                    "sha256": "0" * 64,
                    "size": 2048,
                    "media_type": "text/plain",
                }
            ]
        }
    )

    kind: Code
    name: Name
    sha256: Sha256
    size: Annotated[Whole, Field(ge=0, le=2**40)]
    media_type: Annotated[str, Field(min_length=3, max_length=100)]

    def paper(self) -> PaperRef:
        return PaperRef.model_validate(self.model_dump())


class AnnexForm(TextForm):
    """One annex; its bytes were put into the file store before (附件). The same ``no`` again replaces it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "no": 1,
                    "kind": "annex",
                    "name": "任务分工表",
                    "sha256": "0" * 64,
                    "size": 2048,
                    "media_type": "application/pdf",
                }
            ]
        }
    )

    no: Annotated[Whole, Field(ge=1, le=200)]

    def paper(self) -> PaperRef:
        return PaperRef.model_validate(self.model_dump(exclude={"no"}))


class AnnexOffForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"no": 2}]})

    no: Annotated[Whole, Field(ge=1, le=200)]


class AddresseeForm(Form):
    """Who gets copies: in the main part or copied to, how many; the unit's id, where it is one of the roster."""

    name: Name
    unit: Key | None = None
    part: Literal["main", "copied"]
    copies: Annotated[Whole, Field(ge=1, le=100_000)]


class PrintingForm(Form):
    """Who gets how many copies, and how many stay for the file (印数与分送)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"entries": [{"name": "各街道办事处", "part": "main", "copies": 8}], "kept": 3},
            ]
        }
    )

    entries: Annotated[tuple[AddresseeForm, ...], Field(min_length=1, max_length=500)]
    kept: Annotated[Whole, Field(ge=0, le=1_000)] = 0


class ReceivedForm(Form):
    """An addressee signs for its copies (签收): by one of its own, or with what shows it, where it is outside."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "区司法局", "copies": 2}]})

    name: Name
    copies: Annotated[Whole, Field(ge=1, le=100_000)]
    proof: Proof | None = None


class AttributeForm(Form):
    """How the document is to be disclosed (公开属性); a ground is needed unless proactively."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"attribute": "proactive"}]})

    attribute: Literal["proactive", "on_request", "withheld"]
    ground: Opinion | None = None


class OpinionForm(Form):
    """What is written beside the step, if anything (意见)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"opinion": "同意"}]})

    opinion: Opinion | None = None


class ExcuseForm(Form):
    """One thing asked in principle, excused with its reason (同意例外).

    ``table``, ``row``, ``what`` and ``of`` stand in the refusal, under ``excusable``.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"table": "checks", "row": "one-superior", "what": "max_addressees", "reason": "两级联合行文，确需并报"}
            ]
        }
    )

    table: Code
    row: Annotated[str, Field(min_length=1, max_length=100)]
    what: Code
    of: Key | None = None
    reason: Opinion

    def asked(self) -> Excusing:
        return Excusing(self.table, self.row, self.what, self.reason, self.of)


class ExceptionForm(Form):
    """An exception that the rules allow, claimed with the reason why it holds (例外情形)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"exception": "urgent", "reason": "防汛抢险，须立即行文"}]}
    )

    exception: Code
    reason: Opinion

    def asked(self) -> Claiming:
        return Claiming(self.exception, self.reason)


class CallStepForm(Form):
    """A step that exists only where it is wanted: its condition's word, or its act (视情启用环节)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": "countersign", "reason": "涉及其他部门职责"}]})

    step: Code
    reason: Opinion | None = None


class AnswerForm(Form):
    """The answer to a check that needs a person's judgement (审核意见)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "single_matter", "yes": True}]})

    question: Code
    yes: YesNo
    note: Opinion | None = None


class SuspensionForm(Form):
    """Why the clock stands still (中止原因)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"cause": "等待上级批复"}]})

    cause: Annotated[str, Field(min_length=1, max_length=500)]


class ExtensionForm(Form):
    """To which day, or by how many of the clock's own unit, and why (延期). One of ``to`` and ``by``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"by": 3, "reason": "附件需重新核对"}]})

    to: Day | None = None
    by: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    reason: Opinion

    @model_validator(mode="after")
    def one_of_the_two(self) -> "ExtensionForm":
        if (self.to is None) == (self.by is None):
            raise ValueError("say to or by")
        return self


class WithdrawForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "已由上级统一发文"}]})

    reason: Opinion


class NumberingForm(Form):
    """Which number, where one was set aside for it; absent: the next one (编号)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reserved": 7}]})

    reserved: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None


class ReserveForm(Form):
    """Why the next number is set aside (预留原因)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"in_name_of": "district_government", "year": 2022, "reason": "留给与某单位的联合发文"}]
        }
    )

    in_name_of: Code
    kind: Code | None = None
    year: Annotated[Whole, Field(ge=1949, le=2999)]
    reason: Opinion


class CancelNumberForm(Form):
    """Which number set aside is void, and why (作废原因)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seq": 7, "reason": "联合发文改由对方编号"}]})

    seq: Annotated[Whole, Field(ge=1, le=1_000_000)]
    reason: Opinion


class RegisterForm(Form):
    """Where earlier numbers of the year were used before the system came: the number the next document gets."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"in_name_of": "district_government", "year": 2022, "next_seq": 3}]}
    )

    in_name_of: Code
    kind: Code | None = None
    year: Annotated[Whole, Field(ge=1949, le=2999)]
    next_seq: Annotated[Whole, Field(ge=1, le=1_000_000)]
