//! PDF from Word documents, by a LibreOffice that is installed beside the program.
//!
//! One conversion at a time, in a folder of its own that nobody else can read and that is gone afterwards,
//! with a profile of its own and a time limit. Without LibreOffice everything else works: the document
//! itself is what counts.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use uuid::Uuid;

/// How long one conversion may take.
const LIMIT: Duration = Duration::from_secs(60);
/// How long somebody waits for the conversions before theirs.
const WAIT: Duration = Duration::from_secs(20);
/// How often a running conversion is looked at.
const PAUSE: Duration = Duration::from_millis(50);

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// Others are before it.
    #[error("other documents are being converted")]
    Busy,
    /// It took too long and was ended.
    #[error("the conversion took longer than {} seconds", LIMIT.as_secs())]
    TooLong,
    /// LibreOffice made no file.
    #[error("LibreOffice made no PDF (exit status {0})")]
    Failed(String),
    /// A file or a process could not be made.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl OfficeError {
    /// What to do, for the person who asked for a PDF.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::Busy => "正在转换其他文件，请稍后再试；也可以先下载 Word 文档。",
            Self::TooLong => "转换超过一分钟，已停止。请下载 Word 文档，用 Word 或者 WPS 另存为 PDF。",
            Self::Failed(_) | Self::Io(_) => {
                "转换没有成功。请下载 Word 文档，用 Word 或者 WPS 另存为 PDF，并请系统管理员查看日志。"
            }
        }
    }
}

/// An installed LibreOffice.
#[derive(Debug)]
pub struct Office {
    program: PathBuf,
    turn: Mutex<()>,
}

/// A folder that is gone when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("gongkai-pdf-{}", Uuid::new_v4().simple()));
        // Letters name people: nobody else on the machine may read them.
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "a temporary folder is left behind");
        }
    }
}

impl Office {
    /// The LibreOffice with this name or path; none where it is not there.
    pub fn find(program: &str) -> Option<Self> {
        let is_file = |it: &Path| it.is_file();
        let program = if program.contains('/') {
            Some(PathBuf::from(program)).filter(|it| is_file(it))
        } else if program.is_empty() {
            None
        } else {
            let path = std::env::var_os("PATH")?;
            std::env::split_paths(&path).map(|it| it.join(program)).find(|it| is_file(it))
        }?;
        Some(Self { program, turn: Mutex::new(()) })
    }

    /// Converts Word documents to PDF, in one go.
    ///
    /// # Errors
    /// [`OfficeError`], whichever comes first; then none of them is converted.
    pub fn to_pdf(&self, documents: &[&[u8]]) -> Result<Vec<Vec<u8>>, OfficeError> {
        let _turn = self.wait_for_turn()?;
        let folder = Folder::new()?;
        let fonts = folder.0.join("fonts.conf");
        fs::write(&fonts, include_str!("fonts.conf"))?;
        let sources: Vec<PathBuf> =
            (0..documents.len()).map(|i| folder.0.join(format!("{i}.docx"))).collect();
        for (path, bytes) in sources.iter().zip(documents) {
            fs::write(path, bytes)?;
        }
        let mut child = Command::new(&self.program)
            .arg(format!("-env:UserInstallation=file://{}/profile", folder.0.display()))
            .args(["--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf:writer_pdf_Export"])
            .arg("--outdir")
            .arg(&folder.0)
            .args(&sources)
            .env("HOME", &folder.0)
            .env("FONTCONFIG_FILE", &fonts)
            .current_dir(&folder.0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // The program starts others; they are ended together.
            .process_group(0)
            .spawn()?;
        let status = wait(&mut child)?;
        sources
            .iter()
            .map(|it| match fs::read(it.with_extension("pdf")) {
                Ok(bytes) => Ok(bytes),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    Err(OfficeError::Failed(status.clone()))
                }
                Err(error) => Err(error.into()),
            })
            .collect()
    }

    fn wait_for_turn(&self) -> Result<MutexGuard<'_, ()>, OfficeError> {
        let since = Instant::now();
        loop {
            match self.turn.try_lock() {
                Ok(turn) => return Ok(turn),
                // Nothing is kept between conversions that a panic could have spoilt.
                Err(TryLockError::Poisoned(turn)) => return Ok(turn.into_inner()),
                Err(TryLockError::WouldBlock) if since.elapsed() > WAIT => return Err(OfficeError::Busy),
                Err(TryLockError::WouldBlock) => sleep(PAUSE),
            }
        }
    }
}

/// Waits for the end, or ends it when it takes too long. Returns the exit status.
fn wait(child: &mut Child) -> Result<String, OfficeError> {
    let since = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.to_string());
        }
        if since.elapsed() > LIMIT {
            // The whole group, for the program that was started only waits for another.
            Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status()?;
            child.wait()?;
            return Err(OfficeError::TooLong);
        }
        sleep(PAUSE);
    }
}
