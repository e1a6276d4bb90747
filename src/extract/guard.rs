//! Panics of an engine become results.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; a panic in it is an error that says where it happened, and prints nothing.
///
/// Only panics on the calling thread inside `work` are silenced: the hook of the process stays in force elsewhere.
/// A stack overflow or an abort cannot be caught here; that is what worker processes are for.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    silence_guarded_threads();
    let outer = GUARDED.replace(true);
    // What `work` left half done is dropped by the callers, which start the next page from fresh state.
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.map_err(|payload| message(&*payload))
}

fn silence_guarded_threads() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                usual(info);
            }
        }));
    });
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_string());
    let text = text
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        assert_eq!(guarded(|| 1), Ok(1));
        let caught: Result<(), String> = guarded(|| panic!("no such CMap: {}", "X-H"));
        assert_eq!(caught, Err("no such CMap: X-H".to_string()));
        assert!(!GUARDED.get());
    }
}
