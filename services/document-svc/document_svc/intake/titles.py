"""Titles of documents (标题), their kinds (文种), and to whom they are addressed (主送)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from document_svc.intake.bodies import bodies_in
from document_svc.intake.number import numbered
from document_svc.intake.numerals import DAMAGED_DAY, DAY
from document_svc.intake.places import Piece

KINDS: Final = (
    "决议",
    "决定",
    "命令",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
)
"""The fifteen kinds of the national regulation."""
KIND: Final = re.compile(rf"(?P<kind>{'|'.join(KINDS)}|令)(?:\[\d+\])?(?:[（(][^（）()]{{1,20}}[）)])?$")
FOOTNOTE: Final = re.compile(r"\[\d+\]")
TOLD: Final = re.compile(r"(?:特|现)?(?:发布|通报|通告|公告)如下(?P<kind>[\u4e00-\u9fff]{0,4}令)?")
PAIRS: Final = {"《": "》", "〈": "〉", "<": ">", "（": "）", "(": ")", "“": "”", "【": "】"}
MOST_TITLE_LINES: Final = 6
LONGEST_TITLE_LINE: Final = 200
MOST_ADDRESS_LINES: Final = 6
URGENT: Final = re.compile(r"(?:^|\s)(?P<mark>特提|特急|加急|平急|急件)(?=\s|$)")
CHAPTER: Final = re.compile(r"第\s*[一二三四五六七八九十百\d]+\s*[章条编](?:\s|$)|[一二三四五六七八九十]+、")
NOT_ADDRESSED: Final = re.compile(
    r"如下|现将|现就|决定|为了|根据|附件|抄送|[。；！？;《》]|^[一二三四五六七八九十]+、|\d[.．、]"
)


@dataclass(frozen=True, slots=True)
class Title:
    """``text`` is put together from ``pieces``; ``kind`` None where its last word is none of the fifteen."""

    text: str
    kind: str | None
    pieces: tuple[Piece, ...]


def balanced(written: str) -> bool:
    """Whether every bracket and quotation mark that opens is closed."""
    return all(written.count(opening) <= written.count(closing) for opening, closing in PAIRS.items())


def kind_of(title: str) -> str | None:
    match = KIND.search(title)
    if match is None or not balanced(title[: match.start()]):
        return None
    return "命令" if match["kind"] == "令" else match["kind"]


def joined(pieces: Sequence[Piece]) -> str:
    """The title on one line: spaces of the layout go, the one between two bodies' names stays."""
    text = FOOTNOTE.sub("", pieces[0].text)
    for piece in pieces[1:]:
        apart = " " if bodies_in(text) and bodies_in(piece.text) else ""
        text += apart + FOOTNOTE.sub("", piece.text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"《[^》]*》", lambda found: found.group().replace(" ", ""), text)
    return re.sub(r" ?(?=关于|印发|《)| (?=》)|(?<=[》《]) ", "", text)


def title_in(pieces: Sequence[Piece]) -> Title | None:
    """The first lines that together end in a kind of document; else one that says 关于; None where neither is there."""
    taken: list[Piece] = []
    for piece in pieces[: MOST_TITLE_LINES + 4]:
        text = piece.compact
        if _skipped(text):
            if taken:
                break
            continue
        if _stops(text) or len(taken) >= MOST_TITLE_LINES:
            break
        taken.append(piece)
        whole = joined(taken)
        kind = kind_of(whole)
        if kind is not None and balanced(whole):
            return Title(whole, kind, tuple(taken))
    about = next((piece for piece in taken if "关于" in piece.text and len(piece.compact) > 6), None)
    return Title(joined([about]), None, (about,)) if about is not None and balanced(about.text) else None


def _skipped(text: str) -> bool:
    return bool(numbered(text)) or DAY.fullmatch(text) is not None or URGENT.fullmatch(text) is not None


def _stops(text: str) -> bool:
    if len(text) > LONGEST_TITLE_LINE:
        return True
    if text.endswith(("：", ":")) or any(sign in text for sign in "。；…") or text.startswith(("（", "(", "——")):
        return True
    return DAMAGED_DAY.fullmatch(text) is not None or CHAPTER.match(text) is not None


@dataclass(frozen=True, slots=True)
class Salutation:
    """The line of addressees. ``elided`` says that the text shows it with something left out."""

    addressees: tuple[str, ...]
    pieces: tuple[Piece, ...]
    elided: bool = False


def salutation(pieces: Sequence[Piece]) -> Salutation | None:
    """The lines that end in a colon right after the title; None where the text begins at once."""
    taken: list[Piece] = []
    for piece in pieces[:20]:
        text = piece.compact
        if not taken and (_skipped(text) or text.startswith(("（", "(", "——")) or numbered(text)):
            continue
        if NOT_ADDRESSED.search(text) or len(taken) >= MOST_ADDRESS_LINES:
            return None
        taken.append(piece)
        if text.endswith(("：", ":")):
            whole = "".join(one.compact for one in taken)[:-1]
            if len(whole) > 400:
                return None
            elided = "…" in whole
            return Salutation(() if elided else named(whole), tuple(taken), elided)
    return None


def named(written: str) -> tuple[str, ...]:
    """The names of a list of addressees.

    Commas part groups. Where there are none, 、 parts names, unless a part is too short to be one: 有关委、办、局 is
    one name.
    """
    groups = split(written, "，,；;")
    if len(groups) > 1:
        return tuple(groups)
    parts = split(written, "、")
    return tuple(parts) if all(len(part) > 2 for part in parts) else tuple(groups)


def split(written: str, signs: str) -> list[str]:
    """Parts between signs that stand in no bracket."""
    found = [""]
    depth = 0
    for letter in written:
        depth += (letter in "（(《") - (letter in "）)》")
        if letter in signs and depth <= 0:
            found.append("")
        else:
            found[-1] += letter
    return [part.strip() for part in found if part.strip()]
