//! Bytes in, lines out: the framing of JSON Lines, in bounded memory.
//!
//! What a line means is left to `line.rs`.

use bytes::Bytes;
use futures::{Stream, StreamExt};

/// One line of a text, without its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line of valid UTF-8.
    Text {
        /// The line's number, from 1.
        number: u64,
        /// The text without `\n`, `\r\n` or a byte order mark.
        text: String,
        /// Whether a byte order mark stood before it.
        byte_order_mark: bool,
        /// Whether the line was ended by a line break; only a file's last line may be without one.
        ended: bool,
    },
    /// A line that is longer than the limit.
    TooLong {
        /// The line's number, from 1.
        number: u64,
        /// Its length in bytes.
        bytes: u64,
    },
    /// A line that is not UTF-8.
    NotUtf8 {
        /// The line's number, from 1.
        number: u64,
        /// The first byte that is wrong, from 1.
        column: usize,
        /// Whether the line was ended by a line break.
        ended: bool,
    },
}

/// Splits a stream of byte chunks into lines of at most `limit` bytes.
pub struct LineReader<S> {
    source: S,
    chunk: Bytes,
    line: Vec<u8>,
    number: u64,
    skipped: u64,
    limit: usize,
    at_end: bool,
}

impl<S, E> LineReader<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    /// Reads `source`; a line over `limit` bytes comes as [`Line::TooLong`] and is never held whole.
    pub fn new(source: S, limit: usize) -> Self {
        Self { source, chunk: Bytes::new(), line: Vec::new(), number: 0, skipped: 0, limit, at_end: false }
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// What the source answers.
    pub async fn next(&mut self) -> Result<Option<Line>, E> {
        loop {
            if let Some(end) = self.chunk.iter().position(|byte| *byte == b'\n') {
                let piece = self.chunk.split_to(end + 1);
                self.take(piece.get(..end).unwrap_or_default());
                return Ok(Some(self.finish(true)));
            }
            let rest = std::mem::take(&mut self.chunk);
            self.take(&rest);
            if self.at_end {
                let nothing = self.line.is_empty() && self.skipped == 0;
                return Ok((!nothing).then(|| self.finish(false)));
            }
            match self.source.next().await {
                Some(chunk) => self.chunk = chunk?,
                None => self.at_end = true,
            }
        }
    }

    fn take(&mut self, piece: &[u8]) {
        // Two more bytes are let in for the `\r`, which is not part of the line.
        if self.skipped > 0 || self.line.len() + piece.len() > self.limit + 2 {
            self.skipped += (self.line.len() + piece.len()) as u64;
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(piece);
        }
    }

    fn finish(&mut self, ended: bool) -> Line {
        self.number += 1;
        let number = self.number;
        let skipped = std::mem::take(&mut self.skipped);
        let mut line = std::mem::take(&mut self.line);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if skipped > 0 || line.len() > self.limit {
            let bytes = skipped.max(line.len() as u64);
            return Line::TooLong { number, bytes };
        }
        let byte_order_mark = number == 1 && line.starts_with(b"\xEF\xBB\xBF");
        if byte_order_mark {
            line.drain(..3);
        }
        match String::from_utf8(line) {
            Ok(text) => Line::Text { number, text, byte_order_mark, ended },
            Err(error) => Line::NotUtf8 { number, column: error.utf8_error().valid_up_to() + 1, ended },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use futures::executor::block_on;
    use std::convert::Infallible;

    fn lines(chunks: &[&[u8]], limit: usize) -> Vec<Line> {
        let chunks: Vec<Result<Bytes, Infallible>> = chunks.iter().map(|c| Ok(Bytes::copy_from_slice(c))).collect();
        let mut reader = LineReader::new(futures::stream::iter(chunks), limit);
        block_on(async {
            let mut all = Vec::new();
            while let Some(line) = reader.next().await.unwrap() {
                all.push(line);
            }
            all
        })
    }

    fn text(number: u64, text: &str, ended: bool) -> Line {
        Line::Text { number, text: text.to_owned(), byte_order_mark: false, ended }
    }

    #[test]
    fn chunks_may_break_anywhere() {
        let whole = b"one\r\ntwo\n\nfour";
        for split in 0..whole.len() {
            let (left, right) = whole.split_at(split);
            assert_eq!(
                lines(&[left, right], 100),
                [text(1, "one", true), text(2, "two", true), text(3, "", true), text(4, "four", false)],
                "split at {split}"
            );
        }
    }

    #[test]
    fn a_byte_order_mark_is_taken_off_and_told() {
        let found = lines(&[b"\xEF\xBB", b"\xBF{}\n"], 100);
        assert!(matches!(&found[0], Line::Text { text, byte_order_mark: true, .. } if text == "{}"));
    }

    #[test]
    fn a_long_line_is_counted_and_the_next_one_read() {
        let long = vec![b'x'; 1000];
        assert_eq!(
            lines(&[&long, &long, b"\nshort\n"], 100),
            [Line::TooLong { number: 1, bytes: 2000 }, text(2, "short", true)]
        );
        assert_eq!(lines(&[&long], 100), [Line::TooLong { number: 1, bytes: 1000 }]);
    }

    #[test]
    fn a_line_of_just_the_limit_is_read() {
        let line = vec![b'x'; 100];
        assert!(matches!(&lines(&[&line, b"\r\n"], 100)[0], Line::Text { text, .. } if text.len() == 100));
        assert!(matches!(&lines(&[&line, b"x\n"], 100)[0], Line::TooLong { bytes: 101, .. }));
    }

    #[test]
    fn bad_utf8_is_located() {
        assert_eq!(lines(&[b"ok\nab\xFFc\n"], 100)[1], Line::NotUtf8 { number: 2, column: 3, ended: true });
    }
}
