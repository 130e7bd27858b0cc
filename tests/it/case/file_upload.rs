//! Files as people hand them in, over a real socket: what is kept, what is refused, and that nothing is
//! left of what is refused.

use std::io::Write;
use std::net::{Shutdown, TcpStream};

use gongkai::domain::attachment::AttachmentKind;
use gongkai::domain::ids::CaseId;
use gongkai::domain::workflow::Role;
use gongkai::storage::case::attachments;
use gongkai::storage::case::attachments::Attachment;
use gongkai::storage::journal;

use crate::support::live::{
    Live, file_start, form, form_start, form_type, request, request_head, wait_until,
};
use crate::support::{TestDatabase, on_both};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n";

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn zip(names: &[&str]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in names {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<x/>").unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn of_case(live: &Live, case: CaseId) -> Vec<Attachment> {
    live.office.app.db.read(|conn| attachments::of_case(conn, case)).unwrap()
}

fn actions(live: &Live, case: CaseId) -> Vec<String> {
    let entries = live.office.app.db.read(|conn| journal::history(conn, &case.to_string())).unwrap();
    entries.into_iter().map(|it| it.action).collect()
}

/// Nothing was kept: no row, no file, nothing on its way.
#[track_caller]
fn check_nothing_left(live: &Live, case: CaseId) {
    assert_eq!(of_case(live, case), []);
    assert_eq!(live.store().all().unwrap(), []);
    assert_eq!(live.n_incoming(), 0);
    assert!(!actions(live, case).contains(&"attach".to_owned()));
}

fn on_sqlite(test: impl Fn(&Live)) {
    let database = TestDatabase::sqlite();
    test(&Live::start(database.url(), |_| {}));
}

#[test]
fn a_file_is_kept_listed_and_given_back() {
    on_both(|url| {
        let live = Live::start(url, |_| {});
        let (case, _) = live.case();
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        let reply = live.upload(&clerk, case, "application", &[("申请书.pdf", PDF)]);
        assert_eq!((reply.status, reply.header("location")), (303, &*format!("/cases/{case}/files")));
        let kept = of_case(&live, case);
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].kind, kept[0].size), (AttachmentKind::Application, 30));
        assert_eq!(actions(&live, case).last().unwrap(), "attach");

        for page in [format!("/cases/{case}"), format!("/cases/{case}/files")] {
            let page = live.get(&clerk, &page);
            page.has("申请书.pdf").has("申请材料").has("未查毒").has("50 MB");
        }
        let file = live.get(&clerk, &format!("/cases/{case}/files/{}", kept[0].id));
        assert_eq!(file.body, PDF);
        assert_eq!(file.header("content-type"), "application/pdf");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("content-length"), "30");
        assert_eq!(file.header("cache-control"), "no-store");
        assert!(file.header("content-security-policy").contains("sandbox"));
        let name = "filename*=UTF-8''%E7%94%B3%E8%AF%B7%E4%B9%A6.pdf";
        let disposition = file.header("content-disposition");
        assert!(disposition.starts_with("attachment; ") && disposition.ends_with(name), "{disposition}");
    });
}

#[test]
fn names_are_shown_and_never_trusted() {
    on_sqlite(|live| {
        let (case, _) = live.case();
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        let names = [
            ("../../../../etc/cron.d/x.pdf", "x.pdf"),
            // Within quotation marks a backslash is written twice.
            ("C:\\\\fakepath\\\\申请.pdf", "申请.pdf"),
            ("张<script>alert(1)</script>&李四.pdf", "script>&李四.pdf"),
            ("喆堃㐂𠮷.pdf", "喆堃㐂𠮷.pdf"),
            ("a\u{202e}fdp.pdf", "afdp.pdf"),
        ];
        for (i, (given, _)) in names.iter().enumerate() {
            let content = [PDF, i.to_string().as_bytes()].concat();
            live.must_keep(&clerk, case, "other", given, &content);
        }
        let kept: Vec<_> = of_case(live, case).into_iter().map(|it| it.name).collect();
        assert_eq!(kept, names.map(|(_, shown)| shown));
        let page = live.get(&clerk, &format!("/cases/{case}/files"));
        page.has("script&#62;&#38;李四.pdf").has("喆堃㐂𠮷.pdf").lacks("<script>alert");
        // Nothing lies outside the store, and in it everything by its hash.
        let folder: Vec<_> =
            std::fs::read_dir(live.folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(folder, ["files"]);
        assert_eq!(live.store().all().unwrap().len(), names.len());
    });
}

#[test]
fn office_documents_of_all_makers_are_known_by_content() {
    on_sqlite(|live| {
        let (case, _) = live.case();
        let handler = live.office.sign_in(live.office.bureau, &[Role::Handler]);
        // As WPS and Word write them: the parts in another order than LibreOffice's.
        let wps = zip(&[
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/app.xml",
            "docProps/custom.xml",
            "word/document.xml",
        ]);
        let word = zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/theme/theme1.xml"]);
        let ofd = zip(&["OFD.xml", "Doc_0/Document.xml"]);
        let doc = sample("files/libreoffice.doc");
        let files: Vec<(&str, Vec<u8>, &str)> = vec![
            ("申请书.docx", sample("files/libreoffice.docx"), "docx"),
            ("申请书.doc", doc.clone(), "doc"),
            ("申请书.wps", doc, "wps"),
            ("台账.xlsx", sample("files/libreoffice.xlsx"), "xlsx"),
            ("台账.xls", sample("files/libreoffice.xls"), "xls"),
            ("台账.et", [sample("files/libreoffice.xls"), vec![0]].concat(), "et"),
            ("台账2.xlsx", sample("registers/register.xlsx"), "xlsx"),
            ("台账2.xls", sample("registers/register.xls"), "xls"),
            ("扫描.pdf", sample("files/libreoffice.pdf"), "pdf"),
            ("金山.docx", wps, "docx"),
            ("微软.docx", word, "docx"),
            ("公文.ofd", ofd, "ofd"),
            ("微信图片.png", [&[0xff, 0xd8, 0xff, 0xe0][..], &[7; 2000]].concat(), "jpeg"),
        ];
        for (name, content, _) in &files {
            live.must_keep(&handler, case, "information_supplied", name, content);
        }
        let page = live.get(&handler, &format!("/cases/{case}/files"));
        for (name, _, code) in &files {
            // The .wps is the .doc byte for byte, and so one and the same.
            if *code != "wps" {
                page.has(name);
            }
        }
        let kept = of_case(live, case);
        assert_eq!(kept.len(), files.len() - 1);
        let found: Vec<_> =
            kept.iter().map(|it| gongkai::domain::labels::Coded::code(it.file_type)).collect();
        let expected: Vec<_> = files.iter().map(|it| it.2).filter(|it| *it != "wps").collect();
        assert_eq!(found, expected);
    });
}

#[test]
fn what_is_disguised_is_refused_with_its_reason_and_leaves_nothing() {
    on_sqlite(|live| {
        let (case, _) = live.case();
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        let docx = sample("files/libreoffice.docx");
        let macros = zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
        let files: [(&str, &[u8], &str); 9] = [
            ("通知.pdf", b"<!DOCTYPE html><html><script>alert(1)</script>", "内容是网页"),
            ("申请书.docx", b"MZ\x90\0\x03\0\0\0this program cannot be run", "内容是程序"),
            ("图片.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "内容是网页"),
            ("扫描.pdf", &docx, "内容却是Word 文档"),
            ("资料.docx", &zip(&["setup.exe"]), "内容是压缩包"),
            ("带宏.docx", &macros, "含有宏的文档"),
            ("没有扩展名", PDF, "没有扩展名"),
            ("空.pdf", b"", "是空文件"),
            ("脚本.pdf", b"#!/bin/sh\nrm -rf /\n", "内容是脚本"),
        ];
        for (name, content, reason) in files {
            let reply = live.upload(&clerk, case, "evidence", &[(name, content)]);
            assert_eq!(reply.status, 422, "{name}");
            reply.has(name).has(reason).has("有文件没有保存");
            check_nothing_left(live, case);
        }
        // A script gets the same as data.
        let headers = [("Content-Type", &*form_type()), ("X-Upload", "1")];
        let body = form(&clerk, "evidence", &[("通知.pdf", b"<html>")]);
        let reply = request(live.address, &clerk, "POST", &format!("/cases/{case}/files"), &headers, &body);
        assert_eq!(reply.status, 422);
        let outcomes: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((&outcomes[0]["name"], &outcomes[0]["state"]), (&"通知.pdf".into(), &"refused".into()));
        // One that is refused does not take the others with it.
        let reply = live.upload(
            &clerk,
            case,
            "evidence",
            &[("a.pdf", PDF), ("b.pdf", b"MZ"), ("c.png", b"\x89PNG\r\n\x1a\n")],
        );
        assert_eq!(reply.status, 422);
        reply.has("<b>b.pdf</b>").has("a.pdf：已保存").has("c.png：已保存");
        assert_eq!(of_case(live, case).len(), 2);
    });
}

#[test]
fn the_same_file_twice_is_one_file() {
    on_both(|url| {
        let live = Live::start(url, |_| {});
        let ((one, _), (other, _)) = (live.case(), live.case());
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        live.must_keep(&clerk, one, "evidence", "a.pdf", PDF);
        live.must_keep(&clerk, one, "evidence", "a.pdf", PDF);
        live.must_keep(&clerk, one, "delivery_proof", "b.pdf", PDF);
        live.must_keep(&clerk, other, "evidence", "c.pdf", PDF);
        assert_eq!((of_case(&live, one).len(), of_case(&live, other).len()), (2, 1));
        assert_eq!(live.store().all().unwrap().len(), 1);
        // One that was damaged since is healed by the next.
        let path = live.folder.path().join("files");
        let hash = live.store().all().unwrap().remove(0);
        std::fs::write(path.join(&hash.as_str()[..2]).join(hash.as_str()), b"damaged").unwrap();
        live.must_keep(&clerk, other, "other", "d.pdf", PDF);
        let kept = of_case(&live, one);
        assert_eq!(live.get(&clerk, &format!("/cases/{one}/files/{}", kept[0].id)).body, PDF);
    });
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    on_sqlite(|live| {
        let (case, _) = live.case();
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        for n_sent in [10, 300_000, 2_000_000] {
            let mut body = form_start(&clerk, "evidence");
            body.extend(file_start("长.pdf"));
            body.extend_from_slice(PDF);
            body.resize(body.len() + n_sent, b'x');
            let mut stream = TcpStream::connect(live.address).unwrap();
            let path = format!("/cases/{case}/files");
            let head = request_head(&clerk, "POST", &path, &[("Content-Type", &form_type())], 10_000_000);
            stream.write_all(&head).unwrap();
            stream.write_all(&body).unwrap();
            wait_until("the file is on its way", || live.n_incoming() == 1);
            stream.shutdown(Shutdown::Both).unwrap();
            drop(stream);
            wait_until("what came is gone", || live.n_incoming() == 0);
            check_nothing_left(live, case);
        }
        // A form that ends in the middle of a file, over a connection that stays.
        let mut body = form_start(&clerk, "evidence");
        body.extend(file_start("长.pdf"));
        body.extend_from_slice(PDF);
        let path = format!("/cases/{case}/files");
        let reply = request(live.address, &clerk, "POST", &path, &[("Content-Type", &form_type())], &body);
        assert_eq!(reply.status, 400);
        check_nothing_left(live, case);
    });
}

#[test]
fn without_the_token_no_byte_is_kept() {
    on_sqlite(|live| {
        let (case, _) = live.case();
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        let path = format!("/cases/{case}/files");
        let send = |body: &[u8]| {
            request(live.address, &clerk, "POST", &path, &[("Content-Type", &form_type())], body)
        };
        assert_eq!(send(&form("wrong", "evidence", &[("a.pdf", PDF)])).status, 403);
        let mut body = file_start("a.pdf");
        body.extend_from_slice(PDF);
        body.extend_from_slice(b"\r\n");
        body.extend(form(&clerk, "evidence", &[]));
        assert_eq!(send(&body).status, 403, "a file before the token");
        send(&form(&clerk, "no_such_kind", &[("a.pdf", PDF)])).has("请先选择材料类别");
        send(&form(&clerk, "evidence", &[("", b"")])).has("请选择要上传的文件");
        check_nothing_left(live, case);
    });
}

#[test]
fn who_does_not_see_the_case_neither_adds_nor_opens() {
    on_sqlite(|live| {
        let office = &live.office;
        let (case, _) = live.case();
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let handler = office.sign_in(office.bureau, &[Role::Handler]);
        live.must_keep(&clerk, case, "identity_proof", "身份证.pdf", PDF);
        let file = of_case(live, case).remove(0);
        let place = format!("/cases/{case}/files/{}", file.id);
        for stranger in
            [office.sign_in(office.branch, &[Role::Clerk]), office.sign_in(office.branch, &[Role::Manager])]
        {
            assert_eq!(live.get(&stranger, &place).status, 404);
            assert_eq!(live.get(&stranger, &format!("/cases/{case}/files")).status, 404);
            assert_eq!(live.upload(&stranger, case, "evidence", &[("a.pdf", PDF)]).status, 404);
            assert_eq!(live.post(&stranger, &format!("{place}/remove"), "reason=x").status, 404);
            assert_eq!(live.post(&stranger, &format!("/cases/{case}/bundle"), "").status, 404);
        }
        // An auditor reads; the manager above reads and adds nothing.
        let auditor = office.sign_in(office.bureau, &[Role::Auditor]);
        assert_eq!(live.get(&auditor, &place).body, PDF);
        live.get(&auditor, &format!("/cases/{case}/files")).has("身份证.pdf").lacks("type=\"file\"");
        assert_eq!(live.upload(&auditor, case, "evidence", &[("a.pdf", PDF)]).status, 403);
        let above = office.sign_in(office.city, &[Role::Manager]);
        live.get(&above, &format!("/cases/{case}/files"))
            .has("身份证.pdf")
            .lacks("type=\"file\"")
            .lacks("导出案卷");
        assert_eq!(live.upload(&above, case, "evidence", &[("a.pdf", PDF)]).status, 403);
        // A handler adds, and takes out neither the case nor what others have added.
        let evidence = [PDF, b"2"].concat();
        live.must_keep(&handler, case, "evidence", "证据.pdf", &evidence);
        live.get(&handler, &format!("/cases/{case}/files")).lacks("导出案卷");
        assert_eq!(live.post(&handler, &format!("/cases/{case}/bundle"), "").status, 403);
        assert_eq!(live.post(&handler, &format!("{place}/remove"), "reason=x").status, 403);
        // That somebody has looked at a proof of identity is kept.
        let n_looks = actions(live, case).iter().filter(|it| *it == "open_identity_proof").count();
        assert_eq!(n_looks, 1, "{:?}", actions(live, case));
    });
}

#[test]
fn a_file_is_removed_with_a_reason_and_stays() {
    on_both(|url| {
        let live = Live::start(url, |_| {});
        let (case, _) = live.case();
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        let handler = live.office.sign_in(live.office.bureau, &[Role::Handler]);
        live.must_keep(&handler, case, "evidence", "误传.pdf", PDF);
        let file = of_case(&live, case).remove(0);
        let place = format!("/cases/{case}/files/{}", file.id);
        live.get(&handler, &format!("{place}/remove")).has("误传.pdf").has("文件不会被删除");
        let reply = live.post(&handler, &format!("{place}/remove"), "reason=+");
        assert_eq!(reply.status, 422);
        reply.has("请填写移除的理由");
        let body = serde_urlencoded::to_string([("reason", "属于另一件申请")]).unwrap();
        assert_eq!(live.post(&handler, &format!("{place}/remove"), &body).status, 303);
        assert_eq!(live.post(&handler, &format!("{place}/remove"), &body).status, 404, "once is enough");
        let page = live.get(&clerk, &format!("/cases/{case}/files"));
        page.has("已移除").has("属于另一件申请").has("本件还没有材料");
        live.get(&clerk, &format!("/cases/{case}")).has("移除材料").has("属于另一件申请");
        // The file stays, for the office's own staff.
        assert_eq!(live.get(&clerk, &place).body, PDF);
        assert_eq!(live.get(&handler, &place).status, 404);
        assert_eq!(live.store().all().unwrap().len(), 1);
        // It may come again.
        live.must_keep(&handler, case, "evidence", "误传.pdf", PDF);
        assert_eq!(of_case(&live, case).len(), 2);
    });
}

#[test]
fn three_hundred_files_of_one_case_from_several_hands_at_once() {
    on_both(|url| {
        let live = Live::start(url, |_| {});
        let (case, _) = live.case();
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        std::thread::scope(|scope| {
            for hand in 0..6 {
                let (live, clerk) = (&live, &clerk);
                scope.spawn(move || {
                    for no in 0..49 {
                        let content = [PDF, format!("{hand} {no}").as_bytes()].concat();
                        live.must_keep(clerk, case, "evidence", &format!("证据{hand}-{no:02}.pdf"), &content);
                    }
                });
            }
        });
        // The last six in one form.
        let contents: Vec<_> = (0..6).map(|no| [PDF, format!("form {no}").as_bytes()].concat()).collect();
        let names: Vec<_> = (0..6).map(|no| format!("送达{no}.pdf")).collect();
        let files: Vec<_> =
            names.iter().map(String::as_str).zip(contents.iter().map(Vec::as_slice)).collect();
        assert_eq!(live.upload(&clerk, case, "delivery_proof", &files).status, 303);
        assert_eq!(of_case(&live, case).len(), 300);
        assert_eq!(live.store().all().unwrap().len(), 300);
        let n_attached = actions(&live, case).iter().filter(|it| *it == "attach").count();
        assert_eq!(n_attached, 300);
        let (_, broken) =
            live.office.app.db.snapshot(gongkai::service::upkeep::verify_journal::verify_journal).unwrap();
        assert_eq!(broken, []);

        live.get(&clerk, &format!("/cases/{case}"))
            .has("全部 300 份")
            .has("送达5.pdf")
            .has("添加材料 300 份");
        let list = live.get(&clerk, &format!("/cases/{case}/files"));
        list.has("共 300 份").has("证据0-00.pdf").has("证据5-48.pdf").has("送达0.pdf");
        let some = live.get(&clerk, &format!("/cases/{case}/files?kind=delivery_proof"));
        some.has("送达0.pdf").lacks("证据0-00.pdf");
        // One too many in one form.
        let contents: Vec<_> = (0..101).map(|no| [PDF, format!("more {no}").as_bytes()].concat()).collect();
        let files: Vec<_> = contents.iter().map(|it| ("多.pdf", it.as_slice())).collect();
        let reply = live.upload(&clerk, case, "other", &files);
        assert_eq!(reply.status, 422);
        reply.has("一次最多上传 100 个文件");
        assert_eq!(of_case(&live, case).len(), 400);
    });
}
