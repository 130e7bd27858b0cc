//! Mail on its way to a real server: what arrives, what is refused, and what a dying process leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use gongkai::config::{Settings, Sources};
use gongkai::domain::ids::AgencyId;
use gongkai::domain::job::Job;
use gongkai::domain::labels::Coded;
use gongkai::domain::mail::{Encryption, MailKind, MailState};
use gongkai::jobs::{JobError, Scheduler, run_now};
use gongkai::mail::{Attachment, Fault, Letter, MailServer, Session};
use gongkai::storage::Db;
use gongkai::storage::mail::outbox;
use gongkai::storage::mail::outbox::{MessageLine, NewMessage, Recipient, Wanted};
use gongkai::storage::upkeep::job_runs;
use sha2::{Digest, Sha256};

use crate::support::office::{an_agency, execute};
use crate::support::smtp::{PASSWORD, SmtpServer, USER, is_available};
use crate::support::{TestDatabase, on_both};

fn mail_server(server: &SmtpServer, encryption: Encryption) -> MailServer {
    let is_plain = encryption == Encryption::Plain;
    MailServer {
        host: "localhost".to_owned(),
        port: server.port,
        encryption,
        username: if is_plain { String::new() } else { USER.to_owned() },
        password: if is_plain { String::new() } else { PASSWORD.to_owned() },
        ca_file: if is_plain { None } else { Some(server.ca_file()) },
        timeout: Duration::from_secs(2),
        from_address: "zwgk@example.gov.cn".to_owned(),
        from_name: "某市自然资源和规划局政务公开办".to_owned(),
    }
}

fn a_letter(to: &str) -> Letter {
    Letter {
        message_id: "<0197f3d2@example.gov.cn>".to_owned(),
        to_name: "张三".to_owned(),
        to_address: format!("{to}@example.com"),
        subject: "【政府信息公开】2026-0012“某地块征地补偿安置方案的批复及其附件”答复期限将于2026年3月25日届满，还剩2个工作日".to_owned(),
        text: "您好：\n    附件为政府信息公开申请答复书，请查收。\n.\n..\nFrom 此行以 From 开头\n生僻字：㐂𠮷〔2026〕\n"
            .to_owned(),
        attachments: vec![
            Attachment {
                name: "政府信息公开申请答复书（聊自然资规公开〔2026〕12号）.docx".to_owned(),
                media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document".to_owned(),
                content: (0..=255).cycle().take(70_000).collect(),
            },
            Attachment {
                name: "plain.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                content: b"%PDF-1.7\r\n.\r\n".to_vec(),
            },
        ],
        written_at: std::time::SystemTime::UNIX_EPOCH,
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

#[test]
fn chinese_arrives_as_it_was_written() {
    if !is_available() {
        return;
    }
    for (tls, encryption) in
        [("starttls", Encryption::StartTls), ("tls", Encryption::Tls), ("none", Encryption::Plain)]
    {
        let server = SmtpServer::start(tls, &[]);
        let letter = a_letter("zhang");
        let mut session = Session::open(&mail_server(&server, encryption)).unwrap();
        session.send(&letter).unwrap();
        session.send(&Letter { attachments: Vec::new(), ..letter.clone() }).unwrap();
        session.close();
        let taken = server.taken();
        assert_eq!(taken.len(), 2, "{encryption:?}");
        for it in &taken {
            assert_eq!(it["subject"], letter.subject.as_str());
            let text = it["text"].as_str().unwrap().replace("\r\n", "\n");
            assert_eq!(text.trim_end(), letter.text.trim_end());
            assert_eq!(it["message_id"], letter.message_id.as_str());
            assert_eq!(it["auto_submitted"], "auto-generated");
            assert_eq!(it["to"][0], "zhang@example.com");
            assert!(it["to_header"].as_str().unwrap().contains("张三"), "{it}");
            let is_protected = encryption != Encryption::Plain;
            assert_eq!(it["is_encrypted"], is_protected);
            assert_eq!(it["is_authenticated"].as_bool().unwrap_or(false), is_protected);
            assert_eq!(it["is_ascii"], true, "any relay can take it");
        }
        let files = taken[0]["files"].as_array().unwrap();
        assert_eq!(files.len(), 2);
        for (file, sent) in files.iter().zip(&letter.attachments) {
            assert_eq!(file["name"], sent.name.as_str());
            assert_eq!(file["type"], sent.media_type.as_str());
            assert_eq!(file["sha256"], sha256(&sent.content));
        }
    }
}

#[test]
fn a_name_cannot_become_a_header() {
    if !is_available() {
        return;
    }
    let server = SmtpServer::start("none", &[]);
    let mut letter = a_letter("li");
    letter.subject = "回执\r\nBcc: all@example.com".to_owned();
    letter.to_name = "李四\r\nBcc: all@example.com".to_owned();
    Session::open(&mail_server(&server, Encryption::Plain)).unwrap().send(&letter).unwrap();
    let taken = server.taken();
    assert_eq!(taken[0]["to"].as_array().unwrap().len(), 1);
    assert_eq!(taken[0]["subject"], "回执  Bcc: all@example.com");
}

#[track_caller]
fn check_closed(server: &MailServer, words: &str) {
    let err = Session::open(server).map(|_| ()).unwrap_err();
    assert_eq!(err.fault, Fault::Connection, "{err}");
    assert!(err.words.contains(words), "{err}");
    assert!(!err.words.contains(PASSWORD) && !format!("{server:?}").contains(PASSWORD));
}

#[test]
fn nothing_is_said_in_clear_or_to_a_stranger() {
    if !is_available() {
        return;
    }
    let plain = SmtpServer::start("none", &[]);
    // The server offers no STARTTLS: an attacker in between could have taken it away.
    let asked = MailServer { ca_file: None, ..mail_server(&plain, Encryption::StartTls) };
    check_closed(&asked, "建立加密连接");
    let server = SmtpServer::start("starttls", &[]);
    let other = SmtpServer::start("starttls", &[]);
    let right = mail_server(&server, Encryption::StartTls);
    check_closed(&MailServer { ca_file: Some(other.ca_file()), ..right.clone() }, "加密连接未建立");
    check_closed(&MailServer { ca_file: None, ..right.clone() }, "加密连接未建立");
    check_closed(&MailServer { host: "127.0.0.1".to_owned(), ..right.clone() }, "加密连接未建立");
    check_closed(
        &MailServer { ca_file: Some("no/such.pem".into()), ..right.clone() },
        "证书文件 no/such.pem",
    );
    check_closed(&MailServer { password: "wrong".to_owned(), ..right.clone() }, "登录邮件服务器");
    check_closed(&MailServer { port: 1, ..right.clone() }, "连接邮件服务器");
    assert!(server.taken().is_empty() && plain.taken().is_empty());
    // Whoever does not sign in is refused as a sender, which is not the message's fault.
    let stranger = MailServer { username: String::new(), ..right };
    let err = Session::open(&stranger).unwrap().send(&a_letter("zhang")).unwrap_err();
    assert_eq!(err.fault, Fault::Connection, "{err}");
}

/// An office with mail on.
struct Office {
    db: Db,
    url: String,
    settings: Settings,
    environment: Vec<(&'static str, String)>,
    _database: Option<TestDatabase>,
}

impl Office {
    fn new(url: &str, server: &SmtpServer, encryption: &str) -> Self {
        let db = Db::open(url, 4).unwrap();
        db.migrate().unwrap();
        an_agency(&db, "A", None);
        let environment = server.environment(encryption);
        let sources = Sources {
            environment: environment.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect(),
            ..Sources::default()
        };
        let settings = Settings::load(&sources).unwrap();
        Self { db, url: url.to_owned(), settings, environment, _database: None }
    }

    fn on_sqlite(server: &SmtpServer, encryption: &str) -> Self {
        let database = TestDatabase::sqlite();
        let office = Self::new(database.url(), server, encryption);
        Self { _database: Some(database), ..office }
    }

    /// Writes a message to somebody.
    fn write(&self, to: &str) -> String {
        let message = NewMessage {
            agency: AgencyId(1),
            kind: MailKind::Assigned,
            to: Recipient::Applicant { name: "张三".to_owned(), address: format!("{to}@example.com") },
            case: None,
            subject: format!("派办 {to}"),
            body: "请办理。".to_owned(),
            letter: None,
            once_keys: Vec::new(),
            useful_until: None,
        };
        self.db.write(|conn| outbox::enqueue(conn, Utc::now(), &message)).unwrap().unwrap()
    }

    fn send(&self) -> Result<String, JobError> {
        run_now(&self.db, &self.settings, Job::Outbox, Utc::now())
    }

    fn line(&self, id: &str) -> MessageLine {
        self.db.read(|conn| outbox::fetch(conn, id)).unwrap()
    }

    fn state(&self, id: &str) -> MailState {
        self.line(id).state.0
    }

    /// Lets every attempt that is put off be made at once.
    fn hurry(&self) {
        execute(&self.db, "UPDATE outbox SET next_attempt_at = written_at WHERE state = 'waiting'").unwrap();
    }

    fn all(&self) -> Vec<MessageLine> {
        let wanted = Wanted { path: "/".to_owned(), ..Wanted::default() };
        self.db.read(|conn| outbox::list(conn, &wanted, 10_000)).unwrap()
    }

    /// The server program over the same database, on a free port.
    fn serve(&self) -> Child {
        Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .arg("serve")
            .envs(self.environment.iter().map(|(name, it)| (*name, it.as_str())))
            .env("GONGKAI_DATABASE_URL", &self.url)
            .env("GONGKAI__SERVER__LISTEN", "127.0.0.1:0")
            .env("GONGKAI__LOG__LEVEL", "error")
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }
}

#[test]
fn refusals_for_good_and_for_now_are_told_apart() {
    if !is_available() {
        return;
    }
    on_both(|url| {
        let server = SmtpServer::start("starttls", &[]);
        let office = Office::new(url, &server, "starttls");
        let [good, gone, full, later] = ["zhang", "gone", "full", "later"].map(|it| office.write(it));
        let words = office.send().unwrap();
        assert_eq!(words, "发出1封，1封暂未发出，将重试，2封发送失败");
        assert_eq!(office.state(&good), MailState::Sent);
        assert_eq!((office.state(&gone), office.state(&full)), (MailState::Failed, MailState::Failed));
        assert!(office.line(&gone).last_error.unwrap().contains("服务器不接受收件人：服务器答复 550"));
        assert!(office.line(&full).last_error.unwrap().contains("552"));
        let put_off = office.line(&later);
        assert_eq!((put_off.state.0, put_off.attempts), (MailState::Waiting, 1));
        assert!(put_off.last_error.unwrap().contains("451"));
        let wait = put_off.next_attempt_at - Utc::now().naive_utc();
        assert!((TimeDelta::seconds(50)..=TimeDelta::seconds(60)).contains(&wait), "{wait}");
        assert_eq!(office.send().unwrap(), "发出0封", "it is not time yet");
        office.hurry();
        office.send().unwrap();
        let wait = office.line(&later).next_attempt_at - Utc::now().naive_utc();
        assert!((TimeDelta::seconds(110)..=TimeDelta::seconds(120)).contains(&wait), "{wait}");
        office.hurry();
        office.send().unwrap();
        assert_eq!((office.state(&later), office.line(&later).attempts), (MailState::Sent, 3));
        assert_eq!(server.taken().len(), 2);
        // The same names again are other messages; the server is asked anew.
        execute(&office.db, "UPDATE outbox SET written_at = '2026-01-01 00:00:00' WHERE state = 'failed'")
            .unwrap();
        assert!(office.db.write(|conn| outbox::resend(conn, &gone, Utc::now())).unwrap());
        assert_eq!(office.state(&gone), MailState::Waiting);
        office.send().unwrap();
        assert_eq!((office.state(&gone), office.line(&gone).attempts), (MailState::Failed, 2));
    });
}

#[test]
fn dropped_connections_and_slow_answers_are_tried_again() {
    if !is_available() {
        return;
    }
    let server = SmtpServer::start("starttls", &["--slow", "4"]);
    let office = Office::on_sqlite(&server, "starttls");
    let [drop, slow, good] = ["drop", "slow", "zhang"].map(|it| office.write(it));
    let mut faults = Vec::new();
    for _ in 0..5 {
        office.hurry();
        if let Err(err) = office.send() {
            faults.push(err.to_string());
        }
    }
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults.iter().any(|it| it.contains("超时")), "{faults:?}");
    assert!(faults.iter().any(|it| it.contains("连接中断")), "{faults:?}");
    for id in [drop, slow, good] {
        assert_eq!(office.state(&id), MailState::Sent);
    }
    assert_eq!(server.taken().len(), 3);
}

#[test]
fn a_server_that_is_away_costs_no_message() {
    if !is_available() {
        return;
    }
    let server = SmtpServer::start("starttls", &[]);
    let office = Office::on_sqlite(&server, "starttls");
    let ids: Vec<_> = ["a", "b", "c"].map(|it| office.write(it)).to_vec();
    execute(&office.db, "UPDATE outbox SET written_at = '2026-01-01 00:00:00'").unwrap();
    let mut away = office.settings.clone();
    away.mail.port = 1;
    let err = run_now(&office.db, &away, Job::Outbox, Utc::now()).unwrap_err().to_string();
    assert!(err.contains("连接邮件服务器"), "{err}");
    let attempts: i32 = ids.iter().map(|it| office.line(it).attempts).sum();
    assert_eq!(attempts, 1, "the others were not tried in vain");
    let mut locked_out = office.settings.clone();
    locked_out.mail.username = "nobody".to_owned();
    let err = run_now(&office.db, &locked_out, Job::Outbox, Utc::now()).unwrap_err().to_string();
    assert!(err.contains("登录邮件服务器：服务器答复 535") && !err.contains(PASSWORD), "{err}");
    assert!(ids.iter().all(|it| office.state(it) == MailState::Waiting), "however old they are");
    office.hurry();
    assert_eq!(office.send().unwrap(), "发出3封");
}

#[test]
fn a_pause_holds_everything_back_and_what_is_outdated_is_not_sent() {
    if !is_available() {
        return;
    }
    let server = SmtpServer::start("none", &[]);
    on_both(|url| {
        let office = Office::new(url, &server, "none");
        let before = server.taken().len();
        let id = office.write("zhang");
        let old = office.write("old");
        execute(
            &office.db,
            &format!("UPDATE outbox SET useful_until = '2026-01-01 00:00:00' WHERE id = '{old}'"),
        )
        .unwrap();
        office.db.write(|conn| job_runs::ensure(conn, "outbox", Utc::now())).unwrap();
        office.db.write(|conn| job_runs::set_paused(conn, "outbox", true)).unwrap();
        assert_eq!(office.send().unwrap(), "发出0封，1封已过时，不再发送");
        assert_eq!((office.state(&id), office.state(&old)), (MailState::Waiting, MailState::Held));
        office.db.write(|conn| job_runs::set_paused(conn, "outbox", false)).unwrap();
        assert_eq!(office.send().unwrap(), "发出1封");
        assert!(!office.db.write(|conn| outbox::resend(conn, &id, Utc::now())).unwrap(), "it was sent");
        assert!(office.db.write(|conn| outbox::resend(conn, &old, Utc::now())).unwrap());
        assert_eq!(office.send().unwrap(), "发出1封");
        assert_eq!(server.taken().len() - before, 2);
    });
}

/// How often each recipient got each Message-ID.
fn deliveries(server: &SmtpServer) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for it in server.taken() {
        let to = it["to"][0].as_str().unwrap().to_owned();
        found.entry(to).or_default().push(it["message_id"].as_str().unwrap().to_owned());
    }
    found
}

fn wait_until(what: &str, limit: Duration, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < limit, "{what} did not come in {limit:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Kills the sender again and again while it sends, until it has been killed `n_kills` times.
fn kill_again_and_again(office: &Office, server: &SmtpServer, n_kills: usize, seed: usize) -> usize {
    let (mut n_messages, mut n_killed) = (0, 0);
    while n_killed < n_kills {
        // There is always something left to send.
        while office.all().iter().filter(|it| it.state.0 != MailState::Sent).count() < 8 {
            office.write(&format!("m{n_messages}"));
            n_messages += 1;
        }
        let before = server.taken().len();
        let mut process = office.serve();
        // It dies while it sends: some time after the first message of its run has been taken.
        wait_until("a message", Duration::from_secs(60), || before < server.taken().len());
        let moment = (n_killed * 7919 + seed * 104_729) % 120;
        std::thread::sleep(Duration::from_millis(u64::try_from(moment).unwrap()));
        process.kill().unwrap();
        process.wait().unwrap();
        n_killed += 1;
    }
    let mut process = office.serve();
    wait_until("the end", Duration::from_secs(120), || {
        office.all().iter().all(|it| it.state.0 == MailState::Sent)
    });
    process.kill().unwrap();
    process.wait().unwrap();
    n_messages
}

#[test]
fn a_hundred_kills_lose_nothing_and_repeats_are_recognisable() {
    if !is_available() {
        return;
    }
    const LANES: usize = 4;
    const KILLS: usize = 100 / LANES;
    // Some databases at once, each with its own sender and server.
    let n_repeats: usize = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| {
                scope.spawn(move || {
                    // The answer comes a while after the message was taken: the moment that cannot be told.
                    let server = SmtpServer::start("starttls", &["--delay", "0.04"]);
                    let database = if lane == 0 { TestDatabase::postgres() } else { None };
                    let database = database.unwrap_or_else(TestDatabase::sqlite);
                    let office = Office::new(database.url(), &server, "starttls");
                    let n_messages = kill_again_and_again(&office, &server, KILLS, lane);
                    let found = deliveries(&server);
                    assert_eq!(found.len(), n_messages, "every message arrived");
                    for (to, ids) in &found {
                        let different: BTreeSet<_> = ids.iter().collect();
                        assert_eq!(different.len(), 1, "{to} got {ids:?}");
                    }
                    let n_taken: usize = found.values().map(Vec::len).sum();
                    assert!(n_taken - n_messages <= KILLS, "one message a kill can be in doubt");
                    n_taken - n_messages
                })
            })
            .collect();
        lanes.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert!(0 < n_repeats, "no kill fell between the answer and its note: the test proves less than it says");
}

#[test]
fn several_processes_send_each_message_once_over_one_connection() {
    if !is_available() {
        return;
    }
    on_both(|url| {
        let server = SmtpServer::start("starttls", &["--delay", "0.02"]);
        let office = Office::new(url, &server, "starttls");
        let ids: Vec<_> = (0..60).map(|i| office.write(&format!("m{i}"))).collect();
        let mut processes: Vec<_> = (0..4).map(|_| office.serve()).collect();
        wait_until("the end", Duration::from_secs(60), || {
            office.all().iter().all(|it| it.state.0 == MailState::Sent)
        });
        // Written while they run.
        let more: Vec<_> = (60..70).map(|i| office.write(&format!("m{i}"))).collect();
        wait_until("the end", Duration::from_secs(60), || {
            more.iter().all(|it| office.state(it) == MailState::Sent)
        });
        for process in &mut processes {
            process.kill().unwrap();
            process.wait().unwrap();
        }
        let found = deliveries(&server);
        assert_eq!(found.len(), ids.len() + more.len());
        assert!(found.values().all(|it| it.len() == 1), "{found:?}");
        let most = server.taken().last().unwrap()["most_sessions"].as_i64().unwrap();
        assert_eq!(most, 1, "one sender however many processes");
    });
}

#[test]
fn the_program_ends_when_it_is_told_to_and_leaves_nothing_claimed() {
    if !is_available() {
        return;
    }
    let server = SmtpServer::start("starttls", &["--delay", "0.1"]);
    let office = Office::on_sqlite(&server, "starttls");
    for i in 0..40 {
        office.write(&format!("m{i}"));
    }
    let mut process = office.serve();
    wait_until("a message", Duration::from_secs(30), || !server.taken().is_empty());
    let told = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(told.success());
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = process.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
    let lines = office.all();
    assert!(lines.iter().all(|it| it.state.0 != MailState::Sending), "a message at hand came to its end");
    let n_sent = lines.iter().filter(|it| it.state.0 == MailState::Sent).count();
    assert_eq!(n_sent, server.taken().len(), "what was sent is noted");
    assert!(n_sent < 40, "the rest waits");
    let jobs = office.db.read(job_runs::all).unwrap();
    assert!(jobs.iter().all(|it| it.lease_until.is_none()), "the lease is given back: {jobs:?}");
}

#[test]
fn a_job_that_fails_says_so_and_is_tried_again_later() {
    let database = TestDatabase::sqlite();
    let db = Db::open(database.url(), 4).unwrap();
    db.migrate().unwrap();
    an_agency(&db, "A", None);
    let environment = [
        ("GONGKAI__MAIL__ENABLED", "true"),
        ("GONGKAI__MAIL__PORT", "1"),
        ("GONGKAI__MAIL__HOST", "127.0.0.1"),
    ];
    let environment = environment.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let settings = Settings::load(&Sources { environment, ..Sources::default() }).unwrap();
    let message = NewMessage {
        agency: AgencyId(1),
        kind: MailKind::Trial,
        to: Recipient::Applicant { name: "张三".to_owned(), address: "zhang@example.com".to_owned() },
        case: None,
        subject: "试发".to_owned(),
        body: "试发".to_owned(),
        letter: None,
        once_keys: Vec::new(),
        useful_until: None,
    };
    db.write(|conn| outbox::enqueue(conn, Utc::now(), &message)).unwrap();
    let scheduler = Scheduler::start(db.clone(), settings).unwrap();
    let sender = || db.read(job_runs::all).unwrap().into_iter().find(|it| it.name == "outbox");
    wait_until("a failure", Duration::from_secs(30), || sender().is_some_and(|it| it.has_failed));
    let row = sender().unwrap();
    assert!(row.last_result.unwrap().contains("连接邮件服务器"));
    let wait = row.next_run_at - row.last_run_at.unwrap();
    assert!((TimeDelta::seconds(50)..TimeDelta::seconds(90)).contains(&wait), "{wait}");
    // No text waits for the index.
    wait_until("every job", Duration::from_secs(30), || {
        db.read(job_runs::all)
            .unwrap()
            .iter()
            .all(|it| it.last_run_at.is_some() || it.name == Job::SearchIndex.code())
    });
    let begun = Instant::now();
    scheduler.end(Duration::from_secs(10));
    assert!(begun.elapsed() < Duration::from_secs(5), "it ends when it is told to");
}
