//! How pages leave the server, as a browser asks for them: with gzip, over a connection that is kept.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use gongkai::domain::workflow::Role;

use crate::support::TestDatabase;
use crate::support::live::Live;

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

fn ask(stream: &mut TcpStream, token: &str, path: &str, encoding: &str) {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: gongkai_login={token}\r\n\
         Accept-Encoding: {encoding}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
}

/// What the next reading from the connection yields: as much as has been written at once.
fn read_once(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = vec![0; 1 << 20];
    let n = stream.read(&mut bytes).unwrap();
    bytes.truncate(n);
    bytes
}

/// The head, its names in small letters, and what follows it.
fn parts(answer: &[u8]) -> (String, &[u8]) {
    let at = answer.windows(4).position(|it| it == b"\r\n\r\n").expect("a head");
    (String::from_utf8_lossy(&answer[..at]).to_lowercase(), &answer[at + 4..])
}

fn gunzipped(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_head_of_a_page_and_its_body_leave_in_one_write() {
    let database = TestDatabase::sqlite();
    let live = Live::start(database.url(), |_| {});
    let token = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
    let mut stream = connect(live.address);
    for path in ["/", "/cases", "/cases/new", "/login", "/assets/app.css"] {
        for encoding in ["gzip, deflate, br, zstd", "identity"] {
            ask(&mut stream, &token, path, encoding);
            let answer = read_once(&mut stream);
            let (head, body) = parts(&answer);
            assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())), "{path}:\n{head}");
            assert_eq!(head.contains("\r\ncontent-encoding: gzip"), encoding != "identity", "{head}");
        }
    }
}

#[test]
fn a_compressed_page_is_the_page() {
    let database = TestDatabase::sqlite();
    let live = Live::start(database.url(), |_| {});
    let token = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
    let mut stream = connect(live.address);
    let mut page = |encoding: &str| {
        ask(&mut stream, &token, "/cases/new", encoding);
        let answer = read_once(&mut stream);
        let (head, body) = parts(&answer);
        assert_eq!(head.contains("\r\nvary: accept-encoding"), encoding == "gzip", "{head}");
        if encoding == "gzip" { gunzipped(body) } else { String::from_utf8(body.to_vec()).unwrap() }
    };
    let (plain, compressed) = (page("gzip;q=0"), page("gzip"));
    // A form has a mark of its own each time it is shown.
    let without_mark = |page: &str| page.lines().filter(|it| !it.contains("submission")).collect::<String>();
    assert!(plain.contains("申请人") && plain.len() > 1_000);
    assert_eq!(without_mark(&plain), without_mark(&compressed));
}

/// Without `TCP_NODELAY` the last piece waits for the browser to acknowledge the one before, which on a
/// connection that is kept it does after 40 ms; on a new one it does so at once.
#[test]
fn what_is_sent_in_pieces_waits_no_longer_on_a_connection_that_is_kept() {
    let database = TestDatabase::sqlite();
    let live = Live::start(database.url(), |_| {});
    let token = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
    for _ in 0..20 {
        live.case();
    }
    let time = |stream: &mut TcpStream| {
        let start = Instant::now();
        ask(stream, &token, "/cases/export.csv", "gzip");
        let mut answer = read_once(stream);
        assert!(parts(&answer).0.contains("transfer-encoding: chunked"), "sent in pieces");
        while !answer.ends_with(b"\r\n0\r\n\r\n") {
            answer.extend(read_once(stream));
        }
        start.elapsed()
    };
    let mut kept = connect(live.address);
    let (mut on_kept, mut on_new) = (Vec::new(), Vec::new());
    for _ in 0..25 {
        on_kept.push(time(&mut kept));
        on_new.push(time(&mut connect(live.address)));
    }
    on_kept.sort();
    on_new.sort();
    // The medians: other work on the machine slows both.
    assert!(on_kept[12] < on_new[12] + Duration::from_millis(20), "{on_kept:?}\n{on_new:?}");
}
