"""What people need: raised, assigned, resolved, and rated by whoever raised it."""
