#!/usr/bin/env python3
"""Builds the sample corpus: PDFs, their truth, and the manifests. See README.md beside this file.

usage: build.py [--only CODE/STEM]… [--skip-broken]
"""
import argparse
import json
import tomllib
from pathlib import Path

import broken
import markup
import pdfpost
import render_html
import render_odf
import render_reportlab
import truth

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CORPUS = ROOT / "tests/corpus"
BROKEN = ROOT / "tests/broken"
RENDER = {"reportlab": render_reportlab.render, "chromium": render_html.render, "libreoffice": render_odf.render}
DOCUMENT_KEYS = ("path", "kind", "fiscal_year", "published", "status")


def build_document(company, document):
    """Prints one report and says what stands on its pages."""
    source = HERE / "content" / document.get("source", f"{company['code']}_{Path(document['path']).stem.rsplit('_', 1)[0]}.txt")
    blocks = markup.parse(source.read_text(encoding="utf-8"), document["fiscal_year"])
    target = CORPUS / document["path"]
    target.parent.mkdir(parents=True, exist_ok=True)
    title = f"{company['name']} {document['kind'].split(' /')[0]}"
    options = dict(document.get("options", {}))
    header = document.get("header", ["EDINET提出書類", f"{company['name']}({company['edinet']})", "有価証券報告書"])
    RENDER[document["tool"]](blocks, target, header, title=title, **options)
    truth.find_pages(target, blocks, header)
    scanned = sorted({n for b in blocks if b.scanned for n in b.pages})
    if scanned:
        pdfpost.scan(target, scanned)
    producer = "EDINET" if document["tool"] == "reportlab" and document.get("encryption") else None
    pdfpost.finish(target, str(document["published"]), document.get("encryption"), producer,
                   "disable" if document.get("damage") else "generate")
    if document.get("damage"):
        pdfpost.damage_xref(target)
    stem = target.stem
    truth.write(CORPUS / "truth" / f"{company['code']}_{stem}.jsonl", blocks)
    chars = sum(len(b.text) for b in blocks)
    scope = sum(len(b.text) for b in blocks if b.labels is not None)
    pages = max(n for b in blocks for n in b.pages)
    print(f"{document['path']:36} {pages:3} pages {target.stat().st_size / 1024:7.0f} KB  in scope {scope / chars:5.1%}"
          f"  {' '.join(sorted({c for b in blocks for c in b.labels or []}))}", flush=True)
    return blocks


def toml_value(value):
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, list)) else str(value)


def manifest(name, root, companies, comment):
    out = [f"# {line}" for line in comment] + ["", "[corpus]", f"name = {toml_value(name)}", f"root = {toml_value(root)}", ""]
    for company in companies:
        out.append("[[company]]")
        out += [f"{k} = {toml_value(v)}" for k, v in company.items() if k not in ("document", "edinet")]
        out.append("")
        for document in company["document"]:
            out.append("[[company.document]]")
            out += [f"{k} = {toml_value(document[k])}" for k in DOCUMENT_KEYS if k in document]
            out.append("")
    return "\n".join(out).rstrip() + "\n"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--only", action="append", default=[], help="CODE/STEM of the reports to print anew; truth tables are left alone")
    arguments.add_argument("--skip-broken", action="store_true")
    chosen = arguments.parse_args()
    config = tomllib.loads((HERE / "corpus.toml").read_text(encoding="utf-8"))
    (CORPUS / "truth").mkdir(parents=True, exist_ok=True)
    done = []
    for company in config["company"]:
        for document in company["document"]:
            if not chosen.only or document["path"].removesuffix(".pdf") in chosen.only:
                done.append((company, document, build_document(company, document)))
    if chosen.only:
        return
    years = truth.expected(done)
    (CORPUS / "expected.json").write_text(json.dumps(years, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (CORPUS / "expected.md").write_text(truth.expected_markdown(years), encoding="utf-8")
    (ROOT / "corpus-manifest.toml").write_text(manifest(config["name"], "tests/corpus", config["company"], config["comment"]), encoding="utf-8")
    if not chosen.skip_broken:
        broken.build(BROKEN, HERE / "content", [d for c in config["broken"]["company"] for d in c["document"]])
    (BROKEN / "corpus-manifest.toml").write_text(
        manifest(config["broken"]["name"], ".", config["broken"]["company"], config["broken"]["comment"]), encoding="utf-8")


if __name__ == "__main__":
    main()
