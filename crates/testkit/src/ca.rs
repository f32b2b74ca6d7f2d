//! A private certificate authority.

use std::path::Path;
use std::sync::Arc;
use std::{fs, iter};

use anyhow::Context;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// The names that every server certificate is good for.
pub const NAMES: [&str; 6] = [
    "localhost",
    "registry.test",
    "git.test",
    "127.0.0.1",
    "127.0.0.2",
    "127.0.0.3",
];

/// A certificate authority that nobody trusts but who is told to; clones are the same one.
#[derive(Debug, Clone)]
pub struct Ca {
    shared: Arc<Shared>,
    /// What its servers are called beside [`NAMES`].
    names: Vec<String>,
}

#[derive(Debug)]
struct Shared {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

/// A server's certificate and key.
#[derive(Debug)]
pub struct ServerCertificate {
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// The key, PEM (PKCS #8).
    pub key_pem: String,
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Ca {
    /// Makes a new one, which no other knows.
    ///
    /// # Errors
    ///
    /// There is no randomness.
    pub fn new() -> anyhow::Result<Self> {
        let mut parameters = CertificateParams::default();
        parameters
            .distinguished_name
            .push(DnType::CommonName, "Tidemark test CA");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().context("making the key of a CA")?;
        let certificate = parameters.self_signed(&key).context("making the certificate of a CA")?;
        let (pem, der) = (certificate.pem(), certificate.der().clone());
        Ok(Self {
            shared: Arc::new(Shared {
                issuer: Issuer::new(parameters, key),
                pem,
                der,
            }),
            names: Vec::new(),
        })
    }

    /// Its certificate, PEM: what a `caFile` holds.
    pub fn certificate_pem(&self) -> &str {
        &self.shared.pem
    }

    /// Writes its certificate to a file.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn write_certificate(&self, path: &Path) -> anyhow::Result<()> {
        fs::write(path, &self.shared.pem).with_context(|| format!("writing {}", path.display()))
    }

    /// The same authority, whose servers from now on are called so too.
    #[must_use]
    pub fn naming(mut self, name: &str) -> Self {
        self.names.push(name.to_owned());
        self
    }

    /// A certificate for a server under [`NAMES`], and what [`Ca::naming`] added.
    ///
    /// # Errors
    ///
    /// There is no randomness.
    pub fn server(&self) -> anyhow::Result<ServerCertificate> {
        let mut parameters = CertificateParams::new([&NAMES.map(str::to_owned)[..], &self.names].concat())?;
        parameters.distinguished_name.push(DnType::CommonName, "registry.test");
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().context("making the key of a server")?;
        let certificate = parameters
            .signed_by(&key, &self.shared.issuer)
            .context("making the certificate of a server")?;
        Ok(ServerCertificate {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            certificate: certificate.der().clone(),
            key: key.serialize_der(),
        })
    }

    /// What a client that trusts this authority alone, speaking HTTP/1.1, is made of.
    pub(crate) fn client_config(&self) -> anyhow::Result<Arc<ClientConfig>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.shared.der.clone())?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
    }
}

impl ServerCertificate {
    /// What a server that offers HTTP/2 and HTTP/1.1 is made of.
    ///
    /// # Errors
    ///
    /// The key does not belong to the certificate.
    pub fn server_config(&self) -> anyhow::Result<Arc<ServerConfig>> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let chain = iter::once(self.certificate.clone()).collect();
        let mut config = builder.with_no_client_auth().with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

#[cfg(test)]
mod tests;
