"""A work side that misbehaves; `WORK_MODE` is not handed on by the parent, so the mode is its argument."""

# ruff: noqa: T201, UP031 - printing is all it does

import json
import os
import sys
import time
from pathlib import Path

mode, state = sys.argv[1], Path(sys.argv[2])
starts = len(state.read_text()) if state.exists() else 0
state.write_text("x" * (starts + 1))
Path(f"{state}.env").write_text(json.dumps(dict(os.environ)))

for line in sys.stdin:
    request = json.loads(line)
    number = request["id"]
    digest = {"id": number, "answer": {"digest": "a" * 64}}
    if mode == "dies-once" and starts == 0:
        os._exit(1)
    if mode == "dies":
        os._exit(1)
    if mode == "slow":
        time.sleep(60)
    if mode == "garbage":
        print("no json")
    elif mode == "huge":
        print("x" * 10_000_000)
    elif mode == "nan":
        print('{"id": %d, "answer": {"digest": NaN}}' % number)
    elif mode == "large-report":
        print(json.dumps({"id": number, "answer": {"schema": "accession/report/1", "padding": "x" * 300_000}}))
    elif mode == "wrong-report":
        print(json.dumps({"id": number, "answer": {"schema": "accession/report/1", "outcome": "passed"}}))
    elif mode == "wrong-blob":
        print(json.dumps({"id": number, "answer": {"base64": "aGVsbG8="}}))
    elif mode == "no-answer":
        print(json.dumps({"id": number}))
    elif mode == "error":
        print(json.dumps({"id": number, "error": {"message": "m" * 9000, "reason": "r", "transient": True}}))
    elif mode == "out-of-order":
        print(json.dumps({"id": number + 1000, "answer": {"digest": "b" * 64}}))
        print(json.dumps(digest))
    else:
        print(json.dumps(digest))
    sys.stdout.flush()
