#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;

use serde_json::{Value, json};

use super::*;

/// A small service with every kind of shape, made for these tests.
fn model() -> ServiceModel {
    let text = json!({
        "operations": {
            "Paint": {"input": {"shape": "PaintRequest"}, "output": {"shape": "PaintResponse"}},
            "Upload": {"input": {"shape": "UploadRequest"}},
            "Wrap": {"input": {"shape": "WrapRequest"}}
        },
        "shapes": {
            "PaintRequest": {"type": "structure", "required": ["wall", "coats"], "members": {
                "wall": {"shape": "WallId", "location": "uri", "locationName": "wall"},
                "traceId": {"shape": "Any", "location": "header", "locationName": "X-Trace"},
                "coats": {"shape": "Coats"},
                "labels": {"shape": "Labels"},
                "shine": {"shape": "Share"},
                "dry": {"shape": "Yes"},
                "extra": {"shape": "Anything"},
                "picture": {"shape": "Picture"},
                "when": {"shape": "Time"},
                "renamed": {"shape": "Any", "locationName": "other-name"}
            }},
            "PaintResponse": {"type": "structure", "required": ["ok"], "members": {"ok": {"shape": "Yes"}}},
            "UploadRequest": {"type": "structure", "payload": "body", "members": {
                "body": {"shape": "Picture"}
            }},
            "WrapRequest": {"type": "structure", "payload": "inner", "members": {
                "inner": {"shape": "Coat"}
            }},
            "WallId": {"type": "string", "pattern": "[a-z]+"},
            "Coats": {"type": "list", "member": {"shape": "Coat"}, "min": 1, "max": 2},
            "Coat": {"type": "structure", "union": true, "members": {
                "colour": {"shape": "Colour"}, "layers": {"shape": "Layers"}
            }},
            "Colour": {"type": "string", "enum": ["red", "blue"]},
            "Layers": {"type": "integer", "min": 1, "max": 9},
            "Labels": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Any"}, "max": 2},
            "Key": {"type": "string", "min": 2, "max": 5, "pattern": "[a-z]+"},
            "Any": {"type": "string"},
            "Share": {"type": "float", "min": 0, "max": 1},
            "Yes": {"type": "boolean"},
            "Anything": {"type": "structure", "members": {}, "document": true},
            "Picture": {"type": "blob", "max": 3},
            "Time": {"type": "timestamp"}
        }
    });
    ServiceModel::from_json(text.to_string().as_bytes()).unwrap()
}

fn violations(body: Value) -> Vec<String> {
    let found = model().check_input("Paint", &[("wall", "north")], &body);
    found.iter().map(|one| format!("{}: {}", one.path, one.constraint)).collect()
}

#[test]
fn a_body_of_every_shape_passes() {
    let body = json!({
        "coats": [{"colour": "red"}, {"layers": 9, "colour": null}],
        "labels": {"ab": "x"},
        "shine": 1,
        "dry": false,
        "extra": [1, {"two": null}],
        "picture": "YWJj",
        "when": 12.5,
        "other-name": "x"
    });
    assert_eq!(violations(body), Vec::<String>::new());
}

#[test]
fn every_violation_is_named_at_its_place() {
    let body = json!({
        "coats": [{"colour": "red", "layers": 1}, {}, {"colour": "green"}, {"layers": 10}, null],
        "labels": {"a": "x", "ABC": 1, "abcdef": "y"},
        "shine": 1.5,
        "dry": "yes",
        "picture": "YWJjZA==",
        "when": "today",
        "renamed": "by its member name",
        "wall": "not in the body"
    });
    let mut found = violations(body);
    found.sort();
    assert_eq!(
        found,
        [
            "coats: Member must have length less than or equal to 2",
            "coats[0]: Union must have exactly one member set, not 2",
            "coats[1]: Union must have exactly one member set, not 0",
            "coats[2].colour: Member must satisfy enum value set: [red, blue]",
            "coats[3].layers: Member must have value less than or equal to 9",
            "coats[4]: Member must not be null",
            "dry: Member must be a boolean, not a string",
            "labels.ABC: Member must be a string, not the number 1",
            "labels.ABC: Member must satisfy regular expression pattern: [a-z]+",
            "labels.a: Member must have length greater than or equal to 2",
            "labels.abcdef: Member must have length less than or equal to 5",
            "labels: Member must have length less than or equal to 2",
            "picture: Member must have length less than or equal to 3",
            "renamed: Member is not known to this operation",
            "shine: Member must have value less than or equal to 1",
            "wall: Member is not known to this operation",
            "when: Member must be a number of seconds, not a string",
        ]
    );
}

#[test]
fn wrong_types_and_missing_members() {
    assert_eq!(violations(json!([])), [": Member must be an object, not a list"]);
    assert_eq!(violations(json!({})), ["coats: Member must not be null"]);
    assert_eq!(violations(json!({"coats": []})), ["coats: Member must have length greater than or equal to 1"]);
    assert_eq!(
        violations(json!({"coats": [{"color": "red"}]})),
        ["coats[0].color: Member is not known to this operation"]
    );
    assert_eq!(
        violations(json!({"coats": [{"layers": 1.5}], "shine": "NaN", "picture": "?"})),
        [
            "coats[0].layers: Member must be an integer of this size, not the number 1.5",
            "picture: Member must be a base64 text, not a string",
            "shine: Member must have value greater than or equal to 0",
            "shine: Member must have value less than or equal to 1",
        ]
    );
    assert_eq!(violations(json!({"coats": [{"layers": 3_000_000_000_u64}]})).len(), 1);
}

#[test]
fn labels_payloads_and_outputs_are_checked() {
    let model = model();
    let fine = json!({"coats": [{"colour": "red"}]});
    let found = model.check_input("Paint", &[("wall", "North 1")], &fine);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].to_string(),
        "Value at 'wall' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+"
    );
    // A blob is the whole body, whatever it holds; a structure is checked in its place.
    assert!(model.check_input("Upload", &[], &json!({"any": "thing"})).is_empty());
    assert!(model.check_input("Wrap", &[], &json!({"colour": "red"})).is_empty());
    assert_eq!(model.check_input("Wrap", &[], &json!({})).len(), 1);
    assert!(model.check_output("Paint", &json!({"ok": true})).is_empty());
    assert_eq!(model.check_output("Paint", &json!({"ok": 1})).len(), 1);
    assert_eq!(model.check_input("Erase", &[], &fine).len(), 1);
}

#[test]
fn models_are_read_packed_and_plain() {
    let folder = tempfile::tempdir().unwrap();
    let text = br#"{"operations": {}, "shapes": {}}"#;
    let plain = folder.path().join("service-2.json");
    std::fs::write(&plain, text).unwrap();
    let packed = folder.path().join("service-2.json.gz");
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text).unwrap();
    std::fs::write(&packed, writer.finish().unwrap()).unwrap();

    assert!(ServiceModel::load(&plain).is_ok());
    assert!(ServiceModel::load(&packed).is_ok());
    std::fs::rename(&plain, &packed).unwrap();
    assert!(ServiceModel::load(&packed).is_err());
    assert!(ServiceModel::load(&plain).is_err());
}

#[test]
fn a_model_with_holes_is_refused() {
    let text = br#"{"operations": {"Paint": {"input": {"shape": "Gone"}}}, "shapes": {}}"#;
    let error = ServiceModel::from_json(text).unwrap_err();
    assert!(error.to_string().contains("Gone"), "{error}");
}
