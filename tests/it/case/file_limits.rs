//! The limits: a file that is too large, and a disk that is full. The program itself is run, so that its
//! memory can be measured and its disk taken away.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use gongkai::domain::workflow::Role;
use gongkai::files::Store;
use gongkai::storage::case::attachments;

use crate::support::live::{
    Program, file_start, form_start, form_type, n_incoming, office_in_a_file, read_reply, request,
    request_head, upload, wait_until,
};

const MB: usize = 1024 * 1024;

/// 250 MB pass through the program in this test. What grows is what the allocator keeps for each thread that
/// has ever worked: 55 MB measured in all, and hardly more for further files of any size. Files in memory would
/// be 50 to 100 MB each.
const MOST_KB: u64 = 80 * 1024;

#[test]
fn a_hundred_megabytes_are_refused_early_and_cost_no_memory() {
    let (folder, database, office) = office_in_a_file();
    let (case, _) = office.case(office.bureau, "2026-03-02", None);
    let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
    let program = Program::start("", &database, &[]);
    let before = program.peak_kb();

    let mut start = form_start(&clerk, "evidence");
    start.extend(file_start("航拍.pdf"));
    start.extend_from_slice(b"%PDF-1.7\n");
    let mut stream = TcpStream::connect(program.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let head = request_head(
        &clerk,
        "POST",
        &format!("/cases/{case}/files"),
        &[("Content-Type", &form_type())],
        start.len() + 100 * MB,
    );
    stream.write_all(&head).unwrap();
    stream.write_all(&start).unwrap();
    let piece = vec![b'x'; MB];
    // Only 51 of the 100 MB are sent: the answer must be there before the rest.
    for _ in 0..51 {
        stream.write_all(&piece).unwrap();
    }
    let mut first = [0; 1];
    assert_eq!(stream.peek(&mut first).unwrap(), 1, "the answer comes before the rest of the file");
    // A browser sends the rest all the same; it gets to read the answer.
    for _ in 51..100 {
        stream.write_all(&piece).unwrap();
    }
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let reply = read_reply(&mut stream);
    assert_eq!(reply.status, 422);
    reply.has("航拍.pdf").has("超过单个文件 50 MB 的上限");

    let grown = program.peak_kb() - before;
    assert!(grown < MOST_KB, "{before} kB before, {grown} kB more");
    let store = folder.path().join("gongkai.db.files");
    wait_until("what came is gone", || n_incoming(&store) == 0);
    assert_eq!(Store::new(&store).all().unwrap(), []);
    assert_eq!(office.app.db.read(|conn| attachments::of_case(conn, case)).unwrap(), []);

    // One that is just within the limit is kept and given back, and costs no memory either.
    let mut content = b"%PDF-1.7\n".to_vec();
    content.resize(50 * MB, b'y');
    let reply = upload(program.address, &clerk, case, "evidence", &[("航拍.pdf", &content)]);
    assert_eq!(reply.status, 303, "{}", reply.text());
    let kept = office.app.db.read(|conn| attachments::of_case(conn, case)).unwrap();
    let path = format!("/cases/{case}/files/{}", kept[0].id);
    assert!(request(program.address, &clerk, "GET", &path, &[], &[]).body == content);
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let body = format!("csrf={clerk}");
    let bundle =
        request(program.address, &clerk, "POST", &format!("/cases/{case}/bundle"), &form, body.as_bytes());
    assert_eq!(bundle.status, 200);
    assert!(50 * MB < bundle.body.len());
    let grown = program.peak_kb() - before;
    assert!(grown < MOST_KB, "{before} kB before, {grown} kB more");
    wait_until("the bundle is gone from the disk", || n_incoming(&store) == 0);
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let (folder, database, office) = office_in_a_file();
    let (case, _) = office.case(office.bureau, "2026-03-02", None);
    let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
    // No file of this process may be larger than 8 MB: the system refuses to write, as on a full disk.
    let program = Program::start("trap '' XFSZ; ulimit -f 16384;", &database, &[]);
    let store = folder.path().join("gongkai.db.files");
    let mut small = b"%PDF-1.7\n".to_vec();
    small.resize(MB, b'a');
    assert_eq!(upload(program.address, &clerk, case, "evidence", &[("小.pdf", &small)]).status, 303);
    let mut large = b"%PDF-1.7\n".to_vec();
    large.resize(20 * MB, b'b');
    let reply = upload(program.address, &clerk, case, "evidence", &[("大.pdf", &large)]);
    assert_eq!(reply.status, 422);
    reply.has("服务器磁盘空间不足").has("其他数据不受影响");
    assert_eq!(n_incoming(&store), 0);
    let kept = office.app.db.read(|conn| attachments::of_case(conn, case)).unwrap();
    assert_eq!(kept.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["小.pdf"]);
    assert_eq!(Store::new(&store).all().unwrap().len(), 1);
    // Everything else goes on.
    let page = request(program.address, &clerk, "GET", &format!("/cases/{case}/files"), &[], &[]);
    page.has("小.pdf").lacks("大.pdf");
    small[20] = b'c';
    assert_eq!(upload(program.address, &clerk, case, "evidence", &[("再.pdf", &small)]).status, 303);
}
