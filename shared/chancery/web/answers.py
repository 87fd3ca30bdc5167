"""What callers get: the receipt of a command, and the problem where there is none."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class Clause(BaseModel):
    """One clause an answer rests on. ``id`` is the catalogue's, ``article`` as printed, ``row`` the pack's row."""

    id: str
    article: str
    says: str
    force: str
    row: str
    pack: str


class PackName(BaseModel):
    id: str
    version: str


class ToldEvent(BaseModel):
    """One stored event: its id, its wire name, what people call it, and the clauses it rests on."""

    id: UUID
    type: str
    title: str
    clauses: list[str]


class Receipt(BaseModel):
    """What became of a command. The same on every repeat under its key.

    ``id`` is the thing's id, ``matter`` what its events belong to, ``version`` the thing's version now (also the
    ``ETag``), ``position`` that of its last event in the service's feed. ``dry_run`` is true where nothing was stored.
    """

    id: UUID
    matter: UUID
    at: datetime
    pack: PackName | None = None
    events: list[ToldEvent]
    clauses: list[Clause]
    version: int
    position: int
    dry_run: bool = False


class MayBeExcused(BaseModel):
    """Something asked in principle: which row asks what of which unit, and who may excuse it now (可同意例外的人)."""

    table: str
    row: str
    what: str
    of: str | None
    by: list[str]


class Why(BaseModel):
    """One thing that stands in the way. ``subject`` is the field or part concerned.

    ``clauses`` are those it rests on. ``excusable`` is what would have to be excused for it to stand in the way no
    more; absent where it must be.
    """

    code: str
    says: str
    subject: str | None = None
    clauses: list[str] | None = None
    excusable: list[MayBeExcused] | None = None


class Problem(BaseModel):
    """A refusal or an error (RFC 9457), with every reason at once and the clauses they rest on."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    reasons: list[Why]
    clauses: list[Clause]


PROBLEM = "application/problem+json"


def _problem(says: str) -> dict[str, Any]:
    return {"description": says, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


REFUSED: dict[int | str, dict[str, Any]] = {
    404: _problem("There is no such thing here 没有该事项"),
    409: _problem("Refused; every unmet clause is listed 不予办理，逐条列明依据"),
    412: _problem("The thing has changed since it was seen 版本已变"),
}
"""What a command may answer beside its receipt, for ``responses=``."""

EVERYWHERE: dict[str, dict[str, Any]] = {
    "400": _problem("The request cannot be read 请求无法解析"),
    "401": _problem("No valid token 未提供有效令牌"),
    "403": _problem("The post or the role does not allow it 无权办理"),
    "404": _problem("There is no such thing here 没有该事项"),
    "409": _problem("Refused, or others keep writing it 不予办理"),
    "413": _problem("The body is too large 请求体过大"),
    "415": _problem("The body is of another kind 请求体类型不符"),
    "422": _problem("The request is malformed; every error is listed 请求不合格式，逐项列明"),
    "500": _problem("A fault of the house; the reference finds it in the log 内部故障"),
    "503": _problem("Something the house needs is away for the moment 暂时不可用"),
}
