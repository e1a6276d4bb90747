"""Reports as designed documents: HTML printed by Chromium, fonts embedded, Identity-H (TrueType) or
Type 3 (CFF collections such as Noto), ToUnicode present."""
import html
import subprocess
import tempfile
from pathlib import Path

import markup

BASE = """
@page { size: A4; margin: 24mm 20mm %(bottom)smm 20mm;
  @top-right { content: "%(head)s"; font: 8pt %(sans)s; color: #555 }
  @bottom-center { content: counter(page); font: 9pt %(sans)s } }
@page :first { @top-right { content: none } @bottom-center { content: none } }
body { orphans: 1; widows: 1; font: 10.5pt/1.85 %(serif)s; margin: 0; color: #111 }
h1,h2,h3,h4 { font-family: %(sans)s; line-height: 1.4; break-after: avoid; margin: 1.1em 0 .4em; font-weight: %(weight)s }
h1 { font-size: 18pt; color: %(color)s; border-bottom: 2.5pt solid %(color)s; padding-bottom: 4pt; margin-top: 0 }
h2 { font-size: 13.5pt; color: %(color)s; border-left: 5pt solid %(color)s; padding-left: 7pt }
h3 { font-size: 11.5pt } h4 { font-size: 10.5pt; color: %(color)s }
p { margin: 0 0 .7em; text-align: justify; text-indent: 1em } p.footnote, p.caption { font-size: 8pt; text-indent: 0; margin: 2pt 0 }
p.caption { font-family: %(sans)s }
ul { margin: .2em 0 .7em; padding-left: 1.4em } ul.own { list-style: none; padding-left: .4em } li { margin: .12em 0 }
table { border-collapse: collapse; width: 100%%; font-size: 9.5pt; line-height: 1.6; margin: .4em 0 1.2em }
td,th { border: .5pt solid #888; padding: 3pt 5pt; vertical-align: top; text-align: left; font-weight: normal } th { background: %(tint)s; font-family: %(sans)s }
tr { break-inside: avoid }
.cover { font-size: 11pt; line-height: 2 } .cover td { border: none } .cover table { width: auto }
.title { font: 24pt/1.5 %(sans)s; color: %(color)s; text-indent: 0; margin: 18mm 0 8mm } .title + .title { font-size: 15pt; margin: 0 0 8mm }
.cols { columns: 2; column-gap: 9mm; column-rule: .4pt solid #bbb }
.vertical { writing-mode: vertical-rl; height: 232mm; width: 100%%; break-before: page; break-after: page; font-size: 11.5pt; line-height: 2 }
.vertical h2 { border-left: none; border-top: 5pt solid %(color)s; padding: 7pt 0 0 }
.page { break-before: page }
"""

THEMES = {
    "ipa": dict(sans="IPAPGothic", serif="IPAPMincho"),
    "ipa-gothic": dict(sans="IPAPGothic", serif="IPAPGothic"),
    "noto": dict(sans="'Noto Sans CJK JP'", serif="'Noto Sans CJK JP'"),
}


def body(blocks):
    out, page = [], False
    for kind, run in markup.runs(blocks):
        b, cls = run[0], ""
        if kind in ("@page", "@scan", "@endscan"):
            page = True
            continue
        if kind == "@cols":
            out.append(f'<div class="cols{" page" if page else ""}">')
        elif kind == "@vertical":
            out.append('<div class="vertical">')
        elif kind in ("@endcols", "@endvertical"):
            out.append("</div>")
        else:
            cls = " page" if page else ""
        page = False
        if kind == "heading":
            out.append(f'<h{b.level} class="{cls}">{html.escape(b.text)}</h{b.level}>')
        elif kind in ("list-item", "numbered-item"):
            items = "".join(f"<li>{html.escape(x.text)}</li>" for x in run)
            out.append(f'<ul class="{"own" if kind == "numbered-item" else ""}{cls}">{items}</ul>')
        elif kind in ("table-row", "cover"):
            def row(x):
                t = "th" if x.head else "td"
                return "<tr>" + "".join(f"<{t}>{html.escape(c)}</{t}>" for c in x.cells) + "</tr>"
            head = f"<thead>{row(b)}</thead>" if b.head else ""
            rows = "".join(row(x) for x in run[bool(b.head):])
            out.append(f'<div class="{kind}{cls}"><table>{head}<tbody>{rows}</tbody></table></div>')
        elif not kind.startswith("@"):
            out.append(f'<p class="{kind}{cls}">{html.escape(b.text)}</p>')
    return "\n".join(out)


def render(blocks, target, header, theme="ipa", color="#1f4e79", tint="#e8eef5", title="", weight="normal", bottom=20, **_):
    """`weight` "bold" makes Chromium thicken the IPA fonts, which it writes as Type 3 glyphs."""
    style = BASE % dict(THEMES[theme], head=header[0], color=color, tint=tint, weight=weight, bottom=bottom)
    page = f'<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>{html.escape(title)}</title><style>{style}</style>{body(blocks)}</html>'
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.html"
        source.write_text(page, encoding="utf-8")
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                        f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()],
                       check=True, capture_output=True, timeout=180)
