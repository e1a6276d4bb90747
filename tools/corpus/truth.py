"""The truth beside the PDFs: passages with the pages they really stand on, and the cells that follow from the labels.

Pages are found in the printed PDF, never guessed: the text of each page is read by poppler, MuPDF and PDFium in the order of the
content stream, running heads and page numbers are taken off, and every passage is looked up from where the last ended."""
import json
import re
import subprocess
import unicodedata

import pypdfium2

CATEGORIES = [f"C{i:02}" for i in range(1, 11)]
# Radicals of U+2E80–2EFF that PDF fonts give for common characters; NFKC leaves them.
RADICALS = str.maketrans("⺠⺟⺩⻁⻄⻆⻑⻘⻝⻤⻨⻩⻭⻯⻲⻫⺼⻖", "民母王虎西角長青食鬼麦黄歯竜亀斉月阝")


def norm(text):
    text = unicodedata.normalize("NFKC", text).translate(RADICALS)
    text = unicodedata.normalize("NFKC", text).replace("・", "").replace("•", "")
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))


def readers(path):
    def pages(*command):
        return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "replace").split("\f")

    def pdfium():
        with pypdfium2.PdfDocument(path) as pdf:
            return [page.get_textpage().get_text_range() for page in pdf]
    yield pages("pdftotext", "-raw", str(path), "-")
    yield pages("mutool", "draw", "-q", "-F", "text", str(path))
    yield pdfium()


def find_pages(path, blocks, header):
    """Fills in `pages` of every block; a block that no reader finds is an error."""
    texts = [b for b in blocks if not b.kind.startswith("@")]
    for pages in readers(path):
        joined, owner = "", []
        for number, text in enumerate(pages, 1):
            text = norm(text)
            for line in header:
                if number > 1 or not norm(line).startswith(norm(texts[0].text)):    # a title may read like the running head
                    text = text.replace(norm(line), "", 1)
            total = len(pages) - (not pages[-1].strip())
            text = re.sub(rf"^{number}/{total}|{number}/{total}$", "", text)
            text, at_end = re.subn(rf"(?<!\d){number}$", "", text)
            if not at_end:
                text = re.sub(rf"^{number}(?!\d)", "", text)
            joined += text
            owner += [number] * len(text)
        cursor = 0
        for block in texts:
            wanted = norm(block.text)
            at = joined.find(wanted, cursor)
            if at < 0 or at > cursor + 4000:
                continue
            if not block.pages:
                block.pages = sorted(set(owner[at:at + len(wanted)]))
            cursor = at + len(wanted)
    lost = [b.text[:40] for b in texts if not b.pages]
    if lost:
        raise SystemExit(f"{path}: not found on any page: {lost}")


def lines(blocks):
    for b in blocks:
        if b.kind.startswith("@"):
            continue
        line = {"pages": b.pages, "kind": "list-item" if b.kind == "numbered-item" else b.kind, "headings": b.headings, "text": b.text}
        if b.kind == "heading":
            line["level"] = b.level
        if b.kind == "table-row":
            line["cells"], line["head"] = b.cells, b.head
        if b.labels is not None:
            line["in_scope"], line["labels"] = True, b.labels
        if b.trap:
            line["in_scope"], line["labels"], line["trap"] = False, [], b.trap
        if b.scanned:
            line["scanned"] = True
        yield line


def write(path, blocks):
    path.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines(blocks)), encoding="utf-8")


def expected(documents):
    """Cells counted from the labels. `documents`: [(company, document, blocks)] in manifest order."""
    years = {}
    for company, document, blocks in documents:
        cells = years.setdefault(str(document["fiscal_year"]), {}).setdefault(
            company["code"], {"name": company["name"], "industry": company["industry"], "documents": 0,
                              "categories": {c: {"disclosed": 0, "passages": 0, "documents_disclosing": 0} for c in CATEGORIES}})
        cells["documents"] += 1
        for category in CATEGORIES:
            hits = [b for b in blocks if category in (b.labels or []) and not b.scanned]
            if not hits:
                continue
            cell = cells["categories"][category]
            if not cell["disclosed"]:
                cell.update(disclosed=1, first_path=document["path"], first_page=hits[0].pages[0], first_text=hits[0].text[:60])
            cell["passages"] += len(hits)
            cell["documents_disclosing"] += 1
    return years


def expected_markdown(years):
    out = ["# Expected cells of the sample corpus", "",
           "Counted from the labels that stand in `tools/corpus/content/`, not taken from any output of mieruka.",
           "A cell is the number of passages that carry the category, over all documents of the company and year; `report p.n` is",
           "the first of them in manifest order. A passage with two categories counts in both. Empty: not disclosed (0).", ""]
    for year, companies in sorted(years.items()):
        out += [f"## Fiscal year {year}", "", "| company | industry | documents | " + " | ".join(CATEGORIES) + " | disclosed |", "|---" * 14 + "|"]
        for code, c in companies.items():
            cells = []
            for category in CATEGORIES:
                x = c["categories"][category]
                cells.append(f"{x['passages']} ({x['first_path'].split('/')[1][:-4]} p.{x['first_page']})" if x["disclosed"] else "")
            total = sum(x["disclosed"] for x in c["categories"].values())
            out.append(f"| {code} {c['name']} | {c['industry']} | {c['documents']} | " + " | ".join(cells) + f" | {total} |")
        out.append("")
    return "\n".join(out)
