"""Pages by cursor: where the last page ended, never a number of rows to skip."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar, cast
from uuid import UUID

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from chancery.refusal import Reason, Refused

T = TypeVar("T")
READ: Mapping[type, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: UUID,
}


class Page(BaseModel, Generic[T]):
    """Some of the answers in order. ``next`` is the cursor of the following page, None on the last."""

    items: list[T]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """Where to go on and how many to give. ``scope`` ties a cursor to the filters it was given under."""

    cursor: str | None
    limit: int
    scope: str

    async def page(
        self,
        connection: AsyncConnection,
        query: Select[Any],
        order: Sequence[ColumnElement[Any]],
        make: Callable[[Mapping[str, Any]], T],
        *,
        descending: bool = False,
    ) -> Page[T]:
        """Run a query from where the cursor stands. ``order`` names columns that are never null and together unique.

        Raises:
            Refused: the cursor is not one this list gave under these filters (``malformed``).
        """
        if self.cursor is not None:
            values = self._read(order)
            place, here = tuple_(*order), tuple_(*values)
            query = query.where(place < here if descending else place > here)
        ordered = [column.desc() if descending else column.asc() for column in order]
        marks = [column.label(f"_mark{number}") for number, column in enumerate(order)]
        found = await connection.execute(query.add_columns(*marks).order_by(*ordered).limit(self.limit + 1))
        rows = found.mappings().all()
        items = [make(cast("Mapping[str, Any]", row)) for row in rows[: self.limit]]
        if len(rows) <= self.limit:
            return Page[T](items=items)
        last = rows[self.limit - 1]
        return Page[T](items=items, next=self._write([last[mark.name] for mark in marks]))

    def _write(self, values: Sequence[Any]) -> str:
        return base64.urlsafe_b64encode(orjson.dumps([self.scope, *values], default=str)).decode().rstrip("=")

    def _read(self, order: Sequence[ColumnElement[Any]]) -> list[Any]:
        try:
            text = cast("str", self.cursor)
            raw = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
            scope, *values = cast("list[Any]", raw)
            if scope != self.scope:
                raise ValueError("given under other filters")
            return [_as(column.type.python_type, value) for column, value in zip(order, values, strict=True)]
        except (ValueError, TypeError, binascii.Error) as error:
            raise Refused(Reason("bad_cursor", subject="cursor"), kind="malformed") from error


def _as(kind: type, value: Any) -> Any:
    if kind in READ:
        return READ[kind](value)
    if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("not a text")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("out of range")
    return value


def paging_of(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=2000, description="`next` of the page before 上一页的 next")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="how many 每页条数")] = 50,
) -> Paging:
    filters = sorted((k, v) for k, v in request.query_params.multi_items() if k not in ("cursor", "limit"))
    scope = hashlib.sha256(f"{request.url.path} {filters!r}".encode()).hexdigest()[:12]
    return Paging(cursor, limit, scope)


PagingDep = Annotated[Paging, Depends(paging_of)]
"""``paging: PagingDep`` in a list route; answer with ``await paging.page(connection, query, order, make)``."""
