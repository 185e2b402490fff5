"""agreements found by kind and name too, what closed a contradiction, who has not answered, and what an edit changed"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import store.types

revision = 'a3f6c1d09b77'
down_revision = 'd1e5b2c83f70'
branch_labels = None
depends_on = None

MOST_NAMES = 20


def upgrade() -> None:
    """Apply."""
    text = sqlmodel.sql.sqltypes.AutoString()
    op.add_column('agreement_pair', sa.Column('kind', text, nullable=False, server_default=''))
    op.add_column('agreement_party', sa.Column('kind', text, nullable=False, server_default=''))
    op.add_column('agreement_party', sa.Column('alone', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index('ix_agreement_pair_kind_last', 'agreement_pair', ['pair', 'kind', 'last_at'])
    op.create_index('ix_agreement_party_kind_last', 'agreement_party', ['side', 'kind', 'last_at'])
    op.create_index('ix_agreement_party_alone_last', 'agreement_party', ['side', 'alone', 'last_at'])
    op.create_table(
        'agreement_name',
        sa.Column('agreement_id', text, nullable=False),
        sa.Column('name', text, nullable=False),
        sa.Column('last_at', store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id']),
        sa.PrimaryKeyConstraint('agreement_id', 'name'),
    )
    op.create_index('ix_agreement_name_name_last', 'agreement_name', ['name', 'last_at'])
    op.create_index('ix_agreement_merged_into', 'agreement', ['merged_into'])
    with op.batch_alter_table('contradiction', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closed_by', text, nullable=True))
        batch_op.add_column(sa.Column('closed_reason', text, nullable=True))
    _new_tables()
    if op.get_bind().dialect.name == 'sqlite':      # not by a new table in the place of the old: what refers to its rows would forbid that
        op.execute('ALTER TABLE article ADD COLUMN superseded_by VARCHAR REFERENCES article (id)')
    else:
        op.add_column('article', sa.Column('superseded_by', text, nullable=True))
        op.create_foreign_key('fk_article_superseded_by', 'article', 'article', ['superseded_by'], ['id'])
    op.add_column('source', sa.Column('healthy_since', store.types.UtcDateTime(timezone=True), nullable=True))
    _fill_keys()


def _new_tables() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        'clock',
        sa.Column('id', text, nullable=False),
        sa.Column('agreement_id', text, nullable=False),
        sa.Column('side', text, nullable=False),
        sa.Column('claim_statement', text, nullable=False),
        sa.Column('started_at', store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column('due_at', store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column('answer', text, nullable=False),
        sa.Column('answer_statement', text, nullable=True),
        sa.Column('reason', text, nullable=False),
        sa.Column('changed_at', store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_clock_agreement_id', 'clock', ['agreement_id'])
    op.create_index('ix_clock_answer_due', 'clock', ['answer', 'due_at'])
    op.create_table(
        'edit',
        sa.Column('article_id', text, nullable=False),
        sa.Column('before_id', text, nullable=False),
        sa.Column('changes', sa.JSON(), nullable=False),
        sa.Column('found_at', store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['article_id'], ['article.id']),
        sa.ForeignKeyConstraint(['before_id'], ['article.id']),
        sa.PrimaryKeyConstraint('article_id'),
    )
    op.create_index('ix_edit_found_at', 'edit', ['found_at'])


def _fill_keys() -> None:
    agreement = sa.table('agreement', sa.column('id'), sa.column('kind'), sa.column('names', sa.JSON()),
                         sa.column('last_at', store.types.UtcDateTime(timezone=True)))
    named = sa.table('agreement_name', sa.column('agreement_id'), sa.column('name'), sa.column('last_at', store.types.UtcDateTime(timezone=True)))
    for name in ('agreement_pair', 'agreement_party'):
        keys = sa.table(name, sa.column('agreement_id'), sa.column('kind'))
        op.execute(keys.update().values(kind=sa.select(agreement.c.kind).where(agreement.c.id == keys.c.agreement_id).scalar_subquery()))
    party = sa.table('agreement_party', sa.column('agreement_id'), sa.column('alone', sa.Boolean()))
    others = sa.select(party.c.agreement_id).group_by(party.c.agreement_id).having(sa.func.count() == 1)
    op.execute(party.update().values(alone=True).where(party.c.agreement_id.in_(others)))
    for row in op.get_bind().execute(sa.select(agreement.c.id, agreement.c.names, agreement.c.last_at)).all():
        values = [{'agreement_id': row.id, 'name': name, 'last_at': row.last_at} for name in sorted(set(row.names))[:MOST_NAMES]]
        if values:
            op.execute(named.insert().values(values))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('source', schema=None) as batch_op:
        batch_op.drop_column('healthy_since')
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_constraint('fk_article_superseded_by', type_='foreignkey')
        batch_op.drop_column('superseded_by')
    op.drop_table('edit')
    op.drop_table('clock')
    with op.batch_alter_table('contradiction', schema=None) as batch_op:
        batch_op.drop_column('closed_reason')
        batch_op.drop_column('closed_by')
    op.drop_index('ix_agreement_merged_into', 'agreement')
    op.drop_table('agreement_name')
    for index in ('ix_agreement_party_alone_last', 'ix_agreement_party_kind_last'):
        op.drop_index(index, 'agreement_party')
    op.drop_index('ix_agreement_pair_kind_last', 'agreement_pair')
    for table, columns in {'agreement_party': ('kind', 'alone'), 'agreement_pair': ('kind',)}.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
