"""The operator's name, logo and colours, checked for contrast before anything is served."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from index.settings import Settings
from ui import words

ACCENT, ACCENT_DARK = "#0b5566", "#86cfde"
PAPER, PAPER_DARK = "#ffffff", "#1b2126"
SOFT, SOFT_DARK = "#e3eff2", "#21363d"
INK_DARK = "#0d2128"
LEAST_CONTRAST = 4.5
"""WCAG 1.4.3, level AA, for text."""
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
LOGO_BYTES = 200_000

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Look:
    """What the page looks like beyond our own style sheet. ``logo`` is a data address, or nothing."""

    name: str
    logo: str
    accent: str
    accent_dark: str
    accent_soft: str
    accent_soft_dark: str

    @classmethod
    def of(cls, settings: Settings) -> Look:
        """The look that ``settings`` ask for.

        Raises:
            ValueError: a colour that cannot be read on its ground, or a logo that is no picture; in French.
        """
        accent = settings.accent or ACCENT
        dark = settings.accent_dark or (ACCENT_DARK if accent == ACCENT else lightened(accent))
        soft = SOFT if accent == ACCENT else mixed(accent, PAPER, 0.1)
        soft_dark = SOFT_DARK if accent == ACCENT else mixed(dark, PAPER_DARK, 0.12)
        for colour, grounds in ((accent, (PAPER, soft)), (dark, (PAPER_DARK, INK_DARK, soft_dark))):
            for ground in grounds:
                found = contrast(colour, ground)
                if found < LEAST_CONTRAST:
                    told = {"colour": colour, "ground": ground, "found": f"{found:.1f}".replace(".", ",")}
                    raise ValueError(words.LOOK_CONTRAST.format(**told))
        return cls(settings.app_name or words.APP, logo_address(settings.logo), accent, dark, soft, soft_dark)

    @property
    def css(self) -> str:
        """The colours as custom properties."""
        light = f"--accent:{self.accent};--accent-soft:{self.accent_soft}"
        dark = f"--accent:{self.accent_dark};--accent-soft:{self.accent_soft_dark}"
        return f":root{{{light}}}body.dark{{{dark}}}"


def _channels(colour: str) -> tuple[int, int, int]:
    if not _HEX.fullmatch(colour):
        raise ValueError(words.LOOK_COLOUR.format(colour=colour))
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [c / 255 for c in _channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The WCAG contrast of two colours, 1 to 21.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 2)


def mixed(colour: str, ground: str, share: float) -> str:
    """``share`` of ``colour`` on ``ground``."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def lightened(colour: str) -> str:
    """``colour`` with as much white as it needs to be read on the dark ground."""
    for step in range(0, 20):
        light = mixed("#ffffff", colour, step / 20)
        if min(contrast(light, ground) for ground in (PAPER_DARK, INK_DARK, mixed(light, PAPER_DARK, 0.12))) >= 6:
            return light
    return "#ffffff"


def logo_address(file: str) -> str:
    """The picture as a data address, so that no other file of the operator's is ever served."""
    if not file:
        return ""
    path = Path(file).expanduser()
    kind = LOGO_TYPES.get(path.suffix.lower())
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(words.LOOK_LOGO.format(file=file)) from error
    if kind is None or len(content) > LOGO_BYTES:
        raise ValueError(words.LOOK_LOGO.format(file=file))
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
