//! No code: the manifest alone says which features of dependencies all commands share, so that Cargo builds each once.
