"""A document that comes in, as callers send it: pasted, or as the bytes of a file; and what was read of it."""

import asyncio
import base64
import binascii
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chancery.refusal import Reason, Refused
from chancery.texts.saying import Language, Sayings
from chancery.web.form import Form
from document_svc.intake.importer import Imported, import_text
from document_svc.intake.places import Doubt, Place, Said
from document_svc.intake.readers import Sheet, read, settled
from document_svc.intake.secrecy import refuse_secrets

T = TypeVar("T")
MOST_BASE64: Final = 28_000_000

Label = Annotated[str, Field(min_length=1, max_length=60)]
Entry = Annotated[str, Field(max_length=2_000)]


class SourceForm(Form):
    """The text as pasted, or a file (TXT, HTML, DOCX, PDF) in base64; one of the two (来文).

    ``page`` are labelled entries that came beside it, as the form or page calls them.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "某财〔2022〕7号\n关于拨付经费的请示\n某某县人民政府：\n…\n某某县财政局\n2022年3月1日",
                    "page": {"紧急程度": "特急"},
                }
            ]
        }
    )

    text: Annotated[str, Field(max_length=4_000_000)] | None = None
    content: Annotated[str, Field(max_length=MOST_BASE64)] | None = None
    page: Annotated[dict[Label, Entry], Field(max_length=60, default_factory=dict)]

    @model_validator(mode="after")
    def one_of_the_two(self) -> "SourceForm":
        if (self.text is None) == (self.content is None):
            raise ValueError("say text or content")
        return self

    def bytes(self) -> bytes:
        """The bytes as they came.

        Raises:
            Refused: (malformed) the content is no base64.
        """
        if self.content is None:
            return (self.text or "").encode("utf-8", "replace")
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused(Reason("content_not_base64", subject="content"), kind="malformed") from error

    def entries(self) -> dict[str, str]:
        return {settled(label): settled(entry) for label, entry in self.page.items()}


class FoundPlace(BaseModel):
    """``start`` and ``end`` count characters of ``text``; lines count from 1, 0 for an entry beside the text."""

    start: int
    end: int
    line: int
    to_line: int
    label: str | None


class SaidView(BaseModel, Generic[T]):
    """A value, the words it stands in, and every place that says so."""

    value: T
    as_printed: str
    places: list[FoundPlace]


class DoubtView(BaseModel):
    """Something to look at. ``about`` names the field."""

    code: str
    says: str
    about: str | None
    places: list[FoundPlace]


class NumberView(BaseModel):
    whole: str
    code: str | None
    year: int | None
    seq: int


class AdoptedView(BaseModel):
    body: str
    session: int | None
    on: date | None
    verb: str


class ReferenceView(BaseModel):
    """``relation``: answers, repeals, based_on, cites."""

    whole: str
    code: str | None
    year: int | None
    seq: int
    title: str | None
    relation: str


class PrintLineView(BaseModel):
    by: str | None
    on: date | None
    copies: int | None


class ImportedView(BaseModel):
    """What one document says of itself (公文要素); null is what it does not say."""

    start: int
    end: int
    kind: SaidView[str] | None
    number: SaidView[NumberView] | None
    title: SaidView[str] | None
    issuers: list[SaidView[str]]
    addressees: list[SaidView[str]]
    copy_to: list[SaidView[str]]
    signed: SaidView[date] | None
    printed: SaidView[date] | None
    published: SaidView[date] | None
    urgency: SaidView[str] | None
    disclosure: SaidView[str] | None
    signer: SaidView[str] | None
    adopted: SaidView[AdoptedView] | None
    agreed_by: SaidView[str] | None
    references: list[SaidView[ReferenceView]]
    print_line: SaidView[PrintLineView] | None
    doubts: list[DoubtView]


class ReadView(BaseModel):
    """Every document found in what was sent, and the text in which the places are. Nothing of it is kept."""

    form: str
    pages: int | None
    text: str
    documents: list[ImportedView]


async def read_source(form: SourceForm) -> tuple[Sheet, bytes, list[Imported]]:
    """Read what came, away from the loop; marked secrets are turned away before anything else sees them.

    Raises:
        Refused: it is marked as a state secret; (malformed) it cannot be read.
    """

    def all_of_it() -> tuple[Sheet, bytes, list[Imported]]:
        content = form.bytes()
        sheet = read(content) if form.content is not None else _pasted(form)
        refuse_secrets(sheet.text, form.entries())
        return sheet, content, import_text(sheet.text, form.entries())

    return await asyncio.to_thread(all_of_it)


def _pasted(form: SourceForm) -> Sheet:
    text = settled(form.text or "")
    if not text.strip():
        raise Refused(Reason("document_empty", subject="text"), kind="malformed")
    return Sheet(text, "txt")


@cache
def _sayings() -> Sayings:
    return Sayings(Path(__file__).parents[1] / "reasons.yaml")


def viewed(one: Imported, language: Language) -> ImportedView:
    return ImportedView(
        start=one.start,
        end=one.end,
        kind=_said(one.kind),
        number=_made(one.number, NumberView),
        title=_said(one.title),
        issuers=_many(one.issuers),
        addressees=_many(one.addressees),
        copy_to=_many(one.copy_to),
        signed=_said(one.signed),
        printed=_said(one.printed),
        published=_said(one.published),
        urgency=_said(one.urgency),
        disclosure=_said(one.disclosure),
        signer=_said(one.signer),
        adopted=_made(one.adopted, AdoptedView),
        agreed_by=_said(one.agreed_by),
        references=[view for said in one.references if (view := _made(said, ReferenceView)) is not None],
        print_line=_made(one.print_line, PrintLineView),
        doubts=[doubted(each, language) for each in one.doubts],
    )


def doubted(one: Doubt, language: Language) -> DoubtView:
    says = _sayings().say(one.reason, language)
    return DoubtView(code=one.reason.code, says=says, about=one.reason.subject, places=_places(one.places))


def _said(said: Said[T] | None) -> SaidView[T] | None:
    if said is None:
        return None
    return SaidView[T].model_construct(value=said.value, as_printed=said.as_printed, places=_places(said.places))


def _many(all_said: Iterable[Said[str]]) -> list[SaidView[str]]:
    return [view for said in all_said if (view := _said(said)) is not None]


V = TypeVar("V", bound=BaseModel)


def _made(said: Said[Any] | None, view: type[V]) -> SaidView[V] | None:
    if said is None:
        return None
    value = view.model_validate(said.value, from_attributes=True)
    return SaidView[V].model_construct(value=value, as_printed=said.as_printed, places=_places(said.places))


def _places(places: Iterable[Place]) -> list[FoundPlace]:
    return [FoundPlace.model_validate(place, from_attributes=True) for place in places]
