"""Mentoring: a model person leads several people, each towards goals and for a term."""
