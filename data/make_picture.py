#!/usr/bin/env python3
"""Makes the picture that the lab downloads: mountains at dusk, whose beacons send packets of light
to the hut by the lake. Nothing but mathematics: numpy, a fixed seed, and PIL for the JPEG.

Coordinates: u runs from 0 at the left to 1.5 at the right, v from 0 at the top to 1 at the bottom.
"""

import argparse
import io
import multiprocessing
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ASPECT = 1.5
SHORE = 0.73  # v of the lake's far shore
SUN = np.array([0.98, 0.585])
HUT = np.array([0.33, 0.695])
BEACONS = (0.175, 0.536, 0.713, 0.954, 1.3315)  # u of five summits
# Name, size aimed at, height in pixels, made into data/generated/ because git should not carry it.
PICTURES = {
    "Data.jpg": (2_500_000, 2400, False),
    "Data-50kB.jpg": (50_000, 480, False),
    "Data-500kB.jpg": (500_000, 1280, False),
    "Data-5MB.jpg": (5_000_000, 3200, False),
    "Data-50MB.jpg": (50_000_000, 8000, True),
}
TABLE = np.random.default_rng(2024).random((256, 256), dtype=np.float32)
SKY = [(0.00, (9, 14, 44)), (0.25, (35, 36, 92)), (0.42, (104, 66, 128)), (0.53, (206, 110, 122)),
       (0.60, (250, 168, 110)), (0.66, (255, 212, 150))]  # fmt: skip
# Mountain ranges from far to near: height of the foot, of the peaks, roughness, seed, colour.
RANGES = [(0.63, 0.16, 3.0, 3, (164, 112, 142)), (0.665, 0.23, 2.6, 11, (108, 78, 122)),
          (0.69, 0.16, 3.6, 23, (66, 56, 98)), (0.715, 0.10, 5.0, 31, (34, 36, 66)),
          (0.735, 0.055, 7.0, 47, (14, 19, 36))]  # fmt: skip


def smooth(t):
    return t * t * (3 - 2 * t)


def noise(x, y):
    """Value noise: random heights on a lattice, smoothly joined; 0 to 1."""
    column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    a, b = smooth(x - column), smooth(y - row)
    left, right, top, bottom = column & 255, (column + 1) & 255, row & 255, (row + 1) & 255
    upper = TABLE[top, left] * (1 - a) + TABLE[top, right] * a
    lower = TABLE[bottom, left] * (1 - a) + TABLE[bottom, right] * a
    return upper * (1 - b) + lower * b


def fractal(x, y, octaves):
    """Noise upon noise, each octave twice as fine and half as high (Perlin 1985); 0 to 1."""
    total, scale = np.zeros(np.broadcast(x, y).shape, np.float32), 0.5
    for octave in range(octaves):
        total += scale * noise(x * 2**octave + 17 * octave, y * 2**octave + 31 * octave)
        scale /= 2
    return total / (1 - 0.5**octaves)


def mix(colour, other, share):
    return colour + (np.asarray(other, np.float32) - colour) * share[..., None]


def sky(u, v):
    stops = [stop for stop, _ in SKY]
    colour = np.stack([np.interp(v, stops, [c[i] for _, c in SKY]) for i in range(3)], axis=-1)
    colour = colour.astype(np.float32)
    distance = np.hypot(u - SUN[0], v - SUN[1])
    colour = mix(colour, (255, 226, 170), 0.75 * np.exp(-((distance / 0.16) ** 1.3)))
    streaks = fractal(u * 3 + v * 5, v * 26, 5)
    veil = np.clip((streaks - 0.47) * 3.4, 0, 1) * np.clip((v - 0.08) * 3, 0, 1)
    lit = np.exp(-((distance / 0.42) ** 2))[..., None]
    cloud = np.array([96, 66, 118], np.float32) * (1 - lit) + np.array([255, 158, 112]) * lit
    colour = colour + (cloud - colour) * (0.75 * veil)[..., None]
    disc = np.clip((0.034 - distance) / 0.0018, 0, 1)
    return mix(colour, (255, 246, 220), disc)


def crest(u, foot, height, roughness, seed):
    """v of a range's skyline above each u: folded noise has the sharp peaks of mountains."""
    total, scale = np.zeros_like(u), 0.55
    for octave in range(8):
        fold = 1 - np.abs(2 * noise(u * roughness * 2**octave + 5 * seed, np.float32(seed)) - 1)
        total += scale * (fold * fold if octave < 3 else fold)
        scale *= 0.47
    return foot - height * total


def trees(u, seed):
    """Heights of a row of firs: one triangle in each small cell, some taller than others."""
    tallest = np.zeros_like(u)
    for row, pitch in enumerate((0.0052, 0.0037, 0.0071)):
        cell = np.floor(u / pitch).astype(np.int32)
        size = TABLE[(cell * 7) & 255, seed + row] * 0.6 + 0.4
        middle = (cell + 0.35 + 0.3 * TABLE[(cell * 3) & 255, seed + row + 9]) * pitch
        wide = 1 - np.abs(u - middle) / (pitch * 0.42)
        tallest = np.maximum(tallest, np.clip(wide, 0, 1) * size * pitch * 3.2)
    return tallest


def land(colour, u, v):
    """Paints the ranges over the sky, each lit from the sun's side and paling towards its foot."""
    for index, (foot, height, roughness, seed, paint) in enumerate(RANGES):
        skyline = crest(u, foot, height, roughness, seed)
        if index >= 3:
            skyline = skyline - trees(u, seed) * (0.7 if index == 3 else 1.5)
        depth = v - skyline
        rock = fractal(u * 34 + seed + depth * 22, v * 46 - depth * 30, 6) - 0.5
        slope = crest(u + 0.004, foot, height, roughness, seed) - skyline
        facing = np.tanh(slope * 60 * np.sign(u - SUN[0]))
        near = np.exp(-(((u - SUN[0]) / 0.5) ** 2))
        light = 1 + (0.9 * rock + 0.16 * facing) * (1.2 if index < 3 else 0.5)
        face = np.asarray(paint, np.float32) * light[..., None]
        snow = np.clip((rock * 1.6 + 0.22 - depth * 7) * 5, 0, 1) * (index in (1, 2))
        face = mix(face, (232, 196, 204), 0.55 * snow)
        haze = np.clip(depth / (height * 0.95), 0, 1) ** 1.5 * (0.62 - 0.12 * index)
        face = mix(face, (244, 176, 146), haze * (0.45 + 0.55 * near))
        edge = np.clip(depth / 0.0009, 0, 1)[..., None]
        colour = colour + (face - colour) * edge
    return colour


def lake(u, v):
    """The scene turned upside down, shaken by waves that grow towards the viewer."""
    depth = np.maximum(v - SHORE, 0) / (1 - SHORE)
    stretch = 1 / (0.03 + depth)
    waves = fractal(u * (6 + 10 * stretch), 90 * np.log(0.06 + depth), 4) - 0.5
    mirrored = SHORE - (v - SHORE) * 1.35 + waves * (0.004 + 0.085 * depth)
    reflection = scene(u + waves * 0.025 * depth, np.clip(mirrored, 0, SHORE - 0.012))
    colour = mix(reflection * 0.86, (12, 20, 48), 0.18 + 0.5 * smooth(depth))
    glitter = np.clip(waves - 0.13, 0, 1) * np.exp(-(((u - SUN[0]) / (0.05 + 0.16 * depth)) ** 2))
    return colour + glitter[..., None] * np.array([620, 430, 260], np.float32)


def scene(u, v):
    return land(sky(u, v), u, v)


def light(image, u, v, radius, colour, strength, tall=1.0):
    """Adds one glowing point, changing only the pixels around it."""
    height = image.shape[0]
    reach = int(radius * height * 4) + 2
    x, y = u * height, v * height
    columns = np.arange(max(0, int(x) - reach), min(image.shape[1], int(x) + reach + 1))
    rows = np.arange(max(0, int(y - reach * tall)), min(height, int(y + reach * tall) + 1))
    if not len(columns) or not len(rows):
        return
    square = ((columns - x) ** 2)[None, :] + ((rows - y) ** 2)[:, None] / tall**2
    glow = np.exp(-square / (2 * (radius * height) ** 2))[..., None]
    window = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    paint = 255 - (255 - window) * (1 - np.clip(strength * glow * np.asarray(colour) / 255, 0, 1))
    window[...] = paint


def stars(image):
    random = np.random.default_rng(7)
    for _ in range(700):
        u, v, bright = random.random() * ASPECT, random.random() ** 1.5 * 0.5, random.random() ** 5
        strength = (0.22 + 0.75 * bright) * np.clip(1 - v / 0.46, 0, 1)
        light(image, u, v, 0.0006 + 0.0012 * bright, (236, 240, 255), strength)


def mirrored(v):
    return SHORE + (SHORE - v) / 1.35


def skyline(u):
    return min(float(crest(np.array([u], np.float32), *shape)[0]) for *shape, _ in RANGES)


def packets(image):
    """Five servers send to one client, each at a pace of its own: an arc of packets apiece."""
    colours = [(120, 220, 255), (255, 214, 120), (160, 255, 190), (255, 150, 200), (190, 170, 255)]
    for u, colour, count in zip(BEACONS, colours, (23, 27, 37, 45, 51)):
        beacon = np.array([u, skyline(u)])
        middle = (beacon + HUT) / 2 - np.array([0, 0.16 + 0.42 * abs(u - HUT[0])])
        for k in range(count):
            t = (k + 0.5) / count
            u, v = (1 - t) ** 2 * beacon + 2 * t * (1 - t) * middle + t**2 * HUT
            light(image, u, v, 0.0078, colour, 0.16 + 0.16 * t)
            light(image, u, v, 0.0021, (255, 255, 255), 0.95)
            light(image, u, mirrored(v), 0.0028, colour, 0.30, tall=4)
        light(image, *beacon, 0.02, colour, 0.55)
        light(image, *beacon, 0.0042, (255, 255, 255), 1)


def hut(image):
    """A small dark house with a lit window, where all the packets go."""
    height = image.shape[0]
    u, v = HUT
    wide, low, eaves = 0.017, 0.728, 0.708
    rows = np.arange(int((v - 0.012) * height), int(low * height))
    for row in rows:
        y = row / height
        half = wide if y > eaves else wide * 1.25 * (y - v + 0.012) / (eaves - v + 0.012)
        image[row, int((u - half) * height) : int((u + half) * height)] = (17, 15, 26)
    window = slice(int(0.7135 * height), int(0.7215 * height))
    image[window, int((u - 0.006) * height) : int((u + 0.006) * height)] = (255, 214, 130)
    light(image, u, 0.717, 0.03, (255, 190, 100), 0.55)
    light(image, u, 0.735, 0.008, (255, 190, 100), 0.5, tall=5)


def paint(height, first, last):
    """The rows from first to last, before lights and grain."""
    width = round(height * ASPECT)
    u = ((np.arange(width, dtype=np.float32) + 0.5) / height)[None, :]
    v = ((np.arange(first, last, dtype=np.float32) + 0.5) / height)[:, None]
    shore = int(np.count_nonzero(np.arange(first, last) < SHORE * height))
    colour = np.empty((last - first, width, 3), np.float32)
    if shore > 0:
        colour[:shore] = scene(u, v[:shore])
    if shore < last - first:
        colour[shore:] = lake(u, v[shore:])
    return colour


def render(height):
    """The picture, painted in bands, on all processors, so that memory stays small."""
    width = round(height * ASPECT)
    image = np.empty((height, width, 3), np.uint8)
    random = np.random.default_rng(99)
    band = max(1, 1_500_000 // width)
    bands = [(height, first, min(height, first + band)) for first in range(0, height, band)]
    with multiprocessing.Pool() as pool:
        for colour, (_, first, last) in zip(pool.imap(paint_band, bands), bands):
            colour += random.normal(0, 2.2, colour.shape[:2]).astype(np.float32)[..., None]  # grain
            image[first:last] = np.clip(colour, 0, 255)
    stars(image)
    packets(image)
    hut(image)
    return Image.fromarray(image)


def paint_band(band):
    return paint(*band)


def encode(picture, quality):
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, subsampling=0 if quality > 90 else 2)
    return buffer.getvalue()


def encode_near(picture, wanted_bytes):
    """The JPEG whose size comes nearest, by a search for the quality."""
    low, high, best = 20, 100, b""
    while low <= high:
        quality = (low + high) // 2
        data = encode(picture, quality)
        if not best or abs(len(data) - wanted_bytes) < abs(len(best) - wanted_bytes):
            best = data
        low, high = (quality + 1, high) if len(data) < wanted_bytes else (low, quality - 1)
    return best


def main():
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="known names: "
        + ", ".join(f"{name} ({size / 1e6:g} MB)" for name, (size, _, _) in PICTURES.items())
        + ". Sizes are met within about 15 %. Data-50MB.jpg goes to data/generated/, takes"
        " about five minutes and 1 GB of memory.")  # fmt: skip
    parser.add_argument("names", nargs="*", metavar="NAME", help="which (default: all but 50 MB)")
    parser.add_argument("--out", type=Path, help="folder to write to (default: data/)")
    options = parser.parse_args()
    for name in options.names or [name for name in PICTURES if not PICTURES[name][2]]:
        if name not in PICTURES:
            parser.error(f"{name}: not one of {', '.join(PICTURES)}")
        wanted_bytes, height, generated = PICTURES[name]
        folder = options.out or (here / "generated" if generated else here)
        folder.mkdir(parents=True, exist_ok=True)
        data = encode_near(render(height), wanted_bytes)
        (folder / name).write_bytes(data)
        print(f"{folder / name}: {len(data)} bytes, {round(height * ASPECT)} x {height} pixels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
