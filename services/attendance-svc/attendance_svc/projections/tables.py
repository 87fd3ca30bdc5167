"""The read models as lists look at them."""

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, Uuid

TABLES = MetaData()

ABSENCES = Table(
    "absences",
    TABLES,
    Column("absence_id", Uuid),
    Column("version", Integer),
    Column("person_id", Text),
    Column("post", Text),
    Column("leaving", Text),
    Column("cause", Text),
    Column("destination", Text),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("mode", Text),
    Column("stage", Text),
    Column("returned_at", DateTime(timezone=True)),
)
