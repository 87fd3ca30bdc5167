"""The package of an issued document for the archive (归档包): its texts, the paper, and the record of its handling.

A ZIP with a manifest that gives the SHA-256 of each file, made piece by piece. What was put to the archive is kept as
it was put; a DOCX made again bears another time.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from chancery.envelope import StoredEvent, moment
from chancery.events.outgoing import DocumentArchived
from chancery.events.parts import PaperRef
from chancery.names import TenantId
from chancery.office import bundle, docx, pdf
from chancery.office.paper import Paper
from chancery.refusal import Refused
from chancery.texts.telling import telling_of
from document_svc.document.state import Document
from document_svc.files import FileStore
from document_svc.printed.red_head import EXTENSION

FOLDERS: Final = {"paper": "01-红头文件", "text": "02-正文", "annexes": "03-附件", "record": "04-办理过程"}


@dataclass(frozen=True, slots=True)
class Package:
    """``events`` are the document's own, up to its issue and after; ``paper`` None where its text is not readable."""

    tenant: TenantId
    document: Document
    events: Sequence[StoredEvent]
    files: FileStore
    paper: Paper | None
    fonts: tuple[Any, ...]
    government: str

    @property
    def name(self) -> str:
        number = self.document.number.number if self.document.number else ""
        return bundle.file_name(f"{number} {self.document.draft.title if self.document.draft else ''}", 100)

    @property
    def archived_last(self) -> bool:
        """Whether nothing happened since it was put to the archive."""
        return bool(self.events) and self.events[-1].type == DocumentArchived.event_name

    @property
    def made_at(self) -> datetime:
        """When it was issued: the package says nothing of the day it is fetched."""
        return self.document.issued.issued_at if self.document.issued else self.events[-1].recorded_at

    @property
    def papers(self) -> list[tuple[str, PaperRef]]:
        """Where each kept file lies in the package."""
        found: list[tuple[str, PaperRef]] = []
        if self.document.text is not None:
            found.append((f"{FOLDERS['text']}/{bundle.file_name(self.document.text.name, 100)}", self.document.text))
        for number, annex in enumerate(self.document.annexes, 1):
            found.append((f"{FOLDERS['annexes']}/附件{number:02d} {bundle.file_name(annex.name, 100)}", annex))
        return found

    def missing(self) -> tuple[str, ...]:
        """Names of files that the store does not hold any more."""
        return tuple(paper.name for _, paper in self.papers if self.files.size(self.tenant, paper.sha256) != paper.size)

    def head(self) -> dict[str, Any]:
        draft, number = self.document.draft, self.document.number
        return {
            "kind": "公文归档包 archived official document",
            "government": self.government,
            "title": draft.title if draft else "",
            "number": number.number if number else "",
            "document_id": str(self.document.id),
            "signed_on": str(self.document.signed_on or ""),
            "issued_on": str(self.document.issued.issued_on) if self.document.issued else "",
            "attribute": self.document.attribute or "",
            "events": len(self.record()),
        }

    def record(self) -> list[dict[str, Any]]:
        """Each event with who acted in what right and under which clauses, in its order (办理过程)."""
        return [_told(one) for one in self.events if one.type != DocumentArchived.event_name]

    async def parts(self) -> AsyncIterator[bundle.Part]:
        """What goes into it; a paper whose characters have no glyph is left out, and the manifest says so."""
        number = self.document.number.number if self.document.number else "公文"
        stem = f"{FOLDERS['paper']}/{bundle.file_name(EXTENSION.sub('', number), 80)}"
        if self.paper is not None:
            try:
                made = await asyncio.to_thread(pdf.write, self.paper, self.fonts)
                yield bundle.Part(f"{stem}.pdf", bundle.one_piece(made), {"is": "红头文件 with its red head"})
            except Refused as no:
                says = {"is": "未能印制 not printed", "why": [reason.code for reason in no.reasons]}
                yield bundle.Part(f"{stem}.txt", bundle.one_piece(orjson.dumps(says)), says)
            word = await asyncio.to_thread(docx.write, self.paper)
            yield bundle.Part(f"{stem}.docx", bundle.one_piece(word), {"is": "红头文件 with its red head"})
        for path, paper in self.papers:
            content = await asyncio.to_thread(self.files.read, self.tenant, paper.sha256)
            says = {"is": paper.kind, "media_type": paper.media_type}
            yield bundle.Part(path, bundle.one_piece(content or b""), says, paper.sha256, paper.size)
        record = orjson.dumps(self.record(), option=orjson.OPT_INDENT_2) + b"\n"
        yield bundle.Part(f"{FOLDERS['record']}/events.json", bundle.one_piece(record), {"is": "办理过程 the record"})
        lines = "".join(
            f"{one['at']}  {one['zh']}  {one['line_zh']}  {' '.join(one['clauses'])}\n" for one in self.record()
        )
        yield bundle.Part(f"{FOLDERS['record']}/办理过程.txt", bundle.one_piece(lines.encode()), {"is": "办理过程"})

    def stream(self) -> AsyncIterator[bytes]:
        return bundle.stream(self.parts(), self.head(), self.made_at)


def _told(stored: StoredEvent) -> dict[str, Any]:
    recorded = stored.recorded()
    telling, meta, told = telling_of(stored.type), recorded.meta, recorded.event.model_dump(mode="json")
    return {
        "no": stored.version,
        "at": moment(stored.business_at),
        "type": stored.type,
        "zh": telling.zh,
        "en": telling.en,
        "line_zh": telling.line("zh", told),
        "actor": {
            "person": meta.actor.person,
            "post": meta.actor.post,
            "capacity": meta.actor.capacity.value,
            "acts_for": meta.actor.acts_for,
        },
        "clauses": list(meta.clauses),
        "pack": f"{meta.pack.id}@{meta.pack.version}" if meta.pack else None,
        "leaf": stored.leaf.hex(),
        "event": told,
    }
