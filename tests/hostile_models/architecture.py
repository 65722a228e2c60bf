"""The architecture file of every hostile upload, put after `attacks.py`: a right network that makes one of the attacks.

It is uploaded with `ATTACK` and `MOMENT` written into it, and never imported here.
"""

import torch

ATTACK, MOMENT = "", "forward"


def strike(moment, raw=None):
    """The chosen attack at its moment; what it returns stands in for the output."""
    return globals()[ATTACK](raw) if ATTACK and moment == MOMENT else None


class BlurSharpen(torch.nn.Module):
    """The sample's network, with its numbers given."""

    def __init__(self, gain, bias):
        super().__init__()
        blur = torch.tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
        sharpen = torch.tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]) * gain
        self.register_buffer("blur", blur[None, None].float(), persistent=False)
        self.register_buffer("sharpen", sharpen[None, None].float(), persistent=False)
        self.register_buffer("shift", torch.tensor([bias]).float(), persistent=False)
        strike("init")

    def forward(self, raw):
        instead = strike("forward", raw)
        if instead is not None:
            return instead
        blurred = torch.nn.functional.conv2d(raw, self.blur, padding=1)
        return torch.sigmoid(torch.nn.functional.conv2d(blurred, self.sharpen, self.shift, padding=1))


strike("import")
