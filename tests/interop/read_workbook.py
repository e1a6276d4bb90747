"""Opens the workbook and follows its links. Usage: python3 read_workbook.py OUTPUT_FOLDER (openpyxl)"""

import pathlib
import re
import sys
import urllib.parse

import openpyxl

folder = pathlib.Path(sys.argv[1])
book = openpyxl.load_workbook(folder / "mieruka.xlsx")
assert book.sheetnames[:2] == ["cover", "passages"], book.sheetnames
assert "facts" in book.sheetnames and "company_table" in book.sheetnames


def columns(sheet):
    return {cell.value: cell.column for cell in sheet[1]}


# From a cell of the comparison to the passage that it counts first.
table, passages = book["company_table"], book["passages"]
heads, there = columns(table), columns(passages)
followed = 0
for row in table.iter_rows(min_row=2):
    for cell in row:
        code = table.cell(1, cell.column).value
        if not re.fullmatch(r"C\d\d", code) or not cell.value:
            continue
        assert isinstance(cell.value, int), cell.value
        target = int(re.search(r"'passages'!A(\d+)$", cell.hyperlink.location).group(1))
        at = lambda name: passages.cell(target, there[name]).value
        assert at("company_code") == table.cell(cell.row, heads["company_code"]).value
        assert at("fiscal_year") == table.cell(cell.row, heads["fiscal_year"]).value
        assert code in at("codes").split("; "), (code, at("codes"))
        followed += 1
assert followed > 20, followed

# From a passage to the page of its PDF.
pages = 0
for row in range(2, passages.max_row + 1):
    formula = passages.cell(row, there["first_page"]).value
    link, page = re.fullmatch(r'=HYPERLINK\("(.+)#page=\d+",(\d+)\)', formula).groups()
    file = (folder / urllib.parse.unquote(link)).resolve()
    assert file.is_file() and file.as_posix().endswith(passages.cell(row, there["path"]).value), file
    pages += 1
assert pages > 100, pages
print(followed, "links to passages and", pages, "links to pages followed")
