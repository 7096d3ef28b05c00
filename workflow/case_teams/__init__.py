"""Case teams: who handles a case together, who leads, and who must have no part in it."""
