"""`make demo`: a local GitHub, a local Zenodo, the real bot between them, and three uploads on their way."""
