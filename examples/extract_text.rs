//! `extract_text extract --format jsonl FILE`: page texts for scoring extraction on its own.

use std::path::Path;

fn main() {
    for file in std::env::args().skip(1).filter(|a| a.ends_with(".pdf")) {
        let extraction = mieruka::extract::extract_file(Path::new(&file));
        for page in &extraction.pages {
            let text = mieruka::layout::page_text(page);
            let line = serde_json::json!({
                "file": file, "page": page.number, "status": page.status, "engine": page.engine, "text": text,
                "reason": page.reason, "lost": page.lost_glyphs, "images": page.images,
            });
            println!("{line}");
        }
        eprintln!("{file}: {:?} {}", extraction.status, extraction.reason);
    }
}
