"""Reads every Parquet file of a folder with other software and compares it with its CSV twin.

Usage: python3 read_parquet.py FOLDER READER      READER: pyarrow, polars or duckdb
"""

import csv
import pathlib
import sys


def rows_of(reader, file):
    """Column ids and rows of a Parquet file."""
    if reader == "pyarrow":
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(file)
        return table.column_names, list(zip(*(c.to_pylist() for c in table.columns)))
    if reader == "polars":
        import polars

        frame = polars.read_parquet(file)
        return frame.columns, frame.rows()
    import duckdb

    found = duckdb.sql(f"SELECT * FROM read_parquet('{file}')")
    return found.columns, found.fetchall()


def same(cell, text):
    """Whether a typed cell says what the CSV says; texts there are one line, and may be defused."""
    if cell is None:
        return text == ""
    if isinstance(cell, str):
        undone = text[1:] if text.startswith("'") else text
        return "".join(cell.split()) in ("".join(text.split()), "".join(undone.split()))
    decimals = len(text.partition(".")[2])
    return text != "" and abs(float(text) - cell) <= 0.500001 * 10**-decimals


def main(folder, reader):
    files = sorted(pathlib.Path(folder).glob("*.parquet"))
    assert len(files) > 10, files
    for file in files:
        with open(file.with_suffix(".csv"), encoding="utf-8-sig", newline="") as twin:
            heading, *written = csv.reader(twin)
        columns, rows = rows_of(reader, file)
        assert list(columns) == heading, (file.name, columns, heading)
        assert len(rows) == len(written), (file.name, len(rows), len(written))
        for row, expected in zip(rows, written):
            for column, cell, text in zip(columns, row, expected):
                assert same(cell, text), (file.name, column, cell, text)
    print(len(files), "files agree with their CSV")


main(*sys.argv[1:])
