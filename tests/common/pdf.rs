//! Small PDFs made on the spot: a page of text, and whatever a test wants to be wrong with it.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// The sentence on the pages.
pub const SENTENCE: &str = "Sales went well this year.";

/// Shows [`SENTENCE`] in the font `F0`.
pub const SHOW: &str = "BT /F0 12 Tf 72 720 Td (Sales went well this year.) Tj ET\n";

/// A document under construction: objects by number, the catalogue is 1, the page tree 2.
#[derive(Default)]
pub struct Pdf {
    objects: Vec<(u32, Vec<u8>)>,
}

impl Pdf {
    /// A page (object 3) of Helvetica (4) with these content operators (5) and further resources.
    pub fn of_page(content: &[u8], resources: &str) -> Self {
        let mut pdf = Self::default();
        pdf.object(1, "<</Type/Catalog/Pages 2 0 R>>");
        pdf.object(2, "<</Type/Pages/Count 1/Kids[3 0 R]>>");
        pdf.object(3, page("5 0 R", resources));
        pdf.object(
            4,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        );
        pdf.stream(5, "", content);
        pdf
    }

    /// Sets an object; the one of that number before it is gone.
    pub fn object(&mut self, number: u32, body: impl AsRef<[u8]>) -> &mut Self {
        self.objects.retain(|(n, _)| *n != number);
        self.objects.push((number, body.as_ref().to_vec()));
        self
    }

    /// Sets a stream as it is.
    pub fn stream(&mut self, number: u32, entries: &str, data: &[u8]) -> &mut Self {
        let mut body = format!("<</Length {}{entries}>> stream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.object(number, body)
    }

    /// Sets a stream, deflated.
    pub fn packed(&mut self, number: u32, data: &[u8]) -> &mut Self {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).expect("in memory");
        let packed = encoder.finish().expect("in memory");
        self.stream(number, "/Filter/FlateDecode", &packed)
    }

    /// The file, with its cross-reference table.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n".to_vec();
        let size = self.objects.iter().map(|(n, _)| n + 1).max().unwrap_or(1);
        let mut offsets = vec![None; size as usize];
        for (number, body) in &self.objects {
            offsets[*number as usize] = Some(out.len());
            out.extend_from_slice(format!("{number} 0 obj ").as_bytes());
            out.extend_from_slice(body);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for offset in &offsets[1..] {
            table += &offset.map_or("0000000000 00000 f \n".to_owned(), |o| {
                format!("{o:010} 00000 n \n")
            });
        }
        table += &format!("trailer <</Root 1 0 R/Size {size}>>\nstartxref\n{start}\n%%EOF\n");
        out.extend_from_slice(table.as_bytes());
        out
    }
}

/// A page object.
pub fn page(contents: &str, resources: &str) -> String {
    format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {contents}/Resources<</Font<</F0 4 0 R>>{resources}>>>>"
    )
}

/// A readable first page, then so many pages of work (a million operators each) that any limit is reached.
pub fn endless() -> Vec<u8> {
    const PAGES: u32 = 4_000;
    let mut pdf = Pdf::of_page(SHOW.as_bytes(), "");
    pdf.packed(6, "q Q\n".repeat(500_000).as_bytes());
    let mut kids = String::from("3 0 R");
    for number in 10..10 + PAGES {
        pdf.objects.push((number, page("6 0 R", "").into_bytes()));
        kids += &format!(" {number} 0 R");
    }
    pdf.object(2, format!("<</Type/Pages/Count {}/Kids[{kids}]>>", PAGES + 1));
    pdf.bytes()
}
