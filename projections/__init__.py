"""What the events mean, now or then: read-only, disposable, rebuilt at will."""
