"""The composition root of `accession serve`."""
