"""Duties: what units owe in each period, until when, and whether they did it."""
