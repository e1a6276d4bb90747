#!/usr/bin/env python3
"""Prints tests/layouts/: small PDFs, a layout each, with the passages a person would cut beside them.

usage: layouts.py [NAME]…

The texts are those of the sample reports, or stand in content/layouts/. Lines are set here, so that what stands where is known:
the truth comes from the content file, its pages from the setting. Fonts are named and not embedded, which keeps the files small."""
import copy
import json
import re
import sys
from pathlib import Path

from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

import layouts_office as office
import markup
import render_reportlab
import truth

HERE = Path(__file__).resolve().parent
OUT = HERE.parent.parent / "tests/layouts"
MIN, GOTH, RUN = (render_reportlab.fonts("UniJIS-UCS2-H", False)[k] for k in ("min", "goth", "run"))
VERTICAL = "HeiseiMin-W3-V"
pdfmetrics.registerFont(render_reportlab.CMapFont(VERTICAL, "HeiseiMin-W3", "HeiseiMin-W3", "UniJIS-UCS2-V"))
NOT_FIRST = "。、）」』】・ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ）％?!！？"
RUBY = re.compile(r"｜([^《]+)《([^》]+)》")
HEADS = {1: 16, 2: 13, 3: 11}
BODY = 10


def em(text, half=0.5):
    return sum(half if c < "\x7f" else 0.0 if c == "\u00ad" else 1.0 for c in text)


def centre(setting, text, size):
    """Where a line begins that stands in the middle of its frame."""
    _, left, _, width, _ = setting.frame()
    return left + (width - em(text) * size) / 2


def chunks(text):
    """What a line may be broken between: a Japanese character with what must not begin a line, or a Latin word."""
    return re.findall(rf"[!-~]+\u00ad?|[^!-~][{NOT_FIRST}]*", text)


def broken(text, width, indent, half=0.5):
    """Lines of at most `width` em, the first shorter by `indent`; `half`: the advance of a Latin letter."""
    lines, line = [], "　" * indent
    for chunk in chunks(text):
        if em(line + chunk, half) > width and line.strip():
            lines.append(line[:-1] + "-" if line.endswith("\u00ad") else line)
            line = chunk.lstrip(" ")
        else:
            line = line.removesuffix("\u00ad") + chunk
    return lines + [line]


class Setting:
    """A stream of text through frames (page, x, top, width, bottom)."""

    def __init__(self, canvas, frames, **options):
        self.canvas, self.frames, self.options = canvas, list(frames), options
        self.at, self.page, self.y = 0, 1, frames[0][2]
        self.size = options.get("size", BODY)
        self.chapter = ""

    def frame(self):
        return self.frames[self.at]

    def next_frame(self):
        self.at += 1
        page, _, self.y, _, _ = self.frame()
        while self.page < page:
            self.end_page()

    def end_page(self):
        if decorate := self.options.get("decorate"):
            decorate(self.canvas, self.page, self)
        self.canvas.showPage()
        self.page += 1

    def next_slide(self):
        self.at += 1

    def room(self, height):
        if self.y - height < self.frame()[4]:
            self.next_frame()

    def show(self, x, y, text, font, size):
        fine = {"ruby": []}
        plain = ""
        for part in re.split(r"(｜[^《]+《[^》]+》)", text):
            if found := RUBY.match(part):
                fine["ruby"].append((em(plain), found[1], found[2]))
                part = found[1]
            plain += part
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, plain.replace("\u00ad", ""))
        for before, base, reading in fine["ruby"]:
            self.canvas.setFont(font, size / 2)
            middle = x + (before + em(base) / 2) * size
            self.canvas.drawString(middle - em(reading) * size / 4, y + size, reading)

    def lines(self, block, lines, font, size, x=0.0, leading=1.7):
        for line in lines:
            self.room(size * leading)
            self.y -= size * leading
            page, left, _, _, _ = self.frame()
            self.show(left + x, self.y, line, font, size)
            if page not in block.pages:
                block.pages.append(page)

    def heading(self, block):
        size = HEADS[block.level]
        if block.level == 1:
            self.chapter = block.text
        if self.y < self.frame()[2]:
            self.y -= size * 0.8
        self.room(size * 4)
        self.lines(block, broken(block.text, self.frame()[3] / size, 0), GOTH, size)
        if self.options.get("fake_bold"):
            for shift in (0.25, 0.5):
                self.show(self.frame()[1] + shift, self.y, block.text, GOTH, size)
        self.y -= size * 0.4

    def text(self, block):
        width = self.frame()[3] / self.size
        if block.kind == "list-item":
            return self.lines(block, ["・" + x if not i else x for i, x in enumerate(broken(block.text, width - 2, 0))],
                              MIN, self.size, self.size)
        if block.kind in ("footnote", "caption"):
            return self.lines(block, broken(block.text, self.frame()[3] / 7.5, 0), MIN, 7.5, leading=1.4)
        if RUBY.search(block.text):
            self.ruby(block, width)
        else:
            self.lines(block, broken(block.text, width, 1), MIN, self.size, leading=self.options.get("leading", 1.7))
        self.y -= self.size * self.options.get("gap", 0.35)

    def ruby(self, block, width):
        marks = {m[1]: m[0] for m in RUBY.finditer(block.text)}
        for line in broken(RUBY.sub(r"\1", block.text), width, 1):
            for base, mark in marks.items():
                line = line.replace(base, mark)
            self.lines(block, [line], MIN, self.size, leading=2.0)
        block.text = RUBY.sub(r"\1", block.text)

    def table(self, rows, ruled=True):
        columns = max(len(r.cells) for r in rows)
        _, left, _, width, _ = self.frame()
        first = 0.26 if columns > 2 else 0.4
        shares = [first] + [(1 - first) / (columns - 1)] * (columns - 1)
        edges = [left + width * sum(shares[:i]) for i in range(columns + 1)]
        size = 9
        self.y -= 6
        for i, row in enumerate(rows):
            cells = [broken(c, width * s / size - 1, 0) if c else [] for c, s in zip(row.cells, shares)]
            height = max(len(c) for c in cells) * size * 1.4 + 6
            self.room(height)
            spans = i + 1 < len(rows) and not rows[i + 1].cells[0] and ruled
            if ruled:
                self.canvas.setLineWidth(0.5)
                for n, edge in enumerate(edges):
                    self.canvas.line(edge, self.y, edge, self.y - height)
                begin = edges[1] if not row.cells[0] else edges[0]
                self.canvas.line(begin, self.y, edges[-1], self.y)
                self.canvas.line(edges[1] if spans else edges[0], self.y - height, edges[-1], self.y - height)
            for edge, cell in zip(edges, cells):
                for n, line in enumerate(cell):
                    self.show(edge + size / 2, self.y - size * 1.4 * (n + 1), line, MIN, size)
            row.pages.append(self.frame()[0])
            self.y -= height
        self.y -= 8

    def figure(self, blocks):
        """Boxes beside each other, joined by arrows, a label in each."""
        _, left, _, width, _ = self.frame()
        self.room(70)
        step = width / len(blocks)
        for i, block in enumerate(blocks):
            self.canvas.setLineWidth(0.7)
            self.canvas.roundRect(left + i * step + 6, self.y - 52, step - 24, 32, 4)
            self.show(left + i * step + 6 + (step - 24 - em(block.text) * 9) / 2, self.y - 39, block.text, GOTH, 9)
            if i + 1 < len(blocks):
                self.canvas.line(left + (i + 1) * step - 17, self.y - 36, left + (i + 1) * step + 5, self.y - 36)
            block.kind = "label"
            block.pages.append(self.frame()[0])
        self.y -= 66

    def all(self, blocks):
        for kind, run in markup.runs(blocks):
            if kind == "@frame":
                self.next_frame()
            elif kind == "heading":
                self.heading(run[0])
            elif kind == "table-row":
                self.table(run, self.options.get("ruled", True))
            elif kind == "cover":
                self.figure(run)
            else:
                for block in run:
                    self.text(block)
        self.end_page()


def columns(n, size=A4, margin=54, gap=24, pages=3):
    width = (size[0] - 2 * margin - gap * (n - 1)) / n
    return [(page, margin + i * (width + gap), size[1] - 64, width, 60) for page in range(1, pages + 1) for i in range(n)]


def folio(canvas, page, setting):
    canvas.setFont(RUN, 8)
    canvas.drawCentredString(A4[0] / 2, 30, str(page))


def chapter_head(canvas, page, setting):
    canvas.setFont(RUN, 8)
    canvas.drawRightString(A4[0] - 54, A4[1] - 36, setting.chapter)
    folio(canvas, page, setting)


def stamp(canvas, page, setting):
    folio(canvas, page, setting)
    canvas.saveState()
    canvas.setFillGray(0.8)
    canvas.setFont(GOTH, 60)
    for i, c in enumerate("社外秘写"):
        canvas.drawString(A4[0] / 2 - 30, A4[1] - 260 - 110 * i, c)
    canvas.restoreState()


def spread_folios(canvas, page, setting):
    canvas.setFont(RUN, 8)
    for half in (0, 1):
        x = A3[1] / 2 * half
        canvas.drawString(x + 54, A3[0] - 40, "霧ヶ岳化学工業 統合報告書")
        canvas.drawCentredString(x + A3[1] / 4, 28, str(2 * page + half))


def boxes(setting):
    """Four boxes; each frame is drawn around what stands in it."""
    for page, x, top, width, bottom in setting.frames:
        if page == 1:
            setting.canvas.rect(x - 8, bottom - 8, width + 16, top - bottom + 10)


def vertical(canvas, blocks, size=A4):
    """Columns from the right to the left, characters below each other."""
    x, top, bottom = size[0] - 80, size[1] - 80, 90
    for block in blocks:
        fs = HEADS[block.level] if block.kind == "heading" else 11
        for line in broken(block.text, (top - bottom) / fs, block.kind == "paragraph", 1.0):
            canvas.setFont(VERTICAL, fs)
            canvas.drawString(x, top, line)
            x -= fs * 1.8
        x -= 8 if block.kind == "heading" else 0
        block.pages.append(1)
    canvas.showPage()


LAYOUTS = {
    "two_columns": dict(source=("9X34_sustainability", 2023, "雪どけの水", "データ集"), frames=columns(2), decorate=folio),
    "three_columns": dict(source=("9X23_csr", 2023, "食卓から", None), frames=columns(3, landscape(A4), 40, 20, 2), paper=landscape(A4), size=9),
    "spread": dict(source=("9X45_integrated", 2023, "経営を支える", None), paper=landscape(A3), decorate=spread_folios,
                   frames=[(p, x, A3[0] - 70, A3[1] / 2 - 108, 430) for p in range(1, 5) for x in (54, A3[1] / 2 + 54)]),
    "chapter_heads": dict(source=("990A_infosec", 2024, "２．情報", "４．製品"), decorate=chapter_head,
                          frames=[(p, 70, A4[1] - 70, A4[0] - 140, 330) for p in range(1, 8)]),
    "watermark": dict(source=("9X01_cg", 2024, "Ⅳ 内部", "Ⅴ その他"), decorate=stamp),
    "fake_bold": dict(source=("9X12_sustainability", 2024, "２　環境", None), fake_bold=True, decorate=folio),
    "vertical": dict(source=("9X23_csr", 2023, "人ととも", None), vertical=True),
    "boxes": dict(frames=[(1, x, y, 218, y - 250) for y in (A4[1] - 80, A4[1] - 400) for x in (60, 320)], before=boxes),
    "side_notes": dict(frames=[(1, 60, A4[1] - 70, 330, 60), (1, 420, A4[1] - 120, 120, 60)], decorate=folio),
    "spans": dict(decorate=folio),
    "indicators": dict(ruled=False, decorate=folio),
    "readings": dict(decorate=folio),
    "notes": dict(frames=[(1, 70, A4[1] - 70, 455, 140), (1, 70, 128, 455, 50), (2, 70, A4[1] - 70, 455, 140), (2, 70, 128, 455, 50)], decorate=folio),
    "figure": dict(decorate=folio),
    "shades": dict(draw=office.shades),
    "forms": dict(draw=office.forms),
    "listing": dict(draw=office.listing, decorate=folio, frames=[(p, 70, A4[1] - 70, 455, 480) for p in (1, 2, 3)]),
    "slides": dict(draw=office.slides, paper=(842, 595), frames=[(p, 0, 0, 0, 0) for p in (1, 2, 3)]),
    "latin": dict(frames=[(p, 70, A4[1] - 70, 300, 420) for p in (1, 2, 3)], decorate=folio),
}


def part(source, year, first, last):
    blocks = markup.parse((HERE / f"content/{source}.txt").read_text(encoding="utf-8"), year)
    begin = next(i for i, b in enumerate(blocks) if b.kind == "heading" and b.text.startswith(first))
    end = next((i for i, b in enumerate(blocks) if last and i > begin and b.kind == "heading" and b.text.startswith(last)), len(blocks))
    return [copy.copy(b) for b in blocks[begin:end] if not b.kind.startswith("@") and b.kind not in ("caption", "cover")]


def build(name, source=None, frames=None, paper=A4, before=None, draw=None, **options):
    blocks = part(*source) if source else markup.parse((HERE / f"content/layouts/{name}.txt").read_text(encoding="utf-8"), 2024)
    for block in blocks:
        block.labels = block.trap = None
        if block.kind == "numbered-item":
            block.kind = "paragraph"
    canvas = Canvas(str(OUT / f"{name}.pdf"), pagesize=paper, invariant=1, pageCompression=1)
    if options.get("vertical"):
        blocks = [b for b in blocks if b.kind in ("heading", "paragraph")]
        vertical(canvas, blocks)
    else:
        setting = Setting(canvas, frames or columns(1, pages=4), paper=paper, **options)
        if before:
            before(setting)
        if draw:
            draw(setting, blocks, sys.modules[__name__])
        else:
            setting.all(blocks)
    canvas.save()
    for block in blocks:
        block.text = block.text.replace("\u00ad", "")
        if block.kind == "heading":
            block.text = block.text.strip()
    lines = "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in truth.lines(blocks))
    (OUT / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    print(f"{name:16} {len([b for b in blocks if b.kind in ('paragraph', 'list-item', 'table-row', 'footnote')]):3} passages")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, layout in LAYOUTS.items():
        if not sys.argv[1:] or name in sys.argv[1:]:
            build(name, **layout)


main()
