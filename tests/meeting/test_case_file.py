"""A sitting as people look at it and keep it: run sheet, notice, calendars, papers, the case file with its hashes."""

import hashlib
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from chancery.envelope import leaf_hash
from chancery.files.folder import FolderFiles
from chancery.office.bundle import NotAsAnnounced, Part, one_piece, stream, wrong_in
from tests.hongkou import at
from tests.meeting.test_over_http import QIAN, a_sitting, matter_with_reviews
from tests.small_house import SmallHouse

DRAFT = b"%PDF-1.7\n" + bytes(range(256)) * 12_000
NOTE = "关于起草情况的说明。".encode()


def ref(content: bytes, name: str, kind: str, media_type: str) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    return {"kind": kind, "name": name, "sha256": digest, "size": len(content), "media_type": media_type}


async def put(house: SmallHouse, content: bytes, by: str = "justice_clerk", **how: Any) -> httpx.Response:
    """The bytes to their address, as they are."""
    digest = how.pop("digest", hashlib.sha256(content).hexdigest())
    transport = httpx.ASGITransport(house.apps["meeting"])
    headers = {"Authorization": f"Bearer {house.issuer.mint(house.tenant, person=by)}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://meeting") as client:
        return await client.put(f"/v1/files/{digest}", content=content, headers=headers, **how)


@pytest.fixture(scope="module", autouse=True)
def a_folder_of_its_own(house: SmallHouse, tmp_path_factory: pytest.TempPathFactory) -> None:
    house.running("meeting").kernel.files = FolderFiles(tmp_path_factory.mktemp("files"), 20 * 1_048_576)


@pytest.fixture(scope="module")
async def held(house: SmallHouse) -> dict[str, Any]:
    """A sitting of two items with papers, held, its minutes issued and corrected."""
    await house.clock(at("2022-01-17"))
    for content in (DRAFT, NOTE):
        assert (await put(house, content)).status_code == 200
    draft = ref(DRAFT, "办法（草案）.pdf", "draft", "application/pdf")
    note = ref(NOTE, "起草说明.txt", "explanation", "text/plain")
    items: list[str] = []
    for title, papers in (("行政规范性文件管理办法", [draft, note, "declaration"]), ("关于a/b路命名的请示", [note])):
        matter = await matter_with_reviews(house, title)
        submission = {"matter_id": matter, "body": "executive", "papers": papers}
        item = await house.done("meeting.submit_agenda_item", submission, by="justice_head")
        await house.done("meeting.take_agenda_step", {"id": item["id"]}, by="yan")
        await house.done("meeting.take_agenda_step", {"id": item["id"]}, by="kong")
        await house.done("meeting.accept_agenda_item", {"id": item["id"]}, by="tao")
        items.append(item["id"])
    sitting = await house.done("meeting.convene_sitting", a_sitting(*items), by=QIAN)
    await house.settle()
    here = {"id": sitting["id"]}
    await house.clock(at("2022-01-19", 14))
    for person in ("tao", "yan", "kong", "justice_head"):
        await house.done("meeting.check_in_to_sitting", {**here, "person": person}, by=QIAN)
    await house.done("meeting.open_sitting", here, by=QIAN)
    return {"sitting_id": sitting["id"], "items": items}


async def finished(house: SmallHouse, held: dict[str, Any]) -> dict[str, Any]:
    """The rest of the sitting, once."""
    if "minutes_id" in held:
        return held
    here = {"id": held["sitting_id"]}
    first, second = held["items"]
    decided = {"outcome": "adopted", "text": "审议通过，按程序印发。", "due_on": "2022-03-01"}
    await house.done("meeting.record_decision", {**here, "item_id": first, **decided}, by=QIAN)
    await house.done(
        "meeting.record_decision", {**here, "item_id": second, "outcome": "deferred", "text": "缓议。"}, by=QIAN
    )
    await house.done("meeting.close_sitting", here, by=QIAN)
    minutes = await house.done("meeting.draft_minutes", {"sitting_id": here["id"]}, by=QIAN)
    for _ in range(6):
        if (await house.done("meeting.get_minutes", {"id": minutes["id"]}, by="yan"))["stage"] != "drafted":
            break
        for person in ("yan", "kong", "tao"):
            for verb in ("sign_minutes", "take_minutes_step"):
                await house.call(f"meeting.{verb}", {"id": minutes["id"]}, by=person)
    await house.done("meeting.issue_minutes", {"id": minutes["id"]}, by=QIAN)
    correction = {"id": minutes["id"], "no": 1, "text": "审议通过，修改完善后印发。", "reason": "漏记修改意见"}
    await house.done("meeting.correct_minutes", correction, by="tao")
    await house.settle()
    held["minutes_id"] = minutes["id"]
    return held


async def test_a_file_goes_in_and_out_as_it_is(house: SmallHouse, held: dict[str, Any]) -> None:
    digest = hashlib.sha256(DRAFT).hexdigest()
    again = (await put(house, DRAFT)).json()
    assert again == {"sha256": digest, "size": len(DRAFT), "new": False}
    got = await house.call("meeting.get_file", {"sha256": digest}, by="tao")
    assert (got.content, got.headers["etag"]) == (DRAFT, f'"{digest}"')
    other = await put(house, DRAFT, digest="0" * 64)
    assert (other.status_code, other.json()["reasons"][0]["code"]) == (409, "file_differs")
    large = await put(house, b"%PDF-" + bytes(21 * 1_048_576))
    assert (large.status_code, large.json()["reasons"][0]["code"]) == (413, "file_too_large")
    trial = await put(house, b"only tried", params={"dry_run": "true"})
    assert trial.json()["new"] is True
    nothing = {"sha256": hashlib.sha256(b"only tried").hexdigest()}
    assert (await house.call("meeting.get_file", nothing, by="tao")).status_code == 404


async def test_a_paper_is_a_file_that_is_here_and_of_a_known_kind(house: SmallHouse, held: dict[str, Any]) -> None:
    """What is not kept, of another size or dressed up is told at once; an edition takes the place of the one before."""
    disguised = b"MZ\x90\x00 a program"
    assert (await put(house, disguised)).status_code == 200
    matter = await matter_with_reviews(house, "另一办法")
    papers = [
        ref(b"never put", "未上传.pdf", "draft", "application/pdf"),
        ref(disguised, "看似草案.pdf", "draft", "application/pdf"),
        {**ref(NOTE, "说明.txt", "explanation", "text/plain"), "size": 1},
    ]
    submission = {"matter_id": matter, "body": "executive", "papers": papers}
    problem = await house.refused("meeting.submit_agenda_item", submission, by="justice_head")
    codes = ["file_not_kept", "file_of_no_known_kind", "file_of_another_size"]
    assert [reason["code"] for reason in problem["reasons"]] == codes
    first = ref(NOTE, "说明.txt", "explanation", "text/plain")
    item = await house.done("meeting.submit_agenda_item", {**submission, "papers": [first]}, by="justice_head")
    second = ref(NOTE + NOTE, "说明（二稿）.txt", "explanation", "text/plain")
    await put(house, NOTE + NOTE)
    change = {"id": item["id"], "paper": second, "replaces": first["sha256"]}
    await house.refused("meeting.put_agenda_paper", change, by="finance_head", status=403)
    await house.done("meeting.put_agenda_paper", change, by="justice_head")
    again = await house.refused("meeting.put_agenda_paper", change, by="justice_head")
    assert [reason["code"] for reason in again["reasons"]] == ["paper_there_already", "no_such_paper"]
    await house.done("meeting.put_agenda_paper", {"id": item["id"], "paper": first}, by=QIAN)
    seen = await house.done("meeting.get_agenda_item", {"id": item["id"]}, by="tao")
    assert [paper["name"] for paper in seen["papers"]] == ["说明（二稿）.txt", "说明.txt"]


async def test_the_run_sheet_says_where_each_item_is_and_who_is_to_come(
    house: SmallHouse, held: dict[str, Any]
) -> None:
    where = {"sitting_id": held["sitting_id"]}
    first = held["items"][0]
    if "minutes_id" not in held:
        before = await house.done("meeting.get_run_sheet", where, by="tao")
        assert [item["state"] for item in before["items"]] == ["to_come", "to_come"]
        await house.done("meeting.call_in_item", {"id": held["sitting_id"], "item_id": first}, by=QIAN)
        sheet = await house.done("meeting.get_run_sheet", where, by="tao")
        assert [item["state"] for item in sheet["items"]] == ["under_way", "to_come"]
        assert sheet["items"][0]["begins_at"] is not None
        assert sheet["items"][0]["presenters"] == ["justice_head"]
        assert [paper["name"] for paper in sheet["items"][0]["papers"]] == ["办法（草案）.pdf", "起草说明.txt"]
        assert sheet["items"][0]["on_paper"] == ["declaration"]
    await finished(house, held)
    after = await house.done("meeting.get_run_sheet", where, by="tao")
    assert [(item["state"], item["outcome"]) for item in after["items"]] == [
        ("decided", "adopted"),
        ("decided", "deferred"),
    ]
    people = {one["person"]: one for one in after["people"]}
    assert (people["tao"]["seat"], people["tao"]["items"]) == ("member", [])
    assert people["tao"]["came_at"] is not None
    assert (people["cao"]["seat"], people["cao"]["came_at"], people["cao"]["excused"]) == ("member", None, "none")
    assert [one["seat"] for one in after["others"]] == ["observer"]
    assert after["people"][0]["person"] == "tao"
    printed = await house.call("meeting.print_run_sheet", {**where, "kind": "pdf"}, by="tao")
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(printed.content)).pages)
    for part in ("常务会议进程单", "行政规范性文件管理办法", "通过", "缓议", "陶启明"):
        assert part in text, part
    told = await house.call("meeting.print_notice", {**where, "kind": "pdf"}, by="tao")
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(told.content)).pages)
    for part in (
        "常务会议通知",
        "2022年1月19日14:00（星期三）",
        "地点：第一会议室",
        "区长陶启明",
        "关于a/b路命名的请示",
    ):
        assert part in text, part


async def events_of(house: SmallHouse, person: str) -> list[Any]:
    """What a person's calendar holds."""
    feed = await house.call("meeting.get_person_calendar", {"person": person}, by="cao")
    assert feed.headers["content-type"].startswith("text/calendar")
    found: Any = Calendar.from_ical(feed.content)
    assert [str(zone["tzid"]) for zone in found.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    return list(found.walk("VEVENT"))


async def test_a_person_s_calendar_holds_the_sittings_he_comes_to(house: SmallHouse, held: dict[str, Any]) -> None:
    """As a member by the rules, or since he came; whoever has nothing to do with it finds nothing."""
    [event] = [one for one in await events_of(house, "cao") if str(one["uid"]).startswith(held["sitting_id"])]
    assert str(event["summary"]).endswith("（出席）")
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event["dtstart"].dt.hour == 14
    came = [one for one in await events_of(house, "justice_head") if str(one["uid"]).startswith(held["sitting_id"])]
    assert [str(one["summary"])[-4:] for one in came] == ["（列席）"]
    assert await events_of(house, "finance_head") == []
    assert (await house.call("meeting.get_person_calendar", {"person": "nobody"}, by="cao")).status_code == 404


async def test_the_case_file_is_whole_and_every_hash_can_be_computed_again(
    house: SmallHouse, held: dict[str, Any], tmp_path: Path
) -> None:
    await finished(house, held)
    where = {"sitting_id": held["sitting_id"]}
    answer = await house.call("meeting.get_case_file", where, by=QIAN)
    assert answer.headers["content-type"] == "application/zip"
    path = tmp_path / "case.zip"
    path.write_bytes(answer.content)
    assert wrong_in(path) == []
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        for one in manifest["files"]:
            content = archive.read(one["path"])
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (one["sha256"], one["size"]), one["path"]
        lines = archive.read("SHA256SUMS").decode().splitlines()
        sums = {line[66:]: line[:64] for line in lines}
        assert set(sums) == set(names) - {"SHA256SUMS"}
        assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in sums.items())
        assert [name for name in names if "会议材料" in name] == [
            "03-会议材料/01-行政规范性文件管理办法/办法（草案）.pdf",
            "03-会议材料/01-行政规范性文件管理办法/起草说明.txt",
            "03-会议材料/02-关于a b路命名的请示/起草说明.txt",
        ]
        assert archive.read("03-会议材料/01-行政规范性文件管理办法/办法（草案）.pdf") == DRAFT
        assert {name for name in names if "/" not in name} == {
            "00-说明.txt",
            "01-会议通知.pdf",
            "02-会议议程.pdf",
            "04-签到表.pdf",
            "05-进程单.pdf",
            "06-议定事项.xlsx",
            "07-会议纪要.pdf",
            "07-会议纪要.docx",
            "08-过程记录.pdf",
            "09-过程记录.json",
            "manifest.json",
            "SHA256SUMS",
        }
        record = json.loads(archive.read("09-过程记录.json"))
        sheet = load_workbook(BytesIO(archive.read("06-议定事项.xlsx"))).worksheets[0]
        minutes = PdfReader(BytesIO(archive.read("07-会议纪要.pdf")))
    assert (manifest["rules"]["pack"], manifest["sitting"]["body"]) == ("hongkou-2022", "executive")
    assert manifest["files_not_kept"] == []
    assert manifest["items"][0]["on_paper"] == ["declaration"]
    assert manifest["events"] == len(record)
    for event in record:
        leaf = leaf_hash(
            event["tenant"],
            UUID(event["stream"]),
            event["version"],
            event["type"],
            event["schema_version"],
            event["body"].encode(),
            event["meta"].encode(),
            datetime.fromisoformat(event["business_at"]),
            UUID(event["command_id"]),
        )
        assert leaf.hex() == event["leaf"]
    types = [event["type"] for event in record]
    assert {
        "meeting.matter_opened",
        "meeting.agenda_submitted",
        "meeting.sitting_convened",
        "meeting.checked_in",
    } <= set(types)
    assert {"meeting.decision_recorded", "meeting.minutes_issued", "meeting.minutes_corrected"} <= set(types)
    assert [event["position"] for event in record] == sorted(event["position"] for event in record)
    assert any("HK-48-1" in event["clauses"] for event in record)
    assert "审议通过，修改完善后印发。" in [cell.value for row in sheet.iter_rows() for cell in row]
    assert "更正" in "".join(page.extract_text() for page in minutes.pages)


async def test_a_bundle_that_was_touched_is_told(house: SmallHouse, held: dict[str, Any], tmp_path: Path) -> None:
    await finished(house, held)
    answer = await house.call("meeting.get_case_file", {"sitting_id": held["sitting_id"]}, by=QIAN)
    touched = tmp_path / "touched.zip"
    with zipfile.ZipFile(BytesIO(answer.content)) as old, zipfile.ZipFile(touched, "w") as new:
        for name in old.namelist():
            if name.endswith(".xlsx"):
                continue
            new.writestr(name, old.read(name) + (b" " if name == "00-说明.txt" else b""))
        new.writestr("zusatz.txt", b"more")
    assert sorted(wrong_in(touched)) == [
        "00-说明.txt has other bytes than the manifest says",
        "06-议定事项.xlsx is missing",
        "zusatz.txt is not in the manifest",
    ]


async def test_the_case_file_is_for_the_office_the_chair_and_auditors(house: SmallHouse, held: dict[str, Any]) -> None:
    where = {"sitting_id": held["sitting_id"]}
    for by, roles, status in (("tao", (), 200), ("justice_head", (), 403), ("justice_head", ("auditor",), 200)):
        answer = await house.call("meeting.get_case_file", where, by=by, roles=roles)
        assert answer.status_code == status, answer.text[:300]
    assert (await house.call("meeting.get_case_file", {"sitting_id": str(uuid4())}, by=QIAN)).status_code == 404


async def test_a_bundle_breaks_off_where_a_paper_is_not_what_it_was() -> None:
    async def parts() -> AsyncIterator[Part]:
        yield Part("甲.pdf", one_piece(DRAFT), {}, sha256="0" * 64)

    with pytest.raises(NotAsAnnounced, match="has the hash"):
        _ = [piece async for piece in stream(parts(), {}, at("2022-01-19"))]


async def test_a_bundle_is_made_while_it_is_sent() -> None:
    """A paper of 64 MB never lies in memory whole: no piece handed on is larger than what came in."""
    size, made, largest = 64 * 1_048_576, 0, 0

    async def paper() -> AsyncIterator[bytes]:
        for _ in range(size // 262_144):
            yield bytes(262_144)

    async def parts() -> AsyncIterator[Part]:
        yield Part("大.pdf", paper(), {}, size=size)

    async for piece in stream(parts(), {}, at("2022-01-19")):
        made += len(piece)
        largest = max(largest, len(piece))
    assert made > size
    assert largest < 600_000
