"""Shadows: what was recorded, judged again under a charter that need not be in force."""
