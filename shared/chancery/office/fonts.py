"""Chinese type: what the machine has, what stands in for what it has not, and whether it has every character.

The faces that GB/T 9704 names are licensed, so none is shipped. An office names the folders where its own lie
(``CHANCERY_FONTS``); without them the packaged Noto faces stand in, and the PDF says so.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn

from chancery.office.paper import Face
from chancery.refusal import Fault, Reason, Refused

PACKAGED: Final = Path(pylopdf_fonts_zh_cn.__file__).parent
NAMES: Final[Mapping[Face, str]] = {"body": "仿宋", "hei": "黑体", "kai": "楷体", "song": "宋体", "title": "小标宋"}
PROPER: Final[Mapping[Face, tuple[str, ...]]] = {
    "body": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "FZFangSong-Z02S", "FandolFang R", "FandolFang"),
    "hei": ("黑体", "SimHei", "FZHei-B01S", "FandolHei"),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "FandolKai", "LXGW WenKai"),
    "song": ("宋体", "SimSun", "NSimSun", "FandolSong"),
    "title": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
}
"""Families that are the face, each under the names it is sold or given away by, the best first."""
STAND_IN: Final[Mapping[Face, tuple[str, ...]]] = {
    "body": ("Noto Serif CJK SC", "Noto Serif SC"),
    "hei": ("Noto Sans CJK SC", "Noto Sans SC"),
    "kai": ("Noto Serif CJK SC", "Noto Serif SC"),
    "song": ("Noto Serif CJK SC", "Noto Serif SC"),
    "title": ("Noto Serif CJK SC", "Noto Serif SC"),
}
FACES: Final[tuple[Face, ...]] = ("body", "hei", "kai", "song", "title")


@dataclass(frozen=True)
class Type:
    """The faces that are here. ``files`` are those of each family: path and number within a collection."""

    folders: tuple[Path, ...]
    files: Mapping[str, tuple[tuple[Path, int], ...]]

    @cached_property
    def families(self) -> Mapping[Face, tuple[str, ...]]:
        """For each face the families to print it with: the first has it if it can, later ones what it lacks."""
        everywhere = ("Noto Serif CJK SC", "Noto Serif SC", "Noto Sans CJK SC", "Noto Sans SC")
        wanted = {face: (*PROPER[face], *STAND_IN[face], *everywhere) for face in FACES}
        found: dict[Face, tuple[str, ...]] = {}
        for face in FACES:
            found[face] = tuple(dict.fromkeys(name for name in wanted[face] if name in self.files))
        if not all(found.values()):
            raise Fault("there is no Chinese type, not even the packaged one")
        return found

    def used(self, face: Face) -> str:
        """The family that a face is really printed in."""
        return self.families[face][0]

    @property
    def stands_in(self) -> Mapping[str, str]:
        """Which face is printed in which other family, for want of its own."""
        return {NAMES[face]: self.used(face) for face in FACES if self.used(face) not in PROPER[face]}

    @property
    def says(self) -> tuple[str, ...]:
        """What the PDF says of its type."""
        return tuple(
            f"{NAMES[face]}: {self.used(face)}" + ("（替代字体 substitute）" if NAMES[face] in self.stands_in else "")
            for face in FACES
        )

    def check(self, texts: Iterable[tuple[Face, str]]) -> None:
        """See that every character can be printed.

        Raises:
            Refused: some have no glyph in any family of their face; it names them.
        """
        missing: dict[str, None] = {}
        for face, text in texts:
            wanted = {character for character in text if not character.isspace()}
            for family in self.families[face]:
                wanted -= {character for character in wanted if ord(character) in self._characters(family)}
                if not wanted:
                    break
            missing |= dict.fromkeys(sorted(wanted))
        if missing:
            shown = "、".join(f"{character}（U+{ord(character):04X}）" for character in list(missing)[:20])
            raise Refused(Reason("no_glyph", params={"characters": shown}))

    def _characters(self, family: str) -> frozenset[int]:
        files = self.files[family]
        return frozenset[int]().union(*(_characters(path, index) for path, index in files[:1]))


@lru_cache(maxsize=8)
def type_in(folders: tuple[Path, ...]) -> Type:
    """The faces in these folders, and the packaged ones after them. What lies there is looked at once a process."""
    import typst

    known: dict[str, list[tuple[Path, int]]] = {}
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in (*folders, PACKAGED)],
    )
    for font in fonts.fonts():
        if font.path is not None:
            known.setdefault(font.family, []).append((Path(font.path), font.index))
    return Type((*folders, PACKAGED), {family: tuple(files) for family, files in known.items()})


def folders_of(setting: str) -> tuple[Path, ...]:
    """The folders that ``CHANCERY_FONTS`` names, parted as PATH is."""
    return tuple(Path(folder) for folder in setting.split(os.pathsep) if folder)


@lru_cache(maxsize=64)
def _characters(path: Path, index: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.ttCollection import TTCollection

    font: Any
    if path.suffix.lower() in (".ttc", ".otc"):
        collection: Any = TTCollection(str(path), lazy=True)
        font = collection.fonts[index]
    else:
        font = TTFont(str(path), lazy=True)
    return frozenset(font.getBestCmap() or {})
