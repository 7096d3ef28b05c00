"""What requests may hold: shapes only, no rule. What is not named here is refused."""
