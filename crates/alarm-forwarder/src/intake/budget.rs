//! AWS Budgets: plain text with a line for each value.

use super::link;
use super::message::Message;
use crate::alert::{Alert, Field, Origin, Place, Tone};

/// The names of the lines that are told.
const LINES: [&str; 8] = [
    "Budget Name",
    "Budget Type",
    "Budgeted Amount",
    "Alert Type",
    "Alert Threshold",
    "ACTUAL Amount",
    "FORECASTED Amount",
    "AWS Account",
];

/// Whether `text` is a budget's notification. Its words are no documented interface, so two signs have to agree.
pub(super) fn is_budget(subject: Option<&str>, text: &str) -> bool {
    let begins = text.trim_start().starts_with("AWS Budget Notification");
    let subject = subject.is_some_and(|subject| subject.starts_with("AWS Budgets"));
    (begins || subject) && text.lines().any(|line| line.trim_start().starts_with("Budget Name:"))
}

/// A budget's notification: its values as fields, and what stands below the salutation as the description.
pub(super) fn read(message: &Message, text: &str) -> Alert {
    let mut fields = Vec::new();
    let mut rest = Vec::new();
    for line in text.lines() {
        match line.split_once(':') {
            Some((name, value)) if LINES.contains(&name.trim()) && !value.trim().is_empty() => {
                fields.push(Field { name: name.trim().to_owned(), value: value.trim().to_owned() });
            }
            // Date, account and salutation come before the sentence, which is what a phone shows.
            _ if line.trim() == "Dear AWS Customer," => rest.clear(),
            _ => rest.push(line),
        }
    }
    // The budget's account may be another than the topic's.
    let account = text.lines().find_map(|line| line.trim().strip_prefix("AWS Account ")).map(str::trim);
    let account = account.filter(|account| account.chars().all(|c| c.is_ascii_digit())).map(str::to_owned);
    let name = fields.iter().find(|field| field.name == "Budget Name").map(|field| field.value.clone());
    let title = message.subject.clone();
    let title = title.or_else(|| Some(format!("AWS Budgets: {}", name?))).unwrap_or_else(|| "AWS Budgets".to_owned());
    Alert {
        tone: Tone::Warning,
        description: Some(rest.join("\n").trim().to_owned()),
        links: link::pages(text),
        place: Place { account, ..Place::default() },
        fields,
        ..message.alert(Origin::Budget, title)
    }
}
