"""Assessments: people and units scored, graded within quotas, published, appealed against, and revised."""
