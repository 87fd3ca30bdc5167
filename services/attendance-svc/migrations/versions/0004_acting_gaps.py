"""For whom nobody is named to act, since when, and who has to name somebody."""

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
        "acting_gaps",
        1,
        sa.Column("acting_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("principal_id", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("absence_id", sa.Uuid, nullable=False),
        sa.Column("to_name", JSONB, nullable=False),
        sa.Column("tell", JSONB, nullable=False),
        sa.Column("clauses", JSONB, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        key=["acting_id", "version"],
        indexes=["since, acting_id", "absence_id"],
    )
