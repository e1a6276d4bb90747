//! Compiles the IPADIC sources in `dictionaries/ipadic/` into the binary form that `src/tokenize.rs` embeds.
//!
//! No network, no environment variable: the archive is part of the repository and its checksum is verified, so that
//! the same checkout gives the same tokens everywhere.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use lindera_dictionary::builder::DictionaryBuilder;
use lindera_dictionary::dictionary::metadata::Metadata;
use sha2::{Digest, Sha256};

const SOURCES: &str = "dictionaries/ipadic";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SOURCES}");
    let sources = Path::new(SOURCES);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let unpacked = out.join("ipadic-sources");
    let compiled = out.join("ipadic");
    for stale in [&unpacked, &compiled] {
        if stale.exists() {
            fs::remove_dir_all(stale)?;
        }
        fs::create_dir_all(stale)?;
    }

    let archive = verified_archive(sources)?;
    unpack(&archive, &unpacked)?;
    let metadata: Metadata = Metadata::load(&fs::read(sources.join("metadata.json"))?)
        .map_err(|e| format!("{SOURCES}/metadata.json: {e}"))?;
    DictionaryBuilder::new(metadata)
        .build_dictionary(&unpacked, &compiled)
        .map_err(|e| format!("{SOURCES}: the dictionary sources do not compile: {e}"))?;
    // A file of 60 MB that nothing reads again.
    fs::remove_dir_all(&unpacked)?;
    println!("cargo::rustc-env=LINDERA_WORKDIR={}", out.display());
    Ok(())
}

/// Reads the archive named in `SHA256SUMS` and checks it against its sum.
fn verified_archive(sources: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let sums = fs::read_to_string(sources.join("SHA256SUMS"))?;
    let (expected, name) = sums
        .split_once(char::is_whitespace)
        .ok_or("SHA256SUMS: expected \"<sum>  <file>\"")?;
    let name = name.trim();
    let bytes = fs::read(sources.join(name)).map_err(|e| format!("{SOURCES}/{name}: {e}"))?;
    let mut found = String::new();
    for byte in Sha256::digest(&bytes) {
        write!(found, "{byte:02x}")?;
    }
    if found != expected {
        return Err(format!(
            "{SOURCES}/{name}: its SHA-256 is {found}, SHA256SUMS says {expected}; \
             restore the file, or update SHA256SUMS if you replaced the dictionary"
        )
        .into());
    }
    Ok(bytes)
}

/// Unpacks the `tar.xz`, leaving out the folder name that the archive begins with.
fn unpack(archive: &[u8], target: &Path) -> Result<(), Box<dyn Error>> {
    let reader = lzma_rust2::XzReader::new(archive, false);
    let mut tar = tar::Archive::new(reader);
    for entry in tar.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        if let Some(name) = path.file_name() {
            entry.unpack(target.join(name))?;
        }
    }
    Ok(())
}
