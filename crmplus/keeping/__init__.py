"""Keeping what is in the database: backups, bringing one back, and proving a file sound."""
