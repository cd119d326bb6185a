//! A digest as a page of Markdown.

use super::{Digest, sections};

/// The page. Names in it come from people, so nothing in them is taken for markup.
pub fn markdown(digest: &Digest) -> String {
    let Digest { week, .. } = digest;
    let mut page = format!("# {}\n\nFrom {} to {}.\n", escaped(&digest.title()), week.since, week.until);
    for section in sections(digest) {
        page += &format!("\n## {}\n\n", section.title);
        section.lines.iter().for_each(|line| page += &format!("- {}\n", escaped(line)));
    }
    page
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}
