"""What the public may know of an entry, and how it is found: published ones and nothing else."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Select, or_, select

from chancery.names import TenantId
from chancery.refusal import Refused
from chancery.rules.pack import Pack
from chancery.web import Page, Paging
from chancery.web.running import Running
from disclosure_svc.projections.tables import CATALOGUE

MOST_WORDS = 8


class Named(BaseModel):
    """A word as people are shown it."""

    zh: str
    en: str


class File(BaseModel):
    """A file by what it is called and the hash by which a copy is proved."""

    name: str
    size: int | None = None
    sha256: str


class Interpretation(BaseModel):
    title: str
    name: str
    sha256: str


class PublicEntry(BaseModel):
    """One published entry."""

    id: UUID
    index_number: str
    title: str
    number: str
    kind: Named
    issuer: Named
    issued_on: date
    published_on: date
    channels: list[Named]
    text: File | None
    interpretation: Interpretation | None


def published() -> Select[Any]:
    return select(CATALOGUE).where(CATALOGUE.c.stage == "published")


async def found(running: Running, tenant: str, words: str, paging: Paging) -> Page[PublicEntry]:
    """The latest first; every word has to be in the title or one of the numbers."""
    query = published()
    for word in words.split()[:MOST_WORDS]:
        query = query.where(
            or_(*(column.icontains(word, autoescape=True) for column in (CATALOGUE.c.title, CATALOGUE.c.number)))
            | CATALOGUE.c.index_number.icontains(word, autoescape=True)
        )

    def entry(row: Mapping[str, Any]) -> PublicEntry:
        return entry_of(running, tenant, row)

    async with running.kernel.query(TenantId(tenant)) as connection:
        order = (CATALOGUE.c.published_at, CATALOGUE.c.entry_id)
        return await paging.page(connection, query, order, entry, descending=True)


async def one(running: Running, tenant: str, entry_id: UUID) -> PublicEntry | None:
    query = published().where(CATALOGUE.c.entry_id == entry_id)
    async with running.kernel.query(TenantId(tenant)) as connection:
        row = (await connection.execute(query)).mappings().first()
    return entry_of(running, tenant, dict(row)) if row is not None else None


def entry_of(running: Running, tenant: str, row: Mapping[str, Any]) -> PublicEntry:
    pack = _pack(running, tenant, row["issued_on"])
    text = row["text_sha256"] and File(name=row["text_name"], size=row["text_size"], sha256=row["text_sha256"])
    interpretation = row["interpretation"] and Interpretation(
        title=row["interpretation"], name=row["interpretation_name"], sha256=row["interpretation_sha256"]
    )
    return PublicEntry(
        id=row["entry_id"],
        index_number=row["index_number"],
        title=row["title"],
        number=row["number"],
        kind=_named(pack, row["kind"]),
        issuer=_named(pack, row["issuer"]),
        issued_on=row["issued_on"],
        published_on=row["published_on"],
        channels=[_named(pack, channel) for channel in row["channels"]],
        text=text or None,
        interpretation=interpretation or None,
    )


def _pack(running: Running, tenant: str, on: date) -> Pack | None:
    """The rules of the day the document was issued, for their words; None where none were in force then."""
    try:
        return running.room.shelf.in_force(tenant, on)
    except Refused:
        return None


def _named(pack: Pack | None, word: str) -> Named:
    if pack is None:
        return Named(zh=word, en=word)
    return Named(zh=pack.titled(word, "zh"), en=pack.titled(word, "en"))
