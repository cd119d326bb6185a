#![allow(clippy::unwrap_used)]
use super::*;
use futures::future::join_all;
use object_store::memory::InMemory;
use serde::Serialize;
use std::sync::Arc;

const NO_PAUSE: Retries = Retries { tries: 64, pause: |_| Duration::ZERO };

fn memory() -> Place {
    Place { store: Arc::new(InMemory::new()), folder: None, name: "memory".to_owned() }
}

fn path() -> Path {
    Path::from("notes/counter.json")
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Counter {
    format: u32,
    count: u32,
}

/// One more than the document holds, as its next contents.
fn one_more(body: Option<&[u8]>) -> Result<(u32, Option<Vec<u8>>), StoreError> {
    let count = body.map_or(0, |body| decode::<Counter>(body, 1).unwrap().count) + 1;
    Ok((count, Some(serde_json::to_vec(&Counter { format: 1, count }).unwrap())))
}

async fn count(place: &Place) -> u32 {
    let body = read(&*place.store, &path()).await.unwrap().unwrap();
    decode::<Counter>(&body, 1).unwrap().count
}

#[tokio::test]
async fn of_many_that_create_one_does() {
    let (place, at) = (memory(), path());
    let writers = (0..16).map(|writer: u32| create(&*place.store, &at, writer.to_string()));
    let written: Vec<bool> = join_all(writers).await.into_iter().map(Result::unwrap).collect();
    let winners: Vec<usize> = (0..16).filter(|writer| written[*writer]).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(read(&*place.store, &path()).await.unwrap().unwrap(), winners[0].to_string());
}

#[tokio::test]
async fn of_two_that_have_read_the_same_one_writes() {
    let place = memory();
    let store = &*place.store;
    assert_eq!((read(store, &path()).await.unwrap(), version(store, &path()).await.unwrap()), (None, None));
    overwrite(store, &path(), "one").await.unwrap();
    let (body, seen) = read_versioned(store, &path()).await.unwrap().unwrap();
    assert_eq!((body, Some(&seen)), (Bytes::from("one"), version(store, &path()).await.unwrap().as_ref()));
    assert!(replace(&place, &path(), "two", seen.clone()).await.unwrap());
    assert!(!replace(&place, &path(), "three", seen.clone()).await.unwrap());
    assert_eq!(read(store, &path()).await.unwrap().unwrap(), "two");
    store.delete(&path()).await.unwrap();
    assert!(!replace(&place, &path(), "four", seen).await.unwrap(), "what is gone has no version");
}

#[tokio::test]
async fn no_change_is_lost() {
    let place = memory();
    let changes = (0..32).map(|_| async { change(&place, &path(), NO_PAUSE, one_more).await.unwrap() });
    let mut seen: Vec<u32> = join_all(changes)
        .await
        .into_iter()
        .filter_map(|changed| match changed {
            Changed::Written(count, _) => Some(count),
            Changed::Unchanged(..) | Changed::Crossed(_) => None,
        })
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, (1..=32).collect::<Vec<_>>(), "each writer has seen the one before it");
    assert_eq!(count(&place).await, 32);
}

#[tokio::test]
async fn a_writer_that_came_second_reads_again() {
    let (place, at) = (memory(), path());
    for before in [None, Some(b"{\"format\":1,\"count\":7}")] {
        if let Some(before) = before {
            overwrite(&*place.store, &at, before.to_vec()).await.unwrap();
        }
        let mut calls = 0;
        let changed = change(&place, &at, NO_PAUSE, |body| {
            calls += 1;
            if calls == 1 {
                // Another writer, after the read and before the write.
                futures::executor::block_on(change(&place, &at, NO_PAUSE, one_more)).unwrap();
            }
            one_more(body)
        });
        let changed = changed.await.unwrap();
        let expected = before.map_or(2, |_| 9);
        assert!(matches!(changed, Changed::Written(count, _) if count == expected), "{changed:?}");
        assert_eq!((calls, count(&place).await), (2, expected));
    }
}

#[tokio::test]
async fn nothing_to_do_writes_nothing() {
    let place = memory();
    let nothing = |body: Option<&[u8]>| Ok::<_, StoreError>((body.map(<[u8]>::to_vec), None));
    let changed = change(&place, &path(), NO_PAUSE, nothing).await.unwrap();
    assert!(matches!(changed, Changed::Unchanged(None, None)), "{changed:?}");
    assert_eq!(version(&*place.store, &path()).await.unwrap(), None);
    overwrite(&*place.store, &path(), "one").await.unwrap();
    let before = version(&*place.store, &path()).await.unwrap();
    let changed = change(&place, &path(), NO_PAUSE, nothing).await.unwrap();
    assert!(
        matches!(&changed, Changed::Unchanged(Some(body), seen) if body == b"one" && *seen == before),
        "{changed:?}"
    );
    assert_eq!(version(&*place.store, &path()).await.unwrap(), before);
}

#[tokio::test(start_paused = true)]
async fn a_writer_that_never_comes_first_gives_up() {
    let (place, at) = (memory(), path());
    let retries = Retries { tries: 3, pause: |attempt| Duration::from_secs(1 << attempt) };
    let begun = tokio::time::Instant::now();
    let mut calls = 0;
    let changed = change(&place, &at, retries, |body| {
        calls += 1;
        futures::executor::block_on(change(&place, &at, NO_PAUSE, one_more)).unwrap();
        one_more(body)
    });
    let changed = changed.await.unwrap();
    assert!(matches!(changed, Changed::Crossed(StoreError::Unavailable { .. })), "{changed:?}");
    assert_eq!((calls, count(&place).await), (3, 3), "only the other writer's changes");
    assert_eq!(begun.elapsed(), Duration::from_secs(1 + 2), "there is no pause after the last attempt");
}

#[tokio::test]
async fn an_error_of_the_change_ends_it() {
    let (place, at) = (memory(), path());
    let failed = change(&place, &at, NO_PAUSE, |_| Err::<((), _), _>(StoreError::Missing { place: "x".to_owned() }));
    assert!(matches!(failed.await, Err(StoreError::Missing { .. })));
    assert_eq!(version(&*place.store, &at).await.unwrap(), None);
}

#[tokio::test]
async fn a_folder_replaces_without_a_condition() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::folder(folder.path()).unwrap();
    for expected in 1..=3 {
        let changed = change(&place, &path(), NO_PAUSE, one_more).await.unwrap();
        assert!(matches!(changed, Changed::Written(count, _) if count == expected), "{changed:?}");
    }
    let seen = version(&*place.store, &path()).await.unwrap().unwrap();
    overwrite(&*place.store, &path(), "one").await.unwrap();
    assert!(replace(&place, &path(), "two", seen).await.unwrap());
    assert!(!create(&*place.store, &path(), "three").await.unwrap());
}

#[test]
fn writers_of_a_locked_file_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deeper/counter.json");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..25 {
                    change_file(&file, |body| one_more((!body.is_empty()).then_some(body)).unwrap().1).unwrap();
                }
            });
        }
    });
    change_file(&file, |_| None).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), r#"{"format":1,"count":200}"#);
    change_file(&file, |_| Some(b"short".to_vec())).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "short", "nothing is left of what was longer");
}

#[test]
fn the_format_is_checked_first() {
    let decoded = |text: &str| decode::<Counter>(text.as_bytes(), 1);
    assert_eq!(decoded(r#"{"format": 1, "count": 2}"#), Ok(Counter { format: 1, count: 2 }));
    assert_eq!(decoded(r#"{"format": 2}"#), Err("it has format 2, this version reads up to 1".to_owned()));
    assert_eq!(decoded(r#"{"format": 1}"#), Err("missing field `count` at line 1 column 13".to_owned()));
    assert_eq!(decoded("{}"), Err("missing field `format` at line 1 column 2".to_owned()));
    assert!(decoded("{\"format\": 1, ").is_err_and(|reason| reason.starts_with("EOF while parsing")));
}

#[tokio::test]
async fn what_s3_does_not_overwrite_is_an_error() {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        // The request has no body of its own beside its one byte; what counts is the end of its head.
        let head = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        head.take_while(|line| !line.is_empty()).for_each(drop);
        // What S3 answers while another write of the same object is going on.
        stream.write_all(b"HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    });
    let store = object_store::aws::AmazonS3Builder::new()
        .with_bucket_name("bucket")
        .with_region("us-east-1")
        .with_access_key_id("key")
        .with_secret_access_key("secret")
        .with_endpoint(endpoint)
        .with_allow_http(true)
        .build()
        .unwrap();
    overwrite(&store, &path(), "x").await.unwrap_err();
    server.join().unwrap();
}
