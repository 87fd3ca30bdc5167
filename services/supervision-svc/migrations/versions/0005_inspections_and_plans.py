"""Inspections, recurring work on record, and government information."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "inspection",
        1,
        sa.Column("inspection_id", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("inspector", sa.Text, nullable=False),
        sa.Column("partners", JSONB, nullable=False),
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("flagged", JSONB, nullable=False),
        sa.Column("clauses", JSONB, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("conclusion", sa.Text),
        sa.Column("reply", sa.Text),
        sa.Column("review_due_on", sa.Date),
        sa.Column("told_at", MOMENT, nullable=False),
        key=["inspection_id"],
        indexes=["first_on, inspection_id", "unit, first_on"],
    )
    read_model(
        op,
        "plan",
        1,
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("artefact", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("entries", JSONB, nullable=False),
        sa.Column("draft", sa.Boolean, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        key=["plan_id"],
        indexes=["artefact, period"],
    )
    read_model(
        op,
        "information",
        1,
        sa.Column("information_id", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("used", sa.Text),
        sa.Column("answer", sa.Text),
        key=["information_id"],
        indexes=["submitted_at, information_id"],
    )
