"""`python -m tests.demo`: run the road with live progress and leave `.demo/summary.json`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.demo.play import play

ROOT = Path(__file__).parents[2]

raise SystemExit(play(ROOT / ".demo", dict(os.environ), keep=os.environ.get("KEEP", "") == "1", out=sys.stdout))
