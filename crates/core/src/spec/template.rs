//! The prompt template: a text in which names in double braces stand for fields of the sample.

use crate::dataset::Sample;
use serde_json::Value;
use std::borrow::Cow;

/// `template` with the fields of `sample` put in. A field's own text is never read as a template again.
pub fn fill(template: &str, sample: &Sample) -> String {
    let mut filled = String::with_capacity(template.len() + sample.prompt.len());
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Name(name) => filled.push_str(&field(name, sample).unwrap_or_default()),
        }
    }
    filled
}

/// The names in `template`, in its order.
pub(crate) fn names(template: &str) -> Vec<String> {
    let names = pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Name(name) => Some(name.to_owned()),
        Piece::Text(_) => None,
    });
    names.collect()
}

/// The names in `template` that no sample has.
pub(crate) fn unknown_names(template: &str) -> Vec<String> {
    let is_known =
        |name: &str| ["prompt", "context", "category", "id"].contains(&name) || name.starts_with("metadata.");
    names(template).into_iter().filter(|name| !is_known(name)).collect()
}

enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, end)) = after.split_once("}}") else { break };
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Name(name.trim()));
        rest = end;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

fn field<'a>(name: &str, sample: &'a Sample) -> Option<Cow<'a, str>> {
    match name {
        "prompt" => Some(Cow::from(&sample.prompt)),
        "context" => sample.context.as_deref().map(Cow::from),
        "category" => sample.category.as_deref().map(Cow::from),
        "id" => Some(Cow::from(&sample.id)),
        _ => match sample.metadata.get(name.strip_prefix("metadata.")?)? {
            Value::String(text) => Some(Cow::from(text)),
            other => Some(Cow::from(other.to_string())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_put_in_once() {
        let mut sample = Sample { prompt: "{{id}}?".to_owned(), id: "7".to_owned(), ..Sample::default() };
        sample.metadata.insert("n".to_owned(), 3.into());
        assert_eq!(fill("{{ prompt }} {{metadata.n}}{{context}} {{", &sample), "{{id}}? 3 {{");
    }

    #[test]
    fn unknown_names_are_found() {
        assert_eq!(unknown_names("{{prompt}} {{promt}} {{metadata.x}}"), ["promt"]);
    }
}
