"""Service to the people: teams, check-ins with communities, activities, visits of petitioners, and what people need."""
