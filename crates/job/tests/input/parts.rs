//! How a dataset is split, that it is always split alike, and that its samples are found again.

use super::dropped::{Dropped, job, keys, memory};
use assay_core::spec::JobKind;
use assay_job::input::SampleIndex;
use assay_store::Place;
use object_store::path::Path;

fn lines(count: usize) -> String {
    (1..=count).map(|number| format!("{{\"prompt\":\"q{number}\",\"metadata\":{{\"n\":{number}}}}}\n")).collect()
}

#[tokio::test]
async fn a_part_has_a_thousand_lines_at_most() {
    for (count, sizes) in [(1, &[1][..]), (1000, &[1000]), (1001, &[1000, 1]), (2500, &[1000, 1000, 500])] {
        let dropped = Dropped::new(job(JobKind::Judge, &[]), lines(count)).await;
        let (survey, _) = dropped.survey().await;
        let written = dropped.write().await;
        assert_eq!((survey.samples, survey.parts as usize), (count as u64, sizes.len()));
        assert_eq!((written.samples, written.parts), (survey.samples, survey.parts));
        let mut next = 1;
        for (part, size) in (0..).zip(sizes) {
            let input = dropped.text(&keys(part).input).await;
            let expected: String =
                (next..next + size).map(|number| format!("{{\"prompt\":\"q{number}\"}}\n")).collect();
            assert!(input == expected, "part {part} of {count} lines");
            assert_eq!(dropped.text(&keys(part).samples).await.lines().count(), *size);
            next += size;
        }
        let beyond = SampleIndex::read(&*dropped.place.store, &keys(survey.parts).samples).await;
        assert!(beyond.unwrap_err().to_string().ends_with("does not exist"));
    }
}

#[tokio::test]
async fn bad_lines_take_no_room_in_a_part() {
    let body = lines(999) + &"{\"prompt\":5}\n".repeat(7) + "{\"prompt\":\"last\"}\n";
    let dropped = Dropped::new(job(JobKind::Judge, &[]), body).await;
    let (survey, _) = dropped.survey().await;
    assert_eq!((survey.samples, survey.bad_lines, survey.parts), (1000, 7, 1));
    assert_eq!(dropped.write().await.parts, 1);
}

#[tokio::test]
async fn the_same_bytes_are_written_twice_in_memory_and_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let body = lines(1200) + "{\"prompt\":\"\u{1f600}\",\"metadata\":{\"z\":1,\"a\":{\"y\":2,\"b\":3}}}\n";
    let mut seen: Vec<Vec<String>> = Vec::new();
    for place in [memory(), Place::folder(folder.path()).unwrap()] {
        let dropped = Dropped::into(place, job(JobKind::Automatic, &[]), body.clone()).await;
        for _ in 0..2 {
            assert_eq!(dropped.write().await.parts, 2);
            let mut texts = Vec::new();
            for part in 0..2 {
                texts.extend([dropped.text(&keys(part).input).await, dropped.text(&keys(part).samples).await]);
            }
            seen.push(texts);
        }
    }
    assert!(seen.iter().all(|texts| *texts == seen[0]));
    assert!(folder.path().join("job-input/part-1.samples.jsonl").is_file());
}

#[tokio::test]
async fn samples_are_found_by_what_was_asked() {
    let body = "{\"id\":\"a\",\"prompt\":\"p\"}\n{\"id\":\"b\",\"prompt\":\"p\"}\n{\"id\":\"c\",\"prompt\":\"q\\n\"}\n";
    let dropped = Dropped::new(job(JobKind::Judge, &[]), body).await.with_prompt("Say: {{prompt}}");
    dropped.write().await;
    let mut index = SampleIndex::read(&*dropped.place.store, &keys(0).samples).await.unwrap();
    assert_eq!(index.find("p", None), None);
    assert_eq!(index.find("Say: q", None).unwrap().id, "c");
    let twice = [index.find("Say: p", None), index.find("Say: p", None)].map(|sample| sample.unwrap().id);
    assert_eq!(twice, ["a", "b"]);
    assert_eq!(index.find("Say: p", None), None);
    assert_eq!(index.unfound().count(), 0);
}

#[tokio::test]
async fn samples_that_are_none_are_told_without_being_quoted() {
    let dropped = Dropped::new(job(JobKind::Judge, &[]), "{\"key\":\"secret\"}\n").await;
    let error = SampleIndex::read(&*dropped.place.store, &Path::from("cases.jsonl")).await.unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(told.contains("cases.jsonl") && !told.contains("secret"), "{told}");
}
