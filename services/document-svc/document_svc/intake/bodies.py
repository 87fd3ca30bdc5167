"""Names of bodies as documents write them, long and short."""

import re
from typing import Final

_ENDS: Final = (
    "人民政府|政府|委员会|办公室|办公厅|办事处|管委会|国务院|领导小组|指挥部|总队|支队|大队|中心|公司|法院|检察院|学校|学院|医院|银行"
    "|[\u4e00-\u9fff](?:局|厅|院|部|署|处|会|委|办|社|馆|站|所)"
)
NAME: Final = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9、]{{0,40}}(?:{_ENDS})(?:[（(][\u4e00-\u9fff]{{1,20}}[）)])?")
SHORT: Final = re.compile(r"(?:本|我)?(?:省|市|区|县|镇|乡|街道|州|旗)?(?:人民)?(?:政府|党政)?(?:办公室|办公厅|办)?")
UNLIKE: Final = re.compile(r"^(?:附件|抄送|特此|第[一二三四五六七八九十百\d]+[章节条])|关于|印发")


def is_body(written: str) -> bool:
    """Whether a whole line is the name of one body, as signatures and mastheads write it."""
    name = "".join(written.split())
    return 3 <= len(name) <= 44 and NAME.fullmatch(name) is not None and UNLIKE.search(name) is None


def bodies_in(written: str) -> list[str]:
    """The bodies of a line, more than one where a space stands between their names; empty where it is no such line."""
    parts = written.split()
    if len(parts) > 1 and all(is_body(part) for part in parts):
        return parts
    name = "".join(parts)
    return [name] if is_body(name) else []


def is_whole(name: str) -> bool:
    """Whether the name says which body it is: 区政府 alone could be anybody's."""
    return SHORT.fullmatch(name) is None


def same(one: str, other: str) -> bool:
    """Whether the one may be the other's short form: its letters in order, and the same end."""
    short, long = sorted((plain(one), plain(other)), key=len)
    return short[-2:] == long[-2:] and is_within(short, long)


def is_within(short: str, long: str) -> bool:
    """Whether all letters of one stand in the other in the same order."""
    letters = iter(long)
    return all(letter in letters for letter in short)


_NARROW: Final = str.maketrans("（）：，〈〉", "():,<>")


def plain(written: str) -> str:
    """The letters alone, for comparing: no space, brackets and signs of one width."""
    return "".join(written.split()).translate(_NARROW)
