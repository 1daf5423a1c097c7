//! The protocol, and everything that a scanner can do wrong: none of it is a verdict.

use std::time::Duration;

use cpor::app::clamd::{Clamd, ScanError, Verdict};

use super::fake::{CLEAN, FakeClamd, INFECTED, Mood};

async fn scan(mood: Mood, bytes: &[u8]) -> Result<Verdict, ScanError> {
    FakeClamd::start(mood).await.clamd.scan(bytes).await
}

#[tokio::test]
async fn bytes_go_in_pieces_and_come_together_again() {
    let scanner = FakeClamd::start(CLEAN).await;
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    assert_eq!(scanner.clamd.scan(bytes.as_slice()).await.unwrap(), Verdict::Clean);
    assert_eq!(scanner.seen(), bytes);
    scanner.feels(INFECTED);
    assert_eq!(scanner.clamd.scan(b"".as_slice()).await.unwrap(), Verdict::Infected("Cpor.Test".to_owned()));
    assert_eq!(scanner.seen(), b"");
}

#[tokio::test]
async fn garbage_and_errors_are_no_verdicts() {
    for answer in ["\0", "OK\0", "stream: OK and more\0", "<html>", "UNKNOWN COMMAND\0"] {
        assert!(matches!(scan(Mood::Says(answer), b"x").await, Err(ScanError::NoVerdict(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn a_scanner_that_has_enough_is_heard_although_it_hung_up() {
    let large = vec![b'x'; 8 * 1024 * 1024];
    let limit = "INSTREAM size limit exceeded. ERROR\0";
    match scan(Mood::HasEnough(limit), &large).await {
        Err(ScanError::NoVerdict(answer)) => assert_eq!(answer, limit.trim_end_matches('\0')),
        // The network may drop what was said together with the connection.
        Err(ScanError::Away(_)) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_scanner_that_hangs_up_is_not_there_or_never_answers_gives_no_verdict() {
    assert!(matches!(scan(Mood::Away, b"x").await, Err(ScanError::Away(_))));
    assert!(matches!(Clamd::Unix("/nonexistent/clamd".into()).scan(b"x".as_slice()).await, Err(ScanError::Away(_))));
    let scanner = FakeClamd::start(Mood::Hangs).await;
    let hung = scanner.clamd.scan_within(Duration::from_millis(100), b"x".as_slice()).await;
    assert!(matches!(hung, Err(ScanError::TooSlow(_))), "{hung:?}");
}
