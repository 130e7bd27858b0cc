//! The whole case as one ZIP: opened again, and its hashes computed again.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use gongkai::domain::ids::{CaseId, LetterId};
use gongkai::domain::letters::LetterKind;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::workflow::Role;
use gongkai::storage::case::letters;
use gongkai::storage::case::letters::{IssuedLetter, NewLetter};
use gongkai::storage::journal;
use sha2::{Digest, Sha256};

use crate::support::live::Live;
use crate::support::{TestDatabase, on_both};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n";

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

/// Every file of a ZIP by its name.
fn unzip(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for i in 0..zip.len() {
        let mut file = zip.by_index(i).unwrap();
        let (name, mut content) = (file.name().unwrap().into_owned(), Vec::new());
        assert!(!name.starts_with('/') && !name.contains(".."), "{name}");
        file.read_to_end(&mut content).unwrap();
        assert!(files.insert(name.clone(), content).is_none(), "{name} twice");
    }
    files
}

/// How many files the directory at the end of a ZIP has, each of which must say that its name is UTF-8:
/// bit 11 of its flags.
fn count_utf8_names(zip: &[u8]) -> usize {
    let end = zip.len() - 22;
    assert!(zip[end..].starts_with(b"PK\x05\x06"));
    let start = u32::from_le_bytes(zip[end + 16..end + 20].try_into().unwrap());
    let mut at = usize::try_from(start).unwrap();
    let mut n_files = 0;
    while zip[at..].starts_with(b"PK\x01\x02") {
        assert_eq!(zip[at + 9] & 8, 8);
        let length = |from: usize| usize::from(u16::from_le_bytes([zip[at + from], zip[at + from + 1]]));
        at += 46 + length(28) + length(30) + length(32);
        n_files += 1;
    }
    n_files
}

fn text<'a>(files: &'a BTreeMap<String, Vec<u8>>, name: &str) -> &'a str {
    let content = files.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", files.keys()));
    std::str::from_utf8(content).unwrap()
}

/// A letter issued in a case; returns its document.
fn a_letter(live: &Live, case: CaseId) -> Vec<u8> {
    let docx =
        std::fs::read(format!("{}/tests/data/files/libreoffice.docx", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let letter = IssuedLetter {
        id: LetterId::new(),
        case,
        round: 1,
        kind: LetterKind::NotExistingReply,
        title: "政府信息不存在告知书".to_owned(),
        document_no: Some("聊公开复〔2026〕3号".to_owned()),
        addressee: "周涛".to_owned(),
        about: None,
        issued_on: crate::office::day("2026-03-20"),
        issued_at: chrono::Utc::now(),
        issued_by: "李敏（limin）".to_owned(),
        replaces: None,
        reason: String::new(),
        template_version: 0,
        template_sha256: String::new(),
        sha256: sha256(&docx),
    };
    let agency = live.office.bureau;
    let new = NewLetter { letter, agency, particulars: "{}".to_owned(), docx: docx.clone() };
    live.office.app.db.write(|conn| letters::insert(conn, &new)).unwrap();
    docx
}

#[test]
fn a_case_goes_out_whole_with_the_hash_of_every_file() {
    on_both(|url| {
        let live = Live::start(url, |_| {});
        let office = &live.office;
        let (case, case_no) =
            office.case(office.bureau, "2026-03-02", Some(("2026-03-20", Outcome::NotExisting)));
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        live.must_keep(&clerk, case, "application", "申请书<喆堃㐂𠮷>&.pdf", PDF);
        live.must_keep(&clerk, case, "delivery_proof", "回执.pdf", &[PDF, b"2"].concat());
        live.must_keep(&clerk, case, "delivery_proof", "回执.pdf", &[PDF, b"3"].concat());
        live.must_keep(&clerk, case, "evidence", "误传.pdf", &[PDF, b"4"].concat());
        let page = live.get(&clerk, &format!("/cases/{case}/files"));
        let body = page.text();
        let (before, _) = body.split_once("/remove\"").unwrap();
        let (_, place) = before.rsplit_once("href=\"").unwrap();
        let reason = serde_urlencoded::to_string([("reason", "属于另一件申请")]).unwrap();
        assert_eq!(live.post(&clerk, &format!("{place}/remove"), &reason).status, 303);

        let letter = a_letter(&live, case);

        let reply = live.post(&clerk, &format!("/cases/{case}/bundle"), "");
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/zip"));
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());
        assert!(reply.header("content-disposition").contains("%E6%A1%88%E5%8D%B7"));
        let n_chinese = count_utf8_names(&reply.body);
        let files = unzip(reply.body.clone());
        assert_eq!(files.len(), n_chinese);
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "00 校验值.sha256",
                "00 清单.html",
                "01 申请登记.html",
                "02 期限台账.html",
                "03 答复和审核意见.html",
                "04 办理经过.html",
                "05 文书/001 政府信息不存在告知书 聊公开复〔2026〕3号.docx",
                "06 申请材料/001 申请书＜喆堃㐂𠮷＞&.pdf",
                "10 送达凭证/001 回执.pdf",
                "10 送达凭证/002 回执.pdf",
            ]
        );
        assert_eq!(files["05 文书/001 政府信息不存在告知书 聊公开复〔2026〕3号.docx"], letter);
        // Every file but the two lists is in the sums, and they hold.
        let sums = text(&files, "00 校验值.sha256");
        assert_eq!(sums.lines().count(), files.len() - 2);
        for line in sums.lines() {
            let (sum, name) = line.split_once("  ").unwrap();
            assert_eq!(sha256(&files[name]), sum, "{name}");
        }
        let list = text(&files, "00 清单.html");
        for (name, content) in files.iter().filter(|(name, _)| !name.starts_with("00 ")) {
            let shown = name.replace('&', "&#38;");
            assert!(list.contains(&shown) && list.contains(&sha256(content)), "{name}:\n{list}");
        }
        assert!(list.contains("属于另一件申请") && list.contains("误传.pdf"));
        assert!(text(&files, "01 申请登记.html").contains("征地批复"));
        assert!(text(&files, "02 期限台账.html").contains("2026年3月2日"));
        assert!(text(&files, "04 办理经过.html").contains("移除材料"));

        // The journal keeps who took it out, and the hash of its list.
        let history = office.app.db.read(|conn| journal::history(conn, &case.to_string())).unwrap();
        let last = history.last().unwrap();
        assert_eq!(last.action, "bundle");
        assert!(last.details.contains(&sha256(list.as_bytes())), "{}", last.details);
        live.get(&clerk, &format!("/cases/{case}")).has("导出案卷").has(&case_no);
        assert_eq!(live.n_incoming(), 0, "the ZIP is gone from the disk");
    });
}

#[test]
fn a_file_that_is_missing_or_altered_is_said_to_be_so() {
    let database = TestDatabase::sqlite();
    let live = Live::start(database.url(), |_| {});
    let (case, _) = live.case();
    let manager = live.office.sign_in(live.office.bureau, &[Role::Manager]);
    live.must_keep(&manager, case, "evidence", "一.pdf", PDF);
    live.must_keep(&manager, case, "evidence", "二.pdf", &[PDF, b"2"].concat());
    let root = live.folder.path().join("files");
    let path = |content: &[u8]| root.join(&sha256(content)[..2]).join(sha256(content));
    std::fs::remove_file(path(PDF)).unwrap();
    std::fs::write(path(&[PDF, b"2"].concat()), b"altered").unwrap();
    let files = unzip(live.post(&manager, &format!("/cases/{case}/bundle"), "").body);
    assert!(files.contains_key("08 证据材料/001 一.pdf（缺失）.txt"), "{:?}", files.keys());
    let list = text(&files, "00 清单.html");
    assert!(list.contains("文件缺失") && list.contains("内容与登记时不符"), "{list}");
    let page = live.get(&manager, &format!("/cases/{case}/files"));
    let (_, rest) = page.text().split_once(">一.pdf").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(!rest.is_empty());
    let body = page.text();
    let place = body
        .split("href=\"")
        .find(|it| it.contains(">一.pdf"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let reply = live.get(&manager, &place);
    assert_eq!(reply.status, 410);
    reply.has("存储中找不到这个文件");
}
