"""The composition root of `accession launcher`."""
