//! The stack's settings, from the environment of the process.

use assay_core::spec::Settings;

/// Reads the settings.
///
/// # Errors
/// Every variable that is missing or wrong, a line each.
pub fn settings() -> Result<Settings, String> {
    Settings::read(|name| std::env::var(name).ok()).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        problems.join("\n")
    })
}
