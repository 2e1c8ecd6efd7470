"""Portraits as small as they are shown."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError


def shrunk(picture: bytes, size: int) -> bytes:
    """Return a PNG file with the middle of a picture, `size` pixels each way.

    Raises ValueError for what is no picture.
    """
    try:
        with Image.open(BytesIO(picture), formats=["PNG"]) as image:
            side = min(image.size)
            left, top = (image.width - side) // 2, (image.height - side) // 2
            box = (left, top, left + side, top + side)
            small = image.convert("RGBA").resize((size, size), Image.Resampling.LANCZOS, box)
    except (UnidentifiedImageError, OSError, SyntaxError) as why:  # Pillow's, for broken files
        raise ValueError(f"the portrait is no picture: {why}") from None
    file = BytesIO()
    small.save(file, "PNG")
    return file.getvalue()
