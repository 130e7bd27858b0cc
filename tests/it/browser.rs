//! A real browser before the real server: Chromium, driven over WebDriver, and the demonstration's
//! bureau in a database of its own.
//!
//! Everything is stopped and removed when the [`Stage`] is dropped, also where a test fails. At most two
//! stages stand at a time: a browser wants a processor.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::{rt, web};
use chrono::Utc;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use gongkai::service::Caller;
use gongkai::service::upkeep::demo_bureau;
use gongkai::storage::Db;
use gongkai::web::guard::routes;
use gongkai::web::{App, server};

use crate::support::web::{rules, settings};
use crate::support::{is_required, say_once};

/// How long a page may take before a test gives up: far more than it needs, on a loaded machine too.
const PATIENCE: Duration = Duration::from_secs(20);

/// The size of the window of an old office PC.
pub const DESK: (u32, u32) = (1366, 768);
/// That of a telephone.
pub const PHONE: (u32, u32) = (390, 844);

/// The server, the driver, and the right to use them.
pub struct Stage {
    /// The database behind the server.
    pub db: Db,
    base: String,
    handle: ServerHandle,
    server: Option<JoinHandle<()>>,
    driver: Driver,
    _folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Stage {
    /// The demonstration's bureau; none where there is no browser and the run can do without.
    ///
    /// # Panics
    /// Where there is no browser and the run demands one.
    pub fn new() -> Option<Self> {
        Self::over(demonstration())
    }

    /// A server at its first start, without accounts.
    pub fn empty() -> Option<Self> {
        Self::over(&[])
    }

    fn over(files: &[(&'static str, Vec<u8>)]) -> Option<Self> {
        if !is_there("chromium") || !is_there("chromedriver") {
            static SAID: Once = Once::new();
            assert!(
                !is_required("chromium"),
                "chromium or chromedriver is missing, and this run demands them"
            );
            say_once(
                &SAID,
                "note: chromium or chromedriver is missing: no stories in a browser; see tests/run",
            );
            return None;
        }
        let turn = turn();
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let db = Db::open(&format!("sqlite://{}", folder.path().join(FILE).display()), 4).unwrap();
        db.migrate().unwrap();
        let mut settings = settings();
        settings.server.listen = "127.0.0.1:0".parse().unwrap();
        let app = web::Data::new(App::new(db.clone(), settings, rules(), &routes(), true));
        let (tell, told) = std::sync::mpsc::channel();
        let server = std::thread::spawn(move || {
            rt::System::new().block_on(async move {
                let (server, address) = server::start(app).unwrap();
                tell.send((server.handle(), address)).unwrap();
                server.await.unwrap();
            });
        });
        let (handle, address) = told.recv_timeout(PATIENCE).expect("the server starts");
        let driver = Driver::start(&folder);
        Some(Self {
            db,
            base: format!("http://{address}"),
            handle,
            server: Some(server),
            driver,
            _folder: folder,
            _turn: turn,
        })
    }

    /// A browser that has been nowhere.
    pub async fn browser(&self) -> Browser {
        let client = self.driver.session().await;
        let session = client.session_id().await.unwrap().expect("a session has a name");
        self.driver.sessions.lock().unwrap().push(session.clone());
        let browser = Browser { client, base: self.base.clone(), port: self.driver.port, session };
        browser.resize(DESK).await;
        browser
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.driver.stop();
        // The command is sent at once; what is awaited is the end, which the thread tells.
        drop(self.handle.stop(false));
        if let Some(server) = self.server.take()
            && server.join().is_err()
        {
            eprintln!("the server of the test ended in a panic");
        }
    }
}

/// The database of the demonstration.
const FILE: &str = "gongkai.db";

/// The files of a filled database, made once.
fn demonstration() -> &'static [(&'static str, Vec<u8>)] {
    static FILES: OnceLock<Vec<(&'static str, Vec<u8>)>> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}", folder.path().join(FILE).display()), 1).unwrap();
        db.migrate().unwrap();
        let actor = Caller::at_command_line("测试", Utc::now());
        db.write(|conn| demo_bureau::fill(conn, &actor, &rules())).unwrap();
        let names = [FILE, "gongkai.db-wal"].into_iter();
        names.filter_map(|it| Some((it, std::fs::read(folder.path().join(it)).ok()?))).collect()
    })
}

fn turn() -> MutexGuard<'static, ()> {
    static TURNS: [Mutex<()>; 2] = [Mutex::new(()), Mutex::new(())];
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    // A test that failed has cleaned up all the same.
    TURNS[NEXT.fetch_add(1, Ordering::Relaxed) % TURNS.len()].lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|it| it.join(program).is_file())
}

/// chromedriver, with the browsers it has started.
struct Driver {
    process: Child,
    port: u16,
    sessions: Mutex<Vec<String>>,
    profiles: String,
}

impl Driver {
    fn start(folder: &TempDir) -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines
            .find_map(|line| {
                line.unwrap().split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver says its port");
        let profiles = folder.path().join("profile").display().to_string();
        Self { process, port, sessions: Mutex::default(), profiles }
    }

    async fn session(&self) -> Client {
        let n = self.sessions.lock().unwrap().len();
        let profile = format!("--user-data-dir={}-{n}", self.profiles);
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--force-prefers-reduced-motion",
            "--lang=zh-CN",
            &profile,
        ];
        let wanted = json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            // Questions are answered by the test.
            "unhandledPromptBehavior": "ignore",
        });
        let Value::Object(wanted) = wanted else { unreachable!("written as an object") };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .unwrap()
    }

    /// Ends the browsers in order, then the driver, then whatever has not gone.
    fn stop(&mut self) {
        for session in self.sessions.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if let Err(error) = ask(self.port, "DELETE", &format!("/session/{session}"), "") {
                eprintln!("a browser did not end: {error}");
            }
        }
        let killed = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = killed {
            eprintln!("chromedriver did not end: {error}");
        }
        let left = processes_with(&self.profiles);
        if !left.is_empty() && Command::new("kill").arg("-KILL").args(&left).status().is_err() {
            eprintln!("left behind: {left:?}");
        }
    }
}

/// The processes that were started with this in their arguments: a folder's name that is used once.
fn processes_with(words: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let names = entries.flatten().filter_map(|it| it.file_name().into_string().ok());
    let is_it = |pid: &String| {
        std::fs::read(format!("/proc/{pid}/cmdline"))
            .is_ok_and(|it| String::from_utf8_lossy(&it).contains(words))
    };
    names.filter(|it| it.bytes().all(|it| it.is_ascii_digit())).filter(is_it).collect()
}

/// A request to the driver that the client has no word for, or that must work while it is dropped.
fn ask(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    // The driver may keep the connection open: as much as it says it sends.
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim().to_ascii_lowercase();
        if let Some(n) = line.strip_prefix("content-length:") {
            length = n.trim().parse().unwrap_or(0);
        }
        if line.is_empty() {
            break;
        }
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// One browser: its window and its cookies.
pub struct Browser {
    client: Client,
    base: String,
    port: u16,
    session: String,
}

impl Browser {
    /// Makes the window this wide and high, inside.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        self.client.set_window_size(width, height).await.unwrap();
        let inner = self.run("return [innerWidth, innerHeight]", vec![]).await;
        let missing = |i: usize, wanted: u32| {
            let is = inner[i].as_u64().and_then(|it| u32::try_from(it).ok()).unwrap_or(wanted);
            wanted + wanted.saturating_sub(is)
        };
        self.client.set_window_size(missing(0, width), missing(1, height)).await.unwrap();
    }

    /// Opens a page of the server.
    pub async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap();
    }

    /// Opens the first page as somebody of the bureau, whoever was signed in before.
    pub async fn sign_in(&self, login: &str) {
        self.client.delete_all_cookies().await.unwrap();
        self.attempt(login, demo_bureau::PASSWORD).await;
        assert_eq!(self.path().await, "/", "{login} is not signed in: {}", self.words("body").await);
    }

    /// Fills in the login page and sends it.
    pub async fn attempt(&self, login: &str, password: &str) {
        self.go("/login").await;
        self.fill("username", login).await;
        self.fill("password", password).await;
        self.press("form button[type=submit]").await;
    }

    /// Where the browser is: path and query.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// The element, as soon as it is there.
    ///
    /// # Panics
    /// Where it does not come, with the words of the page.
    pub async fn element(&self, selector: &str) -> Element {
        let found =
            self.client.wait().at_most(PATIENCE).every(TICK).for_element(Locator::Css(selector)).await;
        match found {
            Ok(element) => element,
            Err(error) => {
                let (path, words) = (self.path().await, self.words("body").await);
                panic!("{path} has no {selector}: {error}\n{words}")
            }
        }
    }

    /// Whether the page has such an element now.
    pub async fn has(&self, selector: &str) -> bool {
        !self.client.find_all(Locator::Css(selector)).await.unwrap().is_empty()
    }

    /// The text of the first such element, as it is shown.
    pub async fn words(&self, selector: &str) -> String {
        let words = self.run("return document.querySelector(arguments[0])?.innerText", vec![json!(selector)]);
        words.await.as_str().unwrap_or_default().to_owned()
    }

    /// Fails where the page does not show these words.
    pub async fn says(&self, words: &str) {
        let body = self.words("body").await;
        assert!(body.contains(words), "{} without {words:?}:\n{body}", self.path().await);
    }

    /// What stands in a field.
    pub async fn value(&self, name: &str) -> String {
        let field = self.element(&format!("[name={name}]")).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Types into a field in place of what stands there; days, whose form depends on the browser's
    /// language, are set as a date picker would.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.element(&format!("[name={name}]:not([type=hidden])")).await;
        if field.prop("type").await.unwrap().as_deref() == Some("date") {
            let set = "const it = document.querySelector(`[name=${arguments[0]}]:not([type=hidden])`);
                it.value = arguments[1];
                for (const name of ['input', 'change']) it.dispatchEvent(new Event(name, { bubbles: true }));";
            self.run(set, vec![json!(name), json!(text)]).await;
        } else {
            field.clear().await.unwrap();
            field.send_keys(text).await.unwrap();
        }
    }

    /// Chooses a radio button, where its label is clicked, or an entry of a list.
    pub async fn choose(&self, name: &str, code: &str) {
        if self.has(&format!("select[name={name}]")).await {
            let list = self.element(&format!("select[name={name}]")).await;
            list.select_by_value(code).await.unwrap();
        } else {
            let button = format!("label:has(> input[name={name}][value={code:?}])");
            self.click(&button).await;
        }
    }

    /// Clicks, in the middle of the window: what stands at its edges would be in the way.
    pub async fn click(&self, selector: &str) {
        let element = self.element(selector).await;
        let middle = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
        self.run(middle, vec![json!(selector)]).await;
        element.click().await.unwrap_or_else(|error| panic!("{selector}: {error:.300}"));
    }

    /// Clicks what leads to another page, and waits for that.
    pub async fn press(&self, selector: &str) {
        self.mark().await;
        self.click(selector).await;
        self.arrive(selector).await;
    }

    /// The same for what asks first whether it is meant.
    pub async fn press_and_confirm(&self, selector: &str) {
        self.mark().await;
        self.click(selector).await;
        self.client.accept_alert().await.unwrap();
        self.arrive(selector).await;
    }

    /// Chooses what makes the page ask for another form.
    pub async fn choose_and_wait(&self, name: &str, code: &str) {
        self.mark().await;
        self.choose(name, code).await;
        self.arrive(name).await;
    }

    /// Remembers the page, so that [`Self::arrive`] knows the next from it.
    pub async fn mark(&self) {
        self.run("window.wasHere = true", vec![]).await;
    }

    /// Waits until there is another page than the marked one, all of it.
    pub async fn arrive(&self, after: &str) {
        let until = Instant::now() + PATIENCE;
        let is_new = "return document.readyState === 'complete' && !window.wasHere";
        loop {
            // Between two pages there is none to ask.
            if self.client.execute(is_new, vec![]).await.is_ok_and(|it| it == json!(true)) {
                return;
            }
            if Instant::now() > until {
                panic!("{after} led nowhere from {}:\n{}", self.path().await, self.words("body").await);
            }
            rt::time::sleep(TICK).await;
        }
    }

    /// Waits until a script says yes.
    pub async fn until(&self, script: &str) {
        let until = Instant::now() + PATIENCE;
        while self.run(script, vec![]).await != json!(true) {
            assert!(Instant::now() < until, "never: {script}\n{}", self.words("body").await);
            rt::time::sleep(TICK).await;
        }
    }

    /// Presses keys one after the other, wherever the focus is.
    pub async fn keys(&self, keys: impl IntoIterator<Item = char>) {
        let mut all = KeyActions::new("keys".to_owned());
        for value in keys {
            all = all.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(all).await.unwrap();
    }

    /// Presses a key while another is held.
    pub async fn chord(&self, held: char, value: char) {
        let all = KeyActions::new("keys".to_owned())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: held });
        self.client.perform_actions(all).await.unwrap();
    }

    /// Runs a script in the page, past its policy: the driver does, not the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("{script:.200}: {error}"))
    }

    /// Runs a script that calls back with its result.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        let ran = self.client.execute_async(script, arguments).await;
        ran.unwrap_or_else(|error| panic!("{script:.200}: {error}"))
    }

    /// What the browser has complained of since it was last asked: errors of scripts, refused
    /// resources, whatever the policy forbids.
    pub fn complaints(&self) -> Vec<String> {
        let path = format!("/session/{}/se/log", self.session);
        let answer = ask(self.port, "POST", &path, &json!({ "type": "browser" }).to_string()).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let entries = answer["value"].as_array().unwrap_or_else(|| panic!("no log: {answer}"));
        entries.iter().map(|it| format!("{}: {}", it["level"], it["message"])).collect()
    }

    /// Where the resources of the page came from, other than the server.
    pub async fn foreign_resources(&self) -> Vec<String> {
        let script = "return performance.getEntriesByType('resource').map((it) => it.name)";
        let names = self.run(script, vec![]).await;
        let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
        names
            .filter(|it| !it.starts_with(&self.base) && !it.starts_with("data:"))
            .map(str::to_owned)
            .collect()
    }

    /// A picture of the window.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.unwrap()
    }
}

/// How often a page is asked whether it is ready.
const TICK: Duration = Duration::from_millis(25);
