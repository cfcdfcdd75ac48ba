"""Lines in the letter forms of later bookhands, of which no training letter is: how a reader fares out of its own centuries.

Coptic scribes kept the Greek bookhand of late antiquity (lunate epsilon and sigma, round alpha and mu), and type was cut after it: Noto Sans Coptic
and SIL Sophia Nubian (Debian: fonts-noto-core, fonts-sil-sophia-nubian; both under the Open Font License). Their letters are set, bent, faded, put
between two neighbour lines on a noisy ground and blurred by code that shares nothing with Scribe. Needs Python with Pillow and numpy; no part of
the product.

    grapheion scribe --lines letters.tar --texts texts.tsv.xz --count 200 --to texts      # for its .gt.txt files
    python3 Tests/Compare/bookhands.py texts lines [small|large|faint|blur|tight|slope|holes|wide|narrow]
    grapheion evaluate --truth lines
"""
import pathlib
import random
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FOLDER = "/usr/share/fonts/truetype/"
# The first Coptic letter of each font's alphabet: capitals, or small letters of the same shape.
FONTS = [
    (FOLDER + "noto/NotoSansCoptic-Regular.ttf", 0),
    (FOLDER + "sophia-nubian/SNR.ttf", 1),
    (FOLDER + "sophia-nubian/SNB.ttf", 1),
    (FOLDER + "sophia-nubian/SNI.ttf", 1),
]
GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
# Places in the Coptic block, which has a letter for six between epsilon and zeta.
COPTIC = [0x2C80 + 2 * (i if i < 5 else i + 1) for i in range(24)]

chance = random.Random(7)
noise = np.random.RandomState(7)


def cloud(height, width, scale):
    """Smooth noise between 0 and 1."""
    grid = noise.rand(max(2, int(height / scale) + 2), max(2, int(width / scale) + 2))
    return np.asarray(Image.fromarray((grid * 255).astype("uint8")).resize((width, height), Image.BICUBIC), float) / 255


def photograph(text, others, path, offset):
    size = chance.choice([36, 48, 60, 80])
    font = ImageFont.truetype(path, size)
    gap = chance.uniform(-0.02, 0.08) * size
    glyphs = {letter: chr(place + offset) for letter, place in zip(GREEK, COPTIC)}
    places, x = [], 0.5 * size
    for letter in text:
        places.append(x)
        x += font.getlength(glyphs[letter]) + gap + chance.gauss(0, 0.015 * size)
    width, height = int(x + 0.5 * size), int(1.9 * size)
    ink = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(ink)
    base, slope = 0.68 * height, chance.gauss(0, 0.01)
    for letter, x in zip(text, places):
        y = base + slope * (x - width / 2) + chance.gauss(0, 0.015 * size)
        draw.text((x, y), glyphs[letter], font=font, fill=255, anchor="ls")
    if chance.random() < 0.7:
        for side in (-1, 1):
            x = chance.uniform(0, size)
            for letter in chance.choice(others):
                y = base + side * size * chance.uniform(1.15, 1.3)
                draw.text((x, y), glyphs[letter], font=font, fill=255, anchor="ls")
                x += font.getlength(glyphs[letter])
    dark = np.asarray(ink.filter(ImageFilter.GaussianBlur(0.012 * size)), float) / 255
    down, across = np.mgrid[0:height, 0:width]
    bend = [(cloud(height, width, 0.5 * size) - 0.5) * 0.05 * size for _ in range(2)]
    rows = np.clip(np.round(down + bend[0]), 0, height - 1).astype(int)
    columns = np.clip(np.round(across + bend[1]), 0, width - 1).astype(int)
    dark = dark[rows, columns] * (0.55 + 0.45 * cloud(height, width, 0.25 * size))
    ground = 165 + 25 * (cloud(height, width, 200) - 0.5) + 30 * (cloud(height, width, 3) - 0.5)
    ground += 14 * (noise.rand(height, 1) - 0.5)
    grey = ground * (1 - dark) + dark * (60 + 15 * cloud(height, width, 5)) + 4 * noise.randn(height, width)
    image = Image.fromarray(np.clip(grey, 0, 255).astype("uint8"))
    return image.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.2)))


def worsened(image, kind):
    width, height = image.size
    if kind in ("small", "large"):
        tall = 24 if kind == "small" else 400
        return image.resize((max(1, width * tall // height), tall), Image.LANCZOS)
    if kind in ("wide", "narrow"):
        return image.resize((int(width * (1.5 if kind == "wide" else 0.65)), height), Image.LANCZOS)
    if kind == "faint":
        grey = (np.asarray(image, float) - 150) * 0.25 + 150 + 5 * noise.randn(height, width)
        return Image.fromarray(np.clip(grey, 0, 255).astype("uint8"))
    if kind == "blur":
        return image.filter(ImageFilter.GaussianBlur(0.03 * height))
    if kind == "tight":
        return image.crop((0, int(0.24 * height), width, int(0.76 * height)))
    if kind == "slope":
        return image.rotate(chance.choice([-2.5, 2.5]), expand=True, fillcolor=160, resample=Image.BICUBIC)
    if kind == "holes":
        draw = ImageDraw.Draw(image)
        for _ in range(int(1.5 * width / height)):
            x, y, r = chance.uniform(0, width), chance.uniform(0, height), chance.uniform(0.05, 0.25) * height
            draw.ellipse((x - r, y - 0.7 * r, x + r, y + 0.7 * r), fill=chance.choice([20, 235]))
        return image
    sys.exit(f"bookhands: '{kind}' is none of small, large, faint, blur, tight, slope, holes, wide, narrow")


def main():
    texts = [path.read_text().strip() for path in sorted(pathlib.Path(sys.argv[1]).glob("*.gt.txt"))]
    texts = [text for text in texts if 8 <= len(text) <= 30 and all(letter in GREEK for letter in text)]
    if not texts:
        sys.exit(f"bookhands: {sys.argv[1]} holds no .gt.txt of 8 to 30 Greek capitals")
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for number in range(400):
        text = chance.choice(texts)
        image = photograph(text, texts, *FONTS[number % len(FONTS)])
        if len(sys.argv) > 3:
            image = worsened(image, sys.argv[3])
        image.save(target / f"{number}.png")
        (target / f"{number}.gt.txt").write_text(text + "\n")


if __name__ == "__main__":
    main()
