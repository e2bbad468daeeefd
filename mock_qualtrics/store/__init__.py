"""The database behind the journal: its schema, its one writer, its owner.

It does not know what the rows mean.
"""
