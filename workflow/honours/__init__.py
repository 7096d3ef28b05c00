"""Honours: who was honoured, at which level, for what; and honours that were revoked."""
