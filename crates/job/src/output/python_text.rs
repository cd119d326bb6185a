//! Texts that jobs started through SageMaker write as Python prints its lists.
//!
//! Two forms, as observed; where they may stand is left to `input`. Anything else, if only by a character, is left as it
//! is, since a prompt or an answer may well look like Python.

/// The texts in `[{'role': 'user', 'content': '…'}, …]`, with empty lines between them. Each message has these two keys
/// and no other, in any order.
pub(super) fn messages(text: &str) -> Option<String> {
    let mut reader = Reader(text.strip_prefix("[{")?);
    let mut found = vec![reader.message()?];
    while reader.eat(", {") {
        found.push(reader.message()?);
    }
    reader.ends_list().then(|| found.join("\n\n"))
}

/// The text in `['…']`.
pub(super) fn only_text(text: &str) -> Option<String> {
    let mut reader = Reader(text.strip_prefix('[')?);
    let found = reader.text()?;
    reader.ends_list().then_some(found)
}

/// What is not read yet.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn eat(&mut self, expected: &str) -> bool {
        let rest = self.0.strip_prefix(expected);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn ends_list(&self) -> bool {
        self.0 == "]"
    }

    /// What follows `{`, up to and with `}`.
    fn message(&mut self) -> Option<String> {
        let (mut content, mut role) = (None, None);
        loop {
            let place = if self.eat("'content': ") {
                &mut content
            } else if self.eat("'role': ") {
                &mut role
            } else {
                return None;
            };
            if place.replace(self.text()?).is_some() {
                return None;
            }
            if self.eat("}") {
                return role.and(content);
            }
            if !self.eat(", ") {
                return None;
            }
        }
    }

    /// A text in quotes of either kind. Python takes double ones where there are single ones inside.
    fn text(&mut self) -> Option<String> {
        let mut found = String::new();
        let mut characters = self.0.chars();
        let quote = characters.next().filter(|quote| matches!(quote, '\'' | '"'))?;
        loop {
            match characters.next()? {
                end if end == quote => break,
                '\\' => found.push(match characters.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'x' => numbered(&mut characters, 2)?,
                    'u' => numbered(&mut characters, 4)?,
                    'U' => numbered(&mut characters, 8)?,
                    itself @ ('\\' | '\'' | '"') => itself,
                    _ => return None,
                }),
                '\n' | '\r' => return None,
                other => found.push(other),
            }
        }
        self.0 = characters.as_str();
        Some(found)
    }
}

/// The character whose number is written with so many digits. Halves of characters are none.
fn numbered(characters: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let mut number: u32 = 0;
    for _ in 0..digits {
        number = number.checked_mul(16)?.checked_add(characters.next()?.to_digit(16)?)?;
    }
    char::from_u32(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_are_unwrapped() {
        for (text, expected) in [
            ("[{'role': 'user', 'content': 'List two wetland birds.'}]", "List two wetland birds."),
            ("[{'content': 'Hi', 'role': 'user'}]", "Hi"),
            ("[{'role': 'user', 'content': ''}]", ""),
            (r#"[{'role': 'user', 'content': "It's late"}]"#, "It's late"),
            (
                r#"[{'role': 'system', 'content': 'Be brief.'}, {'role': 'user', 'content': 'a\nb'}]"#,
                "Be brief.\n\na\nb",
            ),
        ] {
            assert_eq!(messages(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn escapes_are_those_of_python() {
        for (text, expected) in [
            (r"['Heron and bittern']", "Heron and bittern"),
            (r#"['He said "it\'s" \\ so']"#, r#"He said "it's" \ so"#),
            (r"['a\nb\tc\rd']", "a\nb\tc\rd"),
            (r"['\xe9\u20ac\U0001f600']", "é€😀"),
            ("['naïve €']", "naïve €"),
            (r#"["it's"]"#, "it's"),
            ("['']", ""),
        ] {
            assert_eq!(only_text(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "",
            "[",
            "[]",
            "['a'",
            "['a']]",
            "['a'] ",
            " ['a']",
            "['a', 'b']",
            "[1]",
            "[None]",
            "'a'",
            "a",
            r"['\']",
            r"['\ud83d']",
            r"['\x4']",
            r"['\q']",
            r"['\U00110000']",
            r"['\UFFFFFFFF']",
            "['a\nb']",
            "['a'b']",
        ] {
            assert_eq!(only_text(text), None, "{text}");
        }
        for text in [
            "[{}]",
            "[{'role': 'user'}]",
            "[{'content': 'a'}]",
            "[{'role': 'user', 'content': 'a', 'name': 'b'}]",
            "[{'role': 'user', 'content': 'a', 'content': 'b'}]",
            "[{'role': 'user', 'content': [{'text': 'a'}]}]",
            "[{'role': 'user', 'content': None}]",
            r#"[{"role": "user", "content": "a"}]"#,
            "[{'role': 'user', 'content': 'a'}",
            "[{'role': 'user', 'content': 'a'}, ]",
            "[{'role': 'user', 'content': 'a'}] and more",
            "{'role': 'user', 'content': 'a'}",
        ] {
            assert_eq!(messages(text), None, "{text}");
        }
    }

    /// A text as Python prints it.
    fn printed(text: &str) -> String {
        let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
        let mut found = String::from(quote);
        for character in text.chars() {
            match character {
                '\\' => found.push_str("\\\\"),
                '\n' => found.push_str("\\n"),
                '\r' => found.push_str("\\r"),
                '\t' => found.push_str("\\t"),
                same if same == quote => found.extend(['\\', same]),
                low if (low as u32) < 0x20 || low as u32 == 0x7f => found += &format!("\\x{:02x}", low as u32),
                other => found.push(other),
            }
        }
        found.push(quote);
        found
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(text in any::<String>()) {
            prop_assert_eq!(only_text(&format!("[{}]", printed(&text))), Some(text.clone()));
            let message = format!("[{{'role': 'user', 'content': {}}}]", printed(&text));
            prop_assert_eq!(messages(&message), Some(text));
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"\[?\{?('|"|\\|x|u|role|content|: |, |\}|\]|ä){0,30}"#) {
            let _ = (messages(&text), only_text(&text));
        }
    }
}
