"""The demonstration of a general hospital, which has one line: all of it is invented."""
