//! The way to the mail server: one connection, messages one after another, and what became of each.
//!
//! The steps are taken one by one instead of by lettre's transport, for what is refused tells whose
//! fault it is: an address refused for good is the end of that message, a login refused for good is
//! the end of none. A pool is absent on purpose: one sender has one connection.

mod letter;

use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as From, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;

use crate::domain::mail::Encryption;

/// The mail server, and who we are there.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is protected.
    pub encryption: Encryption,
    /// The account there; empty for none.
    pub username: String,
    /// Its password.
    pub password: String,
    /// The authority to trust; none for those of the system.
    pub ca_file: Option<PathBuf>,
    /// How long to wait in each step.
    pub timeout: Duration,
    /// The address mail is from.
    pub from_address: String,
    /// The name mail is from.
    pub from_name: String,
}

/// Without the password.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer({}:{}, {:?}, {})", self.host, self.port, self.encryption, self.username)
    }
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, in any letters.
    pub name: String,
    /// What it is, such as `application/pdf`.
    pub media_type: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// In angle brackets, the same in every attempt.
    pub message_id: String,
    /// The name of the one it is for.
    pub to_name: String,
    /// Where it goes.
    pub to_address: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// When it was written.
    pub written_at: SystemTime,
}

/// Whose fault it is that something was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The way to the server: no message can be sent now.
    Connection,
    /// This message, for now (4xx).
    Temporary,
    /// This message, for good (5xx).
    Permanent,
}

/// Why something was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct SendError {
    /// Whose fault it is.
    pub fault: Fault,
    /// What happened, for people, with what the server said.
    pub words: String,
}

impl SendError {
    fn connection(step: &str, err: &SmtpError) -> Self {
        Self { fault: Fault::Connection, words: format!("{step}：{}", words(err)) }
    }

    fn message(step: &str, err: &SmtpError) -> Self {
        // 421 closes the connection, whatever step it comes in.
        let closes = err.status().is_some_and(|it| it.to_string() == "421");
        let fault = match (err.is_permanent(), err.is_transient() && !closes) {
            (true, _) => Fault::Permanent,
            (_, true) => Fault::Temporary,
            _ => Fault::Connection,
        };
        Self { fault, words: format!("{step}：{}", words(err)) }
    }
}

/// The fault of the network behind an error, where there is one.
fn io_kind(err: &SmtpError) -> Option<ErrorKind> {
    let mut source = std::error::Error::source(err);
    while let Some(err) = source {
        if let Some(io) = err.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        source = err.source();
    }
    None
}

/// What the server or the network says, with the kind of fault in Chinese.
fn words(err: &SmtpError) -> String {
    let source = std::error::Error::source(err).map(ToString::to_string).unwrap_or_default();
    let io = io_kind(err);
    let kind = if let Some(code) = err.status() {
        format!("服务器答复 {code}")
    } else if matches!(io, Some(ErrorKind::TimedOut | ErrorKind::WouldBlock)) {
        // A socket with a time limit says that it would block.
        return "等待服务器答复超时".to_owned();
    } else if err.is_tls() || io == Some(ErrorKind::InvalidData) {
        "加密连接未建立".to_owned()
    } else if err.is_client() {
        "服务器不提供所需的功能".to_owned()
    } else {
        "连接中断".to_owned()
    };
    if source.is_empty() { kind } else { format!("{kind}（{source}）") }
}

/// A connection to the mail server, ready for messages.
pub struct Session {
    connection: SmtpConnection,
    from: Address,
    server: MailServer,
}

impl Session {
    /// Connects, protects the way and signs in.
    ///
    /// # Errors
    /// [`Fault::Connection`] in every case.
    pub fn open(server: &MailServer) -> Result<Self, SendError> {
        let hello = ClientId::default();
        let tls = match server.encryption {
            Encryption::Plain => None,
            Encryption::StartTls | Encryption::Tls => Some(tls(server)?),
        };
        let at_once = tls.as_ref().filter(|_| server.encryption == Encryption::Tls);
        let place = (server.host.as_str(), server.port);
        let mut connection = SmtpConnection::connect(place, Some(server.timeout), &hello, at_once, None)
            .map_err(|err| SendError::connection("连接邮件服务器", &err))?;
        if let Some(tls) = tls.as_ref().filter(|_| server.encryption == Encryption::StartTls) {
            connection.starttls(tls, &hello).map_err(|err| SendError::connection("建立加密连接", &err))?;
        }
        if !server.username.is_empty() {
            let credentials = Credentials::new(server.username.clone(), server.password.clone());
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
                .map_err(|err| SendError::connection("登录邮件服务器", &err))?;
        }
        let from = server.from_address.parse().map_err(|_| SendError {
            fault: Fault::Connection,
            words: format!("发件人地址“{}”不是有效的电子邮箱地址", server.from_address),
        })?;
        Ok(Self { connection, from, server: server.clone() })
    }

    /// Sends a letter. After [`Fault::Connection`] the session is of no more use.
    ///
    /// # Errors
    /// Why not, and whose fault it is.
    pub fn send(&mut self, letter: &Letter) -> Result<(), SendError> {
        let to: Address = letter.to_address.parse().map_err(|_| SendError {
            fault: Fault::Permanent,
            words: "收件人地址不是有效的电子邮箱地址".to_owned(),
        })?;
        let bytes = letter::format(&self.server, letter)?;
        // A sender that is refused is refused for every message: that is for the administrator to mend.
        self.connection
            .command(From::new(Some(self.from.clone()), Vec::new()))
            .map_err(|err| SendError::connection("服务器不接受发件人", &err))?;
        let result = self.deliver(to, &bytes);
        if result.as_ref().is_err_and(|it| it.fault != Fault::Connection) {
            // The server forgets the message and waits for the next; one that does not is left.
            if self.connection.command(Rset).is_err() {
                self.connection.abort();
            }
        }
        result
    }

    fn deliver(&mut self, to: Address, bytes: &[u8]) -> Result<(), SendError> {
        let connection = &mut self.connection;
        connection
            .command(Rcpt::new(to, Vec::new()))
            .map_err(|err| SendError::message("服务器不接受收件人", &err))?;
        connection.command(Data).map_err(|err| SendError::message("服务器不接受邮件", &err))?;
        connection.message(bytes).map_err(|err| SendError::message("服务器没有收下邮件", &err))?;
        Ok(())
    }

    /// Whether the connection is past use.
    pub fn has_broken(&self) -> bool {
        self.connection.has_broken()
    }

    /// Says good-bye.
    pub fn close(mut self) {
        self.connection.abort();
    }
}

fn tls(server: &MailServer) -> Result<TlsParameters, SendError> {
    let mut parameters = TlsParameters::builder(server.host.clone());
    if let Some(file) = &server.ca_file {
        let unusable = |why: String| SendError {
            fault: Fault::Connection,
            words: format!("证书文件 {} 不能使用：{why}", file.display()),
        };
        let pem = std::fs::read(file).map_err(|err| unusable(err.to_string()))?;
        let authority = Certificate::from_pem(&pem).map_err(|err| unusable(err.to_string()))?;
        parameters = parameters.certificate_store(CertificateStore::None).add_root_certificate(authority);
    }
    parameters.build().map_err(|err| SendError::connection("建立加密连接", &err))
}
