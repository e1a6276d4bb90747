//! Decoding of streams within limits.

use std::borrow::Cow;
use std::io::Read;

use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

/// The decoded bytes of a stream, or their beginning.
pub(super) struct Data<'a> {
    pub data: Cow<'a, [u8]>,
    /// There were more bytes than allowed.
    pub cut: bool,
}

/// Deflate packs at most about 1:1032, so that a short stream needs no second look.
const WORST_RATIO: usize = 1032;

/// Decodes a stream into at most `limit` bytes; `None` when it cannot be decoded at all.
///
/// The engine decodes without a limit, and two kilobytes may unpack to gigabytes. Streams that could are unpacked here.
pub(super) fn bounded_data<'a>(stream: &Stream<'a>, limit: usize) -> Option<Data<'a>> {
    let filters = stream.filters();
    let flates = filters
        .iter()
        .filter(|f| matches!(f, Filter::FlateDecode | Filter::LzwDecode))
        .count();
    let raw_length = stream.raw_data().len();
    let worst = (0..flates).fold(raw_length, |size, _| size.saturating_mul(WORST_RATIO));
    if worst <= limit || !filters.iter().all(|f| *f == Filter::FlateDecode) {
        let data = stream.decoded_data().ok()?;
        return Some(cut(data, limit));
    }
    // Counting first keeps the engine's decoder (predictors, damaged streams) for every stream that is in order.
    if let Some(data) = unpack(stream.raw_data(), filters.len(), limit) {
        return Some(Data {
            data: Cow::Owned(data),
            cut: true,
        });
    }
    let data = stream.decoded_data().ok()?;
    Some(cut(data, limit))
}

fn cut(data: Cow<'_, [u8]>, limit: usize) -> Data<'_> {
    if data.len() <= limit {
        return Data { data, cut: false };
    }
    let kept = data.get(..limit).unwrap_or_default().to_vec();
    Data {
        data: Cow::Owned(kept),
        cut: true,
    }
}

/// The first `limit` bytes of what is packed `times` over; `None` when it is not more than `limit`.
fn unpack(raw: Cow<'_, [u8]>, times: usize, limit: usize) -> Option<Vec<u8>> {
    let mut data = raw;
    let mut too_long = false;
    for _ in 0..times {
        let mut out = Vec::new();
        let mut decoder = flate2::read::ZlibDecoder::new(&*data).take(limit as u64 + 1);
        let _ = decoder.read_to_end(&mut out);
        too_long = out.len() > limit;
        out.truncate(limit);
        data = Cow::Owned(out);
    }
    too_long.then(|| data.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn packed(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).expect("in memory");
        encoder.finish().expect("in memory")
    }

    #[test]
    fn only_what_is_too_long_is_cut() {
        let twice = packed(&packed(&[b'x'; 100_000]));
        assert_eq!(
            unpack(Cow::Borrowed(&twice), 2, 1_000).map(|d| d.len()),
            Some(1_000)
        );
        assert_eq!(unpack(Cow::Borrowed(&twice), 2, 100_000), None);
    }
}
