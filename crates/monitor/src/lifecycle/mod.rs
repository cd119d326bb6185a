//! The life of models: whether the service knows each model that is in use, since when it is Legacy, and when it ends.
//!
//! What an identifier stands for is in `subject`, what the service says in `catalogue` (the only file here that names its
//! SDK); the rest is pure: `life` puts the answers together, `metrics` makes numbers of them, `news` finds what people have
//! to be told once. Where the last known state is kept, and who is told, is left to others.

mod catalogue;
mod configured;
mod life;
mod metrics;
mod news;
mod subject;

pub use catalogue::{Catalogue, LookLimits};
pub use configured::models_of;
pub use life::{LifeState, ModelLife, SOON_DAYS, VERY_SOON_DAYS};
pub use metrics::metrics;
pub use news::{LIFECYCLE_FORMAT, LifecycleNews, LifecycleState, Stage};
pub use subject::Subject;
