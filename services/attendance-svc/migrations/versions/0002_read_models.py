"""What lists look at: absences, who acts, what was entrusted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "absences",
        1,
        sa.Column("absence_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("leaving", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("clauses", JSONB, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("return_due_on", sa.Date),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("returned_at", MOMENT),
        key=["absence_id"],
        indexes=["starts_at, absence_id", "person_id, starts_at"],
    )
    read_model(
        op,
        "actings",
        1,
        sa.Column("acting_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("principal_id", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("absence_id", sa.Uuid, nullable=False),
        sa.Column("scope", JSONB, nullable=False),
        sa.Column("clauses", JSONB, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        key=["acting_id", "version"],
        indexes=["started_at, acting_id", "post, started_at"],
    )
    read_model(
        op,
        "entrustments",
        1,
        sa.Column("entrustment_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("giver_id", sa.Text, nullable=False),
        sa.Column("receiver_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("post", sa.Text),
        sa.Column("reference", sa.Text),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT),
        sa.Column("over", sa.Boolean, nullable=False),
        key=["entrustment_id"],
        indexes=["starts_at, entrustment_id"],
    )
