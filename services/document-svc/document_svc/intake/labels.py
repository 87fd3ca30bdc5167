"""What stands around a text on a page or a form: labelled entries (文号：…), and furniture that says nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from document_svc.intake.places import Piece, Place, Ruler

KNOWN: Final[Mapping[str, str]] = {
    word: field
    for field, words in {
        "number": "文号 发文字号 文件编号 字号 发文号",
        "title": "名称 文件名称 信息名称 标题",
        "issuer": "发布机构 发布单位 发文机关 发文单位 公开责任部门 制发机关",
        "signed": "成文日期 产生日期 发文日期 生成日期 签发日期",
        "printed": "印发日期",
        "published": "发布日期 发布时间 公开日期 公开时间 时间",
        "disclosure": "公开类别 公开形式 公开方式 公开属性",
        "urgency": "紧急程度 缓急",
        "secrecy": "密级",
        "": "索引号 索取号 载体类型 记录形式 关键词 内容描述 内容概述 所属体裁 所属题材 所属主题 "
        "生效日期 有效性 时效 状态 来源 信息来源 组配分类 体裁分类 主题分类 类型 层级 公开目录 分类 浏览次数",
    }.items()
    for word in words.split()
}
NO_VALUE: Final = frozenset({"关键词", "内容描述", "内容概述"})
_SPACED: Final = "|".join(r"\s*".join(word) for word in sorted(KNOWN, key=len, reverse=True))
LABELLED: Final = re.compile(rf"(?:^|(?<=\s))(?P<label>{_SPACED})\s*[:：][ \t\u3000]*(?P<value>.*?)(?=\s{{3,}}|$)")
FURNITURE: Final = re.compile(
    r"[\[【［]?(?:收藏|打印|打印本页|关闭|关闭窗口|分享|返回顶部|扫一扫在手机打开当前页)[\]】］]?[:：]?"
    r"|[\[［]打印[\]］]\s*[\[［]关闭[\]］]|[•·]\s*打印|[（(]此页无正文[)）]"
)
PAGE_MARK: Final = re.compile(r"[—–\-－]{1,2}\s*\d{1,4}\s*[—–\-－]{1,2}")
PAGE_MARK_AT_END: Final = re.compile(rf"(?:^|(?<=[\s）)。])){PAGE_MARK.pattern}$")
LONGEST_MARK: Final = 40
MANY: Final = 3
HEAD_LINES: Final = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One labelled entry; ``value`` is never empty."""

    field: str
    label: str
    value: str
    place: Place


def beside(page: Mapping[str, str]) -> list[Entry]:
    """Entries that came with the text, not within it."""
    found: list[Entry] = []
    for label, value in page.items():
        field = KNOWN.get("".join(label.split()), "")
        if field and value.strip():
            found.append(Entry(field, label, value.strip(), Place(0, 0, 0, 0, label)))
    return found


def pieces_of(ruler: Ruler, start: int, end: int) -> tuple[list[Piece], list[Entry]]:
    """The lines of a stretch without what is furniture, and the entries of its head.

    Entries are looked for above the first sentence or salutation only: below it 时间： is the document's own word.
    """
    lines = [line for line in _lines(ruler, start, end) if not FURNITURE.fullmatch(line.text)]
    head = next((at for at, line in enumerate(lines[:HEAD_LINES]) if _begins_text(line)), min(len(lines), HEAD_LINES))
    pieces, entries = _stacked(ruler, lines[:head])
    left: list[Piece] = []
    for piece in pieces:
        rest, found = _in_line(ruler, piece)
        left += rest
        entries += found
    return [*left, *lines[head:]], entries


def _lines(ruler: Ruler, start: int, end: int) -> list[Piece]:
    found: list[Piece] = []
    at = start
    for raw in ruler.text[start:end].split("\n"):
        kept = raw.rstrip()
        for _ in range(MANY):
            match = PAGE_MARK_AT_END.search(kept, max(0, len(kept) - LONGEST_MARK))
            if match is None:
                break
            kept = kept[: match.start()].rstrip()
        text = kept.strip()
        if text:
            found.append(Piece(text, at + kept.index(text[0]), ruler.line(at)))
        at += len(raw) + 1
    return found


def _begins_text(line: Piece) -> bool:
    if LABELLED.search(line.text):
        return False
    return any(sign in line.text for sign in "。；……") or line.text.endswith(("：", ":"))


def _stacked(ruler: Ruler, lines: Sequence[Piece]) -> tuple[list[Piece], list[Entry]]:
    """A table flattened to a line for the label and a line for its entry, which may be missing."""
    if sum(line.compact in KNOWN for line in lines) < MANY:
        return list(lines), []
    left: list[Piece] = []
    entries: list[Entry] = []
    at = 0
    while at < len(lines):
        label = lines[at].compact
        if label not in KNOWN:
            left.append(lines[at])
        elif at + 1 < len(lines) and lines[at + 1].compact not in KNOWN and label not in NO_VALUE:
            value = lines[at + 1]
            entries.append(Entry(KNOWN[label], label, value.text, ruler.place(value.start, value.end, label)))
            at += 1
        at += 1
    return left, entries


def _in_line(ruler: Ruler, piece: Piece) -> tuple[list[Piece], list[Entry]]:
    """Entries written in a line, and the pieces of the line between and after them."""
    left: list[Piece] = []
    entries: list[Entry] = []
    done = 0

    def rest(until: int) -> None:
        between = piece.text[done:until]
        text = between.strip()
        if text:
            left.append(Piece(text, piece.start + done + between.index(text[0]), piece.line))

    for match in LABELLED.finditer(piece.text):
        rest(match.start())
        done = match.end()
        label = "".join(match["label"].split())
        value = match["value"].strip()
        if value:
            start = piece.start + match.start("value")
            entries.append(Entry(KNOWN[label], label, value, ruler.place(start, start + len(value), label)))
    rest(len(piece.text))
    return left, entries
