//! Settings from what is given, and refusals that say what to do.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::cli::MetricsPlace;
use crate::http::DocumentMode;

const URL: &str = "postgresql://anna:s3cret@db.example:6432/claims?password=hidden";

fn settings(args: &[&str]) -> Result<Settings, ConfigError> {
    // A developer's own DATABASE_URL must not change what is tested.
    let no_url: &[&str] = if args.contains(&"--database-url") { &[] } else { &["--database-url="] };
    Settings::new(CommandLine::read_from([&["cpor"], args, no_url].concat()).unwrap())
}

fn serve(args: &[&str]) -> Result<ServeSettings, ConfigError> {
    match settings(args)?.task {
        Task::Serve(serve) => Ok(*serve),
        task => panic!("{task:?}"),
    }
}

#[test]
fn the_demo_is_on_only_with_a_database_of_our_own() {
    assert!(serve(&[]).unwrap().demo);
    assert!(!serve(&["--database-url", URL]).unwrap().demo);
    assert!(serve(&["--database-url", URL, "--demo"]).unwrap().demo);
    assert!(!serve(&["--demo=false"]).unwrap().demo);
}

#[test]
fn the_demo_never_listens_on_the_network() {
    let refused = serve(&["--listen", "0.0.0.0:8080"]).unwrap_err();
    assert!(refused.to_string().contains("--listen 127.0.0.1:8080, or --demo=false"), "{refused}");
    assert!(serve(&["--listen", "0.0.0.0:8080", "--demo=false"]).is_ok());
    assert!(serve(&["--listen", "[::1]:8080"]).is_ok());
}

#[test]
fn a_password_is_never_shown() {
    let settings = settings(&["--database-url", URL]).unwrap();
    let shown = format!("{settings:?}");
    assert!(shown.contains("postgresql://anna@db.example:6432/claims"), "{shown}");
    assert!(!shown.contains("s3cret") && !shown.contains("hidden"), "{shown}");
    let Database::Remote(url) = settings.database else { panic!("a database of the user's") };
    assert_eq!(url.expose(), URL);
}

#[test]
fn a_database_url_must_be_one() {
    for wrong in ["mysql://x", "host=db.example", "postgresql://db?sslmode=verify-full", "postgresql://db:port/x"] {
        assert!(matches!(settings(&["--database-url", wrong]), Err(ConfigError::DatabaseUrl)), "{wrong}");
    }
    let empty = settings(&["--database-url", ""]).unwrap();
    assert_eq!(empty.database, Database::Local { binaries: BinarySource::Auto });
}

#[test]
fn only_a_server_wants_the_data_directory_for_itself() {
    let mode = |args: &[&str]| settings(args).unwrap().local_postgres().map(|options| options.mode);
    assert_eq!(mode(&["serve"]), Some(Mode::Serve));
    assert_eq!(mode(&["people"]), Some(Mode::Attach));
    assert_eq!(mode(&["people", "--database-url", URL]), None);
    let fetched = settings(&["--postgres", "fetched"]).unwrap().local_postgres().unwrap();
    assert_eq!(fetched.binaries, BinarySource::Fetched);
    assert!(fetched.durable);
}

#[test]
fn keys_issuer_and_audience_go_together() {
    let missing = serve(&["--jwt-issuer", "https://login.example"]).unwrap_err();
    assert!(missing.to_string().contains("--jwt-keys is missing"), "{missing}");
    let missing = serve(&["--jwt-keys", "keys.json", "--jwt-issuer", "https://login.example"]).unwrap_err();
    assert!(missing.to_string().contains("--jwt-audience is missing"), "{missing}");
    let all = ["--jwt-keys", "/nowhere/keys.json", "--jwt-issuer", "x", "--jwt-audience", "y"];
    assert!(matches!(serve(&all), Err(ConfigError::JwtKeysFile { .. })));
}

#[test]
fn a_log_filter_is_a_level_or_a_list_of_targets() {
    assert!(settings(&["--log", "warn,cpor=debug"]).is_ok());
    assert!(matches!(settings(&["--log", "cpor=loud"]), Err(ConfigError::LogFilter { .. })));
}

#[test]
fn without_a_mail_server_notices_become_files_and_links_lead_to_this_server() {
    let mail = serve(&["--listen", "127.0.0.1:9000"]).unwrap().mail;
    assert_eq!((mail.smtp, mail.public_url.as_str()), (None, "http://127.0.0.1:9000"));
    let mail = serve(&["--public-url", "https://claims.example/"]).unwrap().mail;
    assert_eq!(mail.public_url, "https://claims.example");
}

#[test]
fn a_mail_servers_password_is_neither_shown_nor_sent_in_clear() {
    let args = ["--smtp-url", "smtps://anna:s3cret@mail.example", "--mail-from", "cpor@claims.example"];
    let served = serve(&args).unwrap();
    assert!(!format!("{served:?}").contains("s3cret"));
    assert_eq!(served.mail.smtp.unwrap().expose(), "smtps://anna:s3cret@mail.example");
    let refused = |url: &str, rest: &[&str]| match serve(&[&["--smtp-url", url], rest].concat()).unwrap_err() {
        ConfigError::Mail(error) => error,
        other => panic!("{other}"),
    };
    let from = ["--mail-from", "cpor@claims.example"];
    assert_eq!(refused("smtp://anna:s3cret@mail.example", &from), MailError::PasswordInClear);
    assert_eq!(refused("mail.example:25", &from), MailError::SmtpUrl);
    assert_eq!(refused("smtp://mail.example", &[]), MailError::NoSender);
    assert!(serve(&["--smtp-url", "smtp://anna:s3cret@mail.example?tls=required", "--mail-from", "a@b.example"]).is_ok());
    assert!(matches!(serve(&["--public-url", "claims.example"]), Err(ConfigError::Mail(MailError::PublicUrl(_)))));
}

#[test]
fn a_bus_has_a_url_that_is_not_shown_and_needs_its_feature() {
    assert_eq!(serve(&[]).unwrap().bus, Bus::Database);
    assert_eq!(serve(&["--bus-url", ""]).unwrap().bus, Bus::Database);
    for wrong in ["bus.example:4222", "nats://", "http://bus.example", "nats://a.example,b.example"] {
        assert!(matches!(serve(&["--bus-url", wrong]), Err(ConfigError::Bus(BusError::Url))), "{wrong}");
    }
    let given = serve(&["--bus-url", "nats://anna:s3cret@one.example:4222,tls://two.example"]);
    if cfg!(feature = "nats") {
        assert!(!format!("{:?}", given.unwrap()).contains("s3cret"));
    } else {
        let refused = given.unwrap_err();
        assert!(matches!(refused, ConfigError::Bus(BusError::NotBuilt)), "{refused}");
    }
}

#[test]
fn an_origin_has_a_scheme_and_a_host_and_nothing_else() {
    let origins =
        serve(&["--cors-origin", "https://App.example,http://localhost:3000"]).unwrap().wire.bounds.http.allowed_origins;
    assert_eq!(origins, ["https://app.example", "http://localhost:3000"]);
    for wrong in ["*", "null", "https://", "app.example", "https://app.example/", "https://user@app.example"] {
        assert!(matches!(serve(&["--cors-origin", wrong]), Err(ConfigError::Wire(WireError::CorsOrigin { .. }))), "{wrong}");
    }
}

#[test]
fn bounds_are_moved_by_name_and_fit_together() {
    let bounds = serve(&["--limit", "sockets=7,budget=0", "--limit", "statement_seconds=3"]).unwrap().wire.bounds;
    assert_eq!((bounds.http.sockets.total_max, bounds.http.budget.cost_max), (7, 0));
    assert_eq!(bounds.database.statement_timeout.as_secs(), 3);
    let refused = |limit: &str| serve(&["--limit", limit]).unwrap_err().to_string();
    assert!(refused("sockts=7").contains("the limits are body_bytes, "), "{}", refused("sockts=7"));
    assert!(refused("sockets=30000").contains("--limit connections=30000"), "{}", refused("sockets=30000"));
    assert!(serve(&["--limit", "sockets=30000,connections=30000"]).is_ok());
}

#[test]
fn proxies_are_networks_or_addresses() {
    let trusted = serve(&["--trusted-proxy", "10.0.0.0/8,::1"]).unwrap().wire.bounds.transport.trusted_proxies;
    assert_eq!(trusted.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.0/8", "::1/128"]);
    for wrong in ["10.0.0.0/33", "proxy.example", "10.0.0"] {
        assert!(matches!(serve(&["--trusted-proxy", wrong]), Err(ConfigError::Wire(WireError::TrustedProxy(_)))), "{wrong}");
    }
}

#[test]
fn introspection_and_metrics_can_be_switched_off_or_moved() {
    let wire = serve(&[]).unwrap().wire;
    assert!(wire.bounds.http.introspection && wire.bounds.http.metrics);
    let wire = serve(&["--introspection=false", "--metrics=off"]).unwrap().wire;
    assert!(!wire.bounds.http.introspection && !wire.bounds.http.metrics);
    let wire = serve(&["--metrics", "127.0.0.1:9100"]).unwrap().wire;
    assert_eq!((wire.bounds.http.metrics, wire.metrics), (false, MetricsPlace::Apart("127.0.0.1:9100".parse().unwrap())));
    assert!(CommandLine::read_from(["cpor", "--metrics", "9100"]).unwrap_err().to_string().contains("or `on` or `off`"));
}

#[test]
fn trusted_documents_come_from_a_manifest_that_can_be_read() {
    let folder = std::env::temp_dir().join(format!("cpor-manifest-{}", std::process::id()));
    let with = |mode: &str, text: &str| {
        std::fs::write(&folder, text).unwrap();
        serve(&["--trusted-documents", mode, "--documents-manifest", folder.to_str().unwrap()])
            .map(|serve| serve.wire.bounds.http)
    };
    let relay = r#"{ "a1": "{ viewer { name } }" }"#;
    let apollo = r#"{ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [
        { "id": "a1", "name": "Me", "type": "query", "body": "query Me { viewer { name } }" }] }"#;
    assert!(matches!(with("prefer", relay).unwrap().documents, DocumentMode::Prefer(_)));
    assert!(matches!(with("only", apollo).unwrap().documents, DocumentMode::Only(_)));
    for wrong in ["[]", r#"{ "a1": 1 }"#, r#"{ "a1": "{ viewer" }"#, r#"{ "operations": [{ "id": "a1" }] }"#, "{}"] {
        assert!(matches!(with("only", wrong), Err(ConfigError::Wire(WireError::Manifest { .. }))), "{wrong}");
    }
    let refused = with("off", relay).unwrap_err();
    std::fs::remove_file(&folder).unwrap();
    assert!(refused.to_string().contains("--trusted-documents=prefer"), "{refused}");
    assert!(matches!(serve(&["--trusted-documents=only"]), Err(ConfigError::Wire(WireError::NoManifest))));
    let gone = serve(&["--trusted-documents=only", "--documents-manifest", "/nowhere/documents.json"]).unwrap_err();
    assert!(gone.to_string().contains("/nowhere/documents.json cannot be read"), "{gone}");
}
