"""Field hearings: planned, notified, and held where the people are."""
