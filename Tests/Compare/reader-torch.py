"""The reader's network in PyTorch, and how fast it trains there: to set beside `grapheion bench training`.

Needs Python with torch; no part of the product. Same layers, same loss, same optimiser, 16 lines of 48 x 800 pixels a step:

    taskset -c 0 python3 Tests/Compare/reader-torch.py [THREADS]
"""
import statistics
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F


class Norm(nn.LayerNorm):
    """Layer norm over channels of a map [N, C, ...]."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class Block(nn.Module):
    """x + project(rectify(expand(norm(depthwise(x)))))."""

    def __init__(self, channels, inside, taps):
        super().__init__()
        conv = nn.Conv2d if len(taps) == 2 else nn.Conv1d
        self.depthwise = conv(channels, channels, taps, padding=tuple(t // 2 for t in taps), groups=channels)
        self.norm = nn.LayerNorm(channels)
        self.expand = nn.Linear(channels, inside)
        self.project = nn.Linear(inside, channels)

    def forward(self, x):
        y = self.norm(self.depthwise(x).movedim(1, -1))
        return x + self.project(F.relu(self.expand(y))).movedim(-1, 1)


class Reader(nn.Module):
    """`ReaderConfig()` of Sources/Inference/Network/ReaderConfig.swift."""

    def __init__(self, stem=(32, 64, 96), stem_blocks=(2, 2), width=192, expansion=576, blocks=6, taps=9, classes=25):
        super().__init__()
        a, b, c = stem
        self.stem = nn.Sequential(
            nn.Conv2d(1, a, 5, stride=2, padding=2), nn.ReLU(),
            nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False), Norm(b), nn.ReLU(),
            *[Block(b, 2 * b, (5, 5)) for _ in range(stem_blocks[0])],
            nn.Conv2d(b, c, 3, stride=(2, 1), padding=1, bias=False), Norm(c), nn.ReLU(),
            *[Block(c, 2 * c, (5, 5)) for _ in range(stem_blocks[1])])
        self.join = nn.Linear(6 * c, width)
        self.blocks = nn.Sequential(*[Block(width, expansion, (taps,)) for _ in range(blocks)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.join(self.stem(x).permute(0, 3, 2, 1).flatten(2)).movedim(2, 1)
        return self.head(self.norm(self.blocks(x).movedim(1, 2))).float().log_softmax(2)


def rate(halves, lines=16, columns=800, steps=5):
    """Lines a second: the median of a few steps after one to warm up."""
    torch.manual_seed(1)
    net = Reader()
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-4, betas=(0.9, 0.98))
    x = torch.rand(lines, 1, 48, columns) * (torch.rand(lines, 1, 48, columns) < 0.15)
    labels = torch.randint(1, 25, (lines, columns // 20))
    frames = torch.full((lines,), columns // 4)
    letters = torch.full((lines,), columns // 20)
    times = []
    for _ in range(steps + 1):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=halves):
            out = net(x)
        loss = F.ctc_loss(out.transpose(0, 1), labels, frames, letters, reduction="sum") / (lines * columns // 20)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        times.append(time.perf_counter() - start)
    return lines / statistics.median(times[1:])


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    print("parameters", sum(p.numel() for p in Reader().parameters()), "torch", torch.__version__)
    for halves in (False, True):
        print("bfloat16" if halves else "float", round(rate(halves), 1), "lines of 48 x 800 a second")
