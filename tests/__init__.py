"""Tests lie as the code does; `tests/stories` tells whole days in the life of an institution."""
