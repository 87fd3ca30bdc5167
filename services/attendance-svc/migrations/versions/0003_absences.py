"""The ledger of absences, with reason, urgency, half days and a longer absence that was asked for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "absences",
        2,
        sa.Column("absence_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("leaving", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("organised_by_unit", sa.Boolean, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("half_days", sa.Integer, nullable=False),
        sa.Column("wants_until", MOMENT),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("clauses", JSONB, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("return_due_on", sa.Date),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("returned_at", MOMENT),
        key=["absence_id"],
        indexes=["starts_at, absence_id", "person_id, starts_at"],
    )
