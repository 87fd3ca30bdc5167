"""Who took which calendar address, and whether it answers still."""

import sqlalchemy as sa
from alembic import op

from chancery.store.migrate import read_model

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    read_model(
        op,
        "calendar_links",
        1,
        sa.Column("link_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("holder_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text),
        sa.Column("group_word", sa.Text),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        key=["link_id"],
        indexes=["holder_id, given_at"],
    )
