//! What a store can answer instead of the thing, by what can be done about it.

/// A store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is nothing at this place.
    #[error("`{place}` does not exist")]
    Missing {
        /// The file or key.
        place: String,
    },
    /// The caller may not do this.
    #[error("access to `{place}` is denied; allow s3:GetObject, s3:PutObject and s3:ListBucket there")]
    Denied {
        /// The file or key.
        place: String,
        /// What the store said.
        source: object_store::Error,
    },
    /// The place cannot be named in this store.
    #[error("`{place}` cannot be addressed: {reason}")]
    Unaddressable {
        /// The file or key.
        place: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Anything else, mostly the network.
    #[error("`{place}` could not be read or written")]
    Unavailable {
        /// The file or key.
        place: String,
        /// What the store said.
        source: object_store::Error,
    },
}

impl StoreError {
    /// Sorts the store's answer about `place`.
    pub fn new(place: &str, source: object_store::Error) -> Self {
        let place = place.to_owned();
        match source {
            object_store::Error::NotFound { .. } => Self::Missing { place },
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
                Self::Denied { place, source }
            }
            object_store::Error::InvalidPath { source } => Self::Unaddressable { place, reason: source.to_string() },
            source => Self::Unavailable { place, source },
        }
    }

    /// Whether the place is simply not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }
}
