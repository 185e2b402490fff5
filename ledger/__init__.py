"""The ledger: which agreement a statement is about, each side's position, and who contradicts whom. Pure functions."""
