//! The `gongkai` program.

use std::process::ExitCode;

/// Gives back what a rush of logins or a large register has taken: each password takes 19 MiB for a moment,
/// and the system's allocator keeps as much for every thread that ever hashed one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gongkai::cli::main()
}
