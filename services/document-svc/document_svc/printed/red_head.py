"""A document with its red head (红头文件), from what was recorded: ordinary, going up, a letter, an order, minutes.

The form follows from the kind, where the pack says of its kind that it is printed as a ``letter``, an ``order`` or
``minutes``; else a document is an ordinary one, with the signer beside its number where it goes up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from chancery.calendar import local_day
from chancery.events.document import DocumentDrafted
from chancery.events.outgoing import Addressee
from chancery.office.paper import Block, Gap, Imprint, LetterMark, Line, Mark, Paper, Run, Signed, Title
from chancery.rules.rulebook import Rules
from document_svc.document.hands import office
from document_svc.document.state import Document, Stage
from document_svc.document.volume import governments_name

Form = Literal["ordinary", "letter", "order", "minutes"]
OF_ITS_OWN: Final[tuple[Form, ...]] = ("letter", "order", "minutes")
URGENCY: Final = {"urgent": "加急", "specially_urgent": "特急"}
OPEN_TO: Final = {"proactive": "（此件公开发布）", "on_request": "（此件依申请公开）"}
FIRST_LEVEL: Final = re.compile(r"[一二三四五六七八九十百]+、")
SECOND_LEVEL: Final = re.compile(r"（[一二三四五六七八九十百]+）")
ADDRESS: Final = re.compile(r".{1,200}[：:]")
ACROSS_TITLE: Final = 20
"""Characters of 22 points that one line of a title holds."""
EXTENSION: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a paper is made of. ``government`` is what the government is called, ``text`` the text as plain lines."""

    document: Document
    draft: DocumentDrafted
    rules: Rules
    government: str
    text: str
    form: Form | None = None


def red_head(printed: Printed) -> Paper:
    """The paper. What is not issued says so at its head."""
    document, draft = printed.document, printed.draft
    form = printed.form or form_of(printed.rules, draft.kind)
    day = document.issued.issued_on if document.issued else document.signed_on or local_day(printed.rules.at)
    body = list(_body(printed, form))
    blocks: list[Block] = [*_head(printed, form), *body]
    notes = list(_annexes(document))
    blocks += [Gap(), *notes] if notes else []
    blocks += _signature(printed, form)
    if document.attribute in OPEN_TO and form != "order":
        blocks.append(Line.of(OPEN_TO[document.attribute]))
    blocks += _imprint(printed, form)
    return Paper(draft.title, day, blocks)


def form_of(rules: Rules, kind: str) -> Form:
    """How documents of a kind are printed, as the pack says of the kind."""
    term = rules.pack.term("kinds", kind)
    said = term.kind if term is not None else None
    for form in OF_ITS_OWN:
        if form == said:
            return form
    return "ordinary"


def _head(printed: Printed, form: Form) -> list[Block]:
    document, draft = printed.document, printed.draft
    issuer = issuer_of(printed)
    number = document.number.number if document.number else ""
    urgency = URGENCY.get(draft.urgency, "")
    standing = {Stage.DRAFTED: "草稿　未签发", Stage.SIGNED: "已签发　未印发", Stage.WITHDRAWN: "已停办"}
    corner = standing.get(document.stage, "")
    title = Title(tuple(broken(draft.title)))
    match form:
        case "letter":
            return _letter(printed, corner)
        case "order":
            mark = Mark(f"{issuer}令", number, corner=corner, left=urgency, down=20, ruled=False)
            return [mark]
        case "minutes":
            return [Mark(f"{issuer}纪要", number, corner=corner, left=urgency), title]
        case "ordinary":
            joint = (issuer, printed.rules.titled(draft.joint_with)) if draft.joint_with else ()
            mark = Mark(
                "文件" if joint else f"{issuer}文件",
                number,
                corner=corner,
                left=urgency,
                signers=_signers(printed) if draft.direction == "upward" else (),
                joint=joint,
            )
            return [mark, title]


def _letter(printed: Printed, standing: str) -> list[Block]:
    """How urgent it is, and what it is not yet, stand under the double rule at the left."""
    number = printed.document.number.number if printed.document.number else ""
    urgency = URGENCY.get(printed.draft.urgency, "")
    left = "　".join(said for said in (urgency, standing) if said)
    mark = LetterMark(issuer_of(printed), number, left=left)
    return [mark, Title(tuple(broken(printed.draft.title)))]


def issuer_of(printed: Printed) -> str:
    """The issuer's full name: the government's own, or the name it goes out in, with the place before it."""
    draft, rules = printed.draft, printed.rules
    if draft.in_name_of == governments_name(rules):
        return printed.government
    named = rules.pack.term("issuers", draft.in_name_of)
    own = named.zh if named is not None else ""
    zh, _ = rules.roster.unit_names(draft.in_name_of)
    if own and draft.in_name_of not in rules.pack.head.numbers:
        own = rules.titled(draft.lead_unit)
    home = rules.pack.head.areas.get("home", "")
    name = own or zh
    return f"{home}{name[1:]}" if home and name[:1] == home[-1:] else name


def _signers(printed: Printed) -> tuple[str, ...]:
    signed = [step for step in printed.document.steps if step.do == "sign"]
    return tuple(printed.rules.roster.name(step.person) for step in signed) or ("　　　",)


def _body(printed: Printed, form: Form) -> Iterator[Block]:
    lines = [line.strip() for line in printed.text.replace("\f", "\n").split("\n") if line.strip()]
    lines = without_title(lines, printed.draft.title)
    said = ADDRESS.fullmatch(lines[0]) if lines else None
    addressed = "，".join(one.name for one in _listed(printed, "main"))
    if not addressed and said is None and form in ("ordinary", "letter"):
        addressed = "，".join(printed.rules.titled(word) for word in printed.draft.to)
    if addressed and form in ("ordinary", "letter"):
        yield Line.of(f"{addressed}：", indent=False)
        lines = lines[1:] if said else lines
    elif said:
        yield Line.of(lines[0], indent=False)
        lines = lines[1:]
    for line in lines:
        yield _paragraph(line)


def _paragraph(line: str) -> Line:
    """A heading in 黑体 or 楷体 up to its first full stop, the rest in 仿宋."""
    face = "hei" if FIRST_LEVEL.match(line) else "kai" if SECOND_LEVEL.match(line) else None
    if face is None:
        return Line.of(line)
    heading, stop, rest = line.partition("。")
    if not stop and len(line) > 60:
        return Line.of(line)
    return Line((Run(heading + stop, face), *([Run(rest)] if rest else ())))


def without_title(lines: Sequence[str], title: str) -> list[str]:
    """The lines without those at the top that only say the title again."""
    wanted, found = re.sub(r"\s", "", title), ""
    for number, line in enumerate(lines[:6], 1):
        found += re.sub(r"\s", "", line)
        if found == wanted:
            return list(lines[number:])
        if not wanted.startswith(found):
            break
    return list(lines)


def _annexes(document: Document) -> Iterator[Block]:
    names = [EXTENSION.sub("", paper.name) for paper in document.annexes]
    if len(names) == 1:
        yield Line.of(f"附件：{names[0]}")
    elif names:
        yield Line.of(f"附件：1. {names[0]}")
        for number, name in enumerate(names[1:], 2):
            yield Line.of(f"　　　{number}. {name}")


def _signature(printed: Printed, form: Form) -> list[Block]:
    document = printed.document
    day = on_paper(document.signed_on) if document.signed_on else "　　　　年　月　日"
    if form == "minutes":
        return []
    if form == "order":
        signed = next((step for step in reversed(document.steps) if step.do == "sign"), None)
        post = printed.rules.titled(signed.post) if signed and signed.post else ""
        name = printed.rules.roster.name(signed.person) if signed else "　　　"
        return [Signed(name, day, sealed=False, post=post)]
    return [Signed(issuer_of(printed), day)]


def _imprint(printed: Printed, form: Form) -> list[Block]:
    document = printed.document
    copied = "，".join(one.name for one in _listed(printed, "copied"))
    copies = f"抄送：{copied}。" if copied else ""
    if form == "letter":
        return [Imprint(copies, "", "", ruled=False)] if copies else []
    issued = f"{on_paper(document.issued.issued_on)}印发" if document.issued else "　　　　年　月　日印发"
    total = f"（共印{document.printing.total}份）" if document.printing else ""
    return [Imprint(copies, _prints(printed), issued, printed=total)]


def _prints(printed: Printed) -> str:
    """The office that prints: the one that organises the bodies; the issuer itself where there is no single one."""
    units = [one.name for one in office(printed.rules) if one.how == "unit" and one.name]
    if len(units) != 1:
        return issuer_of(printed)
    zh, _ = printed.rules.roster.unit_names(units[0])
    name = zh if zh != units[0] else printed.rules.titled(units[0])
    home = printed.rules.pack.head.areas.get("home", "")
    return f"{home}{name[1:]}" if home and name[:1] == home[-1:] else name


def _listed(printed: Printed, part: str) -> list[Addressee]:
    listed = printed.document.printing
    return [one for one in listed.entries if one.part == part] if listed else []


def broken(title: str) -> list[str]:
    """A title on one line, or on lines of like length, broken where a word is not torn: after 关于…, before 的通知."""
    if len(title) <= ACROSS_TITLE:
        return [title]
    count = -(-len(title) // ACROSS_TITLE)
    at, found = 0, list[str]()
    for left in range(count, 1, -1):
        ideal = at + -(-(len(title) - at) // left)
        cuts = [
            place
            for place in range(max(at + 4, ideal - 4), min(at + ACROSS_TITLE, ideal + 4) + 1)
            if _may(title, place)
        ]
        cut = min(cuts, key=lambda place: abs(place - ideal), default=min(ideal, at + ACROSS_TITLE))
        found.append(title[at:cut])
        at = cut
    return [*found, title[at:]]


def _may(title: str, place: int) -> bool:
    """Whether a line may end before this character: after a mark or a joining word, before 的 or a book's name."""
    before, after = title[place - 1 : place], title[place : place + 1]
    return before in "、，》）于和与及" or after in "《（关"


def on_paper(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
