"""Reports as the regulator's system makes them: fonts that are not embedded, reached through a
predefined CMap, without ToUnicode. Laid out by reportlab, drawn with the codes of that CMap."""
import copy
import io

from reportlab import rl_config
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase._cidfontdata import CIDFontInfo
from reportlab.pdfbase.cidfonts import UnicodeCIDFont, escapePDF, structToPDF
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table

import markup

rl_config.invariant = 1
FACES = {"min": "HeiseiMin-W3", "goth": "HeiseiKakuGo-W5"}


class CMapFont(UnicodeCIDFont):
    """A Japanese font that is named but not embedded, shown through `encoding`."""

    def __init__(self, name, face, base, encoding):
        UnicodeCIDFont.__init__(self, face)
        self.name = self.fontName = name
        self.base, self.cmap = base, encoding
        self.codec = "cp932" if "RKSJ" in encoding else "utf-16-be"

    def formatForPdf(self, text):
        return escapePDF(text.encode(self.codec))

    def stringWidth(self, text, size, encoding=None):
        return size * sum(0.5 if c < "\x7f" or "｡" <= c <= "ﾟ" else 1.0 for c in text)

    def addObjects(self, doc):
        internal = "F%d" % (len(doc.fontMapping) + 1)
        info = copy.deepcopy(CIDFontInfo[self.face.name])
        info.update(Name="/" + internal, Encoding="/" + self.cmap, BaseFont="/" + self.base)
        cid = info["DescendantFonts"][0]
        cid.update(BaseFont="/" + self.base, W=[1, 632, 500])
        if self.base.startswith("MS-"):
            cid["Subtype"] = "/CIDFontType2"
        cid["FontDescriptor"]["FontName"] = "/" + self.base
        reference = doc.Reference(structToPDF(info), internal)
        doc.idToObject["BasicFonts"].dict[internal] = reference
        doc.fontMapping[self.name] = "/" + internal


def fonts(encoding, ms):
    names = {}
    for role, face in FACES.items():
        base = {"min": "MS-Mincho", "goth": "MS-Gothic"}[role] if ms else face
        names[role] = f"{base}-{encoding}"
        pdfmetrics.registerFont(CMapFont(names[role], face, base, encoding))
    names["run"] = f"HeiseiMin-W3-run-{encoding}"
    run_encoding = "UniJIS-UCS2-H" if encoding.startswith("Uni") else encoding
    pdfmetrics.registerFont(CMapFont(names["run"], "HeiseiMin-W3", "HeiseiMin-W3", run_encoding))
    return names


def styles(f):
    def style(name, font="min", size=10.5, lead=1.75, **more):
        return ParagraphStyle(name, fontName=f[font], fontSize=size, leading=size * lead, wordWrap="CJK", **more)
    heads = [style(f"h{i}", "goth" if i < 4 else "min", s, 1.5, spaceBefore=b, spaceAfter=4, leftIndent=x)
             for i, (s, b, x) in enumerate([(15, 6, 0), (13, 12, 0), (11.5, 10, 6), (10.5, 7, 12), (10.5, 5, 18), (10.5, 4, 24)], 1)]
    return {"heads": heads,
            "paragraph": style("p", leftIndent=18, firstLineIndent=10.5, spaceAfter=3, allowOrphans=1),
            "item": style("li", leftIndent=39, firstLineIndent=-10.5, spaceAfter=1),
            "footnote": style("fn", size=8.5, leftIndent=18),
            "caption": style("cap", size=9, leftIndent=18, spaceBefore=4, spaceAfter=2),
            "title": style("t", "goth", 20, 1.6, alignment=TA_CENTER, spaceBefore=12, spaceAfter=26),
            "cell": style("td", size=9, lead=1.5)}


def flowables(blocks, s, width):
    def para(text, style):
        return Paragraph(text.replace("&", "&amp;").replace("<", "&lt;"), style)
    out = []
    for kind, run in markup.runs(blocks):
        b = run[0]
        if kind in ("@page", "@scan", "@endscan"):
            out.append(PageBreak())
        elif kind == "heading":
            out += [CondPageBreak(64), para(b.text, s["heads"][b.level - 1])]    # keepWithNext would forbid a border inside the paragraph below
        elif kind in ("list-item", "numbered-item"):
            out += [para(("・" if kind == "list-item" else "") + x.text, s["item"]) for x in run]
        elif kind in ("table-row", "cover"):
            columns = max(len(x.cells) for x in run)
            inner = width - 18
            first = inner * (0.34 if columns <= 3 else 0.28)
            sizes = [first] + [(inner - first) / (columns - 1)] * (columns - 1) if columns > 1 else [inner]
            if columns == 2 and kind == "table-row":
                sizes = [inner * 0.2, inner * 0.8]
            rows = [[para(c, s["cell"]) for c in x.cells + [""] * (columns - len(x.cells))] for x in run]
            look = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 3 if kind == "table-row" else 5)]
            if kind == "table-row":
                look.append(("GRID", (0, 0), (-1, -1), 0.4, "black"))
            out += [Table(rows, sizes, style=look, repeatRows=1 if b.head else 0, hAlign="RIGHT"), Spacer(1, 6)]
        else:
            out.append(para(b.text, s[kind]))
    return out


def render(blocks, target, header, encoding, ms=False, title="", bottom=50, **_):
    """Writes the PDF; `header` is the lines of the running head. Two passes, for the number of pages.
    `bottom` moves the page borders, so that paragraphs cross some of them."""
    f = fonts(encoding, ms)
    total = "0"
    for last in (False, True):
        buffer = io.BytesIO()
        count = []

        def page(canvas, doc):
            count.append(doc.page)
            canvas.setFont(f["run"], 8)
            for i, line in enumerate(header):
                canvas.drawString(45, A4[1] - 30 - 10 * i, line)
            canvas.drawCentredString(A4[0] / 2, 24, f"{doc.page:>2}/{total}".replace(" ", "") if last else "")

        doc = BaseDocTemplate(buffer, pagesize=A4, title=title, author=header[1] if len(header) > 1 else "", invariant=1)
        frame = Frame(54, bottom, A4[0] - 108, A4[1] - 68 - bottom, leftPadding=0, rightPadding=0)
        doc.addPageTemplates(PageTemplate(frames=[frame], onPage=page))
        doc.build(flowables(blocks, styles(f), A4[0] - 108))
        total = str(len(count))
    target.write_bytes(buffer.getvalue())
