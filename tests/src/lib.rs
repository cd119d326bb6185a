//! What the end-to-end tests share: one deployed stack for all tests of a program, the world around it, the tool, and
//! questions with known answers.

mod models;
pub mod questions;
pub mod stack;
pub mod tool;
pub mod world;
