//! The main job as a person does it: one command, a page in a browser, a claim's whole life, a clean stop.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use super::support::scratch::{ScratchFolder, skip};

/// A server of its own, stopped when dropped.
struct Server {
    child: Child,
    playground: String,
}

impl Server {
    /// `cpor serve` on a free port; returns when it says that it is ready.
    fn start(data_dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cpor"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .env_remove("DATABASE_URL")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.by_ref().map(Result::unwrap).find(|line| line.contains("playground"));
        let playground = line.expect("ready").split_whitespace().last().unwrap().to_owned();
        // The rest is read to its end, so that the server never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, playground }
    }

    /// Asks it to stop, and answers whether it ended well.
    fn stop(mut self) -> bool {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn browser(playground: &str, picture: &Path) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    Command::new("node").current_dir(folder).arg("playground.mjs").arg(playground).arg(picture).arg("--all").output().unwrap()
}

fn is_there(path: &str) -> bool {
    Path::new(path).exists()
}

#[test]
fn a_claim_lives_its_whole_life_in_a_browser_on_a_server_that_one_command_started_and_is_there_after_a_restart() {
    let test = "the walk through the playground";
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/node_modules");
    if !modules.exists() || !(is_there("/usr/bin/chromium") || std::env::var_os("CHROMIUM").is_some()) {
        return skip(test, "needs Chromium, and `npm ci` in tests/browser");
    }
    let folder = ScratchFolder::new();
    let server = Server::start(folder.path());
    let walked = browser(&server.playground, &folder.path().join("walk.png"));
    let said = String::from_utf8_lossy(&walked.stdout).into_owned();
    assert!(walked.status.success(), "{said}\n{}", String::from_utf8_lossy(&walked.stderr));
    assert!(said.contains(r#"\"status\":\"APPROVED\""#), "an approved claim: {said}");
    assert!(said.contains(r#"\"state\":\"ACTIVE\""#), "an active association: {said}");
    assert!(server.stop(), "a clean stop");

    let again = Server::start(folder.path());
    let verified = Command::new(env!("CARGO_BIN_EXE_cpor"))
        .args(["verify-history", "--data-dir"])
        .arg(folder.path())
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    assert!(again.stop());
}
