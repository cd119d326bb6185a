//! Whether a text is JSON, and whether two JSON values are equal, as JavaScript answers.
//!
//! serde_json, when it makes a value, refuses some texts that are JSON: escapes of half a surrogate pair, numbers beyond a
//! double's range and deep nesting. When it ignores a value it takes all of them, but says of a broken text only how far it came,
//! which may be in the middle of a word or text, and not where what it cannot read begins. So the grammar of RFC 8259 is walked
//! here, without recursion and without keeping anything but what is open; a property test holds it to serde_json's.

use serde_json::Value;

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Value,
    /// A value, or the end of a list that has none yet.
    ValueOrEnd,
    Key,
    /// A key, or the end of an object that has none yet.
    KeyOrEnd,
    /// A comma or the end of what is open; the end of the text when nothing is.
    CommaOrEnd,
}

/// The byte from which on the text is not JSON; `None` for a text that is.
pub(super) fn fault(text: &str) -> Option<usize> {
    let mut scan = Scan { text: text.as_bytes(), at: 0 };
    // An open object is `}`, an open list `]`.
    let mut open: Vec<u8> = Vec::new();
    let mut wanted = Wanted::Value;
    loop {
        scan.skip_space();
        let start = scan.at;
        let Some(byte) = scan.next() else {
            return (wanted != Wanted::CommaOrEnd || !open.is_empty()).then_some(start);
        };
        wanted = match (wanted, byte) {
            (Wanted::CommaOrEnd, b',') if open.last() == Some(&b']') => Wanted::Value,
            (Wanted::CommaOrEnd, b',') if open.last() == Some(&b'}') => Wanted::Key,
            (Wanted::CommaOrEnd, end) if open.last() == Some(&end) => closed(&mut open),
            (Wanted::ValueOrEnd, b']') | (Wanted::KeyOrEnd, b'}') => closed(&mut open),
            (Wanted::Key | Wanted::KeyOrEnd, b'"') if scan.string() => {
                scan.skip_space();
                if scan.next() != Some(b':') {
                    return Some(start);
                }
                Wanted::Value
            }
            (Wanted::Value | Wanted::ValueOrEnd, b'[') => {
                open.push(b']');
                Wanted::ValueOrEnd
            }
            (Wanted::Value | Wanted::ValueOrEnd, b'{') => {
                open.push(b'}');
                Wanted::KeyOrEnd
            }
            (Wanted::Value | Wanted::ValueOrEnd, byte) if scan.scalar(byte) => Wanted::CommaOrEnd,
            _ => return Some(start),
        };
    }
}

fn closed(open: &mut Vec<u8>) -> Wanted {
    open.pop();
    Wanted::CommaOrEnd
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Goes over a string, number or word whose first byte has been taken; whether it was one.
    fn scalar(&mut self, first: u8) -> bool {
        match first {
            b'"' => self.string(),
            b't' => self.word(b"rue"),
            b'f' => self.word(b"alse"),
            b'n' => self.word(b"ull"),
            b'-' => self.next().is_some_and(|digit| self.number(digit)),
            digit => self.number(digit),
        }
    }

    fn word(&mut self, rest: &[u8]) -> bool {
        rest.iter().all(|byte| self.next() == Some(*byte))
    }

    fn string(&mut self) -> bool {
        while let Some(byte) = self.next() {
            match byte {
                b'"' => return true,
                0..=0x1f => return false,
                b'\\' => match self.next() {
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
                    Some(b'u') if (0..4).all(|_| self.next().is_some_and(|byte| byte.is_ascii_hexdigit())) => {}
                    _ => return false,
                },
                _ => {}
            }
        }
        false
    }

    fn number(&mut self, first: u8) -> bool {
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return false,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !self.some_digits() {
                return false;
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            return self.some_digits();
        }
        true
    }

    fn some_digits(&mut self) -> bool {
        let start = self.at;
        self.digits();
        self.at > start
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }
}

/// Deep equality: the order of keys does not matter, and numbers are doubles, so that `1` equals `1.0`.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same = |(key, left): (&String, &Value)| right.get(key).is_some_and(|right| equal(left, right));
            left.len() == right.len() && left.iter().all(same)
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    fn is_json(text: &str) -> bool {
        serde_json::from_str::<IgnoredAny>(text).is_ok()
    }

    #[test]
    fn a_fault_is_located() {
        for (text, place) in
            [("", 0), ("[1,]", 3), ("{\"a\":1", 6), ("[1] 2", 4), ("{\"a\" 1}", 1), ("01", 1), ("[}", 1), ("\"\n\"", 0)]
        {
            assert_eq!(fault(text), Some(place), "{text:?}");
        }
    }

    #[test]
    fn nesting_and_length_have_no_limit() {
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert_eq!(fault(&deep), None);
        assert_eq!(fault(&deep[1..]), Some(deep.len() - 2));
        assert!(is_json(&deep) && !is_json(&deep[1..]));
        for text in ["[\"\\ud800\", 1e999]", "\"\\udc00\\ud800\"", "-1e-99999", "9".repeat(999).as_str()] {
            assert_eq!((fault(text), is_json(text)), (None, true), "{text}");
        }
    }

    #[test]
    fn equality_is_javascripts() {
        let equal = |left: &str, right: &str| {
            equal(&serde_json::from_str(left).unwrap(), &serde_json::from_str(right).unwrap())
        };
        assert!(equal(r#"{"a":1,"b":[2.0]}"#, r#"{"b":[2],"a":1e0}"#));
        assert!(!equal("[1,2]", "[2,1]"));
        assert!(!equal("[1]", "[1,1]"));
        assert!(!equal(r#"{"a":1}"#, r#"{"a":1,"b":1}"#));
        assert!(!equal("1", r#""1""#));
        assert!(!equal("0", "false"));
    }

    proptest! {
        /// What serde_json ignores without making a value of it.
        #[test]
        fn the_grammar_is_that_of_serde_json(text in r#"([\[\]{},:"0-9.eE+\-truefalsn \\a\n\t\x00é]|"a":|\\u|\\ud8|null|true){0,12}"#) {
            prop_assert_eq!(fault(&text).is_none(), is_json(&text), "{:?}", text);
        }

        /// Texts that are JSON are rare among random ones; these all are, until a byte is taken out.
        #[test]
        fn what_serde_json_writes_is_json(words in prop::collection::vec("[a-z\"\\\\\n\u{e9}]{0,4}", 0..5), number in any::<i32>(), cut in any::<prop::sample::Index>()) {
            let value = serde_json::json!({"words": words, "more": [number, {"x": null, "y": [true, []]}], "z": {}});
            let text = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(fault(&text), None);
            let mut bytes = text.into_bytes();
            bytes.remove(cut.index(bytes.len()));
            if let Ok(text) = String::from_utf8(bytes) {
                prop_assert_eq!(fault(&text).is_none(), is_json(&text), "{:?}", text);
            }
        }
    }
}
