"""the side of a statement as its article was read, where the ledger calls it otherwise"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = 'd1e5b2c83f70'
down_revision = 'c7d90a4e1b56'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('read_as', sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.drop_column('read_as')
