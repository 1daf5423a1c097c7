//! Buckets by their address: `s3://`, `az://` and `gs://`, with the usual variables of the environment for the rest.

use std::fmt;
use std::str::FromStr;

use object_store::path::Path as Key;

use super::place::Bucket;

/// Who keeps a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Amazon S3, and what speaks its language.
    S3,
    /// Azure Blob Storage.
    Azure,
    /// Google Cloud Storage.
    Gcs,
}

impl Provider {
    /// The cargo feature that this needs.
    #[must_use]
    pub fn feature(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Azure => "azure",
            Self::Gcs => "gcs",
        }
    }
}

/// The address of a bucket, `s3://bucket/prefix`. It holds no secrets: those are in the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketUrl {
    provider: Provider,
    /// Scheme and bucket.
    root: String,
    prefix: Key,
}

/// Why a bucket cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// Not an address of a bucket.
    #[error("{url:?} is no bucket: give s3://BUCKET/PREFIX, az://CONTAINER/PREFIX or gs://BUCKET/PREFIX")]
    Url {
        /// What was given.
        url: String,
    },
    /// The program was built without it.
    #[error("this cpor was built without {feature}: build it with `cargo build --release --features {feature}`")]
    NotBuilt {
        /// The cargo feature that is missing.
        feature: &'static str,
    },
    /// The environment lacks something, or says something that cannot be.
    #[error("the bucket {bucket} cannot be used: {source}")]
    Settings {
        /// Scheme and bucket.
        bucket: String,
        /// What the client library says.
        source: object_store::Error,
    },
}

impl FromStr for BucketUrl {
    type Err = BucketError;

    fn from_str(url: &str) -> Result<Self, BucketError> {
        let bad = || BucketError::Url { url: url.to_owned() };
        let (scheme, rest) = url.split_once("://").ok_or_else(bad)?;
        let provider = match scheme {
            "s3" => Provider::S3,
            "az" => Provider::Azure,
            "gs" => Provider::Gcs,
            _ => return Err(bad()),
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if bucket.is_empty() || !is_name(bucket) {
            return Err(bad());
        }
        let prefix = Key::parse(prefix).map_err(|_| bad())?;
        Ok(Self { provider, root: format!("{scheme}://{bucket}"), prefix })
    }
}

impl fmt::Display for BucketUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.root, self.prefix)
    }
}

impl BucketUrl {
    /// The bucket, with what the environment says of it (`AWS_…`, `AZURE_…`, `GOOGLE_…`), and whether clients may send to it themselves.
    /// Nothing is asked over the network yet.
    ///
    /// # Errors
    /// [`BucketError::NotBuilt`] and [`BucketError::Settings`].
    pub fn open(&self, is_direct: bool) -> Result<Bucket, BucketError> {
        match self.provider {
            Provider::S3 => self.s3(is_direct),
            Provider::Azure => self.azure(is_direct),
            Provider::Gcs => self.gcs(is_direct),
        }
    }
}

/// Opens a bucket with the client of a cargo feature; without the feature, says which it is.
macro_rules! opened {
    ($($name:ident, $feature:tt, $builder:ty, $headers:expr;)+) => {$(
        impl BucketUrl {
            #[cfg(feature = $feature)]
            fn $name(&self, is_direct: bool) -> Result<Bucket, BucketError> {
                let built = <$builder>::from_env().with_url(&self.root).build();
                let store = std::sync::Arc::new(built.map_err(|source| BucketError::Settings { bucket: self.root.clone(), source })?);
                let bucket = Bucket::new(store.clone(), self.prefix.clone());
                Ok(if is_direct { bucket.signing(store, $headers) } else { bucket })
            }

            #[cfg(not(feature = $feature))]
            fn $name(&self, _is_direct: bool) -> Result<Bucket, BucketError> {
                Err(BucketError::NotBuilt { feature: self.provider.feature() })
            }
        }
    )+};
}

opened! {
    s3, "s3", object_store::aws::AmazonS3Builder, &[];
    azure, "azure", object_store::azure::MicrosoftAzureBuilder, &[("x-ms-blob-type", "BlockBlob")];
    gcs, "gcs", object_store::gcp::GoogleCloudStorageBuilder, &[];
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bucket_is_named_by_provider_bucket_and_prefix() {
        let url: BucketUrl = "s3://proofs/cpor/live/".parse().unwrap();
        assert_eq!((url.provider, url.root.as_str(), url.prefix.as_ref()), (Provider::S3, "s3://proofs", "cpor/live"));
        let url: BucketUrl = "gs://proofs".parse().unwrap();
        assert_eq!((url.provider, url.prefix.as_ref()), (Provider::Gcs, ""));
        for bad in [
            "",
            "proofs",
            "s3:/proofs",
            "s3://",
            "s3:///x",
            "http://proofs/x",
            "s3://a b/x",
            "s3://user:secret@host/x",
            "s3://a/../b",
        ] {
            assert!(bad.parse::<BucketUrl>().is_err(), "{bad}");
        }
    }
}
