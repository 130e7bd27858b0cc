//! The virus scanner, asked in its own protocol over a real socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;

use gongkai::domain::attachment::{ScanState, ScannerAddress, ScannerDown};
use gongkai::domain::ids::CaseId;
use gongkai::domain::workflow::Role;
use gongkai::files::{Scanner, Verdict};
use gongkai::storage::case::attachments;
use gongkai::storage::journal;

use crate::support::TestDatabase;
use crate::support::live::Live;

/// The harmless text every scanner knows, cut in two, so that no scanner takes this file away.
const EICAR: [&str; 2] = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*"];

fn infected() -> Vec<u8> {
    format!("%PDF-1.7\n{}\n", EICAR.concat()).into_bytes()
}

/// Answers as clamd does: a command that ends with a zero, pieces after their lengths, an answer that
/// ends with a zero. More than `max` bytes it refuses, and hangs up.
fn serve_one(mut stream: impl Read + Write, max: usize) {
    let mut command = Vec::new();
    while !command.ends_with(&[0]) {
        let mut byte = [0];
        if stream.read(&mut byte).unwrap_or(0) == 0 {
            return;
        }
        command.push(byte[0]);
    }
    assert_eq!(command, b"zINSTREAM\0");
    let mut content = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).unwrap();
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
        if length == 0 {
            break;
        }
        if content.len() + length > max {
            stream.write_all(b"INSTREAM size limit exceeded. ERROR\0").unwrap();
            return;
        }
        let at = content.len();
        content.resize(at + length, 0);
        stream.read_exact(&mut content[at..]).unwrap();
    }
    let eicar = EICAR.concat();
    let is_infected = content.windows(eicar.len()).any(|it| it == eicar.as_bytes());
    let answer = if is_infected { "stream: Eicar-Test-Signature FOUND\0" } else { "stream: OK\0" };
    stream.write_all(answer.as_bytes()).unwrap();
}

/// A scanner for as long as the test runs.
fn clamd(max: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve_one(stream, max));
        }
    });
    address
}

fn with_scanner(address: &str, when_down: ScannerDown, test: impl Fn(&Live, CaseId, &str)) {
    let database = TestDatabase::sqlite();
    let live = Live::start(database.url(), |settings| {
        settings.files.clamd = ScannerAddress::parse(address);
        settings.files.clamd_down = when_down;
        assert!(settings.files.clamd.is_some());
    });
    let (case, _) = live.case();
    let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
    test(&live, case, &clerk);
}

fn states(live: &Live, case: CaseId) -> Vec<ScanState> {
    let kept = live.office.app.db.read(|conn| attachments::of_case(conn, case)).unwrap();
    kept.into_iter().map(|it| it.scan).collect()
}

#[test]
fn what_is_infected_is_refused_and_the_journal_says_so() {
    let address = clamd(100 << 20).to_string();
    with_scanner(&address, ScannerDown::Refuse, |live, case, clerk| {
        live.must_keep(clerk, case, "evidence", "好.pdf", b"%PDF-1.7\n");
        assert_eq!(states(live, case), [ScanState::Clean]);
        live.get(clerk, &format!("/cases/{case}/files")).has("已查毒").lacks("没有启用查毒");
        let reply = live.upload(clerk, case, "evidence", &[("坏.pdf", &infected())]);
        assert_eq!(reply.status, 422);
        reply.has("坏.pdf").has("查出病毒（Eicar-Test-Signature），已经拒收");
        assert_eq!(states(live, case).len(), 1);
        assert_eq!(live.store().all().unwrap().len(), 1);
        assert_eq!(live.n_incoming(), 0);
        let history = live.office.app.db.read(|conn| journal::history(conn, &case.to_string())).unwrap();
        let last = history.last().unwrap();
        assert_eq!(last.action, "refuse_infected");
        assert!(last.details.contains("Eicar-Test-Signature"), "{}", last.details);
        live.get(clerk, &format!("/cases/{case}")).has("拒收带病毒的文件").has("病毒：Eicar-Test-Signature");
    });
}

#[test]
fn a_scanner_that_is_down_refuses_or_marks() {
    // A port that was free a moment ago, with nobody behind it.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    with_scanner(&closed, ScannerDown::Refuse, |live, case, clerk| {
        let reply = live.upload(clerk, case, "evidence", &[("a.pdf", b"%PDF-1.7\n")]);
        assert_eq!(reply.status, 422);
        reply.has("查毒服务没有响应，按设置不能接收未查毒的文件");
        assert_eq!(
            (states(live, case).len(), live.store().all().unwrap().len(), live.n_incoming()),
            (0, 0, 0)
        );
    });
    with_scanner(&closed, ScannerDown::Accept, |live, case, clerk| {
        live.must_keep(clerk, case, "evidence", "a.pdf", b"%PDF-1.7\n");
        assert_eq!(states(live, case), [ScanState::NotScanned]);
        live.get(clerk, &format!("/cases/{case}/files")).has("未查毒");
    });
}

#[test]
fn what_is_too_large_for_the_scanner_was_not_scanned() {
    let address = clamd(1 << 20).to_string();
    let mut large = b"%PDF-1.7\n".to_vec();
    large.resize(8 << 20, b'x');
    with_scanner(&address, ScannerDown::Refuse, |live, case, clerk| {
        let reply = live.upload(clerk, case, "evidence", &[("a.pdf", &large)]);
        assert_eq!(reply.status, 422);
        reply.has("查毒服务没有响应");
        assert_eq!(states(live, case), []);
    });
}

#[test]
fn a_socket_in_the_file_system_does_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clamd.ctl");
    let listener = UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            serve_one(stream, 1 << 20);
        }
    });
    let address = ScannerAddress::parse(&format!("unix:{}", path.display())).unwrap();
    let scanner = Scanner { address, when_down: ScannerDown::Refuse };
    assert_eq!(scanner.ask(&mut &b"%PDF"[..]), Verdict::Clean);
    assert_eq!(scanner.ask(&mut &infected()[..]), Verdict::Infected("Eicar-Test-Signature".to_owned()));
    let strange = scanner.ask(&mut &vec![0; 2 << 20][..]);
    assert!(matches!(strange, Verdict::Unknown(_)), "{strange:?}");
}
