"""The read models as lists look at them. Row-level security keeps each tenant to its own rows."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

TABLES = MetaData()

MATTERS = Table(
    "matters",
    TABLES,
    Column("matter_id", Uuid),
    Column("title", Text),
    Column("kind", Text),
    Column("lead_unit", Text),
    Column("facts", JSONB),
    Column("opened_by", Text),
    Column("opened_at", DateTime(timezone=True)),
)
DOCKET = Table(
    "docket",
    TABLES,
    Column("item_id", Uuid),
    Column("version", Integer),
    Column("matter_id", Uuid),
    Column("title", Text),
    Column("kind", Text),
    Column("body", Text),
    Column("for_unit", Text),
    Column("stage", Text),
    Column("accepted", Boolean),
    Column("sitting_on", Date),
    Column("sitting_id", Uuid),
    Column("outcome", Text),
    Column("submitted_by", Text),
    Column("submitted_at", DateTime(timezone=True)),
)
SITTINGS = Table(
    "sittings",
    TABLES,
    Column("sitting_id", Uuid),
    Column("version", Integer),
    Column("body", Text),
    Column("series", Text),
    Column("number", Integer),
    Column("stage", Text),
    Column("starts_at", DateTime(timezone=True)),
    Column("held_on", Date),
    Column("place", Text),
    Column("items", Integer),
    Column("convened_by", Text),
    Column("chair", Text),
    Column("closed_at", DateTime(timezone=True)),
)
MINUTES = Table(
    "minutes",
    TABLES,
    Column("sitting_id", Uuid),
    Column("minutes_id", Uuid),
    Column("version", Integer),
    Column("body", Text),
    Column("series", Text),
    Column("number", Integer),
    Column("held_on", Date),
    Column("stage", Text),
    Column("closed_at", DateTime(timezone=True)),
    Column("due_on", Date),
    Column("overdue", Boolean),
    Column("issued_on", Date),
)
