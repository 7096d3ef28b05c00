"""The ledger: a Merkle tree over the entries of the log, signed from time to time, so that the log proves itself."""
