"""The log: every event of every service, to be searched and followed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chancery.store.migrate import read_model

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "log_entry",
        1,
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("pos", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("stream", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("matter", sa.Uuid, nullable=False),
        sa.Column("cause", sa.Uuid),
        sa.Column("business_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("post", sa.Text),
        sa.Column("capacity", sa.Text, nullable=False),
        sa.Column("acts_for", sa.Text),
        sa.Column("clauses", ARRAY(sa.Text), nullable=False),
        sa.Column("pack_rows", ARRAY(sa.Text), nullable=False),
        sa.Column("pack", sa.Text),
        sa.Column("pack_version", sa.Text),
        sa.Column("body", JSONB, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        key=["source", "pos"],
        indexes=["matter, recorded_at", "recorded_at, source, pos", "event_id", "type, recorded_at"],
    )
