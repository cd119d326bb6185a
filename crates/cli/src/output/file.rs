//! Files that people name to be written: on this machine, in S3, or standard output.

use crate::error::{Result, ToolError};
use crate::exit::UsageError;
use crate::input::Input;
use assay_store::{Place, StoreError};
use object_store::buffered::BufWriter;
use tokio::io::AsyncWrite;

/// Opens the file called `name`; no name, or `-`, is standard output. What is written counts once it is shut down.
#[expect(clippy::disallowed_methods, reason = "standard output can be one of the files")]
pub(crate) async fn open(name: Option<&str>) -> Result<Box<dyn AsyncWrite + Send + Unpin>> {
    Ok(match name {
        None | Some("-") => Box::new(tokio::io::BufWriter::new(tokio::io::stdout())),
        Some(name) if Place::is_s3(name) => {
            let file = Input::open(name).await?;
            Box::new(BufWriter::new(file.place.store, file.path))
        }
        Some(name) => {
            let file = tokio::fs::File::create(name).await;
            let file = file.map_err(|error| UsageError(format!("`{name}` cannot be written: {error}")))?;
            Box::new(tokio::io::BufWriter::new(file))
        }
    })
}

/// Why something could not be written. A store's answer is sorted as elsewhere, so that its body is not told.
pub(crate) fn unwritten(error: std::io::Error, name: &str) -> ToolError {
    match error.downcast::<object_store::Error>() {
        Ok(error) => StoreError::new(name, error).into(),
        Err(error) => error.into(),
    }
}
