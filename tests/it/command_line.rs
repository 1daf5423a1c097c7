//! The program as people and scripts call it: what is printed where, and sentences that say what to do.

use std::net::TcpListener;
use std::process::{Command, Output};

use cpor::app::demo;

use crate::support::scratch::ScratchFolder;

/// Runs the program in a folder of its own, with nothing set in its environment that it reads.
fn cpor(folder: &ScratchFolder, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpor"));
    let ours = std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("CPOR_"));
    for name in ours {
        command.env_remove(name);
    }
    command.env_remove("DATABASE_URL").env("CPOR_DATA_DIR", folder.path()).current_dir(folder.path());
    command.args(args).output().unwrap()
}

fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "nothing beside");
    std::str::from_utf8(&output.stdout).unwrap()
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "nothing that a script would take for an answer");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_schema_is_printed_alone_as_it_is_committed() {
    let folder = ScratchFolder::new();
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).unwrap();
    assert!(printed(&cpor(&folder, &["schema"])).trim_end() == committed.trim_end(), "schema.graphql is another one");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn people_are_listed_a_line_each() {
    let output = cpor(&ScratchFolder::new(), &["people"]);
    let handles: Vec<_> = printed(&output).lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
    let people: Vec<_> = demo::people().into_iter().map(|person| person.handle).collect();
    assert_eq!(handles, people);
}

#[test]
fn a_token_is_printed_alone() {
    let folder = ScratchFolder::new();
    let output = cpor(&folder, &["token", "anna"]);
    let token = printed(&output).strip_suffix('\n').unwrap();
    assert_eq!(token.split('.').count(), 3, "{token}");
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)), "{token}");
    let nobody = complaint(&cpor(&folder, &["token", "nobody"]));
    assert!(nobody.contains("nobody") && nobody.contains("anna, ben"), "{nobody}");
}

#[test]
fn a_taken_port_is_said_before_anything_is_started() {
    let (folder, taken) = (ScratchFolder::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = taken.local_addr().unwrap().to_string();
    let complaint = complaint(&cpor(&folder, &["serve", "--listen", &address]));
    assert!(complaint.contains(&address) && complaint.contains("taken") && complaint.contains("--listen"), "{complaint}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was started");
}

#[test]
fn a_demo_is_served_on_loopback_only() {
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let complaint = complaint(&cpor(&ScratchFolder::new(), &["serve", "--listen", listen]));
        assert!(complaint.contains("loopback") && complaint.contains("--demo=false"), "{complaint}");
    }
}

#[test]
fn what_cannot_be_used_is_named_without_its_secrets() {
    let folder = ScratchFolder::new();
    let url = complaint(&cpor(&folder, &["migrate", "--database-url", "mysql://me:hunter2@db/x"]));
    assert!(url.contains("postgresql://") && !url.contains("hunter2"), "{url}");
    let file = complaint(&cpor(&folder, &["import", "missing.json"]));
    assert!(file.contains("missing.json cannot be read"), "{file}");
    let option = complaint(&cpor(&folder, &["serve", "--lisen", "127.0.0.1:1"]));
    assert!(option.contains("--lisen"), "{option}");
    let filter = complaint(&cpor(&folder, &["people", "--log", "nonsense=of=filters"]));
    assert!(filter.contains("log filter"), "{filter}");
}

#[test]
fn help_and_version_are_answers() {
    let folder = ScratchFolder::new();
    assert!(printed(&cpor(&folder, &["--help"])).contains("verify-history"));
    assert!(printed(&cpor(&folder, &["serve", "--help"])).contains("--listen"));
    assert_eq!(printed(&cpor(&folder, &["--version"])).trim(), format!("cpor {}", env!("CARGO_PKG_VERSION")));
}
