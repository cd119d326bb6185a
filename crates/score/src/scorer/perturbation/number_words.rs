//! Numbers in words: `30 days` becomes `thirty days`.
//!
//! - Definition: whole numbers as English cardinals (`1,234` or `1234` is `one thousand two hundred thirty-four`), also
//!   years; ordinals (`21st` is `twenty-first`); decimals digit by digit behind the point (`3.14` is `three point one
//!   four`); `minus` for a sign that no letter or digit stands before. Digits that start with 0 or are more than 18 are
//!   read one by one.
//! - Source: named in the Bedrock user guide without a definition; this one is ours.
//! - Edge cases: English only, digits 0 to 9 only. Digits that touch a letter (`A4`, `10am`) and numbers with several
//!   points (`1.2.3`) are names, and stay. Signs beside a number stay too: `$5` is `$five`, `12:30` is `twelve:thirty`.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(u64, &str); 5] = [
    (1_000_000_000_000_000, "quadrillion"),
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];

/// The hyphen and the minus sign.
const SIGNS: [char; 2] = ['-', '\u{2212}'];

/// The text with its numbers in words; the same text when it has none.
pub fn number_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let (run, behind) = from.split_at(run_length(from));
        out.push_str(before);
        rest = behind;
        let touches_letter = out.chars().next_back().is_some_and(is_name_part);
        let suffix_length = behind.find(|character| !is_name_part(character)).unwrap_or(behind.len());
        let (suffix, after) = behind.split_at(suffix_length);
        let spoken = if touches_letter {
            None
        } else if suffix.is_empty() {
            spoken(run)
        } else {
            ordinal(run, suffix).inspect(|_| rest = after)
        };
        match spoken {
            Some(words) => {
                take_sign(&mut out);
                out.push_str(&words);
            }
            None => out.push_str(run),
        }
    }
    out.push_str(rest);
    out
}

/// Digits with points and commas between them.
fn run_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let goes_on = matches!(byte, b'.' | b',') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !byte.is_ascii_digit() && !goes_on {
            break;
        }
        end += 1;
    }
    end
}

fn is_name_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Puts `minus` for a sign at the end of what is written, and `point` for a point that begins a number.
fn take_sign(out: &mut String) {
    let begins = |before: &str| !before.ends_with(|c| is_name_part(c) || matches!(c, '-' | '.' | ')'));
    let point = out.strip_suffix('.').filter(|before| begins(before) || before.ends_with(SIGNS));
    let rest = point.unwrap_or(out);
    let sign = rest.strip_suffix(SIGNS).filter(|before| begins(before));
    let words = match (sign.is_some(), point.is_some_and(|before| begins(before) || sign.is_some())) {
        (true, true) => "minus point ",
        (true, false) => "minus ",
        (false, true) => "point ",
        (false, false) => return,
    };
    let kept = sign.unwrap_or(rest).len();
    out.truncate(kept);
    out.push_str(words);
}

/// The words of a run of digits, points and commas; `None` for a name such as `1.2.3`.
fn spoken(run: &str) -> Option<String> {
    if let Some(whole) = whole_number(run) {
        return Some(whole);
    }
    if run.matches('.').count() > 1 {
        return None;
    }
    if let Some((whole, fraction)) = run.split_once('.')
        && !fraction.contains(',')
        && let Some(whole) = whole_number(whole)
    {
        return Some(format!("{whole} point {}", one_by_one(fraction)));
    }
    // Commas that do not stand between groups of three separate numbers.
    let parts: Option<Vec<String>> = run.split(',').map(spoken).collect();
    parts.map(|parts| parts.join(","))
}

/// The words of digits, with or without commas between groups of three.
fn whole_number(run: &str) -> Option<String> {
    let digits = ungrouped(run)?;
    match digits.parse::<u64>() {
        Ok(number) if digits.len() <= 18 && (digits == "0" || !digits.starts_with('0')) => Some(cardinal(number)),
        _ => Some(one_by_one(&digits)),
    }
}

fn ungrouped(run: &str) -> Option<String> {
    if run.contains('.') {
        return None;
    }
    let mut groups = run.split(',');
    let first = groups.next()?;
    let is_grouped = groups.clone().next().is_none()
        || (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|group| group.len() == 3);
    is_grouped.then(|| run.replace(',', ""))
}

fn one_by_one(digits: &str) -> String {
    let words = digits.bytes().filter_map(|digit| ONES.get(usize::from(digit.wrapping_sub(b'0'))).copied());
    words.collect::<Vec<_>>().join(" ")
}

fn cardinal(number: u64) -> String {
    let mut words = Vec::new();
    let mut rest = number;
    for (scale, name) in SCALES {
        if rest >= scale {
            words.push(below_thousand(rest / scale));
            words.push(name.to_owned());
            rest %= scale;
        }
    }
    if rest > 0 || number == 0 {
        words.push(below_thousand(rest));
    }
    words.join(" ")
}

fn below_thousand(number: u64) -> String {
    let word = |list: &[&'static str], index: u64| list.get(index as usize).copied().unwrap_or_default();
    match number {
        0..20 => word(&ONES, number).to_owned(),
        20..100 if number.is_multiple_of(10) => word(&TENS, number / 10).to_owned(),
        20..100 => format!("{}-{}", word(&TENS, number / 10), word(&ONES, number % 10)),
        _ if number.is_multiple_of(100) => format!("{} hundred", word(&ONES, number / 100)),
        _ => format!("{} hundred {}", word(&ONES, number / 100), below_thousand(number % 100)),
    }
}

/// The ordinal, when the suffix is the one that the number has: `21st`, not `21th`.
fn ordinal(run: &str, suffix: &str) -> Option<String> {
    let digits = ungrouped(run)?;
    let number: u64 = digits.parse().ok()?;
    let wanted = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    if digits.len() > 18 || digits.starts_with('0') || !suffix.eq_ignore_ascii_case(wanted) {
        return None;
    }
    let words = cardinal(number);
    let start = words.rfind([' ', '-']).map_or(0, |place| place + 1);
    let (before, last) = words.split_at(start);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        last => match last.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{last}th"),
        },
    };
    Some(format!("{before}{last}"))
}
