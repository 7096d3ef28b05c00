"""Dual reports: one report about several lines, signed by several levels of the chain and received on each line."""
