"""Indicators: what is measured, what was reported, and which colour that makes."""
