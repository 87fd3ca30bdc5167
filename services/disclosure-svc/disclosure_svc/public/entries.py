"""What the public may know of an entry, and how it is found: published ones, and what is left of withdrawn ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Integer, Select, cast, extract, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chancery.files import Files, whole
from chancery.files.store import FilesAway
from chancery.names import TenantId
from chancery.refusal import Refused
from chancery.rules.pack import Pack
from chancery.web import Page, Paging
from chancery.web.running import Running
from disclosure_svc.projections.tables import CATALOGUE, LINKS

MOST_WORDS = 8
MOST_SHOWN = 600_000
"""Bytes of a plain text that a page shows."""
PLAIN = (".txt", ".md")
MARKS = "〔〕［］【】[]()（）{}<>/-－—_.,，。号第字 \u3000"
"""What people write differently, or leave out, when they type a number."""
Validity = Literal["in_force", "superseded", "repealed"]
Attribute = Literal["proactive"]


class Named(BaseModel):
    """A word as people are shown it."""

    id: str
    zh: str
    en: str


class File(BaseModel):
    """A file by what it is called and the hash by which a copy is proved; ``address`` where it can be had here."""

    name: str
    size: int | None = None
    sha256: str
    address: str | None = None


class Interpretation(BaseModel):
    """``address`` where its file can be had here; None where no such file is kept."""

    title: str
    name: str
    sha256: str
    address: str | None = None


class Linked(BaseModel):
    """Another entry and what stands between: this one is superseded or repealed by it, or does so to it."""

    relation: Literal["superseded_by", "repealed_by", "supersedes", "repeals"]
    id: UUID
    title: str
    number: str


class PublicEntry(BaseModel):
    """One published entry with the elements of the catalogue (公开目录要素).

    ``original`` is the issued file itself, where it is kept and can be had here; ``text`` what is shown of its words.
    """

    id: UUID
    index_number: str
    title: str
    summary: str | None
    issued_on: date
    published_on: date
    effective_on: date | None
    issuer: Named
    number: str
    theme: str | None
    kind: Named
    audience: str | None
    attribute: Attribute
    unit: Named
    validity: Validity
    validity_from: date | None
    validity_reason: str | None
    address: str
    keywords: list[str]
    channels: list[Named]
    text: File | None
    original: File | None = None
    interpretation: Interpretation | None
    links: list[Linked]


class Tombstone(BaseModel):
    """What is left of a withdrawn entry: its number, the day and the reason (撤回说明)."""

    id: UUID
    index_number: str
    withdrawn_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Sought:
    """Three ways to look: by number, by words, by what it is. Empty means that nothing is asked."""

    words: str = ""
    number: str = ""
    kind: str = ""
    issuer: str = ""
    theme: str = ""
    validity: str = ""
    year: int | None = None

    def asked(self) -> dict[str, str]:
        """What an address says of it."""
        found = {
            "q": self.words,
            "number": self.number,
            "kind": self.kind,
            "issuer": self.issuer,
            "theme": self.theme,
            "validity": self.validity,
            "year": "" if self.year is None else str(self.year),
        }
        return {name: value for name, value in found.items() if value}

    def within(self, query: Select[Any]) -> Select[Any]:
        for word in self.words.split()[:MOST_WORDS]:
            query = query.where(or_(*(column.icontains(word, autoescape=True) for column in READ)))
        plain = self.number.translate({ord(mark): None for mark in MARKS})
        if self.number:
            numbers = (CATALOGUE.c.number, CATALOGUE.c.index_number)
            bare = [func.translate(column, MARKS, "").icontains(plain, autoescape=True) for column in numbers]
            query = query.where(or_(*bare)) if plain else query.where(CATALOGUE.c.entry_id.is_(None))
        for name in ("kind", "issuer", "theme", "validity"):
            if getattr(self, name):
                query = query.where(CATALOGUE.c[name] == getattr(self, name))
        return query if self.year is None else query.where(public_year == self.year)


READ = (
    CATALOGUE.c.title,
    CATALOGUE.c.number,
    CATALOGUE.c.index_number,
    CATALOGUE.c.summary,
    cast(CATALOGUE.c.keywords, CATALOGUE.c.title.type),
    CATALOGUE.c.text,
)
public_year = cast(extract("year", CATALOGUE.c.published_on), Integer)


class Choices(BaseModel):
    """What there is to choose from among published entries."""

    kinds: list[Named]
    issuers: list[Named]
    themes: list[str]
    years: list[int]


def published() -> Select[Any]:
    return select(CATALOGUE).where(CATALOGUE.c.stage == "published")


async def found(running: Running, tenant: str, sought: Sought, paging: Paging) -> Page[PublicEntry]:
    """The latest first; every word has to be somewhere in the title, numbers, summary, key words or text."""
    query = sought.within(published())

    def row_as_it_is(row: Mapping[str, Any]) -> Mapping[str, Any]:
        return row

    async with running.kernel.query(TenantId(tenant)) as connection:
        order = (CATALOGUE.c.published_at, CATALOGUE.c.entry_id)
        rows = await paging.page(connection, query, order, row_as_it_is, descending=True)
        entries = await _entries(connection, running, tenant, rows.items)
    return Page[PublicEntry](items=entries, next=rows.next)


async def latest(
    running: Running, tenant: str, most: int
) -> tuple[list[PublicEntry], list[tuple[Tombstone, datetime]]]:
    """The latest published entries and the latest withdrawn ones, for feeds."""
    query = published().order_by(CATALOGUE.c.published_at.desc(), CATALOGUE.c.entry_id.desc()).limit(most)
    gone = (
        select(CATALOGUE).where(CATALOGUE.c.stage == "withdrawn").order_by(CATALOGUE.c.withdrawn_on.desc()).limit(most)
    )
    async with running.kernel.query(TenantId(tenant)) as connection:
        rows = [dict(row) for row in (await connection.execute(query)).mappings()]
        stones = [dict(row) for row in (await connection.execute(gone)).mappings()]
        entries = await _entries(connection, running, tenant, rows)
    return entries, [(_stone(row), row["published_at"]) for row in stones]


async def addresses(running: Running, tenant: str, most: int) -> Sequence[tuple[UUID, date]]:
    """Every published entry and the day from which it stands as it is, for the site map."""
    changed = func.greatest(CATALOGUE.c.published_on, CATALOGUE.c.validity_from)
    query = published().with_only_columns(CATALOGUE.c.entry_id, changed).order_by(CATALOGUE.c.published_at.desc())
    async with running.kernel.query(TenantId(tenant)) as connection:
        return [(row[0], row[1]) for row in await connection.execute(query.limit(most))]


async def choices(running: Running, tenant: str) -> Choices:
    columns = (CATALOGUE.c.kind, CATALOGUE.c.issuer, CATALOGUE.c.theme, public_year)
    query = published().with_only_columns(*columns, func.max(CATALOGUE.c.issued_on)).group_by(*columns)
    async with running.kernel.query(TenantId(tenant)) as connection:
        rows = (await connection.execute(query)).all()
    kinds, issuers = dict[str, Named](), dict[str, Named]()
    for kind, issuer, _, _, on in rows:
        pack = _pack(running, tenant, on)
        kinds[kind], issuers[issuer] = _named(pack, kind), _named(pack, issuer)
    return Choices(
        kinds=sorted(kinds.values(), key=lambda one: one.zh),
        issuers=sorted(issuers.values(), key=lambda one: one.zh),
        themes=sorted({row[2] for row in rows if row[2]}),
        years=sorted({row[3] for row in rows}, reverse=True),
    )


async def one(running: Running, tenant: str, entry_id: UUID) -> PublicEntry | Tombstone | None:
    row = await _row(running, tenant, entry_id, ("published", "withdrawn"))
    if row is None:
        return None
    if row["stage"] == "withdrawn":
        return _stone(row)
    async with running.kernel.query(TenantId(tenant)) as connection:
        entry = (await _entries(connection, running, tenant, [row]))[0]
    return await _with_files(entry, row, running, tenant)


async def _with_files(entry: PublicEntry, row: Mapping[str, Any], running: Running, tenant: str) -> PublicEntry:
    """With the addresses of files that are kept in the store; where it does not answer, they are left out."""
    changed: dict[str, Any] = {}
    wanted, told = row["text_sha256"], entry.interpretation
    if wanted and await _kept(running, tenant, wanted) is not None:
        where = f"{entry.address}/files/{wanted}"
        changed["original"] = File(name=row["text_name"], size=row["text_size"], sha256=wanted, address=where)
        if entry.text is not None and entry.text.address is None:
            changed["text"] = None
    if told is not None and await _kept(running, tenant, told.sha256) is not None:
        changed["interpretation"] = told.model_copy(update={"address": f"{entry.address}/files/{told.sha256}"})
    return entry.model_copy(update=changed) if changed else entry


def store_of(running: Running) -> Files:
    """The store of files that the settings name.

    Raises:
        FilesAway: there is none here.
    """
    if running.kernel.files is None:
        raise FilesAway("no store of files")
    return running.kernel.files


async def _kept(running: Running, tenant: str, sha256: str) -> int | None:
    try:
        return await store_of(running).size(TenantId(tenant), sha256)
    except FilesAway:
        return None


async def words_of(running: Running, tenant: str, entry_id: UUID) -> str | None:
    """The text that lies with a published entry, else that of its issued file where this is plain text and kept.

    None where there is none, or the store does not answer: the page then names the file and its hash alone.
    """
    row = await _row(running, tenant, entry_id, ("published",))
    if row is None or row["text"] is not None:
        return None if row is None else row["text"]
    if not row["text_sha256"] or (row["text_size"] or 0) > MOST_SHOWN or not str(row["text_name"]).endswith(PLAIN):
        return None
    try:
        content = await whole(store_of(running), TenantId(tenant), row["text_sha256"])
        return None if content is None else content.decode()
    except (FilesAway, UnicodeDecodeError):
        return None


async def _row(running: Running, tenant: str, entry_id: UUID, stages: Sequence[str]) -> dict[str, Any] | None:
    query = select(CATALOGUE).where(CATALOGUE.c.entry_id == entry_id, CATALOGUE.c.stage.in_(stages))
    async with running.kernel.query(TenantId(tenant)) as connection:
        row = (await connection.execute(query)).mappings().first()
    return None if row is None else dict(row)


def _stone(row: Mapping[str, Any]) -> Tombstone:
    return Tombstone(
        id=row["entry_id"],
        index_number=row["index_number"],
        withdrawn_on=row["withdrawn_on"],
        reason=row["withdrawn_because"],
    )


async def _entries(
    connection: AsyncConnection, running: Running, tenant: str, rows: Sequence[Mapping[str, Any]]
) -> list[PublicEntry]:
    links = await _links(connection, rows)
    return [_entry(running, tenant, row, links.get(row["entry_id"], [])) for row in rows]


async def _links(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, list[Linked]]:
    """Both ways, as long as the other one is public too."""
    here = [row["entry_id"] for row in rows]
    back = await connection.execute(select(LINKS).where(LINKS.c.entry_id.in_(here)))
    pairs: list[tuple[UUID, str, UUID]] = [(row.entry_id, row.relation, row.other) for row in back]
    pairs.extend(
        (row["entry_id"], f"{row['validity']}_by", row["validity_by"])
        for row in rows
        if row["validity_by"] is not None and row["validity"] != "in_force"
    )
    if not pairs:
        return {}
    others = await connection.execute(published().where(CATALOGUE.c.entry_id.in_({other for _, _, other in pairs})))
    known = {row["entry_id"]: row for row in others.mappings()}
    return _by_entry(
        (this, Linked(relation=relation, id=other, title=known[other]["title"], number=known[other]["number"]))  # pyright: ignore[reportArgumentType]  read models hold these words only
        for this, relation, other in pairs
        if other in known
    )


def _by_entry(pairs: Iterable[tuple[UUID, Linked]]) -> dict[UUID, list[Linked]]:
    found: dict[UUID, list[Linked]] = {}
    for here, link in pairs:
        found.setdefault(here, []).append(link)
    return found


def _entry(running: Running, tenant: str, row: Mapping[str, Any], links: list[Linked]) -> PublicEntry:
    pack = _pack(running, tenant, row["issued_on"])
    interpretation = row["interpretation"] and Interpretation(
        title=row["interpretation"], name=row["interpretation_name"], sha256=row["interpretation_sha256"]
    )
    address = f"/public/{tenant}/{row['entry_id']}"
    return PublicEntry(
        id=row["entry_id"],
        index_number=row["index_number"],
        title=row["title"],
        summary=row["summary"],
        issued_on=row["issued_on"],
        published_on=row["published_on"],
        effective_on=row["effective_on"],
        issuer=_named(pack, row["issuer"]),
        number=row["number"],
        theme=row["theme"],
        kind=_named(pack, row["kind"]),
        audience=row["audience"],
        attribute="proactive",
        unit=_named(pack, row["lead_unit"]),
        validity=row["validity"],
        validity_from=row["validity_from"],
        validity_reason=row["validity_reason"],
        address=address,
        keywords=row["keywords"],
        channels=[_named(pack, channel) for channel in row["channels"]],
        text=_text(row, address),
        interpretation=interpretation or None,
        links=links,
    )


def _text(row: Mapping[str, Any], address: str) -> File | None:
    """The issued text by its own hash; a copy for reading by the hash of the copy."""
    where = f"{address}/text" if row["text"] is not None else None
    if row["text_sha256"] and (row["exact"] or where is None):
        return File(name=row["text_name"], size=row["text_size"], sha256=row["text_sha256"], address=where)
    if where is None:
        return None
    return File(name=f"{row['title']}.txt", size=row["laid_size"], sha256=row["laid_sha256"], address=where)


def _pack(running: Running, tenant: str, on: date) -> Pack | None:
    """The rules of the day the document was issued, for their words; None where none were in force then."""
    try:
        return running.room.shelf.in_force(tenant, on)
    except Refused:
        return None


def named(running: Running, tenant: str, word: str, on: date) -> Named:
    """A word as the rules of a day call it."""
    return _named(_pack(running, tenant, on), word)


def _named(pack: Pack | None, word: str) -> Named:
    if pack is None:
        return Named(id=word, zh=word, en=word)
    return Named(id=word, zh=pack.titled(word, "zh"), en=pack.titled(word, "en"))
