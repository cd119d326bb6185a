//! No code: as `workspace-hack`, for crates whose tests build neither a runtime nor an SDK.
