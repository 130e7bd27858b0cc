//! Letters as the people of an office issue them, and templates as an administrator changes them.

use std::io::{Cursor, Read, Write};

use actix_web::http::header;
use actix_web::test::TestRequest;
use chrono::Days;
use gongkai::documents::filler::text;
use gongkai::documents::letters::built_in;
use gongkai::domain::case::{Case, Command};
use gongkai::domain::letters::LetterKind;
use gongkai::domain::response_clock::Party;
use gongkai::domain::workflow::Status;
use gongkai::storage::case::letters;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::case::letters_pdf::{libreoffice, pdf_text};
use crate::support::TestDatabase;
use crate::support::web::{Answer, TestApp, settings};

const SETTINGS: &[(&str, &str)] = &[
    ("document_words", "聊自然资规公开"),
    ("reconsideration_body", "聊城市人民政府"),
    ("court", "聊城市东昌府区人民法院"),
    ("contact_name", "刘某"),
    ("contact_phone", "0635-0000000"),
    ("address", "聊城市东昌府区昌润路1号"),
    ("postcode", "252000"),
    ("has_red_head", "1"),
];

/// Sets what the letters of the office name.
async fn set_up(app: &TestApp) {
    let place = "/admin/letters/LCZRZY";
    let version = app.get("administrator", place).await.is(200).value_of("version");
    let fields: Vec<_> =
        [("version", version.as_str())].into_iter().chain(SETTINGS.iter().copied()).collect();
    app.post("administrator", place, &fields).await.leads_to("/admin/letters/LCZRZY?done=1");
}

/// A case in which a correction has been asked for.
fn corrected(app: &TestApp) -> Case {
    let case = app.register("万源小区三期征收补偿方案");
    let today = app.actor("clerk").today();
    let reply_by = today.checked_add_days(Days::new(14)).unwrap();
    app.act("clerk", &case, &Command::RequestCorrection { notified_on: today, reply_by }).unwrap()
}

async fn issue(app: &TestApp, who: &str, place: &str, fields: &[(&str, &str)]) -> Answer {
    let page = app.get(who, place).await;
    let (version, seq) = (page.value_of("version"), page.value_of("seq"));
    let mut all = vec![("version", version.as_str()), ("seq", seq.as_str()), ("then", "issue")];
    all.extend_from_slice(fields);
    app.post(who, place.split('?').next().unwrap(), &all).await
}

/// The text of an issued letter, by the address it leads to.
async fn downloaded(app: &TestApp, who: &str, case: &Case, answer: &Answer) -> String {
    answer.is(303);
    let letter = answer.location.rsplit('=').next().unwrap();
    let file = app.get(who, &format!("/cases/{}/letters/{letter}/docx", case.id)).await;
    file.is(200);
    assert!(file.header("content-disposition").starts_with("attachment;"));
    text::plain(&file.bytes).unwrap()
}

#[actix_web::test]
async fn a_correction_notice_is_composed_previewed_and_issued() {
    let app = TestApp::new().await;
    let case = corrected(&app);
    let place = format!("/cases/{}/letters/correction_notice", case.id);
    // The act leads to its letter.
    app.get("clerk", &format!("/cases/{}", case.id)).await.says(&place).says("待出具");
    // Nothing is set yet: said clearly, and no way to issue it.
    app.get("clerk", &place).await.is(200).says("尚未设置机关代字").says_not("value=\"issue\"");
    set_up(&app).await;
    let page = app.get("clerk", &place).await;
    page.says("聊城市东昌府区昌润路1号（邮编252000），聊城市自然资源和规划局").says("【补正事项】");
    page.says("【文号，出具时编定】").says("class=\"lines paper-head");

    let empty = issue(&app, "clerk", &place, &[("correction_matters", ""), ("submit_to", "窗口")]).await;
    empty.is(422).says("请填写补正事项").says("窗口");
    let parts = [
        ("correction_matters", "写明文号<A&B>\r\n写明㐂𠮷喆堃地块的四至"),
        ("correction_guidance", ""),
        ("submit_to", "本机关窗口"),
    ];
    let preview: Vec<_> = parts.iter().copied().chain([("then", "preview")]).collect();
    app.post("clerk", &place, &preview).await.is(200).says("1. 写明文号&#60;A&#38;B&#62;");

    let version = app.get("clerk", &place).await.value_of("version");
    let answer = issue(&app, "clerk", &place, &parts).await;
    let letter = downloaded(&app, "clerk", &case, &answer).await;
    for part in
        ["政府信息公开申请补正告知书", "〕1号", "1. 写明文号<A&B>\n2. 写明㐂𠮷喆堃地块的四至\n", "第三十条"]
    {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    app.follow("clerk", answer).await.says("已出具政府信息公开申请补正告知书（聊自然资规公开告〔");
    let page = app.get("clerk", &format!("/cases/{}", case.id)).await;
    page.says("出具文书").says("聊自然资规公开告〔").says_not("待出具");

    // A double click, and a page that has become old: nothing is issued twice.
    let mut again = vec![("version", version.as_str()), ("seq", "1"), ("then", "issue")];
    again.extend_from_slice(&parts);
    app.post("clerk", &place, &again).await.is(409).says("本件在您填写期间已有变化").says("写明文号");
    issue(&app, "clerk", &place, &parts).await.is(422).says("确需重新出具的，请填写原因");
    let replacing: Vec<_> = parts.iter().copied().chain([("replacing", "补正事项有误")]).collect();
    // A handler who does not see the case finds no letter of it either.
    for who in ["handler", "other_handler"] {
        app.get(who, &place).await.is(404);
    }
    issue(&app, "clerk", &place, &replacing).await.is(303);
    let list = app.get("clerk", &format!("/cases/{}/letters", case.id)).await;
    list.says("〕2号").says("（补正事项有误）").says("已由聊自然资规公开告〔");
    let kept = app.db().read(|conn| letters::of_case(conn, case.id)).unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[1].replaces, Some(kept[0].id));
    assert_eq!(kept[0].sha256.len(), 64);
    app.get("auditor", &format!("/cases/{}", case.id)).await.says("取代：聊自然资规公开告〔");
}

#[actix_web::test]
async fn a_reply_is_issued_as_it_was_signed_and_by_its_law() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let case = app.case_at("万源小区三期征收补偿方案", Status::AwaitingSignOff);
    let place = format!("/cases/{}/letters/reply_provided", case.id);
    let early = app.get("clerk", &place).await;
    early.is(200).says("答复签发后才能出具").says("经查，您申请的信息予以公开。").says_not("value=\"issue\"");
    issue(&app, "clerk", &place, &[]).await.is(422).says("答复签发后才能出具");
    let case = app.act("approver", &case, &Command::SignOff { reply_no: None }).unwrap();

    // Another law than that of the outcome on record.
    let wrong = format!("/cases/{}/letters/reply_withheld_secret", case.id);
    let refused = issue(&app, "clerk", &wrong, &[]).await;
    refused.is(422).says("与登记的办理结果“予以公开”（条例第三十六条第二项）不符，不能出具");
    // Neither the reviewer nor the head sends papers.
    for who in ["legal_adviser", "approver"] {
        let version = case.version.to_string();
        app.post(who, &place, &[("version", &version), ("then", "issue")]).await.is(403);
    }
    app.get("child_clerk", &place).await.is(404);

    let answer = issue(&app, "clerk", &place, &[("attachments", "方案.pdf（6页）")]).await;
    let letter = downloaded(&app, "legal_adviser", &case, &answer).await;
    // The number given on signing, the signed text, the remedies of the outcome.
    for part in [
        "聊自然资依复〔2026〕1号",
        "经查，您申请的信息予以公开。",
        "第三十六条第二项",
        "1. 方案.pdf（6页）",
        "或者自收到本答复之日起六个月内向聊城市东昌府区人民法院提起行政诉讼",
    ] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    assert!(!letter.contains("应当自收到本答复之日起六十日内先向"), "{letter}");
    // The number of the reply is that of the letter, and a letter for a third party is nobody's.
    let again = issue(&app, "clerk", &place, &[("replacing", "附件有误")]).await;
    again.is(303);
    let now = app.case_now(&case);
    assert!(now.reply.unwrap().reply_no.unwrap().starts_with("聊自然资规公开复〔"));
    // The approval sheet has the opinions.
    let sheet = issue(&app, "clerk", &format!("/cases/{}/letters/approval_sheet", case.id), &[]).await;
    let text = downloaded(&app, "clerk", &case, &sheet).await;
    for part in ["承办人\t提交答复稿：予以公开\t李敏", "法律顾问\t审核同意：同意\t陈立", "负责人\t签发\t周正"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[actix_web::test]
async fn consultations_have_letters_of_their_own() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let case = app.register("聊城某公司的投标文件");
    let today = app.actor("clerk").today();
    let consult = |party, name: &str| Command::Consult {
        party,
        name: name.to_owned(),
        sent_on: today,
        delivered_on: None,
    };
    app.act("clerk", &case, &consult(Party::ThirdParty, "聊城喆堃公司")).unwrap();
    app.act("clerk", &case, &consult(Party::OtherAgency, "聊城市住建局")).unwrap();
    let at = |kind: &str, about: u32| format!("/cases/{}/letters/{kind}?about={about}", case.id);
    let list = app.get("clerk", &format!("/cases/{}/letters", case.id)).await;
    list.says("third_party_consultation?about=1").says("coordination_letter?about=2").says("征求意见告知书");
    let fields = [
        ("consulted_information", "投标文件第三章"),
        ("concerned_interest", "商业秘密"),
        ("submit_to", "窗口"),
    ];
    let with_about =
        |about: &'static str| -> Vec<_> { fields.iter().copied().chain([("about", about)]).collect() };
    let answer = issue(&app, "clerk", &at("third_party_consultation", 1), &with_about("1")).await;
    let letter = downloaded(&app, "clerk", &case, &answer).await;
    assert!(letter.contains("聊城喆堃公司：") && letter.contains("征求意见回执"), "{letter}");
    // The third party is not told who asks.
    assert!(!letter.contains("王建国"), "{letter}");
    // Not to another agency, and not about what is not there.
    let wrong = issue(&app, "clerk", &at("third_party_consultation", 2), &with_about("2")).await;
    wrong.is(422).says("其他机关");
    app.get("clerk", &at("third_party_consultation", 9)).await.is(404);
    // A slip for the letter.
    let slip_list = app.get("clerk", &format!("/cases/{}/letters", case.id)).await;
    let (_, rest) = slip_list.body.split_once("delivery_slip?about=").unwrap();
    let about = rest.split('"').next().unwrap().to_owned();
    let place = format!("/cases/{}/letters/delivery_slip?about={about}", case.id);
    let slip = [("about", about.as_str()), ("recipient", "聊城喆堃公司"), ("delivery_method", "邮寄")];
    let answer = issue(&app, "clerk", &place, &slip).await;
    let letter = downloaded(&app, "clerk", &case, &answer).await;
    assert!(
        letter.contains("政府信息公开征求第三方意见书") && letter.contains("聊自然资规公开询〔"),
        "{letter}"
    );
}

#[actix_web::test]
async fn a_letter_becomes_a_pdf_where_libreoffice_is() {
    let mut app = TestApp::new().await;
    set_up(&app).await;
    let case = app.register("万源小区三期征收补偿方案");
    let answer = issue(&app, "clerk", &format!("/cases/{}/letters/receipt", case.id), &[]).await;
    let letter = answer.is(303).location.rsplit('=').next().unwrap().to_owned();
    let place = format!("/cases/{}/letters/{letter}/pdf", case.id);
    if libreoffice().is_some() {
        let pdf = app.get("clerk", &place).await;
        assert_eq!(pdf.is(200).header("content-type"), "application/pdf");
        assert!(pdf_text(&pdf.bytes).contains("政府信息公开申请登记回执"));
    }
    app.get("child_clerk", &place).await.is(404);
    app.get("clerk", &format!("/cases/{}/letters/{letter}/exe", case.id)).await.is(404);
    // Without it: a clear word, and the document.
    let mut without = settings();
    without.documents.soffice = String::new();
    app = TestApp::with(TestDatabase::sqlite(), without).await;
    set_up(&app).await;
    let case = app.register("万源小区三期征收补偿方案");
    let answer = issue(&app, "clerk", &format!("/cases/{}/letters/receipt", case.id), &[]).await;
    let letter = answer.is(303).location.rsplit('=').next().unwrap().to_owned();
    let none = app.get("clerk", &format!("/cases/{}/letters/{letter}/pdf", case.id)).await;
    none.is(503).says("没有安装 LibreOffice").says(&format!("{letter}/docx"));
    app.get("clerk", &format!("/cases/{}/letters", case.id))
        .await
        .says("没有安装 LibreOffice")
        .says_not("/pdf\"");
}

/// The template built in, with one text in place of another.
fn altered(kind: LetterKind, from: &str, to: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(built_in(kind).unwrap())).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..archive.len() {
        let mut member = archive.by_index(i).unwrap();
        let name = member.name().unwrap().to_string();
        let mut content = String::new();
        member.read_to_string(&mut content).unwrap();
        if name == "word/document.xml" {
            assert!(content.contains(from), "no {from}");
            content = content.replace(from, to);
        }
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Sends a file as a browser does.
async fn upload(app: &TestApp, place: &str, then: &str, name: &str, file: &[u8]) -> Answer {
    app.get("administrator", place).await.is(200);
    let mut body = Vec::new();
    for (field, value) in [("csrf", app.csrf("administrator").as_str()), ("then", then)] {
        body.extend_from_slice(
            format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request = TestRequest::post()
        .uri(&format!("{place}/upload"))
        .insert_header((header::CONTENT_TYPE, "multipart/form-data; boundary=b"))
        .set_payload(body);
    app.send("administrator", request).await
}

#[actix_web::test]
async fn an_agency_puts_a_template_of_its_own_in_place() {
    let app = TestApp::new().await;
    set_up(&app).await;
    let kind = LetterKind::CorrectionNotice;
    let place = "/admin/letters/LCZRZY/correction_notice";
    let case = corrected(&app);
    let letter_at = format!("/cases/{}/letters/correction_notice", case.id);
    let parts = [("correction_matters", "写明文号"), ("submit_to", "窗口")];
    let first = issue(&app, "clerk", &letter_at, &parts).await;
    let before = downloaded(&app, "clerk", &case, &first).await;

    let wrong = altered(kind, "{{ 申请人.姓名 }}", "{{ 申请人.姓明 }}");
    upload(&app, place, "use", "补正.docx", &wrong).await.is(422).says("“申请人.姓明”");
    let open = altered(kind, "{{ 申请人.姓名 }}", "{{ 申请人.姓名");
    upload(&app, place, "use", "补正.docx", &open).await.is(422).says("没有配对");
    let lawless = altered(kind, "第三十条的规定", "有关规定");
    upload(&app, place, "use", "补正.docx", &lawless).await.is(422).says("没有写明依据“条例第三十条”");
    let reply_at = "/admin/letters/LCZRZY/reply_provided";
    let silent = altered(LetterKind::ProvidedReply, "{% for 段 in 救济.段落 %}", "{% for 段 in 附件 %}");
    upload(&app, reply_at, "use", "答复.docx", &silent).await.is(422).says("模板缺少“救济.段落”");
    upload(&app, place, "use", "补正.docx", b"no docx").await.is(422).says("不是 Word 文档");
    upload(&app, place, "use", "", b"").await.is(422).says("请选择要上传的 Word 文档");
    upload(&app, place, "use", "大.docx", &vec![0; 3 * 1024 * 1024]).await.is(422).says("文件超过 2 MB");
    app.get("administrator", place).await.says("一直使用内置模板");

    let own = altered(kind, "经审查，", "按照本局的工作规程，");
    let checked = upload(&app, place, "check", "文书/补正.docx", &own).await;
    checked.is(200).says("检查通过，尚未启用：补正.docx").says("按照本局的工作规程，你的申请内容不明确");
    app.get("administrator", place).await.says("一直使用内置模板");
    upload(&app, place, "use", "补正.docx", &own).await.leads_to(&format!("{place}?done=1"));
    // The same once more is no new version.
    upload(&app, place, "use", "补正.docx", &own).await.is(303);
    let page = app.get("administrator", place).await;
    page.says("第1版").says_not("第2版").says("按照本局的工作规程").says("现用");
    let sample = app.get("administrator", &format!("{place}/1/sample")).await;
    assert!(text::plain(&sample.is(200).bytes).unwrap().contains("按照本局的工作规程"));
    let file = app.get("administrator", &format!("{place}/1/template")).await;
    assert_eq!(file.is(200).bytes, own);

    // A letter from now on has the new words; the old one keeps its own.
    let replacing = [parts[0], parts[1], ("replacing", "文字有误")];
    let second = issue(&app, "clerk", &letter_at, &replacing).await;
    assert!(downloaded(&app, "clerk", &case, &second).await.contains("按照本局的工作规程"));
    assert_eq!(downloaded(&app, "clerk", &case, &first).await, before);
    let kept = app.db().read(|conn| letters::of_case(conn, case.id)).unwrap();
    assert_eq!((kept[0].template_version, kept[1].template_version), (0, 1));
    app.post("administrator", &format!("{place}/restore"), &[]).await.is(303);
    app.get("administrator", place).await.says("恢复内置模板").says_not("现用</span>");
    app.get("auditor", "/admin/journal").await.says("更换文书模板").says("恢复内置文书模板").says("文书设置");
    // Only of the own part of the tree.
    app.get("administrator", "/admin/letters/LC").await.is(404);
    app.get("administrator", "/admin/letters/LCZRZYDCF").await.is(200);
}

#[actix_web::test]
async fn settings_are_checked_and_nobody_is_overwritten() {
    let app = TestApp::new().await;
    let place = "/admin/letters/LCZRZY";
    let wrong = [("version", "0"), ("document_words", "聊公开〔2026〕"), ("court", "某法院")];
    let answer = app.post("administrator", place, &wrong).await;
    answer.is(422).says("机关代字只写代字").says("某法院");
    set_up(&app).await;
    let stale = [("version", "0"), ("document_words", "聊公开")];
    app.post("administrator", place, &stale).await.is(409).says("您填写的内容仍在").says("聊公开");
    app.post("administrator", "/admin/letters/LC", &stale).await.is(404);
    // The draft of a reply names what the agency has set.
    let case = app.case_at("万源小区三期征收补偿方案", Status::Handled);
    let draft = app.get("handler", &format!("/cases/{}/do/submit_draft?outcome=state_secret", case.id)).await;
    draft.is(200).says("聊城市东昌府区人民法院");
}
