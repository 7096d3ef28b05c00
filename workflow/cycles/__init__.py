"""Sync cycles: the same planning, deployment, implementation and inspection of the works on several lines."""
