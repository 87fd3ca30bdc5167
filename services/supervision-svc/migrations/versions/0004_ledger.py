"""The ledger of tasks, with what was corrected, put off, told and disputed, who was named, and how it ended."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "ledger",
        3,
        sa.Column("task_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("supervisor", sa.Text),
        sa.Column("lead", sa.Text),
        sa.Column("cooperating", JSONB, nullable=False),
        sa.Column("responsible", JSONB, nullable=False),
        sa.Column("clauses", JSONB, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("signed_at", MOMENT),
        sa.Column("due_on", sa.Date),
        sa.Column("due_at", MOMENT),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("reached", sa.Text),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("late", sa.Boolean),
        sa.Column("closed_at", MOMENT),
        sa.Column("last_report", sa.Text),
        sa.Column("reported_at", MOMENT),
        sa.Column("report_due_on", sa.Date),
        sa.Column("silent", sa.Boolean, nullable=False),
        sa.Column("urged_at", MOMENT),
        sa.Column("also_lead", JSONB, nullable=False),
        sa.Column("supporting", JSONB, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("outside_id", sa.Text),
        sa.Column("given_by", sa.Text),
        sa.Column("minutes_id", sa.Uuid),
        sa.Column("ended", sa.Text),
        sa.Column("first_due_on", sa.Date),
        sa.Column("extension_asked", sa.Boolean, nullable=False),
        sa.Column("disputed", sa.Boolean, nullable=False),
        sa.Column("notice", sa.Text),
        sa.Column("corrected", sa.Text),
        key=["task_id"],
        indexes=["opened_at, task_id", "lead, opened_at", "matter_id", "outside_id"],
    )
