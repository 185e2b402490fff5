"""Benches: what Sayso costs, each figure beside that of a plain alternative on the same input in the same run."""
