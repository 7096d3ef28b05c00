"""Visits: the matter of a petitioner, carried by a named person until it is closed."""
