//! The command line; nothing else.

use std::process::ExitCode;

use cpor::cli::CommandLine;
use cpor::config::Settings;
use cpor::{boot, logging};

/// Stack of a worker thread, in bytes: the second line of defence against deeply nested documents; the first refuses them.
const WORKER_STACK_BYTES: usize = 32 * 1024 * 1024;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(WORKER_STACK_BYTES)
        .build()
        .map_err(Into::into);
    match runtime.and_then(|runtime| runtime.block_on(run())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cpor: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let settings = Settings::new(CommandLine::read())?;
    let telemetry = logging::start(&settings)?;
    let ended = boot::run(settings).await;
    telemetry.stop();
    ended
}
