"""What bodies, people and units are called on paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chancery.calendar import LOCAL
from chancery.events.meeting import Chair, SeatTaken
from chancery.rules.rulebook import Rules
from meeting_svc.sitting.outcomes import Outcome

OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.ADOPTED: "通过",
    Outcome.ADOPTED_IN_PRINCIPLE: "原则通过",
    Outcome.ADOPTED_AMENDED: "修改后通过",
    Outcome.DEFERRED: "缓议",
    Outcome.NOT_ADOPTED: "未通过",
    Outcome.HEARD: "听取汇报",
    Outcome.REFERRED_UP: "提请上级审定",
}
SEATS: Final[Mapping[str, str]] = {
    "member": "出席",
    "attendee": "列席",
    "observer": "旁听",
    "substitute": "代会",
    "companion": "随同",
}
SEATS_EXPECTED: Final[Mapping[str, str]] = {
    "member": "出席",
    "attendee": "列席",
    "invited": "邀请",
    "substitute": "代会",
    "companion": "随同",
    "observer": "旁听",
}
STATES: Final[Mapping[str, str]] = {
    "to_come": "待议",
    "under_way": "审议中",
    "decided": "已议",
    "put_off": "缓议",
}
WEEKDAYS: Final = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
WHY_MISSING: Final[Mapping[str, str]] = {"leave": "请假", "away": "外出", "none": "缺席"}
RIGHTS: Final[Mapping[str, str]] = {"acting": "代行", "entrusted": "受委托"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one government; ``issuer`` is its name."""

    rules: Rules
    issuer: str

    def name(self, person: str) -> str:
        return self.rules.roster.name(person)

    def titled(self, word: str | None) -> str:
        return self.rules.titled(word, "zh") if word else ""

    def unit(self, unit: str) -> str:
        zh, _ = self.rules.roster.unit_names(unit)
        return zh if zh != unit else self.titled(unit)

    def units(self, units: Iterable[str]) -> str:
        return "、".join(self.unit(unit) for unit in dict.fromkeys(units))

    def body(self, bodies: Iterable[str]) -> str:
        return "、".join(self.titled(body) for body in bodies)

    def number(self, series: str, number: int) -> str:
        """The number of a sitting as it is printed: a year in its brackets, a term by its name."""
        return f"〔{series}〕第{number}次" if series.isdecimal() else f"{series}　第{number}次"

    def organiser(self, body: str) -> str:
        """The unit that prints for a body; the government itself where its row names no single one."""
        row = self.rules.body(body)
        selector = row.organiser if row is not None else None
        return (
            self.unit(selector.name)
            if selector is not None and selector.how == "unit" and selector.name
            else self.issuer
        )

    def chair(self, chair: Chair) -> str:
        right = RIGHTS.get(chair.capacity.value)
        acts = f"（{right}{self.titled(chair.post) if chair.acts_for else ''}）" if right else ""
        return f"{self.post(chair.person, chair.post, own=not right)}{self.name(chair.person)}{acts}"

    def posts_of(self, person: str) -> str:
        """What somebody is, by his first post, with its unit where the post does not say it."""
        held = self.rules.roster.held_by(person, self.rules.at)
        if not held:
            return ""
        unit = self.unit(held[0].unit) if held[0].unit else ""
        return (
            f"{unit}{self.titled(held[0].post)}" if unit not in self.titled(held[0].post) else self.titled(held[0].post)
        )

    def with_post(self, person: str) -> str:
        post = self.posts_of(person)
        return f"{post}{self.name(person)}"

    def in_order(self, people: Iterable[str]) -> list[str]:
        """As they are listed: by their posts in the order of the pack, then as they were appointed."""
        order = {post: number for number, post in enumerate(self.rules.pack.words.get("posts", {}))}

        def place(person: str) -> tuple[int, date, str]:
            held = self.rules.roster.held_by(person, self.rules.at)
            places = [(order.get(one.post, len(order)), one.starts_on, person) for one in held]
            return min(places, default=(len(order), date.max, person))

        return sorted(people, key=place)

    def post(self, person: str, post: str | None, *, own: bool = True) -> str:
        """The post through which somebody sits; his own one where he stands in for another's."""
        if own or post is None:
            return self.titled(post)
        held = self.rules.roster.held_by(person, self.rules.at)
        return self.titled(held[0].post) if held else ""

    def seated(self, seat: SeatTaken) -> str:
        unit = self.unit(seat.unit) if seat.unit else ""
        beside = f"（代{self.name(seat.beside)}）" if seat.seat == "substitute" and seat.beside else ""
        return f"{self.name(seat.person)}{f'（{unit}）' if unit else ''}{beside}"


def on_paper(day: date) -> str:
    """A day as documents write it: 2022年1月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def at_time(moment: datetime) -> str:
    here = moment.astimezone(LOCAL)
    return f"{on_paper(here.date())}{here:%H:%M}"
