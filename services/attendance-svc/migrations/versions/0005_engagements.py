"""What leaders were asked for, and on which days they were in the field."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    read_model(
        op,
        "engagements",
        1,
        sa.Column("engagement_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("organiser", sa.Text),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("substitute_for", sa.Text),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("clauses", JSONB, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        key=["engagement_id"],
        indexes=["on_day, engagement_id", "person_id, on_day"],
    )
    read_model(
        op,
        "research_days",
        1,
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        key=["person_id", "day", "version"],
    )
