"""The case file of a sitting (会议案卷): everything that belongs to it, each file with its hash, sent as it is made."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from chancery.envelope import StoredEvent
from chancery.events.parts import PaperRef
from chancery.files import Files
from chancery.names import TenantId
from chancery.office import docx, pdf, xlsx
from chancery.office.bundle import Part, file_name, one_piece
from chancery.office.paper import Paper as OnPaper
from chancery.office.table import Table
from chancery.refusal import Refused
from meeting_svc.case_record import as_json, lines_of
from meeting_svc.decision_sheet import COLUMNS, values_of
from meeting_svc.looking import Looked
from meeting_svc.minutes.state import Minutes
from meeting_svc.printed.agenda import agenda, attendance_sheet
from meeting_svc.printed.minutes import minutes_paper
from meeting_svc.printed.notice import notice
from meeting_svc.printed.process import process_paper
from meeting_svc.printed.run_sheet import run_sheet_paper
from meeting_svc.run_sheet import Paper, RunSheet

READ_ME: Final = """本卷由系统按已记录的事实生成，未作改写。
manifest.json 列明每一文件的名称、大小与 SHA-256；SHA256SUMS 可用 sha256sum -c SHA256SUMS 核验。
09-过程记录.json 是每一事件原样的正文与元数据；按其叶值可与事件日志核对。

Made from what was recorded, and nothing else. manifest.json names every file with its size and SHA-256;
`sha256sum -c SHA256SUMS` checks them. 09-过程记录.json holds each event's body and meta as they were stored.
"""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that a case file is made from. ``record`` are the events of its matters, items, leaves, sitting, minutes."""

    tenant: TenantId
    looked: Looked
    sheet: RunSheet
    papers: Mapping[UUID, Paper]
    record: list[StoredEvent]
    minutes: Minutes | None
    issued_on: date | None
    files: Files
    fonts: tuple[Path, ...]
    made_at: datetime
    made_by: str

    @property
    def name(self) -> str:
        words, convened = self.looked.words, self.looked.convened
        return file_name(f"{words.body(self.looked.sitting.bodies)}{convened.series}第{convened.number}次案卷")

    async def head(self) -> dict[str, Any]:
        """What the manifest says beside its files: whose sitting, under which rules, what is on paper only or gone."""
        convened, rules = self.looked.convened, self.looked.words.rules.pack.head
        return {
            "format": "chancery-meeting-case-file",
            "version": 1,
            "government": {"tenant": self.tenant, "name": self.looked.words.issuer},
            "sitting": {
                "id": str(self.looked.sitting.id),
                "body": convened.body,
                "body_says": self.looked.words.body(self.looked.sitting.bodies),
                "series": convened.series,
                "number": convened.number,
                "held_on": convened.sitting_on.isoformat(),
                "stage": self.looked.sitting.stage.value,
                "version": self.looked.version,
            },
            "rules": {"pack": rules.id, "version": rules.version},
            "made_at": self.made_at.isoformat(),
            "made_by": self.made_by,
            "items": [
                {
                    "no": item.no,
                    "title": item.facts.title,
                    "matter": str(item.matter_id),
                    "on_paper": list(self.papers.get(item.item_id, Paper()).on_paper),
                }
                for item in self.looked.sitting.items
            ],
            "files_not_kept": [
                {"item": no, "name": paper.name, "sha256": paper.sha256}
                for no, paper in self._refs()
                if await self.files.size(self.tenant, paper.sha256) is None
            ],
            "events": len(self.record),
            "last_position": self.record[-1].position if self.record else 0,
        }

    async def parts(self) -> AsyncIterator[Part]:
        """One file after the other; each is made when its turn comes."""
        looked, words = self.looked, self.looked.words
        sitting, convened = looked.sitting, looked.convened
        yield _made("00-说明.txt", "说明", READ_ME.encode(), "text/plain; charset=utf-8")
        yield await self._paper("01-会议通知", lambda: notice(sitting, convened, words))
        yield await self._paper("02-会议议程", lambda: agenda(sitting, convened, words))
        async for part in self._filed():
            yield part
        yield await self._paper("04-签到表", lambda: attendance_sheet(sitting, convened, words))
        yield await self._paper("05-进程单", lambda: run_sheet_paper(self.sheet, sitting, convened, words))
        yield _made("06-议定事项.xlsx", "议定事项", await asyncio.to_thread(self._decisions), xlsx.MEDIA_TYPE)
        minutes, draft = self.minutes, self.minutes.draft if self.minutes else None
        if minutes is not None and draft is not None:
            paper = minutes_paper(minutes, draft, sitting, words, self.issued_on)
            yield await self._paper("07-会议纪要", lambda: paper)
            word = await asyncio.to_thread(docx.write, paper)
            yield _made("07-会议纪要.docx", "会议纪要", word, docx.MEDIA_TYPE)
        lines = lines_of(words.rules, self.record)
        yield await self._paper("08-过程记录", lambda: process_paper(lines, sitting, convened, words))
        yield _made("09-过程记录.json", "过程记录", as_json(self.record), "application/json")

    async def _paper(self, name: str, make: Callable[[], OnPaper]) -> Part:
        """As PDF; as DOCX where no font here has a character of it."""
        paper, title = await asyncio.to_thread(make), name.partition("-")[2]
        try:
            return _made(f"{name}.pdf", title, await asyncio.to_thread(pdf.write, paper, self.fonts), pdf.MEDIA_TYPE)
        except Refused:
            return _made(f"{name}.docx", title, await asyncio.to_thread(docx.write, paper), docx.MEDIA_TYPE)

    def _refs(self) -> list[tuple[int, PaperRef]]:
        return [
            (item.no, paper)
            for item in self.looked.sitting.items
            for paper in self.papers.get(item.item_id, Paper()).files
        ]

    async def _filed(self) -> AsyncIterator[Part]:
        """The papers of every item, as they were handed in; the same name twice stands apart by its number."""
        titles = {item.no: item.facts.title for item in self.looked.sitting.items}
        taken: set[str] = set()
        for no, paper in self._refs():
            if await self.files.size(self.tenant, paper.sha256) is None:
                continue
            folder = f"03-会议材料/{no:02d}-{file_name(titles[no], 40)}"
            stem, dot, ending = file_name(paper.name, 80).rpartition(".")
            path, again = f"{folder}/{stem}{dot}{ending}", 1
            while path in taken:
                again += 1
                path = f"{folder}/{stem}（{again}）{dot}{ending}"
            taken.add(path)
            says = {"title": paper.name, "kind": paper.kind, "media_type": paper.media_type, "item": no}
            yield Part(path, self.files.read(self.tenant, paper.sha256), says, paper.sha256, paper.size)

    def _decisions(self) -> bytes:
        convened, rules = self.looked.convened, self.looked.words.rules
        stand = self.minutes.decisions if self.minutes is not None else self.looked.sitting.decisions
        rows = [
            values_of(rules, {**one.model_dump(), "body": convened.body, "decided_on": convened.sitting_on})
            for one in sorted(stand, key=lambda one: one.no)
        ]
        return xlsx.write(Table("议定事项", COLUMNS, rows), made_at=self.made_at)


def _made(path: str, title: str, content: bytes, media_type: str) -> Part:
    return Part(path, one_piece(content), {"title": title, "kind": "made", "media_type": media_type})
