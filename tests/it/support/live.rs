//! A server on a port of its own, and a client that writes HTTP by hand: what a browser may not do
//! (hang up in the middle, send what it should not) is done here.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::{rt, web};
use gongkai::config::{Settings, Sources};
use gongkai::domain::ids::CaseId;
use gongkai::files::Store;
use gongkai::web::{App, server};
use tempfile::TempDir;

use crate::office::Office;

/// A server in this process, which ends with this.
pub struct Served {
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    /// Serves an application on any free port.
    pub fn start(app: web::Data<App>) -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            rt::System::new().block_on(async move {
                let (server, address) = server::start(app).unwrap();
                tell.send((server.handle(), address)).unwrap();
                server.await.unwrap();
            });
        });
        let (handle, address) = told.recv_timeout(Duration::from_secs(20)).expect("the server starts");
        Self { address, handle, thread: Some(thread) }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            eprintln!("the server of the test ended in a panic");
        }
    }
}

/// An office behind a server in this process.
pub struct Live {
    pub office: Office,
    pub address: SocketAddr,
    _served: Served,
    pub folder: TempDir,
}

impl Live {
    /// An office over a database, its files in a folder of their own; `change` changes the settings.
    pub fn start(url: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::load(&Sources::default()).unwrap();
        settings.files.directory = Some(folder.path().join("files"));
        settings.server.listen = "127.0.0.1:0".parse().unwrap();
        settings.server.changes_per_minute = 100_000;
        change(&mut settings);
        let office = Office::with(url, settings);
        let served = Served::start(office.app.clone());
        Self { office, address: served.address, _served: served, folder }
    }

    /// A case of the bureau, still open; returns it with its number.
    pub fn case(&self) -> (CaseId, String) {
        self.office.case(self.office.bureau, "2026-03-02", None)
    }

    /// Where the files are.
    pub fn store(&self) -> Store {
        Store::new(self.folder.path().join("files"))
    }

    /// How many files are on their way.
    pub fn n_incoming(&self) -> usize {
        n_incoming(&self.folder.path().join("files"))
    }

    pub fn get(&self, token: &str, path: &str) -> Reply {
        request(self.address, token, "GET", path, &[], &[])
    }

    pub fn post(&self, token: &str, path: &str, body: &str) -> Reply {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        request(self.address, token, "POST", path, &[kind], format!("csrf={token}&{body}").as_bytes())
    }

    /// Sends files as a plain form does.
    pub fn upload(&self, token: &str, case: CaseId, kind: &str, files: &[(&str, &[u8])]) -> Reply {
        upload(self.address, token, case, kind, files)
    }

    /// Sends one file, which must be kept.
    #[track_caller]
    pub fn must_keep(&self, token: &str, case: CaseId, kind: &str, name: &str, content: &[u8]) {
        let reply = self.upload(token, case, kind, &[(name, content)]);
        assert_eq!(reply.status, 303, "{}", reply.text());
    }
}

/// How many files are on their way into a store.
pub fn n_incoming(store: &Path) -> usize {
    std::fs::read_dir(store.join("incoming")).map_or(0, Iterator::count)
}

/// Waits until something holds, for as long as a loaded machine may need.
#[track_caller]
pub fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(30), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The program itself, serving an SQLite file.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
}

impl Program {
    /// Starts it after these words of a shell, such as a limit.
    pub fn start(shell: &str, database: &Path, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new("sh")
            .args(["-c", &format!("{shell} exec \"$0\" serve"), env!("CARGO_BIN_EXE_gongkai")])
            .env("GONGKAI_DATABASE_URL", format!("sqlite://{}", database.display()))
            .env("GONGKAI__SERVER__LISTEN", "127.0.0.1:0")
            .envs(variables.iter().copied())
            .current_dir(database.parent().unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        let mut said = Vec::new();
        while !said.ends_with(b"/\n") {
            let mut byte = [0];
            assert_eq!(output.read(&mut byte).unwrap(), 1, "it says where it listens: {said:?}");
            said.push(byte[0]);
        }
        let said = String::from_utf8(said).unwrap();
        let address = said.trim().split_once("http://").unwrap().1.trim_end_matches('/').parse().unwrap();
        Self { child, address }
    }

    /// The most memory it has had, in kB.
    pub fn peak_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// An office in an SQLite file that a [`Program`] can serve: the folder, the file, the office.
pub fn office_in_a_file() -> (TempDir, PathBuf, Office) {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("gongkai.db");
    let office = Office::new(&format!("sqlite://{}", database.display()));
    (folder, database, office)
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn has(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{} without {words:?}:\n{}", self.status, self.text());
        self
    }

    #[track_caller]
    pub fn lacks(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words), "{} with {words:?}:\n{}", self.status, self.text());
        self
    }
}

const BOUNDARY: &str = "----gongkai7MA4YWxkTrZu0gW";

/// The start of a form with files: everything before the content of the next part named `file`.
pub fn form_start(token: &str, kind: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in [("csrf", token), ("kind", kind)] {
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            .unwrap();
    }
    body
}

pub fn file_start(name: &str) -> Vec<u8> {
    // As browsers do it: the name as it is, quotation marks as %22.
    let name = name.replace('"', "%22");
    format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes()
}

pub fn form_end() -> Vec<u8> {
    format!("--{BOUNDARY}--\r\n").into_bytes()
}

pub fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

pub fn form(token: &str, kind: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = form_start(token, kind);
    for (name, content) in files {
        body.extend(file_start(name));
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(form_end());
    body
}

pub fn upload(address: SocketAddr, token: &str, case: CaseId, kind: &str, files: &[(&str, &[u8])]) -> Reply {
    let body = form(token, kind, files);
    request(address, token, "POST", &format!("/cases/{case}/files"), &[("Content-Type", &form_type())], &body)
}

/// The head of a request with so many bytes of body.
pub fn request_head(
    token: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    n_bytes: usize,
) -> Vec<u8> {
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: gongkai_login={token}\r\nConnection: close\r\n\
         Content-Length: {n_bytes}\r\n"
    );
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    (head + "\r\n").into_bytes()
}

pub fn request(
    address: SocketAddr,
    token: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(&request_head(token, method, path, headers, body.len())).unwrap();
    stream.write_all(body).unwrap();
    read_reply(&mut stream)
}

/// Reads an answer to its end.
pub fn read_reply(stream: &mut impl Read) -> Reply {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let at = bytes.windows(4).position(|it| it == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<_> = lines
        .filter_map(|it| it.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut body = bytes.split_off(at + 4);
    let is_chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    // The answer to a question for the head alone has no pieces.
    if is_chunked && !body.is_empty() {
        body = unchunked(&body);
    }
    Reply { status, headers, body }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let at = rest.windows(2).position(|it| it == b"\r\n").unwrap();
        let n_bytes = usize::from_str_radix(std::str::from_utf8(&rest[..at]).unwrap(), 16).unwrap();
        if n_bytes == 0 {
            return body;
        }
        body.extend_from_slice(&rest[at + 2..at + 2 + n_bytes]);
        rest = &rest[at + 4 + n_bytes..];
    }
}
