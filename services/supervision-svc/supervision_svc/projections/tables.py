"""The read models as lists look at them."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

LEDGER = Table(
    "ledger",
    MetaData(),
    Column("task_id", Uuid),
    Column("version", Integer),
    Column("matter_id", Uuid),
    Column("title", Text),
    Column("text", Text),
    Column("source", Text),
    Column("reference", Text),
    Column("channel", Text),
    Column("supervisor", Text),
    Column("lead", Text),
    Column("cooperating", JSONB),
    Column("responsible", JSONB),
    Column("clauses", JSONB),
    Column("opened_at", DateTime(timezone=True)),
    Column("signed_at", DateTime(timezone=True)),
    Column("due_on", Date),
    Column("due_at", DateTime(timezone=True)),
    Column("stage", Text),
    Column("reached", Text),
    Column("overdue", Boolean),
    Column("late", Boolean),
    Column("closed_at", DateTime(timezone=True)),
    Column("last_report", Text),
    Column("reported_at", DateTime(timezone=True)),
    Column("report_due_on", Date),
    Column("silent", Boolean),
    Column("urged_at", DateTime(timezone=True)),
)
