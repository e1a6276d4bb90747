"""The content files: one block a line, with the truth (kind, headings, labels) beside the text.

    # …  ## …  ### …       a heading; the number of # is its level
    text                   a paragraph
    - text                 a list item with a bullet drawn before it
    + (1) text             a list item that carries its own number
    |a|b|c   |=a|b|c       a table row, the head row of a table
    ^ text                 a footnote          ~ text   a caption or unit line
    ! text                 a title line        : a|b    a line of a cover sheet (label and value)
    @page                  page break
    @cols … @endcols       two columns         @vertical … @endvertical   vertical writing
    @scan … @endscan       pages of their own that become pictures
    // text                a comment

After the text: ` {C01 C06}` its categories, ` {in}` in scope without a category, ` {out WORD}` a trap that
is out of scope. Two years share a file: `[2024] …` is a line of that year only, `《a|b》` is a in 2023, b in 2024.
"""
import re
from dataclasses import dataclass, field

YEARS = (2023, 2024)


@dataclass
class Block:
    kind: str
    text: str = ""
    level: int = 0
    cells: list = field(default_factory=list)
    head: bool = False
    headings: list = field(default_factory=list)
    labels: list | None = None      # None: out of scope
    trap: str | None = None
    scanned: bool = False
    pages: list = field(default_factory=list)


MARKS = [("|=", "table-row"), ("|", "table-row"), ("- ", "list-item"), ("+ ", "numbered-item"),
         ("^ ", "footnote"), ("~ ", "caption"), ("! ", "title"), (": ", "cover")]


def parse(source, year):
    """The blocks of a content file for one fiscal year; directives are blocks of kind "@…"."""
    blocks, path, scanned = [], [], False
    for number, line in enumerate(source.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("//"):
            continue
        if only := re.match(r"\[(20\d\d)\]\s*", line):
            if int(only[1]) != year:
                continue
            line = line[only.end():]
        line = re.sub(r"《([^|》]*)\|([^》]*)》", lambda m: m[1 + YEARS.index(year)], line)
        if not line:
            continue
        if line.startswith("@"):
            scanned = {"@scan": True, "@endscan": False}.get(line, scanned)
            blocks.append(Block(line))
            continue
        labels, trap, title = None, None, False
        if tail := re.search(r"\s*\{([^{}]*)\}$", line):
            line, words = line[:tail.start()], tail[1].split()
            if words[0] == "out":
                trap = words[1]
            else:
                labels = [] if words == ["in"] else words
                bad = [w for w in labels if not re.fullmatch(r"C(0[1-9]|10)", w)]
                if bad:
                    raise SystemExit(f"line {number}: unknown label {bad}")
        if heading := re.match(r"(#+)\s+", line):
            level = len(heading[1])
            text = line[heading.end():]
            path = [h for h in path if h[0] < level] + [(level, text)]
            blocks.append(Block("heading", text, level=level, headings=[h for _, h in path[:-1]], scanned=scanned))
            continue
        block = Block("paragraph", line)
        for mark, kind in MARKS:
            if line.startswith(mark):
                block.kind, block.head = kind, mark == "|="
                block.text = line[len(mark):]
                break
        if block.kind in ("table-row", "cover"):
            block.cells = [c.strip() for c in block.text.split("|")]
            block.text = " ".join(c for c in block.cells if c)
        block.headings = [h for _, h in path]
        block.labels, block.trap, block.scanned = labels, trap, scanned
        blocks.append(block)
    return blocks


def runs(blocks):
    """Blocks with the neighbouring rows of a table (and lines of a cover) gathered: (kind, [blocks])."""
    out = []
    for b in blocks:
        new_table = b.head and out and out[-1][1][-1].kind == "table-row"
        if b.kind in ("table-row", "cover", "list-item", "numbered-item") and out and out[-1][0] == b.kind and not new_table:
            out[-1][1].append(b)
        else:
            out.append((b.kind, [b]))
    return out
