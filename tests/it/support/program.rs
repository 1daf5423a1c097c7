//! The program itself, as operators start it, on a database of the test's.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::Utc;
use cpor::app::import;
use cpor::auth::token::DemoKey;
use cpor::store::demo_clock;
use reqwest::Client;
use serde_json::{Value, json};

use super::leaks::leaks_nothing;
use super::scratch::ScratchFolder;
use super::world::World;

/// The demo's people.
pub const PEOPLE: &str = include_str!("../../../src/app/demo/people.json");

/// The database of a demo that has people and no claims.
pub async fn empty_demo() -> World {
    let world = World::empty_demo().await;
    import::import(world.app.database(), PEOPLE).await.unwrap();
    demo_clock::set_offset_micros(&mut world.app.database().write().await.unwrap(), 0).await.unwrap();
    world
}

/// The program, logging into a file.
pub struct Program {
    child: Child,
    folder: ScratchFolder,
    pub address: String,
    pub client: Client,
}

impl Program {
    pub fn start(world: &World, options: &[&str]) -> Self {
        let folder = ScratchFolder::new();
        let mut child = Command::new(env!("CARGO_BIN_EXE_cpor"))
            .args(["serve", "--listen", "127.0.0.1:0", "--demo", "--database-url", world.database.url()])
            .args(options)
            .arg("--data-dir")
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.by_ref().map(Result::unwrap).find(|line| line.contains("playground")).expect("ready");
        std::thread::spawn(move || lines.for_each(drop));
        let address = line.split_whitespace().last().unwrap().trim_end_matches("/playground/").to_owned();
        Self { child, folder, address, client: Client::builder().no_proxy().build().unwrap() }
    }

    pub fn token(&self, who: &str) -> String {
        DemoKey::load_or_create(self.folder.path()).unwrap().sign(who, Utc::now()).unwrap()
    }

    pub async fn ask(&self, token: &str, query: &str, input: Value) -> Value {
        let body = json!({ "query": query, "variables": { "input": input } });
        let request = self.client.post(format!("{}/graphql", self.address)).bearer_auth(token).json(&body);
        let text = request.header("cookie", "canary").send().await.unwrap().text().await.unwrap();
        leaks_nothing(&text);
        serde_json::from_str(&text).unwrap()
    }

    /// Does something, which must be done.
    pub async fn done(&self, who: &str, mutation: &str, input: Value) -> Value {
        let (name, payload) = mutation.split_once(' ').unwrap_or((mutation, "claim { id }"));
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let query = format!("mutation ($input: {kind}!) {{ {name}(input: $input) {{ {payload} userErrors {{ code path }} }} }}");
        let answer = self.ask(&self.token(who), &query, input).await;
        assert_eq!(answer["data"][name]["userErrors"], json!([]), "{name}: {answer}");
        answer["data"][name].clone()
    }

    /// The consent token in the letter that the customer got.
    pub async fn consent_token(&self) -> String {
        loop {
            let letters = fs::read_dir(self.folder.path().join("outbox")).into_iter().flatten();
            let letters = letters.filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok());
            // Long lines are broken in a letter.
            let found = letters.map(|letter| letter.replace("=\r\n", "")).find_map(|letter| {
                let token = letter.split("/consent/").nth(1)?.to_owned();
                Some(token.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect::<String>())
            });
            if let Some(token) = found {
                return token;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Stops the program and answers what it logged.
    pub fn log(mut self) -> String {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap();
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
