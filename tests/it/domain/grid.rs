//! The full product status × command × role, as a file that a person can read: `grid.txt` beside this one.
//!
//! `UPDATE_GOLDEN=1 cargo test grid` writes it anew; then read the difference.

use std::fmt::Write as _;
use std::path::Path;

use cpor::domain::actor::Actor;
use cpor::domain::command::CommandKind;
use cpor::domain::create;
use cpor::domain::ids::ClaimNumber;
use cpor::domain::refusal::{Code, Refusal};
use cpor::domain::status::Status;

use super::cast::everybody;
use super::moves::{creation, faultless_command};
use super::situations;
use super::story::Story;

const LEGEND: &str = "\
Who may do what, when. Each command is tried with faultless input.

  → STATUS   allowed, and the status becomes this
  ·          allowed, the status stays
  –          FORBIDDEN: never in this role, or not on this claim
  CODE       refused, with this code

People whose columns are equal share one; who is forbidden everything stands beneath the title.
";

#[test]
fn what_everybody_may_do_in_every_situation_is_what_the_grid_says() {
    let grid = grid();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/domain/grid.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &grid).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = grid.lines().zip(golden.lines()).find(|(now, before)| now != before);
    assert!(grid == golden, "the grid has changed (UPDATE_GOLDEN=1 writes it anew), first at {differs:#?}");
}

#[test]
fn the_grid_meets_every_status_and_every_role() {
    let stories = situations::all();
    for status in Status::ALL {
        assert!(stories.iter().any(|(_, story)| story.claim.status == *status), "{status} is missing");
    }
    for role in cpor::domain::actor::Role::ALL {
        assert!(everybody().iter().any(|(_, actor)| actor.role() == *role), "{role} is missing");
    }
}

fn grid() -> String {
    let mut grid = LEGEND.to_owned();
    let creations = everybody().iter().map(|(_, actor)| vec![creation_cell(actor)]).collect();
    grid += &table("no claim yet", &["CREATE"], creations);
    let kinds: Vec<_> = CommandKind::ALL.iter().copied().filter(|kind| *kind != CommandKind::Create).collect();
    let names: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
    for (situation, story) in situations::all() {
        let columns =
            everybody().iter().map(|(_, actor)| kinds.iter().map(|kind| cell(&story, *kind, actor)).collect()).collect();
        grid += &table(situation, &names, columns);
    }
    grid
}

fn creation_cell(actor: &Actor) -> String {
    let facts = &super::world::World::default().facts;
    match create(&creation(), ClaimNumber(100_001), actor, facts, super::world::utc("2021-09-13 10:00")) {
        Ok(_) => format!("→ {}", Status::Editing),
        Err(refusal) => refused(&refusal),
    }
}

fn cell(story: &Story, kind: CommandKind, actor: &Actor) -> String {
    let mut story = story.clone();
    story.sweep();
    let before = story.claim.status;
    let command = faultless_command(kind, &story.claim).unwrap();
    match story.tries(actor, &command) {
        Ok(_) if story.claim.status == before => "·".to_owned(),
        Ok(_) => format!("→ {}", story.claim.status),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> String {
    let codes: Vec<_> = refusal.violations.iter().map(|violation| violation.code).collect();
    if codes == [Code::Forbidden] {
        return "–".to_owned();
    }
    codes.iter().map(|code| code.code()).collect::<Vec<_>>().join(" + ")
}

/// A table of the rows over everybody; equal columns become one, headed by all their names.
fn table(title: &str, rows: &[&str], columns: Vec<Vec<String>>) -> String {
    let mut groups: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for ((who, _), cells) in everybody().into_iter().zip(columns) {
        match groups.iter_mut().find(|(_, same)| *same == cells) {
            Some((names, _)) => names.push(who),
            None => groups.push((vec![who], cells)),
        }
    }
    let mut text = format!("\n\n== {title} ==\n");
    if let Some(index) = groups.iter().position(|(_, cells)| cells.iter().all(|cell| cell == "–")) {
        let _ = writeln!(text, "forbidden: {}", groups.remove(index).0.join(", "));
    }
    text.push('\n');
    let heads = groups.iter().map(|(names, _)| names.len()).max().unwrap_or(0);
    for index in 0..heads {
        let names = groups.iter().map(|(names, _)| names.get(index).copied().unwrap_or(""));
        push_row(&mut text, "", names, &groups);
    }
    for (index, row) in rows.iter().enumerate() {
        push_row(&mut text, row, groups.iter().map(|(_, cells)| cells[index].as_str()), &groups);
    }
    text
}

fn push_row<'a>(text: &mut String, head: &str, cells: impl Iterator<Item = &'a str>, groups: &[(Vec<&str>, Vec<String>)]) {
    let mut line = format!("{head:<18}");
    for (cell, (names, values)) in cells.zip(groups) {
        let longest = names.iter().copied().chain(values.iter().map(String::as_str)).map(|cell| cell.chars().count()).max();
        let _ = write!(line, " | {cell:<width$}", width = longest.unwrap_or(0));
    }
    text.push_str(line.trim_end());
    text.push('\n');
}
