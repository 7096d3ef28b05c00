"""Qualities: what units are built for, scored period by period from outside, on evidence for each."""
