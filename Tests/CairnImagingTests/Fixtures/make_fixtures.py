"""Writes the image fixtures beside it, and what Pillow makes of them (NAME.expected.png).

Run as `python make_fixtures.py` with Pillow 13, numpy and pillow-heif. The small picture of most fixtures is 24 x 16 with
R = 10 x, G = 15 y, B = 5 x + 3 y, which the tests know without reading it from anywhere.
"""

import io
import pathlib
import struct

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

HERE = pathlib.Path(__file__).parent
pillow_heif.register_heif_opener()

WIDTH, HEIGHT = 24, 16


def picture():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return Image.fromarray(np.stack([10 * x, 15 * y, 5 * x + 3 * y], -1).astype(np.uint8))


def save(image, name, **options):
    image.save(HERE / name, **options)


def expect(image, name):
    image.save(HERE / f"{name}.expected.png", optimize=True)


def over_white(image):
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")


def exif(orientation=None, time=None, zone=None, position=None):
    block = Image.Exif()
    if orientation:
        block[0x0112] = orientation
    if time:
        block.get_ifd(0x8769)[0x9003] = time
    if zone:
        block.get_ifd(0x8769)[0x9011] = zone
    if position:
        gps = block.get_ifd(0x8825)
        gps.update(position)
    return block


def profile(primaries, gamma, description):
    """A version 2 matrix profile: three primaries (D50-adapted XYZ) and one gamma."""
    text = description.encode() + b"\0"
    desc = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)
    desc += bytes(-len(desc) % 4)
    fixed = lambda v: struct.pack(">i", round(v * 65536))
    xyz = lambda v: b"XYZ " + bytes(4) + b"".join(map(fixed, v))
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    blocks = [desc, xyz((0.9642, 1.0, 0.8249)), *map(xyz, primaries), curve]
    offsets, position = [], 128 + 4 + 12 * 9
    for block in blocks:
        offsets.append(position)
        position += len(block)
    order = [(b"desc", 0), (b"cprt", 0), (b"wtpt", 1), (b"rXYZ", 2), (b"gXYZ", 3), (b"bXYZ", 4),
             (b"rTRC", 5), (b"gTRC", 5), (b"bTRC", 5)]
    tags = b"".join(t + struct.pack(">II", offsets[i], len(blocks[i])) for t, i in order)
    header = struct.pack(">I4sI4s4s4s", position, bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + b"".join(map(fixed, (0.9642, 1.0, 0.8249))) + bytes(48)
    return header + struct.pack(">I", 9) + tags + b"".join(blocks)


ADOBE_LIKE = profile([(0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)],
                     563 / 256, "wide")


def converted(image, data):
    return ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(data)), ImageCms.createProfile("sRGB"),
                                     renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)


def main():
    base = picture()

    # Stored so that applying the tag gives the picture again.
    inverse = {1: None, 2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM,
               5: Image.TRANSPOSE, 6: Image.ROTATE_90, 7: Image.TRANSVERSE, 8: Image.ROTATE_270}
    for orientation, operation in inverse.items():
        stored = base if operation is None else base.transpose(operation)
        save(stored, f"orientation_{orientation}.jpg", quality=95, subsampling=0, exif=exif(orientation))
    turned = base.transpose(Image.ROTATE_90)
    for name in ("png", "webp", "tiff", "avif"):
        options = {"webp": {"lossless": True}, "avif": {"quality": 95, "subsampling": "4:4:4"}}.get(name, {})
        save(turned, f"orientation_6.{name}", exif=exif(6), **options)

    save(base, "rgb.png")
    save(base.convert("L"), "gray.png")
    expect(base.convert("L"), "gray")
    save(base.quantize(64), "palette.png")
    expect(base.quantize(64).convert("RGB"), "palette")
    save(base.convert("1"), "bilevel.png")
    expect(base.convert("1").convert("RGB"), "bilevel")
    alpha = Image.fromarray((np.mgrid[0:HEIGHT, 0:WIDTH][1] * 11).astype(np.uint8))
    rgba = base.copy()
    rgba.putalpha(alpha)
    save(rgba, "rgba.png")
    expect(over_white(rgba), "rgba")
    gray_alpha = Image.merge("LA", (base.convert("L"), alpha))
    save(gray_alpha, "gray_alpha.png")
    expect(over_white(gray_alpha), "gray_alpha")
    save(rgba, "rgba.webp", lossless=True, exact=True)
    deep = np.asarray(base.convert("L")).astype(np.uint16) * 256 + 99
    save(Image.fromarray(deep), "gray16.png")
    save(Image.fromarray(deep), "gray16.tiff", compression="tiff_lzw")

    save(base, "rgb.webp", lossless=True)
    save(base, "rgb.tiff", compression="tiff_lzw")
    gif = base.quantize(64)
    save(gif, "two_frames.gif", save_all=True, append_images=[Image.new("P", base.size, 3)])
    expect(gif.convert("RGB"), "two_frames")
    save(base, "rgb.avif", quality=95, subsampling="4:4:4")
    save(base, "rgb.heic", quality=95, chroma=444)
    save(base.convert("CMYK"), "cmyk.tiff", compression="tiff_lzw")

    save(base, "plain.jpg", quality=90)
    expect(Image.open(HERE / "plain.jpg").convert("RGB"), "plain")
    save(base, "progressive.jpg", quality=90, progressive=True)
    save(base.convert("L"), "gray.jpg", quality=95)
    save(base.convert("CMYK"), "cmyk.jpg", quality=95)

    save(base, "wide.jpg", quality=95, subsampling=0, icc_profile=ADOBE_LIKE)
    expect(converted(Image.open(HERE / "wide.jpg"), ADOBE_LIKE), "wide")
    save(base, "wide.png", icc_profile=ADOBE_LIKE)
    expect(converted(base, ADOBE_LIKE), "wide_exact")
    standard = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    save(base, "standard.jpg", quality=90, icc_profile=standard)

    position = {1: "S", 2: (33.0, 51.0, 24.84), 3: "E", 4: (151.0, 12.0, 54.36)}
    save(base, "located.jpg", quality=80,
         exif=exif(3, "2024:02:29 23:30:15", "+05:30", position))

    # Texture at every frequency, for luma and resampling.
    random = np.random.default_rng(7)
    y, x = np.mgrid[0:61, 0:97]
    waves = 127 + 60 * np.sin(x * x / 90) + 50 * np.cos(y * y / 60 + x / 9)
    texture = waves[..., None] + random.normal(0, 8, (61, 97, 3)) + np.array([10, 0, -20])
    texture = Image.fromarray((texture.clip(0, 255) // 8 * 8).astype(np.uint8))
    save(texture, "texture.png", optimize=True)
    for size in ((40, 25), (48, 70), (9, 6)):
        expect(texture.resize(size, Image.LANCZOS), f"texture_{size[0]}")
    save(texture, "texture.jpg", quality=85)
    opened = Image.open(HERE / "texture.jpg")
    opened.draft("L", None)
    expect(opened.convert("L"), "texture_luma")


main()
