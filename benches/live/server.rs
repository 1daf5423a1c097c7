//! A server in a process of its own.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::data::{AUDIENCE, ISSUER, Stage};
use crate::http::Connection;
use crate::process;

/// How long a server may take until it serves.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How often to look whether it does.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A server that serves. Dropped, it is killed.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// `cpor serve` on the stage's database.
    pub async fn cpor(stage: &Stage) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_cpor"));
        command.args(["--data-dir", &stage.folder.join("server").display().to_string(), "--log", "warn", "serve"]);
        command.args(["--listen", &address.to_string(), "--jwt-keys", &stage.keys.display().to_string()]);
        command.args(["--jwt-issuer", ISSUER, "--jwt-audience", AUDIENCE]);
        command.env("DATABASE_URL", stage.url());
        Self::start(command, stage, address).await
    }

    /// The bare one.
    pub async fn bare(stage: &Stage) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bare", &address.to_string()]);
        Self::start(command, stage, address).await
    }

    /// CPU time so far.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        process::cpu(self.child.id())
    }

    /// Bytes in RAM now.
    pub fn resident_bytes(&self) -> anyhow::Result<u64> {
        process::resident_bytes(self.child.id())
    }

    /// The process, for a profiler to look at.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    async fn start(mut command: Command, stage: &Stage, address: SocketAddr) -> anyhow::Result<Self> {
        let path = stage.folder.join("server.log");
        let log = File::options().create(true).append(true).open(&path)?;
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut server = Self { child, address };
        let deadline = Instant::now() + START_LIMIT;
        while !server.is_ready().await {
            let said = || std::fs::read_to_string(&path).unwrap_or_default();
            ensure!(server.child.try_wait()?.is_none(), "the server ended: {}", said());
            ensure!(Instant::now() < deadline, "the server is not ready after {START_LIMIT:?}: {}", said());
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(server)
    }

    async fn is_ready(&self) -> bool {
        let asked = async { Connection::open(self.address).await?.send("GET", "/readyz", "", "").await };
        asked.await.is_ok_and(|(status, _)| status == 200)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn free_address() -> anyhow::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).context("no free port")
}
