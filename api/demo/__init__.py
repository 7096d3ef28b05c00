"""The demonstrations: invented organisations, and how their history comes to be by real commands."""
