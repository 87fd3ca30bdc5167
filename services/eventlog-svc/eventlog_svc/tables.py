"""The table of the log, as its migration made it."""

from typing import Final

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata: Final = MetaData()

log_entry: Final = Table(
    "log_entry",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("pos", BigInteger, primary_key=True),
    Column("event_id", Uuid),
    Column("type", Text),
    Column("stream", Uuid),
    Column("version", Integer),
    Column("matter", Uuid),
    Column("cause", Uuid, nullable=True),
    Column("business_at", DateTime(timezone=True)),
    Column("recorded_at", DateTime(timezone=True)),
    Column("person", Text),
    Column("post", Text, nullable=True),
    Column("capacity", Text),
    Column("acts_for", Text, nullable=True),
    Column("clauses", ARRAY(Text)),
    Column("pack_rows", ARRAY(Text)),
    Column("pack", Text, nullable=True),
    Column("pack_version", Text, nullable=True),
    Column("body", JSONB),
    Column("words", Text),
)
