"""Study: sessions of several tiers, who was there, and who made up for it."""
