"""What happens to a printed PDF afterwards: metadata, encryption, scanned pages, damage, truncation."""
import io
import re
import subprocess
from pathlib import Path

import pikepdf
from PIL import Image

OWNER = "teishutsu-sha-igai-henshu-fuka"
PRINT_ONLY = pikepdf.Permissions(accessibility=False, extract=False, modify_annotation=False, modify_assembly=False,
                                 modify_form=False, modify_other=False, print_lowres=True, print_highres=False)
ENCRYPTION = {
    # As EDINET has it today: V4, R4, crypt filter V2 (RC4), 128 bits, metadata in clear, empty user password.
    "rc4-edinet": dict(user="", owner=OWNER, R=4, aes=False, metadata=False, allow=PRINT_ONLY),
    # As it was before: plain R3.
    "rc4-r3": dict(user="", owner=OWNER, R=3, aes=False, metadata=False, allow=PRINT_ONLY),
    "password": dict(user="himitsu-2024", owner=OWNER, R=3, aes=False, metadata=False, allow=PRINT_ONLY),
}


def page_count(path):
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def finish(path, date, encryption=None, producer=None, objects="generate"):
    """Fixes dates and ids (so that a second build differs as little as the tools allow), then encrypts."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        stamp = f"D:{date.replace('-', '')}090000+09'00'"
        pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = pikepdf.String(stamp)
        if producer:
            pdf.docinfo["/Producer"] = pikepdf.String(producer)
            for key in ("/Creator", "/Keywords", "/Subject"):
                if key in pdf.docinfo:
                    del pdf.docinfo[key]
        if "/Metadata" in pdf.Root:
            del pdf.Root.Metadata
        for key in ("/ID", "/DocChecksum"):     # LibreOffice's differ at every printing
            if key in pdf.trailer:
                del pdf.trailer[key]
        if producer == "EDINET":
            for font in pdf.objects:      # descriptors are indirect objects there; reportlab writes them inline
                if isinstance(font, pikepdf.Dictionary) and font.get("/Subtype") == "/Type0":
                    cid = font.DescendantFonts[0]
                    cid.FontDescriptor = pdf.make_indirect(cid.FontDescriptor)
                    font.DescendantFonts = pikepdf.Array([pdf.make_indirect(cid)])
        pdf.remove_unreferenced_resources()
        mode = pikepdf.ObjectStreamMode.generate if objects == "generate" and not encryption else pikepdf.ObjectStreamMode.disable
        options = dict(encryption=pikepdf.Encryption(**ENCRYPTION[encryption])) if encryption else {}
        pdf.save(path, static_id=True, object_stream_mode=mode, compress_streams=True, **options)


def rasterize(path, page, dpi=110, quality=42, tilt=0.35):
    ppm = subprocess.run(["pdftoppm", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page), str(path)], check=True, capture_output=True).stdout
    image = Image.open(io.BytesIO(ppm)).rotate(tilt, fillcolor=250, resample=Image.Resampling.BICUBIC)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue(), image.size


def scan(path, pages):
    """Replaces pages by pictures of themselves, as a scanner would."""
    pictures = {n: rasterize(path, n) for n in pages}
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for n, (jpeg, (w, h)) in pictures.items():
            page = pdf.pages[n - 1]
            image = pikepdf.Stream(pdf, jpeg, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=w, Height=h,
                                   ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode)
            x0, y0, x1, y1 = (float(v) for v in page.mediabox)
            page.Contents = pikepdf.Stream(pdf, f"q {x1 - x0:g} 0 0 {y1 - y0:g} {x0:g} {y0:g} cm /Im0 Do Q".encode())
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image)))
        pdf.save(path)


def damage_xref(path):
    """Every offset of the cross-reference table wrong, startxref wrong, a mail gateway's tail: all text recoverable."""
    data = path.read_bytes()
    start = data.rindex(b"\nxref")
    table = re.sub(rb"(\d{10}) 00000 n", lambda m: b"%010d 00000 n" % (int(m[1]) + 137), data[start:])
    table = re.sub(rb"startxref\n\d+", b"startxref\n1234567", table)
    path.write_bytes(data[:start] + table + b"\r\n\r\n-- \r\nThis message was scanned by the mail gateway.\r\n" + b"\0" * 64)


def truncate(path, share):
    data = path.read_bytes()
    path.write_bytes(data[:int(len(data) * share)])


def unmap(path):
    """Takes from a browser's PDF all that tells which characters its glyphs are."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for font in list(pdf.objects):
            if not isinstance(font, pikepdf.Dictionary) or font.get("/Type") != "/Font":
                continue
            if "/ToUnicode" in font:
                del font.ToUnicode
            descriptor = font.get("/FontDescriptor")
            if descriptor is not None and "/FontFile2" in descriptor:
                descriptor.FontFile2 = pikepdf.Stream(pdf, strip_tables(descriptor.FontFile2.read_bytes(), {b"cmap", b"post", b"name", b"GSUB"}))
        for dead in ("/StructTreeRoot", "/MarkInfo"):
            if dead in pdf.Root:
                del pdf.Root[dead]
        pdf.save(path)


def strip_tables(font, names):
    """The TrueType font without those tables."""
    count = int.from_bytes(font[4:6], "big")
    kept = [font[12 + 16 * i:28 + 16 * i] for i in range(count) if font[12 + 16 * i:16 + 16 * i] not in names]
    power = 1 << (len(kept).bit_length() - 1)
    head = font[:4] + b"".join(v.to_bytes(2, "big") for v in (len(kept), power * 16, power.bit_length() - 1, len(kept) * 16 - power * 16))
    offset, records, body = 12 + 16 * len(kept), b"", b""
    for record in kept:
        at, size = int.from_bytes(record[8:12], "big"), int.from_bytes(record[12:16], "big")
        data = font[at:at + size] + b"\0" * (-size % 4)
        records += record[:8] + (offset + len(body)).to_bytes(4, "big") + record[12:16]
        body += data
    return head + records + body


def blank(path, pages=2):
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595.276, 841.89))
        pdf.docinfo["/Producer"] = pikepdf.String("blank")
        pdf.save(path, static_id=True)


def keep_pages(path, count):
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.pages[count:]
        pdf.save(path)


def rewrite(path, order):
    """Writes the file's objects in the given order of numbers, plainly, with a classic cross-reference table."""
    with pikepdf.open(path) as pdf:
        size = len(pdf.objects)
        bodies = {n: pdf.get_object(n, 0).unparse(resolved=True) for n in range(1, size + 1)}
        streams = {n: pdf.get_object(n, 0).read_raw_bytes() for n in bodies if isinstance(pdf.get_object(n, 0), pikepdf.Stream)}
        heads = {n: pikepdf.Dictionary(pdf.get_object(n, 0).stream_dict).unparse() for n in streams}
        root = pdf.Root.objgen[0]
    out, offsets = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), {}
    for n in order(bodies, root):
        offsets[n] = len(out)
        if n in streams:
            head = re.sub(rb"/Length \d+( 0 R)?", b"/Length %d" % len(streams[n]), heads[n])
            if b"/Length" not in head:
                head = head[:-2] + b"/Length %d >>" % len(streams[n])
            out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (n, head, streams[n])
        else:
            out += b"%d 0 obj\n%s\nendobj\n" % (n, bodies[n])
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (size + 1)
    out += b"".join(b"%010d 00000 n \n" % offsets[n] for n in range(1, size + 1))
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size + 1, root, start)
    path.write_bytes(bytes(out))


def pages_first(path):
    """Catalogue, page tree and fonts first, page contents after: a cut leaves the first pages whole."""
    def order(bodies, root):
        small = [n for n in bodies if n == root or b"/Type /Page" in bodies[n] or b"/Font" in bodies[n]]
        return small + [n for n in bodies if n not in small]
    rewrite(path, order)


def bury_page_tree(path):
    """Streams first, catalogue and pages last: a cut leaves no page at all."""
    def order(bodies, root):
        pages = [n for n in bodies if n == root or b"/Type /Page" in bodies[n]]
        return [n for n in bodies if n not in pages] + pages
    rewrite(path, order)
