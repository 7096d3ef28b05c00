"""Programmes: items that people, or units, carry out within a period, each shown and verified by somebody else."""
