//! Where things lie: S3 or a folder, one wiring for both, the layout of keys, documents written conditionally, and the claim on
//! a run.
//!
//! The storage seam itself is `object_store`'s trait; nothing downstream asks which store it has.

mod aws;
mod claim;
pub mod document;
mod error;
pub mod keys;
mod place;

pub use aws::{aws_settings, s3};
pub use claim::{Claim, Claimed, LEASE, Stage};
pub use document::{create, overwrite, read, replace, version};
pub use error::{StoreCause, StoreError};
pub use place::{Place, PlaceError, split_s3};
