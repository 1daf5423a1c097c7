//! The real server, as a demo of its own, and what must be asked of it before bytes can flow.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::client::Client;

const PROGRAM: &str = env!("CARGO_BIN_EXE_cpor");

/// `cpor serve` on a free port; killed when dropped.
pub struct Server {
    child: Child,
    token: String,
    pub address: String,
}

/// An upload that waits.
pub struct Upload {
    pub id: String,
    pub url: String,
}

impl Server {
    pub fn start(folder: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data-dir"]).arg(folder);
        let mut child = command.env_remove("DATABASE_URL").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.by_ref().map(Result::unwrap).find(|line| line.contains("/graphql")).expect("ready");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        let token = Command::new(PROGRAM).args(["token", "anna", "--data-dir"]).arg(folder).output().unwrap();
        let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
        Self { child, token, address }
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// A new upload of Anna's.
    pub fn upload(&self) -> Upload {
        let create = "mutation { poeUploadCreate(input: { fileName: \"bench.pdf\" }) { upload { id url } userErrors { code } } }";
        let upload = self.ask(create, &json!({}))["poeUploadCreate"]["upload"].take();
        let text = |field: &str| upload[field].as_str().unwrap_or_else(|| panic!("{upload}")).to_owned();
        Upload { id: text("id"), url: text("url") }
    }

    /// Attaches a document to a draft of Anna's, and answers the path to fetch it by.
    pub fn document(&self, bytes: &[u8]) -> String {
        let upload = self.upload();
        Client::connect(&self.address).put(&upload.url, bytes);
        let location = self.ask("{ viewer { locations { mpnId } } }", &json!({}))["viewer"]["locations"][0]["mpnId"].take();
        let create = "mutation New($location: String!) { claimCreate(input: { location: $location }) { claim { id } userErrors { code } } }";
        let claim = self.ask(create, &json!({ "location": location }))["claimCreate"]["claim"]["id"].take();
        let attach = "mutation Attach($claim: ID!, $upload: ID!) {
            poeAttach(input: { claimId: $claim, uploadId: $upload, kind: CONTRACT }) { document { downloadUrl } userErrors { code } } }";
        let mut data = self.ask(attach, &json!({ "claim": claim, "upload": upload.id }));
        data["poeAttach"]["document"]["downloadUrl"].take().as_str().unwrap_or_else(|| panic!("{data}")).to_owned()
    }

    fn ask(&self, query: &str, variables: &Value) -> Value {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut answer: Value = runtime.block_on(async {
            let request = reqwest::Client::new().post(format!("http://{}/graphql", self.address)).bearer_auth(&self.token);
            request.json(&json!({ "query": query, "variables": variables })).send().await.unwrap().json().await.unwrap()
        });
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].take()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        // A clean stop, so that its PostgreSQL ends as well.
        let _asked = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _reaped = self.child.wait();
    }
}
