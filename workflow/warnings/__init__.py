"""Warnings: the closed loop from raised to closed out, and reopened."""
