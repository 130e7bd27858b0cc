//! The virus scanner: clamd, asked over its socket (`INSTREAM`), where one is set.
//!
//! Whatever is not `stream: OK` is not clean: what the scanner does not say is never taken for a yes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use crate::domain::attachment::{ScanState, ScannerAddress, ScannerDown};
use crate::files::{FileError, Held};

/// How long the scanner may keep silent.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it may take to pick up.
const PICK_UP: Duration = Duration::from_secs(5);
/// Bytes sent at a time.
const PIECE: usize = 64 * 1024;
/// An answer is one line; more is not read.
const MAX_ANSWER: u64 = 4096;

/// A scanner and what to do without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanner {
    /// Where it listens.
    pub address: ScannerAddress,
    /// What to do while it does not answer.
    pub when_down: ScannerDown,
}

/// What the scanner says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing found.
    Clean,
    /// Something found, by the name the scanner gives it.
    Infected(String),
    /// Neither: it does not answer, or says something else.
    Unknown(String),
}

impl Scanner {
    /// Has a file scanned, and decides by the policy of the office.
    ///
    /// # Errors
    /// [`FileError::Infected`], [`FileError::NotScanned`] where the policy refuses, or a fault of the disk.
    pub fn scan(&self, file: &Held) -> Result<ScanState, FileError> {
        match self.ask(&mut file.content()?) {
            Verdict::Clean => Ok(ScanState::Clean),
            Verdict::Infected(virus) => Err(FileError::Infected { virus }),
            Verdict::Unknown(reason) => match self.when_down {
                ScannerDown::Accept => Ok(ScanState::NotScanned),
                ScannerDown::Refuse => Err(FileError::NotScanned { reason }),
            },
        }
    }

    /// What the scanner says of some content.
    pub fn ask(&self, content: &mut impl Read) -> Verdict {
        let answer = match &self.address {
            ScannerAddress::Tcp(address) => connect(address).and_then(|it| exchange(it, content)),
            ScannerAddress::Unix(path) => UnixStream::connect(path).and_then(|it| {
                it.set_read_timeout(Some(PATIENCE))?;
                it.set_write_timeout(Some(PATIENCE))?;
                exchange(it, content)
            }),
        };
        match answer {
            Ok(answer) => judge(&answer),
            Err(err) => Verdict::Unknown(err.to_string()),
        }
    }
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let mut failure = io::Error::from(ErrorKind::AddrNotAvailable);
    for it in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&it, PICK_UP) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                return Ok(stream);
            }
            Err(err) => failure = err,
        }
    }
    Err(failure)
}

/// Sends the content in pieces, each after its length, and an empty one at the end; returns the answer.
fn exchange(mut stream: impl Read + Write, content: &mut impl Read) -> io::Result<String> {
    let sent = send(&mut stream, content);
    let mut answer = Vec::new();
    let read = stream.take(MAX_ANSWER).read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).trim().to_owned();
    // One who stops listening before the end says why, for example that the file is too large for it.
    if answer.is_empty() {
        sent?;
        read?;
    }
    Ok(answer)
}

fn send(stream: &mut impl Write, content: &mut impl Read) -> io::Result<()> {
    stream.write_all(b"zINSTREAM\0")?;
    let mut piece = vec![0; PIECE];
    loop {
        let n_bytes = content.read(&mut piece)?;
        let length = u32::try_from(n_bytes).map_err(io::Error::other)?;
        stream.write_all(&length.to_be_bytes())?;
        if n_bytes == 0 {
            return stream.flush();
        }
        stream.write_all(piece.get(..n_bytes).unwrap_or_default())?;
    }
}

fn judge(answer: &str) -> Verdict {
    if answer == "stream: OK" {
        return Verdict::Clean;
    }
    match answer.strip_prefix("stream: ").and_then(|it| it.strip_suffix(" FOUND")) {
        Some(virus) => Verdict::Infected(virus.to_owned()),
        None if answer.is_empty() => Verdict::Unknown("no answer".to_owned()),
        None => Verdict::Unknown(answer.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ok_is_clean() {
        let check = |answer: &str, expected| assert_eq!(judge(answer), expected, "{answer}");
        check("stream: OK", Verdict::Clean);
        check("stream: Win.Test.EICAR_HDB-1 FOUND", Verdict::Infected("Win.Test.EICAR_HDB-1".to_owned()));
        for strange in ["", "OK", "stream: OK?", "INSTREAM size limit exceeded. ERROR", "UNKNOWN COMMAND"] {
            assert!(matches!(judge(strange), Verdict::Unknown(_)), "{strange}");
        }
    }
}
