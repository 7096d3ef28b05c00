"""Honours of people, units, brands and case teams: conferred at a level for a matter, revoked, or recorded wrongly."""
