"""Runs where torch is, alone, as `python -c`: tasks as JSON on stdin, files as JSON on stdout (see in_images.py)."""

import base64
import io
import json
import os
import sys

ANSWER = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever a library prints is no part of the answer

import torch  # noqa: E402 - it may print


class BlurSharpen(torch.nn.Module):
    """Channels first; the sigmoid is its own end."""

    def __init__(self):
        super().__init__()
        self.blur = torch.nn.Conv2d(1, 1, 3, padding=1, bias=False)
        self.sharpen = torch.nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, raw):
        return torch.sigmoid(self.sharpen(self.blur(raw)))


def main(task):
    """`torchscript`: the module, traced; `state_dict`: its numbers under the names that the task gives."""
    tensors = {name: torch.tensor(values, dtype=torch.float32) for name, values in task["state"].items()}
    buffer = io.BytesIO()
    if task["kind"] == "torchscript":
        module = BlurSharpen()
        module.load_state_dict(tensors)
        torch.jit.save(torch.jit.trace(module.eval(), torch.zeros(1, 1, 8, 8)), buffer)
    else:
        torch.save(tensors, buffer)
    return {task["file"]: buffer.getvalue()}, {"pytorch_version": torch.__version__.partition("+")[0]}


def answer(task):
    """As JSON."""
    files, versions = main(task)
    return {
        "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
        "versions": versions,
    }


json.dump([answer(task) for task in json.load(sys.stdin)], ANSWER)
ANSWER.close()
