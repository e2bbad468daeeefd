"""The database behind the journal: its schema, its one writer, its owner. Knows no meaning."""
