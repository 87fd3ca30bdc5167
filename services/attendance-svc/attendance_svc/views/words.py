"""What people, posts and states are called where people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chancery.calendar import LOCAL
from chancery.rules.rulebook import Rules
from chancery.rules.tables import ACTING
from chancery.rules.wording import Said, texts

STAGES: Final[Mapping[str, Said]] = {
    "announced": Said(zh="办理中", en="under way"),
    "stands": Said(zh="已生效", en="stands"),
    "refused": Said(zh="未获同意", en="refused"),
    "withdrawn": Said(zh="已取消", en="withdrawn"),
    "returned": Said(zh="已销假", en="returned"),
}
MODES: Final[Mapping[str, Said]] = {
    "approve": Said(zh="审批", en="approval"),
    "report": Said(zh="报告", en="report"),
    "file": Said(zh="报备", en="filing"),
    "not_regulated": Said(zh="规则未作规定", en="not regulated"),
}
LEAVING: Final[Mapping[str, Said]] = {
    "post": Said(zh="离岗", en="the post"),
    "district": Said(zh="离开辖区", en="the area"),
    "city": Said(zh="离开本市", en="the city"),
    "country": Said(zh="出国（境）", en="the country"),
    "meeting": Said(zh="会议请假", en="a meeting"),
}
NOBODY: Final[Mapping[str, Said]] = {
    "nobody_named": Said(zh="尚未明确代行人", en="nobody has been named to act"),
    "not_regulated": Said(zh="规则未要求代行", en="the rules ask for nobody to act"),
}
CAPACITY: Final[Mapping[str, Said]] = {
    "acting": Said(zh="代行", en="acting"),
    "delegated": Said(zh="受委托", en="delegated"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one government, and its people as the roster knows them now."""

    rules: Rules

    def name(self, person: str) -> str:
        return self.rules.roster.name(person)

    def post(self, post: str) -> Said:
        return self._said(post)

    def cause(self, cause: str) -> Said:
        return self._said(cause)

    def unit(self, unit: str) -> Said:
        zh, en = self.rules.roster.unit_names(unit)
        return Said(zh=zh, en=en) if zh != unit else self._said(unit)

    def act(self, do: str) -> Said:
        """What is done in a step."""
        found = texts()["verbs"].get(do)
        return Said(zh=found["zh"], en=found["en"]) if found else self._said(do)

    def units_of(self, person: str, at: datetime) -> tuple[str, ...]:
        """The units of somebody's posts at a moment."""
        held = self.rules.roster.held_by(person, at)
        return tuple(dict.fromkeys(one.unit for one in held if one.unit))

    def posts_of(self, person: str, at: datetime) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.post for one in self.rules.roster.held_by(person, at)))

    def people(self, group: str | None, at: datetime) -> tuple[str, ...]:
        """Who holds a post of the group then, in the order of the posts in the pack; the leaders where none is named.

        Leaders are whoever is in charge of units or subjects, and holders of posts that somebody may act for.
        """
        pack, roster = self.rules.pack, self.rules.roster
        named = roster.group(group, at) if group is not None else None
        if named is not None:
            return named.members
        order = {post: number for number, post in enumerate(pack.words.get("posts", {}))}
        if group is not None:
            posts = pack.posts_of(group)
        else:
            cells = (cell for row in pack.rows(ACTING) for cell in row.when if cell.fact == "principal")
            posts = frozenset(post for cell in cells for word in cell.words for post in pack.posts_of(word))
        found = list(roster.holders(posts, at))
        if group is None:
            charged = [person for person in roster.portfolios if roster.portfolio(person, at) is not None]
            found += [one for person in charged for one in roster.held_by(person, at)]
        found.sort(key=lambda one: (order.get(one.post, len(order)), one.starts_on, one.person))
        return tuple(dict.fromkeys(one.person for one in found))

    def groups(self) -> tuple[tuple[str, Said], ...]:
        """What can be asked for as a group: the government's own, the pack's groups, then its posts."""
        words, roster = self.rules.pack.words, self.rules.roster
        own = [group[-1] for group in roster.groups.values()]
        named = [(one.id, Said(zh=one.name_zh, en=one.name_en)) for one in sorted(own, key=lambda one: one.id)]
        of_rules = ((word, self._said(word)) for part in ("groups", "posts") for word in words.get(part, {}))
        return (*named, *of_rules)

    def group(self, group: str) -> Said:
        """What a group is called."""
        return next((said for word, said in self.groups() if word == group), self._said(group))

    def _said(self, word: str) -> Said:
        return Said(zh=self.rules.titled(word, "zh"), en=self.rules.titled(word, "en"))


def moment(at: datetime) -> str:
    """A moment as an office writes it: ``2022-02-14 08:00``, Beijing time."""
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def listed(said: Iterable[Said]) -> Said:
    many = tuple(said)
    return Said(zh="、".join(one.zh for one in many), en=", ".join(one.en for one in many))
