//! Builds the playground's page (`playground/`) for embedding, once for each state of its sources.
//!
//! The page is third-party JavaScript (GraphiQL) that is not committed. Its bundle is made with npm and Vite in the
//! script's own folder and kept, gzipped, as `<target>/playground-<hash of the sources>/`, so that every profile
//! shares one. Without npm, or with `CPOR_SKIP_PLAYGROUND=1`, the crate builds all the same: the embedded
//! folder is then empty and the server's page says how to get the playground.

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// What the bundle is made of, beneath `playground/`: all of it is copied, hashed and watched.
const SOURCES: [&str; 7] = ["package.json", "package-lock.json", "vite.config.js", "index.html", "public", "src", "operations"];
/// Changes when what this script makes of the same sources changes.
const RECIPE: u32 = 1;
const NPM_MAX: Duration = Duration::from_secs(600);
const VITE_MAX: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(100);
/// How much of a failed program's output a warning repeats.
const LOG_TAIL_LINES: usize = 12;

fn main() -> io::Result<()> {
    let playground = PathBuf::from(env("CARGO_MANIFEST_DIR")?).join("playground");
    let out = PathBuf::from(env("OUT_DIR")?);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CPOR_SKIP_PLAYGROUND");
    for source in SOURCES {
        println!("cargo:rerun-if-changed=playground/{source}");
    }
    let folder = bundle(&playground, &out).or_else(|reason| {
        println!("cargo:warning=the playground is left out: {reason}");
        let empty = out.join("playground-empty");
        fs::create_dir_all(&empty).map(|()| empty)
    })?;
    println!("cargo:rustc-env=CPOR_PLAYGROUND_DIST={}", folder.display());
    Ok(())
}

fn env(name: &str) -> io::Result<std::ffi::OsString> {
    std::env::var_os(name).ok_or_else(|| io::Error::other(format!("{name} is not set")))
}

/// The folder of the finished bundle: found, or made now.
fn bundle(playground: &Path, out: &Path) -> Result<PathBuf, String> {
    if std::env::var_os("CPOR_SKIP_PLAYGROUND").is_some_and(|value| value != "0" && !value.is_empty()) {
        return Err("CPOR_SKIP_PLAYGROUND is set".into());
    }
    let hash = hash(playground).map_err(|error| format!("its sources cannot be read: {error}"))?;
    let finished = shared_folder(out).join(format!("playground-{hash:016x}"));
    let page = finished.join("index.html.gz");
    println!("cargo:rerun-if-changed={}", page.display());
    if page.is_file() {
        return Ok(finished);
    }
    let work = out.join("playground-work");
    build(playground, &work, &finished).map(|()| finished)
}

/// Cargo's target folder, known by the tag that Cargo leaves there; else the script's own folder.
fn shared_folder(out: &Path) -> &Path {
    out.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file()).unwrap_or(out)
}

fn build(playground: &Path, work: &Path, finished: &Path) -> Result<(), String> {
    let io = |error: io::Error| error.to_string();
    for source in SOURCES {
        let target = work.join(source);
        let _ = fs::remove_dir_all(&target);
        copy(&playground.join(source), &target).map_err(io)?;
    }
    install(work)?;
    let vite = ["node_modules/vite/bin/vite.js", "build", "--outDir", "dist", "--logLevel", "warn"];
    run(Command::new("node").args(vite), work, VITE_MAX)?;
    let packed = work.join("packed");
    let _ = fs::remove_dir_all(&packed);
    compress(&work.join("dist"), &packed).map_err(io)?;
    match fs::rename(&packed, finished) {
        // Another profile's build was quicker with the same bundle.
        Err(_) if finished.join("index.html.gz").is_file() => Ok(()),
        moved => moved.map_err(io),
    }
}

/// Installs what the lock file names, unless it is there already: a changed operation costs Vite's seconds alone.
fn install(work: &Path) -> Result<(), String> {
    let io = |error: io::Error| error.to_string();
    let stamp = work.join("installed");
    let wanted = fs::read(work.join("package-lock.json")).map_err(io)?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let arguments = "ci --ignore-scripts --no-audit --no-fund --no-progress --no-update-notifier --cache npm-cache";
    let done = run(Command::new(npm).args(arguments.split(' ')), work, NPM_MAX);
    let _ = fs::remove_dir_all(work.join("npm-cache"));
    done?;
    fs::write(&stamp, wanted).map_err(io)
}

/// Runs a program to its end, or ends it at the deadline. Its output goes to a file, so that no pipe can fill up.
fn run(command: &mut Command, work: &Path, limit: Duration) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let log = work.join("log");
    let file = File::create(&log).map_err(|error| error.to_string())?;
    let copy = file.try_clone().map_err(|error| error.to_string())?;
    let mut child = command.current_dir(work).stdin(Stdio::null()).stdout(file).stderr(copy).spawn().map_err(|error| {
        format!("{name} does not start ({error}); install Node.js 20.19 or newer with npm, then `touch build.rs` and build again")
    })?;
    let deadline = Instant::now() + limit;
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if Instant::now() < deadline => std::thread::sleep(POLL),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{name} took longer than {} s; `touch build.rs` tries again", limit.as_secs()));
            }
        }
    };
    if status.success() {
        return Ok(());
    }
    let text = fs::read_to_string(&log).unwrap_or_default();
    let skipped = text.lines().count().saturating_sub(LOG_TAIL_LINES);
    for line in text.lines().skip(skipped) {
        println!("cargo:warning={name}: {line}");
    }
    Err(format!("{name} failed ({status}); `touch build.rs` tries again"))
}

/// The files beneath a path (itself, if it is one), in a fixed order.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let nested = entries.iter().map(|entry| files(entry)).collect::<io::Result<Vec<_>>>()?;
    Ok(nested.concat())
}

fn hash(playground: &Path) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    RECIPE.hash(&mut hasher);
    for source in SOURCES {
        for file in files(&playground.join(source))? {
            file.strip_prefix(playground).unwrap_or(&file).hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for file in files(from)? {
        let target = match file.strip_prefix(from) {
            Ok(inner) if inner != Path::new("") => to.join(inner),
            _ => to.to_owned(),
        };
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&file, &target)?;
    }
    Ok(())
}

/// Each file of the bundle as `<name>.gz`; gzip without a time, so that the same input gives the same bytes.
fn compress(from: &Path, to: &Path) -> io::Result<()> {
    for file in files(from)? {
        let mut name = to.join(file.strip_prefix(from).unwrap_or(&file));
        fs::create_dir_all(name.parent().unwrap_or(to))?;
        let extension = name.extension().unwrap_or(OsStr::new("")).to_string_lossy().into_owned();
        name.set_extension(format!("{extension}.gz"));
        let mut encoder = flate2::write::GzEncoder::new(File::create(&name)?, flate2::Compression::best());
        encoder.write_all(&fs::read(&file)?)?;
        // So old that Cargo, which watches the finished bundle, never takes it for a change.
        encoder.finish()?.set_modified(SystemTime::UNIX_EPOCH)?;
    }
    Ok(())
}
