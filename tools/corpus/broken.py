"""The second corpus: one of each sort of file that cannot be read, or only in part."""
import shutil

import markup
import pdfpost
import render_html
import render_odf
import render_reportlab

DATE = "2025-06-27"


def build(folder, content, config):
    """Writes every file of `config` (the [[broken]] tables of corpus.toml) into `folder`."""
    blocks = markup.parse((content / "broken.txt").read_text(encoding="utf-8"), 2024)
    header = ["株式会社ひびき野製作所　有価証券報告書"]
    folder.mkdir(parents=True, exist_ok=True)

    def printed(target, **options):
        render_html.render(blocks, target, header, theme="ipa-gothic", title="有価証券報告書", **options)
        pdfpost.finish(target, DATE)

    def healthy(path):
        printed(path)

    def zero(path):
        path.write_bytes(b"")

    def page_of_html(path):
        path.write_text("<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><title>ページが見つかりません</title></head>\n"
                        "<body><h1>404 Not Found</h1><p>お探しの資料は、移動または削除された可能性があります。</p></body></html>\n", encoding="utf-8")

    def password(path):
        printed(path)
        pdfpost.finish(path, DATE, encryption="password")

    def truncated_some(path):
        # objects in page order, a classic table: the pages before the cut survive a scan for objects
        render_reportlab.render(blocks, path, ["EDINET提出書類", header[0].split("　")[0], "有価証券報告書"], "UniJIS-UTF16-H", ms=True)
        pdfpost.finish(path, DATE, producer="EDINET", objects="disable")
        pdfpost.pages_first(path)
        pdfpost.truncate(path, 0.6)

    def truncated_none(path):
        # the catalogue and every page stand behind the cut
        render_odf.render(blocks, path, header)
        pdfpost.finish(path, DATE, objects="disable")
        pdfpost.bury_page_tree(path)
        pdfpost.truncate(path, 0.6)

    def scans(path):
        printed(path)
        count = pdfpost.page_count(path)
        pdfpost.scan(path, range(1, count + 1))
        pdfpost.keep_pages(path, 2)
        pdfpost.finish(path, DATE)

    def unmappable(path):
        printed(path)
        pdfpost.unmap(path)
        pdfpost.finish(path, DATE)

    def empty_pages(path):
        pdfpost.blank(path)

    def missing(path):
        path.unlink(missing_ok=True)

    makers = {name: maker for name, maker in locals().items() if callable(maker) and name != "printed"}
    for item in config:
        makers[item["sort"]](folder / item["path"])
