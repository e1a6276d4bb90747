"""Reports as word-processor documents: a flat ODF text printed by LibreOffice, fonts embedded."""
import os
import subprocess
import tempfile
from html import escape
from pathlib import Path

import markup

NAMESPACES = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}:1.0"' for k, v in [
    ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"),
    ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible")])


def paragraph_style(name, font, size, more="", text="", parent=""):
    return (f'<style:style style:name="{name}" style:family="paragraph" {parent}>'
            f'<style:paragraph-properties fo:line-height="175%" {more}/>'
            f'<style:text-properties style:font-name-asian="{font}" style:font-name="{font}" fo:font-size="{size}pt" '
            f'style:font-size-asian="{size}pt" fo:language="en" fo:country="US" style:language-asian="ja" style:country-asian="JP" {text}/></style:style>')


def styles(serif, sans, color):
    dark = f'fo:color="{color}"'
    brk = 'fo:break-before="page"'
    keep = 'fo:keep-with-next="always"'
    out = [paragraph_style("P", serif, 10.5, 'fo:text-indent="10pt" fo:margin-bottom="3pt"'),
           paragraph_style("I", serif, 10.5, 'fo:margin-left="22pt" fo:text-indent="-10pt"'),
           paragraph_style("F", serif, 8), paragraph_style("C", sans, 8.5, 'fo:margin-top="4pt"'),
           paragraph_style("T", sans, 22, 'fo:margin-top="70pt" fo:margin-bottom="30pt"', dark),
           paragraph_style("D", serif, 9.5, 'fo:margin="0pt"'), paragraph_style("H", sans, 9.5, 'fo:margin="0pt"'),
           paragraph_style("R", sans, 8, 'fo:text-align="end"'), paragraph_style("N", sans, 8, 'fo:text-align="center"')]
    for i, (size, before) in enumerate([(17, 0), (13, 12), (11, 8), (10, 6)], 1):
        for page, suffix in (("", ""), (brk, "B")):
            out.append(paragraph_style(f"H{i}{suffix}", sans, size, f'fo:margin-top="{before}pt" fo:margin-bottom="4pt" {keep} {page}', dark if i < 3 else ""))
    out.append(f'<style:style style:name="PB" style:family="paragraph" style:parent-style-name="P"><style:paragraph-properties {brk}/></style:style>')
    return "".join(out)


def body(blocks):
    out, page, tables = [], False, 0
    for kind, run in markup.runs(blocks):
        b = run[0]
        if kind in ("@page", "@scan", "@endscan"):
            page = True
        elif kind == "heading":
            out.append(f'<text:h text:style-name="H{b.level}{"B" if page else ""}" text:outline-level="{b.level}">{escape(b.text)}</text:h>')
            page = False
        elif kind in ("list-item", "numbered-item"):
            bullet = "・" if kind == "list-item" else ""
            out += [f'<text:p text:style-name="I">{bullet}{escape(x.text)}</text:p>' for x in run]
        elif kind in ("table-row", "cover"):
            tables += 1
            columns = max(len(x.cells) for x in run)
            cell = "cell" if kind == "table-row" else "bare"
            out.append(f'<table:table table:name="t{tables}"><table:table-column table:number-columns-repeated="{columns}"/>')
            for x in run:
                cells = x.cells + [""] * (columns - len(x.cells))
                out.append("<table:table-row>" + "".join(
                    f'<table:table-cell table:style-name="{cell}"><text:p text:style-name="{"H" if x.head else "D"}">{escape(c)}</text:p></table:table-cell>'
                    for c in cells) + "</table:table-row>")
            out.append("</table:table>")
        elif not kind.startswith("@"):
            name = {"paragraph": "PB" if page else "P", "footnote": "F", "caption": "C", "title": "T"}[kind]
            page = False
            out.append(f'<text:p text:style-name="{name}">{escape(b.text)}</text:p>')
    return "".join(out)


def render(blocks, target, header, fonts=("IPAMincho", "IPAGothic"), color="#333333", title="", **_):
    serif, sans = fonts
    faces = "".join(f'<style:font-face style:name="{f}" svg:font-family="\'{f}\'"/>' for f in dict.fromkeys(fonts))
    automatic = ('<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #666666" fo:padding="2pt"/></style:style>'
                 '<style:style style:name="bare" style:family="table-cell"><style:table-cell-properties fo:border="none" fo:padding="3pt"/></style:style>'
                 '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" fo:margin-top="14mm" fo:margin-bottom="12mm" fo:margin-left="22mm" fo:margin-right="22mm"/>'
                 '<style:header-style><style:header-footer-properties fo:min-height="9mm" fo:margin-bottom="5mm"/></style:header-style>'
                 '<style:footer-style><style:header-footer-properties fo:min-height="8mm" fo:margin-top="3mm"/></style:footer-style></style:page-layout>')
    master = ('<style:master-page style:name="Standard" style:page-layout-name="A4">'
              f'<style:header><text:p text:style-name="R">{escape(header[0])}</text:p></style:header>'
              '<style:footer><text:p text:style-name="N"><text:page-number/></text:p></style:footer></style:master-page>')
    document = (f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
                f'<office:font-face-decls>{faces}</office:font-face-decls><office:styles>{styles(serif, sans, color)}</office:styles>'
                f'<office:automatic-styles>{automatic}</office:automatic-styles><office:master-styles>{master}</office:master-styles>'
                f'<office:body><office:text>{body(blocks)}</office:text></office:body></office:document>')
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / (target.stem + ".fodt")
        source.write_text(document, encoding="utf-8")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
                        "--outdir", folder, str(source)], check=True, capture_output=True, timeout=180,
                       env=dict(os.environ, SOURCE_DATE_EPOCH="1750982400"))
        target.write_bytes((Path(folder) / (target.stem + ".pdf")).read_bytes())
