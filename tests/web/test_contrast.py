"""Every pair of colours that text is set in keeps a contrast that weak eyes can read (WCAG AA)."""

import re
from pathlib import Path

import pytest

import yihu.web

STATIC = Path(yihu.web.__file__).parent / "static" / "web"
TEXT, EDGE = 4.5, 3.0


def tokens() -> dict[str, str]:
    found = re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (STATIC / "tokens.css").read_text(encoding="utf-8"))
    return dict(found)


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("text", ["ink", "muted", "accent", "accent-hover", "good", "warn", "bad", "info"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_text_on_plain_ground(text: str, ground: str) -> None:
    assert contrast(tokens()[text], tokens()[ground]) >= TEXT


@pytest.mark.parametrize("name", ["accent", "good", "warn", "bad", "info"])
def test_text_on_its_tint(name: str) -> None:
    assert contrast(tokens()[name], tokens()[f"{name}-tint"]) >= TEXT
    assert contrast(tokens()["ink"], tokens()[f"{name}-tint"]) >= TEXT


@pytest.mark.parametrize("ground", ["accent", "accent-hover"])
def test_white_on_the_accent(ground: str) -> None:
    assert contrast("#ffffff", tokens()[ground]) >= TEXT


@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_edges_of_controls(ground: str) -> None:
    assert contrast(tokens()["edge"], tokens()[ground]) >= EDGE


def test_colours_stand_in_one_file() -> None:
    for path in STATIC.rglob("*.css"):
        if path.name != "tokens.css":
            colours = set(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)", path.read_text(encoding="utf-8")))
            assert colours <= {"#ffffff"}, path.name
