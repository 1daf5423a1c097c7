//! Server processes, each behind a wire to its clients and upon a wire to the database, and started again whenever they end.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::people::{AUDIENCE, ISSUER};
use crate::postgres::Postgres;
use crate::proxy::{Proxy, Target};

/// How often to look whether a server has ended.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long a server stays down before it is started again.
const DOWN: Duration = Duration::from_millis(300);

/// A server, over all the processes that it was.
pub struct Server {
    /// To its clients.
    pub wire: Proxy,
    /// To the database.
    pub database_wire: Proxy,
    listen: SocketAddr,
    data_dir: PathBuf,
    log: PathBuf,
    child: Mutex<Option<Child>>,
    /// Whether the end of the process that runs now is the nemesis' doing.
    is_doomed: AtomicBool,
    /// Ends that were nobody's doing, once the process had served.
    ended_by_itself: Mutex<Vec<String>>,
}

impl Server {
    /// Prepares the wires; [`Server::keep_running`] starts the process.
    pub async fn new(number: usize, folder: &Path, postgres: &Postgres) -> Self {
        // Taken and let go: the server itself is started again on the same port.
        let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self {
            wire: Proxy::start(Target::Tcp(listen)).await,
            database_wire: Proxy::start(Target::Unix(postgres.socket().to_owned())).await,
            listen,
            data_dir: data_dir(folder),
            log: folder.join(format!("server-{number}.log")),
            child: Mutex::new(None),
            is_doomed: AtomicBool::new(false),
            ended_by_itself: Mutex::new(Vec::new()),
        }
    }

    /// Where clients reach it.
    pub fn address(&self) -> SocketAddr {
        self.wire.address()
    }

    /// Starts it whenever it does not run, for ever.
    pub async fn keep_running(&self) {
        loop {
            let has_ended = match self.child().as_mut() {
                Some(child) => child.try_wait().unwrap(),
                None => None,
            };
            if let Some(status) = has_ended {
                if !self.is_doomed.swap(false, Ordering::SeqCst) && self.has_served() {
                    self.ended_by_itself.lock().unwrap().push(status.to_string());
                }
                self.child().take();
                tokio::time::sleep(DOWN).await;
            }
            self.start();
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn start(&self) {
        let mut child = self.child();
        if child.is_none() {
            let log = File::options().create(true).append(true).open(&self.log).unwrap();
            let ready = File::create(self.ready_file()).unwrap();
            let url = format!("postgresql://postgres@{}/cpor?sslmode=disable", self.database_wire.address());
            let mut command = cpor(&self.data_dir, &url);
            command.args(["serve", "--demo=true", "--listen"]).arg(self.listen.to_string());
            command.arg("--jwt-keys").arg(self.data_dir.join("jwks.json"));
            command.args(["--jwt-issuer", ISSUER, "--jwt-audience", AUDIENCE]);
            *child = Some(command.stdout(ready).stderr(log).spawn().unwrap());
        }
    }

    /// What the process printed: something only once it served.
    fn ready_file(&self) -> PathBuf {
        self.log.with_extension("ready")
    }

    fn has_served(&self) -> bool {
        fs::metadata(self.ready_file()).is_ok_and(|file| file.len() > 0)
    }

    /// SIGKILL.
    pub fn kill(&self) {
        self.is_doomed.store(true, Ordering::SeqCst);
        self.signal(Signal::KILL);
    }

    /// SIGSTOP, or SIGCONT.
    pub fn freeze(&self, is_frozen: bool) {
        self.signal(if is_frozen { Signal::STOP } else { Signal::CONT });
    }

    fn signal(&self, signal: Signal) {
        if let Some(child) = self.child().as_ref() {
            // It may have ended at this very moment.
            kill_process(Pid::from_child(child), signal).ok();
        }
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap()
    }

    /// How it ended when nobody killed it.
    pub fn ended_by_itself(&self) -> Vec<String> {
        self.ended_by_itself.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = self.child().as_mut() {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// The folder that all servers share: documents, letters, the key of history.
pub fn data_dir(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The program, with nothing in its environment but what is given.
pub fn cpor(data_dir: &Path, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpor"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CPOR_")) {
        command.env_remove(name);
    }
    command.env("DATABASE_URL", url).env("CPOR_DATA_DIR", data_dir).env("CPOR_LOG", "warn").stdin(Stdio::null());
    command
}
