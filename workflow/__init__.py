"""What may happen, and what did: the only code that writes events."""
