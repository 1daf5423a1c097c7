//! Options for documents: where they are kept, and when what nothing needs is cleared away.

use clap::{ArgAction, Args};

/// Where documents are kept.
#[derive(Debug, Clone, Args)]
pub struct DocumentArgs {
    /// Where documents are kept: a folder, or a bucket (s3://BUCKET/PREFIX, az://…, gs://…; keys from the usual variables) [default: in the data directory]
    #[arg(long, global = true, value_name = "PLACE", env = "CPOR_DOCUMENTS")]
    pub documents: Option<String>,
    /// Let clients send documents to the bucket themselves, at signed addresses
    #[arg(long, global = true, value_name = "BOOL", env = "CPOR_DOCUMENTS_DIRECT", action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false")]
    pub documents_direct: bool,
}

/// When what nothing needs is cleared away.
#[derive(Debug, Clone, Args)]
pub struct JanitorArgs {
    /// How often to clear away what nothing needs, in seconds
    #[arg(long, value_name = "SECONDS", env = "CPOR_CLEAN_EVERY", default_value = "600", value_parser = clap::value_parser!(u32).range(1..))]
    pub clean_every: u32,
    /// How long bytes that nothing refers to are left in peace, in seconds: longer than the longest upload takes
    #[arg(long, value_name = "SECONDS", env = "CPOR_UNUSED_AGE", default_value = "3600")]
    pub unused_age: u32,
}
