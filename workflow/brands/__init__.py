"""Brands: a tree of what units stand for, applied for, reviewed, listed, checked and renewed year by year."""
