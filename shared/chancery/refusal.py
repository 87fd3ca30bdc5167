"""The ways to say no, and the clauses a no rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


class Fault(Exception):
    """Something is wrong with the house, not with the request."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One clause an answer rests on, as people are shown it.

    ``clause`` is the catalogue id (``HK-52-4``), ``article`` as printed (``52``), ``says`` the gist in our
    own words, ``force`` how strongly the text speaks, ``row`` the row of the pack that was hit.
    """

    clause: str
    article: str
    says_zh: str
    says_en: str
    force: str
    row: str
    pack: str


@dataclass(frozen=True, slots=True)
class Excusable:
    """Something asked in principle: which row asks what of which unit, and the people who may excuse it now."""

    table: str
    row: str
    what: str
    of: str | None = None
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands in the way.

    ``code`` is what is lacking (``needs_legality_review``); its sentences, Chinese and English, are in the
    catalogue of reasons, filled with ``params``. ``subject`` names the field or part concerned, if any.
    ``excusable`` is what would have to be excused for it to stand in the way no more; empty where nobody can.
    """

    code: str
    cites: tuple[Citation, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    subject: str | None = None
    excusable: tuple[Excusable, ...] = ()


PASSING: Final = frozenset({"busy", "away"})
"""Kinds of no that say nothing of the matter itself: it is tried again."""


class Refused(Exception):
    """The rules, or the state of the thing, forbid the command. Nothing is stored.

    Carries every reason at once, never the first alone. ``kind`` decides the answer at the edge:
    ``refused`` 409, ``forbidden`` 403 (the post does not allow it), ``missing`` 404.
    """

    def __init__(self, *reasons: Reason, kind: str = "refused") -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons
        self.kind = kind


def not_found(what: str) -> Refused:
    return Refused(Reason("not_found", params={"what": what}), kind="missing")
