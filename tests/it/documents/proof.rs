//! Documents are what history says: bytes that somebody changed or took away are found, with the claim and the entry that name them.

use std::process::{Command, Output};

use cpor::domain::claim::Claim;
use cpor::store::aggregate;
use cpor::store::verify::{FileFault, FileFlaw, verify_files};

use crate::support::world::World;

async fn claim(world: &World, customer: u32) -> Claim {
    let id = world.submitted("anna", customer, &["TEAMS"]).await;
    let mut conn = world.app.database().read().await.unwrap();
    aggregate::load_many(&mut conn, &[id]).await.unwrap().pop().unwrap()
}

fn place(world: &World, claim: &Claim) -> std::path::PathBuf {
    let name: String = claim.documents[0].file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    world.documents().join(&name[..2]).join(name)
}

fn verify(world: &World, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpor"));
    command.args(["verify-history", "--database-url", world.database.url(), "--documents"]).arg(world.documents()).args(more);
    command.env_remove("CPOR_DOCUMENTS").output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_a_cut_file_and_a_missing_one_are_found() {
    let world = World::new().await;
    let claims = [claim(&world, 1).await, claim(&world, 2).await, claim(&world, 3).await, claim(&world, 4).await];
    let report = verify_files(world.app.database(), world.app.blobs()).await.unwrap();
    assert_eq!((report.files, report.faults), (4, vec![]));

    let mut bytes = std::fs::read(place(&world, &claims[0])).unwrap();
    bytes[5] ^= 1;
    std::fs::write(place(&world, &claims[0]), &bytes).unwrap();
    std::fs::write(place(&world, &claims[1]), &bytes[1..]).unwrap();
    std::fs::remove_file(place(&world, &claims[2])).unwrap();
    let report = verify_files(world.app.database(), world.app.blobs()).await.unwrap();
    let fault = |claim: &Claim, flaw| FileFault { number: claim.number, seq: 2, flaw };
    let expected =
        [fault(&claims[0], FileFlaw::WrongHash), fault(&claims[1], FileFlaw::WrongSize), fault(&claims[2], FileFlaw::Missing)];
    assert_eq!((report.files, report.faults.as_slice()), (4, expected.as_slice()));

    let output = verify(&world, &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "{said}");
    for (claim, words) in claims.iter().zip(["another SHA-256", "another size", "not there"]) {
        let line = said.lines().find(|line| line.starts_with(&format!("{}: entry 2 ", claim.number)));
        assert!(line.is_some_and(|line| line.contains(words)), "{words}: {said}");
    }
    assert!(!said.contains(&claims[3].number.to_string()), "{said}");
    assert!(verify(&world, &["--skip-files"]).status.success());
}
