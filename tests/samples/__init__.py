"""Makers of small real models, written by this project: `python -m tests.samples OUTDIR`."""
