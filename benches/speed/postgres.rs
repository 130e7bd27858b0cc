//! A PostgreSQL server of our own: in a temporary directory, on a socket, gone when dropped.
//!
//! Its settings are those it comes with, durable commits included; only what a first bulk load needs is
//! more generous.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// A running server.
pub struct Server {
    programs: PathBuf,
    folder: tempfile::TempDir,
    user: Option<String>,
}

impl Server {
    /// Makes a cluster and starts it.
    pub fn start() -> anyhow::Result<Self> {
        let programs = programs().context("PostgreSQL's initdb not found: install Debian's postgresql")?;
        // Not under TMPDIR: the path of a socket may have 107 bytes, and another user must be able to enter.
        let folder = tempfile::Builder::new().prefix("gongkai-bench.").tempdir_in("/tmp")?;
        // PostgreSQL refuses to run as root.
        let user = (output("id", &["-u"])? == "0").then(|| {
            let has_postgres = output("id", &["postgres"]).is_ok();
            if has_postgres { "postgres".to_owned() } else { "nobody".to_owned() }
        });
        let server = Self { programs, folder, user };
        if let Some(user) = &server.user {
            run(Command::new("chown").arg(user).arg(server.folder.path()))?;
        }
        run(Command::new("chmod").arg("711").arg(server.folder.path()))?;
        let data = server.data();
        run(server
            .command("initdb")
            .args(["--no-instructions", "--auth=trust", "--username=gongkai", "--encoding=UTF8"])
            .arg(format!("--pgdata={}", data.display())))?;
        let settings = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_wal_size=1GB \
             -c shared_buffers=1GB",
            server.folder.path().display()
        );
        run(server
            .command("pg_ctl")
            .args(["start", "-s", "-w", "-t", "60", "-D"])
            .arg(&data)
            .arg("-l")
            .arg(data.join("server.log"))
            .arg("-o")
            .arg(settings))?;
        Ok(server)
    }

    /// Where it is, as `--database-url` takes it.
    pub fn url(&self) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://gongkai@/postgres?host={folder}")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A program of PostgreSQL, run as the user the server runs as.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = match &self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                let group = output("id", &["-g", user]).unwrap_or_else(|_| "nogroup".to_owned());
                command.args(["--reuid", user, "--regid", &group, "--clear-groups"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped =
            run(self.command("pg_ctl").args(["stop", "-s", "-m", "immediate", "-D"]).arg(self.data()));
        if let Err(err) = stopped {
            eprintln!("the server in {} did not stop: {err:#}", self.folder.path().display());
        }
    }
}

/// The folder of PostgreSQL's server programs, the newest first; Debian keeps them off the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|it| Some((it.file_name().to_str()?.parse().ok()?, it.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    folders.sort();
    let on_path = std::env::var_os("PATH")
        .and_then(|path| std::env::split_paths(&path).find(|it| it.join("initdb").is_file()));
    folders.pop().map(|(_, folder)| folder).or(on_path)
}

fn output(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program).args(arguments).output()?;
    if !output.status.success() {
        bail!("{program} failed");
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command to its end. What it says goes to a file, for a server it starts would keep a pipe open.
fn run(command: &mut Command) -> anyhow::Result<()> {
    let said = tempfile::NamedTempFile::new()?;
    let file: File = said.reopen()?;
    let status =
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).status().context("cannot run")?;
    if !status.success() {
        bail!("{command:?}: {}", std::fs::read_to_string(Path::new(said.path()))?);
    }
    Ok(())
}
