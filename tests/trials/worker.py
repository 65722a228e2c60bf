"""`accession work` with a work side that judges by what the upload says of itself: the queue is real, the boxes are not."""

from __future__ import annotations
