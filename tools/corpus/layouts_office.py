"""Pages as word processors and slide programs print them: cells that only their shade shows, shades and frames around words,
blanks to be filled in, empty cells, listings, slides with boxes."""
import re

from reportlab.pdfbase import pdfmetrics

import markup
import render_reportlab

BOLD = "HeiseiKakuGo-W5,Bold"
pdfmetrics.registerFont(render_reportlab.CMapFont(BOLD, "HeiseiKakuGo-W5", BOLD, "UniJIS-UCS2-H"))
GREY, ORANGE, GREEN, PALE = (0.6, 0.6, 0.6), (1, 0.75, 0), (0.55, 0.8, 0.3), (0.88, 0.93, 0.85)
# Words in a frame, words on a ground of their own.
FRAMED, LIT = ("重大な弱点", "三十日の期限"), ("委託先", "再委託先")
BLANK = 5


def fill(setting, x, y, width, height, colour):
    setting.canvas.setFillColorRGB(*colour)
    setting.canvas.rect(x, y, width, height, stroke=0, fill=1)
    setting.canvas.setFillColorRGB(0, 0, 0)


def note_page(setting, block):
    if setting.frame()[0] not in block.pages:
        block.pages.append(setting.frame()[0])


def shaded_rows(setting, rows, tools):
    """Word's way: the shade of a cell, then the shade of each line in it again; white gaps, no rules."""
    _, left, _, width, _ = setting.frame()
    shares, size, gap = (0.12, 0.56, 0.1, 0.1, 0.12), 9, 0.5
    colours = (GREY, None, ORANGE, GREEN, PALE)
    edges = [left + width * sum(shares[:i]) for i in range(len(shares) + 1)]
    setting.y -= 6
    for row in rows:
        cells = [tools.broken(c, width * s / size - 1.5, 0) if c else [] for c, s in zip(row.cells, shares)]
        height = max(len(c) for c in cells) * size * 1.4 + 8
        bottom = setting.y - height
        for i, (cell, colour) in enumerate(zip(cells, colours)):
            colour = GREY if row.head else colour
            if colour and (cell or i < 2):
                fill(setting, edges[i] + gap, bottom, edges[i + 1] - edges[i] - gap, height, colour)
            for n, line in enumerate(cell):
                y = setting.y - 4 - size * 1.4 * (n + 1) + 3
                x = edges[i] + 5 if i == 1 else (edges[i] + edges[i + 1] - tools.em(line) * size) / 2
                if colour:
                    fill(setting, x, y - 2, tools.em(line) * size, size * 1.4, colour)
                setting.show(x, y, line, tools.MIN, size)
        for i, edge in enumerate(edges):
            fill(setting, edge, bottom, gap, height, (1, 1, 1))
            if i + 1 < len(edges):
                fill(setting, edge + gap, bottom - gap, edges[i + 1] - edge - gap, gap, (1, 1, 1))
        note_page(setting, row)
        setting.y = bottom - gap
    setting.y -= 10


def marked_lines(setting, block, tools):
    """A paragraph in which words are framed or have a ground."""
    size = setting.size
    for line in tools.broken(block.text, setting.frame()[3] / size, 1):
        setting.y -= size * 1.9
        x = setting.frame()[1]
        for word in FRAMED + LIT:
            at = line.find(word)
            if at >= 0:
                begin, width = x + tools.em(line[:at]) * size, tools.em(word) * size
                if word in LIT:
                    fill(setting, begin, setting.y - 3, width, size * 1.4, (1, 1, 0.4))
                else:
                    setting.canvas.rect(begin - 0.5, setting.y - 4, width + 1, size * 1.6)
        setting.show(x, setting.y, line, tools.MIN, size)
        note_page(setting, block)
    setting.y -= size * 0.4


def shades(setting, blocks, tools):
    for kind, run in markup.runs(blocks):
        if kind == "heading":
            setting.heading(run[0])
        elif kind == "table-row":
            shaded_rows(setting, run, tools)
        else:
            marked_lines(setting, run[0], tools)
    setting.end_page()


def blank_lines(setting, block, tools):
    """`____` is a rule under a blank; it is no character of the text."""
    size, word = setting.size, "□" * BLANK
    lines = tools.broken(block.text.replace("____", word), setting.frame()[3] / size, 1)
    for line in lines:
        setting.y -= size * 1.9
        x = setting.frame()[1]
        for piece in re.split(f"({word[0]}+)", line):
            width = tools.em(piece) * size
            if piece.startswith(word[0]):
                fill(setting, x, setting.y - 2, width, 0.5, (0, 0, 0))
            else:
                setting.show(x, setting.y, piece, tools.MIN, size)
            x += width
        note_page(setting, block)
    setting.y -= size * 0.4
    block.text = block.text.replace("____", "")


def forms(setting, blocks, tools):
    for kind, run in markup.runs(blocks):
        if kind == "heading":
            setting.heading(run[0])
        elif kind == "table-row":
            setting.table(run)
        elif kind == "cover":
            setting.figure(run)
        elif kind == "footnote":
            setting.y -= 12
            setting.show(tools.centre(setting, run[0].text, 9), setting.y, run[0].text, tools.MIN, 9)
            note_page(setting, run[0])
        else:
            blank_lines(setting, run[0], tools)
    setting.end_page()


def code_lines(text):
    """The listing as a programmer indents it."""
    depth, out = 0, []
    for token in re.findall(r'"[^"]*": (?:"[^"]*"|\d+|\[)?,?|[{}\[\]],?', text):
        depth -= token[0] in "}]"
        out.append("　" * depth + token.strip())
        depth += token[-1] in "{["
    return out


def listing(setting, blocks, tools):
    """Code a line each, in a box that a page may cut; a long string wraps."""
    for block in blocks:
        if block.kind == "heading":
            setting.heading(block)
        elif block.text.startswith("* "):
            block.text = block.text.strip("* ")
            for line in code_lines(block.text):
                for n, piece in enumerate(tools.broken(line, 40, 0)):
                    setting.lines(block, ["　　　　" * bool(n) + piece], tools.MIN, 9, 20, 1.5)
            setting.y -= 8
        elif block.kind == "list-item":
            words = block.text.rsplit(" https", 1)
            setting.lines(block, ["・" + words[0]], tools.MIN, setting.size, setting.size)
            if len(words) > 1:
                setting.lines(block, ["https" + words[1]], tools.MIN, setting.size, 2 * setting.size)
        else:
            setting.text(block)
    setting.end_page()


def box_lines(setting, block, x, y, width, size, tools, mark=""):
    """A text that begins or goes over to bold within a line."""
    plain = mark + block.text.replace("**", "")
    bold, at = [], False
    for piece in re.split(r"(\*\*)", mark + block.text):
        at = not at if piece == "**" else at
        bold += [at] * (0 if piece == "**" else len(piece))
    done = 0
    for line in tools.broken(plain, width / size, 0):
        y -= size * 1.35
        left = x + (size if mark and done else 0)
        for piece in re.findall(r"1+|0+", "".join("01"[b] for b in bold[done:done + len(line)])):
            word = plain[done:done + len(piece)]
            setting.show(left, y, word, BOLD if piece[0] == "1" else tools.GOTH, size)
            left += tools.em(word) * size
            done += len(piece)
    block.text = block.text.replace("**", "")
    note_page(setting, block)
    return y


def slides(setting, blocks, tools):
    """Signs at the head, a box for each heading of the second level, labels over two lines, notes around the page number."""
    canvas, (width, height) = setting.canvas, setting.options["paper"]
    groups, page = [[]], 1
    for block in blocks:
        groups.append([]) if block.kind == "@slide" else groups[-1].append(block)
    for group in groups:
        for n, sign in enumerate(("報告", "資料")):
            canvas.rect(20 + 62 * n, height - 30, 56, 16)
            setting.show(34 + 62 * n, height - 26, sign, tools.GOTH, 10)
        y, column, notes, labels = height - 70, 0, 0, 0
        for block in group:
            note_page(setting, block)
            if block.kind == "heading" and block.level == 1:
                setting.show(160, height - 32, block.text, tools.GOTH, 20)
            elif block.kind == "heading":
                x, y = 40 + 270 * column, height - 80
                fill(setting, x - 8, y - 190, 250, 200, (0.93, 0.95, 0.98))
                setting.show(x, y - 10, block.text, BOLD, 13)
                y, column = y - 16, column + 1
            elif block.kind == "cover":
                x = 40 + 270 * labels
                canvas.roundRect(x, height - 190, 220, 60, 8)
                for n, line in enumerate(block.cells):
                    setting.show(x + 110 - tools.em(line) * 8, height - 155 - 21 * n, line, tools.GOTH, 16)
                block.text, block.kind, labels, y = "".join(block.cells), "paragraph", labels + 1, height - 250
            elif block.kind == "footnote":
                setting.show(40 + 260 * notes, 18, block.text, tools.GOTH, 9)
                notes += 1
            elif column:
                mark = "・" if block.kind == "list-item" else ""
                y = box_lines(setting, block, 40 + 270 * (column - 1), y - 8, 228, 11, tools, mark)
            else:
                y = box_lines(setting, block, 60, y, 640, 14, tools)
        setting.show(width - 30, 20, str(page), tools.GOTH, 12)
        page += 1
        canvas.showPage()
        if page <= len(groups):
            setting.next_slide()
