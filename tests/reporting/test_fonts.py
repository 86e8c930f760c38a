"""Where no font has Chinese letters this is noticed and said; boxes are never printed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from system_parts import require

from analysis.reporting import fonts
from analysis.reporting.document import Document, Figure, Section
from analysis.reporting.pictures import png_of
from analysis.reporting.word import write_word
from analysis.reporting.wording import words

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><text x="4" y="30">{}</text></svg>'
ONLY_LATIN = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{0}/fonts</dir><cachedir>{0}/cache</cachedir></fontconfig>"""


@pytest.fixture
def no_font(monkeypatch):
    monkeypatch.setattr(fonts, "draws_chinese", lambda: False)


def report(text):
    figure = Figure("f", "Caption", DRAWING.format(text), 90, "Note.")
    return Document("T", "s", "zh-CN", "", (Section("a", "A", (), (), (figure,)),))


def written(document, folder):
    write_word(document, folder / "r.docx")
    return docx.Document(str(folder / "r.docx"))


@pytest.mark.usefixtures("no_font")
def test_without_a_font_the_word_file_says_what_to_install(tmp_path):
    word = written(report("中文"), tmp_path)
    said = [paragraph.text for paragraph in word.paragraphs]
    assert len(word.inline_shapes) == 0
    assert words("zh-CN")("font_missing") in said
    assert "fonts-noto-cjk" in words("zh-CN")("font_missing")


@pytest.mark.usefixtures("no_font")
def test_without_a_font_a_latin_drawing_is_still_drawn(tmp_path):
    assert len(written(report("S × R"), tmp_path).inline_shapes) == 1


@pytest.mark.usefixtures("no_font")
def test_without_a_font_no_picture_is_made():
    with pytest.raises(fonts.ChineseFontMissingError, match="font"):
        png_of(DRAWING.format("中文"))


def test_a_machine_without_chinese_fonts_is_recognised(tmp_path):
    """A process that sees only one Latin font, with the library that draws."""
    latin = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"), None)
    require(latin, "a Latin font", "apt-get install fonts-dejavu-core")
    (tmp_path / "fonts").mkdir()
    shutil.copy(latin, tmp_path / "fonts")
    (tmp_path / "fonts.conf").write_text(ONLY_LATIN.format(tmp_path), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from analysis.reporting.fonts import draws_chinese; print(draws_chinese())"],
        env={**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("text", "chinese"),
    [("abc −.50", False), ("", False), ("判定", True), ("a，b", True), ("γ″ × χ²", False)],
)
def test_chinese_letters_are_recognised(text, chinese):
    assert fonts.is_chinese(text) is chinese
