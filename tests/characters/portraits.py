"""`python -m tests.characters.portraits` draws the PNG of each portrait anew from its SVG."""

import resvg_py

from characters.shipped import PORTRAITS

SIZE = 512

if __name__ == "__main__":
    for drawing in sorted(PORTRAITS.glob("*.svg")):
        picture = resvg_py.svg_to_bytes(
            svg_string=drawing.read_text("utf-8"), width=SIZE, height=SIZE
        )
        drawing.with_suffix(".png").write_bytes(bytes(picture))
        print(drawing.with_suffix(".png").name)
