"""Lines a second on one core: Grapheion, Tesseract and kraken's default network on the same strips of 48 x 800 pixels, by turns.

Needs Python with Pillow; compares with what is installed: `tesseract` with the language grc, the Python packages torch and kraken. No part of
the product.

    python3 Tests/Compare/reader-speed.py .build/release/grapheion
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from PIL import Image

LINES, ROUNDS = 96, 3
# kraken's default recogniser (kraken/configs/vgsl.py: what its training uses when nothing is said), with an output for 25 classes.
KRAKEN = ("[1,120,0,1 Cr3,13,32 Do0.1,2 Mp2,2 Cr3,13,32 Do0.1,2 Mp2,2 Cr3,9,64 Do0.1,2 Mp2,2 Cr3,9,64 Do0.1,2 "
          "S1(1x0)1,3 Lbx200 Do0.1,2 Lbx200 Do0.1,2 Lbx200 Do O1c25]")
ONE = {**os.environ, "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}


def strips(program, folder):
    """Drawn lines brought to 48 rows, set side by side until 800 columns are full."""
    subprocess.run([program, "scribe", "--lines", "scribe", "--count", "300", "--to", folder], check=True,
                   stdout=subprocess.DEVNULL)
    source = folder + "/scribe-undamaged"
    queue = sorted(f for f in os.listdir(source) if f.endswith(".png"))
    paths = []
    for number in range(LINES):
        page, x = Image.new("L", (800, 48), 200), 0
        while x < 800:
            line = Image.open(f"{source}/{queue[0]}").convert("L")
            queue = queue[1:] + queue[:1]
            line = line.resize((max(1, line.width * 48 // line.height), 48))
            page.paste(line, (x, 0))
            x += line.width
        paths.append(f"{folder}/strip-{number:03}.png")
        page.save(paths[-1])
    return paths


def run(command):
    start = time.perf_counter()
    subprocess.run(["taskset", "-c", "0", *command], check=True, env=ONE, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def kraken_rate(paths):
    """Forward passes of the network alone, which is nearly all of kraken's time; None where kraken is not installed."""
    try:
        import numpy
        import torch
        from kraken.lib import vgsl
    except ImportError:
        return None
    torch.set_num_threads(1)
    net = vgsl.TorchVGSLModel(vgsl=KRAKEN)
    net.eval()
    images = [numpy.array(Image.open(p).resize((2000, 120)), dtype=numpy.float32) / 255 for p in paths[:12]]
    start = time.perf_counter()
    with torch.no_grad():
        for image in images:
            net.nn(torch.from_numpy(image)[None, None])
    return len(images) / (time.perf_counter() - start)


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/grapheion")
    os.sched_setaffinity(0, {0})
    rates = {}
    with tempfile.TemporaryDirectory() as folder:
        paths = strips(program, folder)
        names = folder + "/list.txt"
        with open(names, "w") as out:
            out.write("\n".join(paths))
        for _ in range(ROUNDS):
            for name, more in (("grapheion --fast", ["--fast"]), ("grapheion", [])):
                rates.setdefault(name, []).append(LINES / run([program, "read", "--line", "--json", *more, *paths]))
            if shutil.which("tesseract"):
                command = ["tesseract", names, folder + "/out", "-l", "grc", "--psm", "7"]
                rates.setdefault("tesseract grc", []).append(LINES / run(command))
            rate = kraken_rate(paths)
            if rate:
                rates.setdefault("kraken's default network", []).append(rate)
    for name, values in rates.items():
        print(f"{name:28} {statistics.median(values):7.1f} lines a second")
    for missing in {"tesseract grc", "kraken's default network"} - rates.keys():
        print(f"{missing:28} not installed")


main()
