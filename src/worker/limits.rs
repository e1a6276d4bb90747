//! Limits that a worker sets on itself.

/// Caps the address space of this process (bytes): what asks for more is refused and aborts.
#[cfg(target_os = "linux")]
pub(super) fn limit_memory(bytes: u64) {
    use nix::sys::resource::{Resource, setrlimit};
    // A lower limit that is in force already is as good.
    let _ = setrlimit(Resource::RLIMIT_AS, bytes, bytes);
}

/// Allows this many further seconds of processor time; then the system ends the process with SIGXCPU.
#[cfg(unix)]
pub(super) fn limit_cpu(seconds: u64) {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    use nix::sys::resource::{UsageWho, getrusage};
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return;
    };
    let used = (usage.user_time().tv_sec() + usage.system_time().tv_sec()).unsigned_abs();
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_CPU) {
        // The seconds used are rounded down, so one is added.
        let _ = setrlimit(
            Resource::RLIMIT_CPU,
            used.saturating_add(seconds).saturating_add(1).min(hard),
            hard,
        );
    }
}

/// Elsewhere the address space counts what is never touched, or cannot be limited: best effort is none.
#[cfg(not(target_os = "linux"))]
pub(super) fn limit_memory(_: u64) {}

/// Without processor limits the wall clock of the parent is the only guard.
#[cfg(not(unix))]
pub(super) fn limit_cpu(_: u64) {}
