//! The scanner that people run: clamd of Debian's `clamav-daemon`, with a signature of our own and no network.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use cpor::app::clamd::{Clamd, ScanError, Verdict};

use crate::support::scratch::{ScratchFolder, skip};

/// Where Debian puts it.
const CLAMD: &str = "/usr/sbin/clamd";
/// What our signature finds.
const BAD: &str = "CPOR-TEST-SIGNATURE-4711";
/// Looks for the socket of a scanner that starts.
const MAX_LOOKS: u32 = 600;

/// A scanner of the test's own; dropped, it ends.
struct RealClamd {
    child: Child,
    clamd: Clamd,
    _folder: ScratchFolder,
}

impl Drop for RealClamd {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl RealClamd {
    async fn start() -> Self {
        let folder = ScratchFolder::new();
        let path = folder.path();
        let pattern: String = BAD.bytes().map(|byte| format!("{byte:02x}")).collect();
        fs::write(path.join("cpor.ndb"), format!("Cpor.Test:0:*:{pattern}\n")).unwrap();
        let socket = path.join("clamd.ctl");
        let config = format!(
            "DatabaseDirectory {folder}\nLocalSocket {socket}\nTemporaryDirectory {folder}\nForeground yes\nStreamMaxLength 26M\n",
            folder = path.display(),
            socket = socket.display()
        );
        fs::write(path.join("clamd.conf"), config).unwrap();
        let mut command = Command::new(CLAMD);
        command.arg("--config-file").arg(path.join("clamd.conf")).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        for _ in 0..MAX_LOOKS {
            assert_eq!(child.try_wait().unwrap(), None, "clamd ended");
            if socket.exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Self { child, clamd: Clamd::Unix(socket), _folder: folder }
    }
}

#[tokio::test]
async fn a_real_scanner_finds_our_signature_and_nothing_in_anything_else() {
    if !Path::new(CLAMD).exists() {
        return skip("the scan by a real clamd", "there is no clamd: apt-get install clamav-daemon");
    }
    let real = RealClamd::start().await;
    let verdict = real.clamd.scan(format!("%PDF-1.7\n{BAD}\n%%EOF\n").as_bytes()).await.unwrap();
    // Without signatures of its maker, it marks those of others.
    assert_eq!(verdict, Verdict::Infected("Cpor.Test.UNOFFICIAL".to_owned()));
    assert_eq!(real.clamd.scan(b"%PDF-1.7\n%%EOF\n".as_slice()).await.unwrap(), Verdict::Clean);
    let large = vec![b'x'; 25 * 1024 * 1024];
    assert_eq!(real.clamd.scan(large.as_slice()).await.unwrap(), Verdict::Clean);
    let too_large = vec![b'x'; 40 * 1024 * 1024];
    let refused = real.clamd.scan(too_large.as_slice()).await;
    assert!(matches!(refused, Err(ScanError::NoVerdict(_) | ScanError::Away(_))), "{refused:?}");
}
