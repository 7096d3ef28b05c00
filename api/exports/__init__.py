"""Exports: the log and what it tells, as files that others read without us."""
