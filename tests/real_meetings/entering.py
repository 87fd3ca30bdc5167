"""Enter one real meeting as it is recorded, through the services' own routes, and note what the rules say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import yaml

from chancery.calendar import LOCAL, WORDS, bundled
from chancery.roster import Roster
from chancery.rules.loader import load_folder, load_pack
from chancery.rules.pack import Pack
from chancery.rules.rulebook import Rules
from tests.hongkou import PACKS
from tests.small_house import SmallHouse

HERE: Final = Path(__file__).parent
HOURS: Final = {"morning": "09:00", "afternoon": "14:00", None: "09:00"}
NOT_SAID: Final = "未载"
BODIES: Final = {
    "executive": ("常务会议", "executive meeting"),
    "plenary": ("全体会议", "plenary meeting"),
    "party_group": ("政府党组会议", "meeting of the Party group"),
    "head_office": ("县长办公会议", "office meeting of the head of the county"),
}
GATE_STAGES: Final = ("submission", "agenda", "decision", "signature", "issue")
Record = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """One thing the rules, or their silence, say of a meeting. ``clauses`` are those it rests on, none: no rule."""

    code: str
    zh: str
    en: str
    clauses: tuple[str, ...] = ()


@dataclass
class Entered:
    """What a meeting became in the system."""

    record: Record
    stage: str = ""
    number: int | None = None
    day_off: bool = False
    items: int = 0
    outcomes: list[str] = field(default_factory=list[str])
    present: int = 0
    minutes: str = ""
    findings: list[Finding] = field(default_factory=list[Finding])

    def finds(self, code: str, zh: str, en: str, *clauses: str) -> None:
        self.findings.append(Finding(code, zh, en, clauses))

    @property
    def codes(self) -> set[str]:
        return {one.code for one in self.findings}


def records() -> list[Record]:
    """The fourteen, in order of their days."""
    return cast("list[Record]", yaml.safe_load((HERE / "meetings.yaml").read_text(encoding="utf-8")))


def tenant_of(record: Record) -> str:
    return f"real-{record['id']}"


def moment(on: date, at: str | None) -> datetime:
    """The recorded hour; where only half a day is recorded, its usual beginning."""
    return datetime.combine(on, time.fromisoformat(HOURS.get(at) or str(at)), LOCAL)


@cache
def baseline() -> Pack:
    return load_pack(PACKS / "national-baseline")


def roster(record: Record) -> dict[str, Any]:
    """Posts and units that the record names, and the office that keeps it; nobody has a name."""
    since = {"from": "2000-01-01"}
    units = {"office": "政府办公室", **{f"unit{no}": name for no, name in enumerate(units_of(record), 1)}}
    people = {"chief": "行政首长", "clerk": "办公室工作人员"}
    seats = [{"person": "chief", "post": "chief", **since}]
    seats += [{"person": "clerk", "post": "office_director", "unit": "office", **since}]
    for number in range(1, deputies(record) + 1):
        people[f"deputy{number}"] = f"副职{number}"
        seats.append({"person": f"deputy{number}", "post": "deputy", **since})
    for unit, name in units.items():
        if unit != "office":
            people[f"head.{unit}"] = f"{name}负责人"
            seats.append({"person": f"head.{unit}", "post": "department_head", "unit": unit, **since})
    for person, name in others(record).items():
        people[person] = name
        if person.startswith("absent"):
            seats.append({"person": person, "post": "department_head", "unit": "office", **since})
    return {
        "units": [
            {"unit_id": unit, "kind": "office" if unit == "office" else "department", "name_zh": name, "name_en": unit}
            for unit, name in units.items()
        ],
        "persons": {person: {"name": name, "name_en": person} for person, name in people.items()},
        "appointments": seats,
        "portfolios": [],
        "pairings": [],
    }


def units_of(record: Record) -> list[str]:
    """Units an item is presented by or goes to, and those that only came."""
    found = dict.fromkeys(
        name
        for item in record.get("items", ())
        for name in (*([item["by"]] if item.get("by") not in (None, "office") else []), *item.get("units", ()))
    )
    found |= dict.fromkeys(record.get("units_outside", ()))
    rest = record.get("units", 0) - len(found)
    return [*found, *(f"到会单位{number}" for number in range(1, rest + 1))]


def deputies(record: Record) -> int:
    named = record.get("named", {})
    return max(int(named.get("leaders", 0)) - 1, int(named.get("people", 0)) - 1, 1)


def others(record: Record) -> dict[str, str]:
    """Whoever came or stayed away beside the members and the heads of units."""
    found = {f"observer{number}": f"旁听代表{number}" for number in range(1, record.get("observers", 0) + 1)}
    found |= {f"attending{number}": post for number, post in enumerate(record.get("attending", ()), 1)}
    leave = record.get("leave", {})
    found |= {f"absent.sick{number}": post for number, post in enumerate(leave.get("sick", ()), 1)}
    found |= {f"absent.official{number}": post for number, post in enumerate(leave.get("official", ()), 1)}
    found |= {f"missing{number}": post for number, post in enumerate(leave.get("none", ()), 1)}
    found |= {f"instead{number}": f"{post}派出的人" for number, post in enumerate(leave.get("none", ()), 1)}
    return found


@dataclass
class Entering:
    """One meeting on its way into the house."""

    house: SmallHouse
    record: Record
    entered: Entered

    async def done(self, operation: str, given: Mapping[str, Any], by: str = "clerk") -> dict[str, Any]:
        return await self.house.done(operation, dict(given), by=by, tenant=tenant_of(self.record))

    async def reasons(self, operation: str, given: Mapping[str, Any], by: str = "clerk") -> list[str]:
        """The codes with which a command is refused."""
        answer = await self.house.call(operation, dict(given), by=by, tenant=tenant_of(self.record))
        assert answer.status_code == 409, f"{operation}: {answer.status_code} {answer.text}"
        return [reason["code"] for reason in answer.json()["reasons"]]

    async def goes_in(self) -> None:
        record = self.record
        if "ledger" in record:
            await self._ledger()
            return
        starts = moment(record["day"], record.get("at"))
        await self.house.clock(starts - timedelta(days=3))
        items = [await self._item(item) for item in record["items"]]
        sitting = await self._called(starts, items)
        await self._leaves(sitting)
        self._days(starts)
        self._what_the_rules_ask()
        if record.get("only_called"):
            self.entered.finds("only_called", "记录只到会前，未载是否召开。", "The record ends before the sitting.")
        else:
            await self._held(sitting, starts, items)
        seen = await self.done("meeting.get_sitting", {"id": sitting})
        self.entered.stage, self.entered.number = seen["stage"], seen["number"]
        self.entered.day_off, self.entered.items = seen["day_off"], len(seen["items"])
        self.entered.outcomes = [one["outcome"] for one in sorted(seen["decisions"], key=lambda one: one["no"])]
        self.entered.present = len(seen["seats"])
        self._of_the_whole(seen)

    async def _item(self, item: Record) -> str:
        units = units_of(self.record)
        unit = "office" if item.get("by") in (None, "office") else f"unit{units.index(item['by']) + 1}"
        head = "clerk" if unit == "office" else f"head.{unit}"
        involved = [f"unit{units.index(name) + 1}" for name in item.get("units", ())]
        facts = {"title": item["title"], "lead_unit": unit, "units_involved": involved}
        matter = (await self.done("meeting.open_matter", facts, head))["id"]
        put = await self.done("meeting.submit_agenda_item", {"matter_id": matter, "body": self.record["body"]}, head)
        await self.done("meeting.accept_agenda_item", {"id": put["id"]})
        return put["id"]

    async def _called(self, starts: datetime, items: list[str]) -> str:
        """Called under its own number; sittings before it were held before the system came."""
        record = self.record
        series = str(record.get("series", NOT_SAID))
        number = record.get("number")
        if number is not None and number > 1:
            begins = {"body": record["body"], "series": series, "next_number": number}
            await self.done("meeting.open_sitting_series", begins)
            self.entered.finds(
                "begins_later",
                f"此前{number - 1}次不在记录之内，序列从第{number}次启用。",
                f"{number - 1} earlier sittings are not in the record; the series begins at no. {number}.",
            )
        if number is None:
            self.entered.finds("no_number", "记录未载次数。", "The record gives no number.")
        elif "series" not in record:
            self.entered.finds(
                "series_not_said",
                "未载按届还是按年编次；国家规定未作规定。",
                "Whether numbers run by term or by year is not said; the baseline does not regulate it.",
            )
        call = {
            "body": record["body"],
            "starts_at": starts.isoformat(),
            "place": record.get("place", NOT_SAID),
            "items": items,
            "series": series,
            "convened_by": "chief",
        }
        sitting = (await self.done("meeting.convene_sitting", call))["id"]
        await self.house.settle()
        return sitting

    async def _leaves(self, sitting: str) -> None:
        leave = self.record.get("leave")
        if leave is None:
            return
        granted = [f"absent.{kind}{no}" for kind in ("sick", "official") for no in range(1, len(leave[kind]) + 1)]
        for person in granted:
            why = "病假" if "sick" in person else "公务"
            await self.done("meeting.ask_meeting_leave", {"sitting_id": sitting, "person": person, "reason": why})
        await self.house.settle()
        self.entered.finds(
            "leave_not_regulated",
            f"会议请假{len(granted)}人，均照记；国家规定未规定会议请假。",
            f"{len(granted)} leaves are entered as they are; the baseline does not regulate leave from meetings.",
        )

    async def _held(self, sitting: str, starts: datetime, items: list[str]) -> None:
        record, here = self.record, {"id": sitting}
        await self.house.clock(starts)
        come = [*(f"deputy{number}" for number in range(1, deputies(record) + 1)), "clerk"]
        come += [f"head.unit{no}" for no in range(1, record.get("units", 0) + 1)]
        come += [person for person in others(record) if person.startswith("attending")]
        for person in ("chief", *come):
            await self.done("meeting.check_in_to_sitting", {**here, "person": person})
        for number in range(1, record.get("observers", 0) + 1):
            await self.done("meeting.check_in_to_sitting", {**here, "person": f"observer{number}", "observer": True})
        for number in range(1, len(record.get("leave", {}).get("none", ())) + 1):
            await self.done("meeting.check_in_to_sitting", {**here, "person": f"instead{number}"})
        await self.done("meeting.open_sitting", {**here, "chair": "chief"})
        for item, recorded in zip(items, record["items"], strict=True):
            outcome = recorded.get("outcome") or ("heard" if recorded["act"] == "heard" else None)
            if outcome is not None:
                said = {"outcome": outcome, "text": recorded.get("text", "听取。")}
                await self.done("meeting.record_decision", {**here, "item_id": item, **said})
        open_items = [one for one in record["items"] if one["act"] != "heard" and "outcome" not in one]
        if open_items:
            codes = await self.reasons("meeting.close_sitting", here)
            assert codes == ["item_undecided"] * len(open_items)
            self.entered.finds(
                "undecided",
                f"{len(open_items)}项未载结果，不能闭会、不能出纪要：{'；'.join(one['title'] for one in open_items)}。",
                f"Without a recorded result ({len(open_items)}): it cannot be closed, and no minutes be drafted.",
            )
            return
        await self.done("meeting.close_sitting", here)
        await self._minutes(sitting, starts)

    async def _minutes(self, sitting: str, starts: datetime) -> None:
        minutes = self.record.get("minutes")
        if minutes is None:
            self.entered.finds(
                "no_minutes",
                "未载纪要；国家规定未规定何时印发。",
                "No minutes in the record; the baseline sets no limit.",
            )
            return
        made: date = minutes.get("made", minutes["published"])
        published: date = minutes["published"]
        await self.house.clock(moment(made, None) + timedelta(hours=8))
        drafted = await self.done("meeting.draft_minutes", {"sitting_id": sitting})
        await self.house.clock(moment(published, None) + timedelta(hours=8))
        await self.done("meeting.issue_minutes", {"id": drafted["id"]})
        await self.house.settle()
        listed = await self.done("meeting.list_minutes", {"sitting": sitting})
        [line] = listed["items"]
        self.entered.minutes = f"{line['stage']} {line['issued_on']}"
        self._lags(starts, minutes)

    def _lags(self, starts: datetime, minutes: Record) -> None:
        calendar, held = bundled(), self.record["day"]
        recorded = self.record["recorded"]
        for what, zh in (("made", "作出"), ("published", "公开")):
            if what not in minutes:
                continue
            lag = calendar.working_days_between(held, minutes[what])
            assert lag == recorded[f"{what}_lag"], f"{self.record['id']}: {what} after {lag} working days"
            self.entered.finds(
                f"minutes_{what}",
                f"纪要于会后第{lag}个工作日{zh}；国家规定未定时限。",
                f"Minutes {what} on working day {lag} after the sitting; the baseline sets no limit.",
            )
        last = minutes.get("made", minutes["published"])
        for (zh, en), (on, clauses) in limits(self.record["body"], starts).items():
            if last > on:
                self.entered.finds(
                    "late_by_another",
                    f"若依{zh}，应于{on}前印发，已逾期。",
                    f"By the {en} they would have been due by {on}: late.",
                    *clauses,
                )

    def _days(self, starts: datetime) -> None:
        day, recorded = bundled().day(self.record["day"]), self.record["recorded"]
        assert (self.record["day"].isoweekday(), day.works) == (recorded["weekday"], recorded["works"])
        if not day.works:
            said = WORDS[day.kind]
            self.entered.finds(
                "day_off",
                f"在非工作日召开（{said[0]}）；不禁止，提示。",
                f"Held on a day off ({said[1]}): told, not refused.",
            )
        notice = self.record.get("notice")
        if notice is not None:
            lead = bundled().working_days_between(notice["issued"], self.record["day"])
            self.entered.finds(
                "notice_lead",
                f"会前{lead}个工作日发出通知；国家规定未定提前多久。",
                f"Called {lead} working day before; the baseline sets no lead.",
            )
            self.entered.finds(
                "own_notice_rules",
                "通知自定：汇报单位可带一名助手，请假须书面，名单会前一日报送；国家规定均未规定。",
                "The notice itself lets reporters bring one assistant, wants leave in writing and names a day before; "
                "the baseline regulates none of it.",
            )
        call = self.record.get("participation")
        if call is not None:
            lead = bundled().working_days_between(call["register_by"], self.record["day"])
            self.entered.finds(
                "participation",
                f"{call['seats']}名利益相关方可列席，会前{lead}个工作日截止报名；国家规定要求听取公众意见，未定此种形式。",
                f"{call['seats']} interested people may sit in, to register {lead} working days before; the public is "
                "to be heard, the form is free.",
                "NB-14-decisions",
            )

    def _what_the_rules_ask(self) -> None:
        """Of items that would be of a kind the baseline knows: what it wants on file. The records never show it."""
        at = moment(self.record["day"], None)
        for item in self.record["items"]:
            kind = item.get("could_be")
            if kind is None:
                continue
            rules = Rules(baseline(), bundled(), Roster(), at)
            asked = {"kind": kind, "features": (), "body": self.record["body"], "major": kind != "normative_document"}
            missing: dict[str, None] = {}
            clauses: dict[str, None] = {}
            for stage in GATE_STAGES:
                _, unmet = rules.unmet_gates(stage, asked, ())
                missing |= {rules.titled(str(one.params.get("evidence", one.code))): None for one in unmet}
                clauses |= {cite.clause: None for one in unmet for cite in one.cites}
            if missing:
                self.entered.finds(
                    "gates",
                    f"“{item['title']}”若属{rules.titled(kind)}，应有：{'、'.join(missing)}；记录未载。",
                    f"If “{item['title']}” is a {rules.titled(kind, 'en')}, {len(missing)} papers have to be on file; "
                    "the record shows none.",
                    *clauses,
                )

    def _of_the_whole(self, seen: Record) -> None:
        record = self.record
        if record.get("named", {}).get("office_director"):
            self.entered.finds(
                "not_a_member",
                "办公室主任列名到会；县区常务会议依法只由正副职组成，记为列席。",
                "The office's director is named among those present; by law only the chief and deputies are members: "
                "he is entered as attending.",
                "NB-78-organic-2",
            )
        outside = record.get("units_outside")
        if outside:
            self.entered.finds(
                "outside",
                f"{record['units']}个单位到会，其中{'、'.join(outside)}不属政府；均记为列席，不计入成员。",
                f"{record['units']} units came, {len(outside)} of them not the government's: attending, none a member.",
                "NB-78-organic-2",
            )
        if record.get("observers"):
            self.entered.finds(
                "observers",
                f"{record['observers']}名公众代表旁听，照记；国家规定未规定旁听。",
                f"{record['observers']} members of the public sat in; the baseline does not regulate it.",
            )
        absent = record.get("leave", {}).get("none", ())
        if absent:
            instead = [seat for seat in seen["seats"] if seat["person"].startswith("instead")]
            assert [seat["seat"] for seat in instead] == ["attendee"] * len(absent)
            self.entered.finds(
                "substitute_without_leave",
                f"{len(absent)}人未办请假而派人到会：来人只记列席，不作代会。",
                f"{len(absent)} sent somebody without leave: who came is entered as attending, not as a substitute.",
            )
        if record.get("more_items"):
            self.entered.finds("more_items", "另有议题未公开，未录。", "There were more items, which are not public.")

    async def _ledger(self) -> None:
        """A ledger tells numbers and no days: nothing can be called a sitting, but the series goes on after it."""
        ledger = self.record["ledger"]
        await self.house.clock(moment(ledger["as_of"], None))
        for body, told in ledger["bodies"].items():
            held = told.get("meetings", told.get("number"))
            zh, en = BODIES[body]
            times = (f"{held}次", f"{held} sittings") if "meetings" in told else (f"第{held}次", f"Sitting no. {held}")
            series = {"body": body, "series": str(ledger["year"]), "next_number": held + 1}
            if body not in baseline().vocabulary("bodies"):
                codes = await self.reasons("meeting.open_sitting_series", series)
                assert codes == ["unknown_body"]
                self.entered.finds(
                    "body_not_regulated",
                    f"{zh}：{held}次、{told['items']}项；国家规定没有这一会议，无从入册。",
                    f"The {en}: {held} times, {told['items']} items; the baseline knows no such body.",
                )
            else:
                await self.done("meeting.open_sitting_series", series)
                seen = await self.done("meeting.get_sitting_series", {"body": body, "series": str(ledger["year"])})
                assert seen["next_number"] == held + 1
                self.entered.number = held
                self.entered.finds(
                    "days_not_said",
                    f"{ledger['year']}年{times[0]}、{told['items']}项，未载会期，不能记为会议；序列续自{held + 1}。",
                    f"{times[1]} of {ledger['year']} with {told['items']} items, without their days: no sitting can be "
                    f"entered; the series goes on at no. {held + 1}.",
                )
            beyond = [number for number in told.get("numbers_named", ()) if number > held]
            if beyond:
                self.entered.finds(
                    "number_gap",
                    f"{zh}称共{held}次，却提到第{'、'.join(map(str, beyond))}次：次数不连续或统计有误。",
                    f"{held} are counted and no. {', '.join(map(str, beyond))} named ({en}): a gap, or a wrong count.",
                )
        self._adds_up(ledger)
        self.entered.stage = "series"

    def _adds_up(self, ledger: Record) -> None:
        bodies = list(ledger["bodies"].values())
        items, done = (sum(one[what] for one in bodies) for what in ("items", "done"))
        total = ledger.get("total", {"items": items, "done": done})
        assert (items, done) == (total["items"], total["done"])
        late = f"，{ledger['late']}项逾期" if "late" in ledger else ""
        late_en = f", {ledger['late']} of them late" if "late" in ledger else ""
        self.entered.finds(
            "carried_out",
            f"议定{items}项，办结{done}项、未结{items - done}项{late}；合计相符。",
            f"{items} decided, {done} done, {items - done} open{late_en}; the sums agree.",
        )


def limits(body: str, closed_at: datetime) -> dict[tuple[str, str], tuple[date, tuple[str, ...]]]:
    """By which day each local pack that sets a limit would have had minutes issued, and by which clauses."""
    found: dict[tuple[str, str], tuple[date, tuple[str, ...]]] = {}
    for pack in load_folder(PACKS).values():
        if body not in pack.vocabulary("bodies") or pack.head.id == "national-baseline":
            continue
        ruling, count = Rules(pack, bundled(), Roster(), closed_at).clock("minutes_issue", closed_at, body=body)
        if count is not None:
            clauses = tuple(cite.clause for cite in ruling.citations)
            found[pack.head.title.zh, pack.head.title.en] = (count.due_on, clauses)
    return found


async def enter(house: SmallHouse, record: Record) -> Entered:
    """The meeting, entered for its own government."""
    entered = Entered(record)
    people = roster(record)
    await house.done("attendance.load_roster", people, roles=("roster",), tenant=tenant_of(record))
    await house.settle()
    await Entering(house, record, entered).goes_in()
    return entered
