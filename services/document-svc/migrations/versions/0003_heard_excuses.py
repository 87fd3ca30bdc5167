"""What was excused and claimed for the matters heard of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    read_model(
        op,
        "heard_excuses",
        1,
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("whole", JSONB, nullable=False),
        key=["matter_id", "no"],
    )
