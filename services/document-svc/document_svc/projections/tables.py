"""The read models as lists look at them. Row-level security keeps each tenant to its own rows."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

TABLES = MetaData()

DOCUMENTS = Table(
    "documents",
    TABLES,
    Column("document_id", Uuid),
    Column("version", Integer),
    Column("matter_id", Uuid),
    Column("title", Text),
    Column("kind", Text),
    Column("in_name_of", Text),
    Column("lead_unit", Text),
    Column("stage", Text),
    Column("attribute", Text),
    Column("number", Text),
    Column("drafted_at", DateTime(timezone=True)),
    Column("due_on", Date),
    Column("overdue", Boolean),
    Column("issued_on", Date),
    Column("direction", Text),
    Column("nature", Text),
    Column("signed_on", Date),
    Column("signed_by", Text),
    Column("pages", Integer),
    Column("characters", Integer),
    Column("copies", Integer),
    Column("archived_on", Date),
)
CONSULTATIONS = Table(
    "consultations",
    TABLES,
    Column("document_id", Uuid),
    Column("unit", Text),
    Column("asks", Text),
    Column("deadline_id", Uuid),
    Column("edition", Integer),
    Column("silence", Text),
    Column("sent_at", DateTime(timezone=True)),
    Column("due_on", Date),
    Column("stands", Text),
    Column("answer", Text),
    Column("answered_at", DateTime(timezone=True)),
    Column("late", Boolean),
    Column("after_deemed", Boolean),
    Column("more_time_asked", Boolean),
)
REGISTERS = Table(
    "registers",
    TABLES,
    Column("register_id", Uuid),
    Column("series", Text),
    Column("code", Text),
    Column("year", Integer),
    Column("next_seq", Integer),
    Column("version", Integer),
)
NUMBERS_GIVEN = Table(
    "numbers_given",
    TABLES,
    Column("register_id", Uuid),
    Column("seq", Integer),
    Column("number", Text),
    Column("document_id", Uuid),
    Column("given_at", DateTime(timezone=True)),
    Column("stands", Text),
    Column("reason", Text),
)
SEAL_USES = Table(
    "seal_uses",
    TABLES,
    Column("use_id", Uuid),
    Column("version", Integer),
    Column("seal", Text),
    Column("on", Text),
    Column("document_id", Uuid),
    Column("title", Text),
    Column("unit", Text),
    Column("copies", Integer),
    Column("offsite", Boolean),
    Column("place", Text),
    Column("stage", Text),
    Column("requested_by", Text),
    Column("requested_at", DateTime(timezone=True)),
    Column("approved_by", Text),
    Column("sealed_by", Text),
    Column("sealed_at", DateTime(timezone=True)),
    Column("archived", Boolean),
)
BULLETINS = Table(
    "bulletins",
    TABLES,
    Column("bulletin_id", Uuid),
    Column("version", Integer),
    Column("unit", Text),
    Column("title", Text),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("permitted_by", Text),
)
BULLETIN_ISSUES = Table(
    "bulletin_issues",
    TABLES,
    Column("bulletin_id", Uuid),
    Column("unit", Text),
    Column("year", Integer),
    Column("no", Integer),
    Column("number", Text),
    Column("pages", Integer),
    Column("sent_on", Date),
)
HEARD_MATTERS = Table(
    "heard_matters",
    TABLES,
    Column("matter_id", Uuid),
    Column("title", Text),
    Column("kind", Text),
    Column("lead_unit", Text),
    Column("facts", JSONB),
)
HEARD_EVIDENCE = Table(
    "heard_evidence",
    TABLES,
    Column("matter_id", Uuid),
    Column("no", Integer),
    Column("whole", JSONB),
)
HEARD_EXCUSES = Table(
    "heard_excuses",
    TABLES,
    Column("matter_id", Uuid),
    Column("no", Integer),
    Column("said", Text),
    Column("whole", JSONB),
)
