"""Meetings asked for, and what sittings decided."""

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
        "meeting_requests",
        1,
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("meets_on", sa.Date, nullable=False),
        sa.Column("people", sa.Integer),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        key=["request_id"],
        indexes=["requested_at, request_id", "unit, meets_on"],
    )
    read_model(
        op,
        "decisions",
        1,
        sa.Column("sitting_id", sa.Uuid, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("decided_on", sa.Date),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lead", sa.Text),
        sa.Column("cooperating", JSONB, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("referred_to", sa.Text),
        sa.Column("dissent", JSONB, nullable=False),
        key=["sitting_id", "no"],
        indexes=["recorded_at, sitting_id, no", "body, decided_on"],
    )
