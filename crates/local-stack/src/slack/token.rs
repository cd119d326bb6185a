//! The token of the bot.

/// The token that the Web API takes; any other is `invalid_auth`.
pub const TOKEN: &str = "xoxb-000000000000-stand-in";
