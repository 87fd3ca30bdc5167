"""The read models as lists look at them."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

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
    Column("reason", Text),
    Column("urgent", Boolean),
    Column("organised_by_unit", Boolean),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("half_days", Integer),
    Column("wants_until", DateTime(timezone=True)),
    Column("mode", Text),
    Column("clauses", JSONB),
    Column("stage", Text),
    Column("return_due_on", Date),
    Column("overdue", Boolean),
    Column("returned_at", DateTime(timezone=True)),
)

ACTINGS = Table(
    "actings",
    TABLES,
    Column("acting_id", Uuid),
    Column("version", Integer),
    Column("principal_id", Text),
    Column("post", Text),
    Column("actor_id", Text),
    Column("absence_id", Uuid),
    Column("scope", JSONB),
    Column("clauses", JSONB),
    Column("started_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
)

ENTRUSTMENTS = Table(
    "entrustments",
    TABLES,
    Column("entrustment_id", Uuid),
    Column("version", Integer),
    Column("giver_id", Text),
    Column("receiver_id", Text),
    Column("kind", Text),
    Column("post", Text),
    Column("reference", Text),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("over", Boolean),
)

GAPS = Table(
    "acting_gaps",
    TABLES,
    Column("acting_id", Uuid),
    Column("version", Integer),
    Column("principal_id", Text),
    Column("post", Text),
    Column("absence_id", Uuid),
    Column("to_name", JSONB),
    Column("tell", JSONB),
    Column("clauses", JSONB),
    Column("since", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
)

ENGAGEMENTS = Table(
    "engagements",
    TABLES,
    Column("engagement_id", Uuid),
    Column("version", Integer),
    Column("person_id", Text),
    Column("act", Text),
    Column("title", Text),
    Column("place", Text),
    Column("organiser", Text),
    Column("on_day", Date),
    Column("asked_by", Text),
    Column("substitute_for", Text),
    Column("answer", Text),
    Column("clauses", JSONB),
    Column("stage", Text),
)

RESEARCH_DAYS = Table(
    "research_days",
    TABLES,
    Column("person_id", Text),
    Column("day", Date),
    Column("version", Integer),
    Column("place", Text),
    Column("subject", Text),
)

CALENDAR_LINKS = Table(
    "calendar_links",
    TABLES,
    Column("link_id", Uuid),
    Column("version", Integer),
    Column("holder_id", Text),
    Column("person_id", Text),
    Column("group_word", Text),
    Column("given_at", DateTime(timezone=True)),
    Column("withdrawn", Boolean),
)
