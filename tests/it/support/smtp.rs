//! A real mail server for a test, with a certificate made by the test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Debian's own, for which its packages are made; another may come first on the path.
const PYTHON: &str = "/usr/bin/python3";
/// The account at the server.
pub const USER: &str = "zwgk";
/// Its password, in letters that are not plain.
pub const PASSWORD: &str = "口令pass";

/// A server on a free port of 127.0.0.1, stopped when dropped.
pub struct SmtpServer {
    /// Its port.
    pub port: u16,
    folder: TempDir,
    process: Child,
}

/// Whether the tests of mail can run here: they need Python's aiosmtpd.
pub fn is_available() -> bool {
    let found = Command::new(PYTHON)
        .args(["-c", "import aiosmtpd"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success());
    assert!(
        found || !super::is_required("smtp"),
        "python3-aiosmtpd is not installed, and this run demands it"
    );
    if !found {
        static SAID: std::sync::Once = std::sync::Once::new();
        super::say_once(&SAID, "note: python3-aiosmtpd is not installed: mail is not tested; see tests/run");
    }
    found
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// An authority, and a certificate of its for localhost, in a folder.
fn make_certificates(folder: &Path) {
    let new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let mut authority = vec!["req", "-x509", "-days", "30", "-subj", "/CN=Test CA"];
    authority.extend(new_key);
    authority.extend(["-keyout", "ca.key", "-out", "ca.pem"]);
    openssl(folder, &authority);
    let mut request = vec!["req", "-subj", "/CN=localhost"];
    request.extend(new_key);
    request.extend(["-keyout", "server.key", "-out", "server.csr"]);
    openssl(folder, &request);
    std::fs::write(folder.join("ext"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n").unwrap();
    let sign = ["x509", "-req", "-days", "30", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key"];
    let mut sign = sign.to_vec();
    sign.extend(["-CAcreateserial", "-extfile", "ext", "-out", "server.pem"]);
    openssl(folder, &sign);
}

impl SmtpServer {
    /// Starts one: `tls` is `starttls`, `tls` or `none`; further options are those of the script.
    pub fn start(tls: &str, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("taken")).unwrap();
        let mut command = Command::new(PYTHON);
        command
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp_server.py"))
            .args(["--tls", tls, "--folder"])
            .arg(folder.path().join("taken"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What it says of clients that hang up is what the tests do to it.
            .stderr(Stdio::null());
        if tls != "none" {
            make_certificates(folder.path());
            command.arg("--cert").arg(folder.path().join("server.pem"));
            command.arg("--key").arg(folder.path().join("server.key"));
            command.args(["--user", USER, "--password", PASSWORD]);
        }
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().expect("the server says its port");
        Self { port, folder, process }
    }

    /// The certificate of the authority that vouches for it.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Everything it has taken, in that order.
    pub fn taken(&self) -> Vec<Value> {
        let entries = std::fs::read_dir(self.folder.path().join("taken")).unwrap();
        let mut paths: Vec<_> = entries.map(|it| it.unwrap().path()).collect();
        paths.retain(|it| it.extension().is_some_and(|it| it == "json"));
        paths.sort();
        paths.iter().map(|it| serde_json::from_slice(&std::fs::read(it).unwrap()).unwrap()).collect()
    }

    /// The settings by which it is reached, as variables of the environment.
    pub fn environment(&self, encryption: &str) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("GONGKAI__MAIL__ENABLED", "true".to_owned()),
            ("GONGKAI__MAIL__HOST", "localhost".to_owned()),
            ("GONGKAI__MAIL__PORT", self.port.to_string()),
            ("GONGKAI__MAIL__ENCRYPTION", encryption.to_owned()),
            ("GONGKAI__MAIL__FROM_ADDRESS", "zwgk@example.gov.cn".to_owned()),
            ("GONGKAI__MAIL__FROM_NAME", "某市自然资源和规划局政务公开办".to_owned()),
            ("GONGKAI__MAIL__TIMEOUT_SECONDS", "2".to_owned()),
            ("GONGKAI__JOBS__LEASE_SECONDS", "1".to_owned()),
        ];
        if encryption != "none" {
            variables.push(("GONGKAI__MAIL__USERNAME", USER.to_owned()));
            variables.push(("GONGKAI__MAIL__PASSWORD", PASSWORD.to_owned()));
            variables.push(("GONGKAI__MAIL__CA_FILE", self.ca_file().display().to_string()));
        }
        variables
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if self.process.try_wait().unwrap().is_some() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
