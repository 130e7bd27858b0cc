//! The annual report as the people of an office write it: indicators, sentences, problems, files, filing.

use std::io::{Cursor, Read, Write};

use actix_web::http::header;
use actix_web::test::TestRequest;
use gongkai::documents::filler::text::plain;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::workflow::Role;

use crate::case::letters_pdf::{libreoffice, pdf_text};
use crate::office::Office;
use crate::support::web::Answer;
use crate::support::{TestDatabase, on_both};

fn run(test: impl AsyncFn(Office)) {
    on_both(|url| {
        actix_web::rt::System::new().block_on(test(Office::new(url)));
    });
}

/// Posts with the version of the form that stands there now.
async fn post(office: &Office, who: &str, form: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
    let version = office.get(who, form).await.value("version");
    let all: Vec<_> = [("version", version.as_str())].into_iter().chain(fields.iter().copied()).collect();
    office.post(who, to, &all).await
}

async fn save(office: &Office, who: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    post(office, who, path, path, fields).await
}

#[test]
fn indicators_are_entered_with_their_source_beside_last_years() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let (last, this) = ("/reports/2024/indicators", "/reports/2025/indicators");
        let told = [("value_press_conferences", "4"), ("told_by_press_conferences", "宣传科")];
        assert_eq!(save(&office, &clerk, last, &told).await.status, 303);

        let page = office.get(&clerk, this).await;
        assert_eq!(page.status, 200, "{}", page.words());
        page.has("新闻发布会次");
        page.has("4宣传科");
        page.has("由报表得出的数字");
        assert!(!page.text().contains(" style="), "the policy forbids styles in pages");

        let wrong = [
            ("value_press_conferences", "六"),
            ("document_press_conferences", "登记表"),
            ("value_columns", "21"),
            ("told_by_columns", ""),
            ("told_by_meetings", "办公室"),
        ];
        let refused = save(&office, &clerk, this, &wrong).await;
        assert_eq!(refused.status, 422);
        refused.has("“六”不是数字");
        refused.has("网站专栏：请写明数据由谁提供，或者依据哪份材料");
        assert_eq!(refused.value("value_press_conferences"), "六");
        assert_eq!(refused.value("document_press_conferences"), "登记表");

        let version = office.get(&clerk, this).await.value("version");
        let right = [
            ("version", version.as_str()),
            ("value_press_conferences", "6"),
            ("document_press_conferences", "登记表"),
            ("value_interpretations", "2"),
            ("told_by_interpretations", "办公室"),
            (
                "items_interpretations",
                "《甲通知》解读｜《甲通知》｜https://example.cn/1\n\n《乙办法》解读 | 《乙办法》",
            ),
        ];
        office.post(&clerk, this, &right).await.leads_to("/reports/2025/indicators?saved=1");
        // The same once more, as by a double click.
        assert_eq!(office.post(&clerk, this, &right).await.status, 303);
        let saved = office.get(&clerk, "/reports/2025/indicators?saved=1").await;
        saved.has("政策解读逐项清单（2项）");
        assert_eq!(saved.value("value_press_conferences"), "6");

        // Somebody else's page from before must not overwrite.
        let stale = [
            ("version", version.as_str()),
            ("value_press_conferences", "7"),
            ("told_by_press_conferences", "甲"),
        ];
        let stale = office.post(&clerk, this, &stale).await;
        assert_eq!(stale.status, 409);
        stale.has("新闻发布会现为6");

        let manager = office.sign_in(office.city, &[Role::Manager]);
        let below = office.get(&manager, "/reports/2025/indicators?agency=ZRZY").await;
        below.has("登记表");
        assert!(!below.text().contains("name=\"value_press_conferences\""), "another agency's is read only");
        let handler = office.sign_in(office.bureau, &[Role::Handler]);
        assert_eq!(office.get(&handler, this).await.status, 403);
    });
}

#[test]
fn an_office_defines_its_own_indicators() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let setup = "/reports/2025/indicators/setup";
        let new = |name, unit| {
            [("code", ""), ("name", name), ("unit", unit), ("part", "overview"), ("position", "101")]
        };
        let refused = office.post(&clerk, setup, &new("收到申请", "件")).await;
        assert_eq!(refused.status, 422);
        refused.has("“收到申请”由报表得出，不能另行填报");
        assert_eq!(office.post(&clerk, setup, &new("自助查询机", "")).await.status, 422);
        assert_eq!(office.post(&clerk, setup, &new("自助查询机", "台")).await.status, 303);
        assert_eq!(office.post(&clerk, setup, &new("自助查询机", "台")).await.status, 422);
        let changed = [
            ("code", "columns"),
            ("name", "专题专栏"),
            ("unit", "个"),
            ("part", "overview"),
            ("position", "5"),
            ("is_retired", "1"),
        ];
        assert_eq!(office.post(&clerk, setup, &changed).await.status, 303);
        let page = office.get(&clerk, "/reports/2025/indicators").await;
        page.has("自助查询机台");
        page.lacks("专题专栏");
        office.get(&clerk, setup).await.has("停用");
        let journal = office.sign_in(office.bureau, &[Role::Auditor]);
        office.get(&journal, "/admin/journal").await.has("设置指标");
    });
}

#[test]
fn a_sentence_names_its_figures_and_cannot_hold_them() {
    run(async |office| {
        office.case(office.bureau, "2024-03-04", Some(("2024-03-20", Outcome::Provided)));
        office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
        office.case(office.bureau, "2025-06-03", Some(("2025-06-20", Outcome::ThirdParty)));
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let (form, all) = ("/reports/2025/text/overview", "/reports/2025/text");
        let first = office.get(&clerk, all).await;
        assert_eq!(first.status, 200, "{}", first.words());
        first.has("共收到政府信息公开申请2件，较2024年度增加1件");
        first.has("缺：主动公开信息");
        first.has("指标“主动公开信息”还没有填报2025年的数");
        first.has("文字是系统自带的，请打开编辑页，核对、改写后保存");
        first.has("表二还有10个数没有填报");
        first.has("报送2026年1月31日前");

        let typed = save(&office, &clerk, form, &[("body", "共收到依申请公开2件。\n共{收到申请件")]).await;
        assert_eq!(typed.status, 422);
        typed.has("“共收到依申请公开2件。”：直接写了“2件”");
        typed.has("花括号没有成对");
        typed.has("共收到依申请公开2件。 共{收到申请件".replace(' ', "").as_str());

        let text = "一是{年}年收到申请{收到申请}件，{收到申请：较上年}。\n不予公开{不予公开}件，占{不予公开：占比（办结申请）}。";
        // The preview, as the page asks for it while somebody types.
        let live = office.post(&clerk, "/reports/2025/text/overview/preview", &[("body", text)]).await;
        live.has("一是2025年收到申请2件，较2024年度增加1件。");
        live.has("不予公开1件，占50%。");
        let bad = [("body", "{没有这个}")];
        office.post(&clerk, "/reports/2025/text/overview/preview", &bad).await.has("这样还不能保存");

        let version = office.get(&clerk, form).await.value("version");
        assert_eq!(version, "0");
        let fields = [("version", "0"), ("body", text)];
        office.post(&clerk, form, &fields).await.leads_to("/reports/2025/text?saved=text#overview");
        // Somebody who began before is told, and their text is kept.
        let other = [("version", "0"), ("body", "另一种写法{收到申请}件。")];
        let stale = office.post(&clerk, form, &other).await;
        assert_eq!(stale.status, 409);
        stale.has("别人改过这里的内容");
        stale.has("另一种写法{收到申请}件。");
        office.get(&clerk, all).await.has("不予公开1件，占50%");

        // A year later it is where the next report starts, until somebody has read it.
        let next = office.get(&clerk, "/reports/2026/text").await;
        next.has("文字沿用2025年度的，请打开编辑页，核对、改写后保存");
        next.has("一是2026年收到申请0件，较2025年度减少2件。");
        let versions = office.get(&clerk, "/reports/2026/text/overview").await;
        versions.has("2025年度第1版");
        assert_eq!(office.get(&clerk, "/reports/2025/text/nothing").await.status, 404);
        let approver = office.sign_in(office.bureau, &[Role::Approver]);
        assert_eq!(office.get(&approver, all).await.status, 200);
        assert_eq!(office.get(&approver, form).await.status, 403);
    });
}

#[test]
fn last_years_problems_are_there_to_be_answered() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let first = [
            ("summary_0", "公开不够及时"),
            ("problem_0", "个别信息公开不够及时"),
            ("measure_0", "明确各项内容的公开时限"),
        ];
        assert_eq!(save(&office, &clerk, "/reports/2024/problems", &first).await.status, 303);
        let form = office.get(&clerk, "/reports/2025/problems").await;
        form.has("2024年度报告：个别信息公开不够及时");
        form.has("当时的改进措施：明确各项内容的公开时限");
        assert_eq!(form.value("last_summary_0"), "公开不够及时");
        let typed = [("last_summary_0", "公开不够及时"), ("last_done_0", "办理行政复议3件")];
        let refused = save(&office, &clerk, "/reports/2025/problems", &typed).await;
        assert_eq!(refused.status, 422);
        refused.has("直接写了“3件”");
        let answered = [
            ("last_summary_0", "公开不够及时"),
            ("last_done_0", "召开了调度会"),
            ("summary_0", "渠道不宽"),
            ("problem_0", "公开渠道有待拓宽"),
            ("measure_0", "完善平台"),
            ("problem_1", "解读形式单一"),
            ("summary_1", "形式单一"),
        ];
        assert_eq!(save(&office, &clerk, "/reports/2025/problems", &answered).await.status, 303);
        let page = office.get(&clerk, "/reports/2025/text").await;
        page.has("2024年度主要存在的问题是公开不够及时等。");
        page.has("进行了改进：召开了调度会。");
        page.has("一是公开渠道有待拓宽。二是解读形式单一。");
        page.has("“形式单一”还没有写改进措施");
    });
}

/// Writes everything a report needs.
async fn complete(office: &Office, clerk: &str) {
    office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
    let mut rows = Vec::new();
    for (row, n) in
        [("rules", 3), ("normative_documents", 3), ("licences", 1), ("penalties", 1), ("coercions", 1)]
    {
        rows.extend((0..n).map(|i| (format!("{row}_{i}"), "0")));
    }
    rows.push(("fees_10k_yuan_0".to_owned(), "2518.2750"));
    let rows: Vec<_> = rows.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(save(office, clerk, "/reports/2025/figures", &rows).await.status, 303);
    for (part, text) in [
        ("preface", "现公布{年}年{机关}政府信息公开工作年度报告。"),
        ("overview", "收到政府信息公开申请{收到申请}件，收费{行政事业性收费}万元。"),
        ("problems", "没有发现突出的问题。"),
        ("other_matters", "{年}年，{机关}{信息处理费情况}。\n{信息处理费表}"),
    ] {
        let path = format!("/reports/2025/text/{part}");
        let saved = save(office, clerk, &path, &[("body", text)]).await;
        assert_eq!(saved.status, 303, "{}", saved.words());
    }
}

#[test]
fn a_report_is_filed_when_nothing_is_missing_and_kept_as_it_was() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let filings = "/reports/2025/filings";
        let early =
            office.post(&clerk, filings, &[("filing", "submitted"), ("filed_on", "2026-01-28")]).await;
        assert_eq!(early.status, 422);
        early.has("表二还有10个数没有填报");
        complete(&office, &clerk).await;
        let page = office.get(&clerk, "/reports/2025/text").await;
        page.has("文字和数字都已填齐");
        page.has("收费2518.2750万元");
        page.has("江州市自然资源和规划局未收取政府信息公开信息处理费");
        page.has("发出收费通知");
        for (filing, day, why) in [
            ("submitted", "2025-12-31", "应在2025年结束以后"),
            ("submitted", "2099-01-01", "还没有到"),
            ("submitted", "一月", "不是日期"),
            ("burnt", "2026-01-28", "请选择报送或者公布"),
        ] {
            let refused = office.post(&clerk, filings, &[("filing", filing), ("filed_on", day)]).await;
            assert_eq!(refused.status, 422);
            refused.has(why);
        }
        let filed =
            office.post(&clerk, filings, &[("filing", "submitted"), ("filed_on", "2026-01-28")]).await;
        filed.leads_to("/reports/2025/text?saved=filed#filed");
        let page = office.get(&clerk, "/reports/2025/text").await;
        page.has("报送2026年1月31日前2026年1月28日已报送");
        page.has("2026年1月28日存档的报告，与现在的一致");
        let docx = office.get(&clerk, "/reports/2025/filings/1/docx").await;
        let text = plain(&docx.bytes).unwrap();
        assert!(text.contains("收到政府信息公开申请1件，收费2518.2750万元。"), "{text}");
        assert!(text.trim_end().ends_with("2026年1月28日"), "{text}");
        assert!(text.contains("发出收费通知"), "the table of the fee: {text}");
        office.get(&clerk, "/reports/2025/filings/1/html").await.has("收到政府信息公开申请1件");
        let json = office.get(&clerk, "/reports/2025/filings/1/json").await;
        let figures: serde_json::Value = serde_json::from_slice(&json.bytes).unwrap();
        assert_eq!(figures["year"], 2025);
        assert_eq!(office.get(&clerk, "/reports/2025/filings/2/docx").await.status, 404);
        assert_eq!(office.get(&clerk, "/reports/2025/filings/1/pdf").await.status, 404);

        // A case of the year that is written down afterwards changes the report, not what was filed.
        office.case(office.bureau, "2025-07-03", Some(("2025-07-20", Outcome::Provided)));
        let page = office.get(&clerk, "/reports/2025/text").await;
        page.has("存档以后有变化");
        page.has("收到政府信息公开申请2件");
        let kept = office.get(&clerk, "/reports/2025/filings/1/docx").await;
        assert_eq!(kept.bytes, docx.bytes);
        office.get(&clerk, "/reports/2025/changes").await.has("2026年1月28日终了时");
        let auditor = office.sign_in(office.bureau, &[Role::Auditor]);
        assert_eq!(office.post(&auditor, filings, &[]).await.status, 403);
        office.get(&auditor, "/admin/journal").await.has("登记报送、公布");
        let branch = office.sign_in(office.branch, &[Role::Clerk]);
        assert_eq!(office.get(&branch, "/reports/2025/filings/1/docx?agency=ZRZY").await.status, 404);
    });
}

/// A form with a file, as a browser sends it.
async fn upload(office: &Office, who: &str, then: &str, name: &str, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (field, value) in [("csrf", who), ("then", then)] {
        write!(body, "--line\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
            .unwrap();
    }
    write!(body, "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
        .unwrap();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let request = TestRequest::post()
        .uri("/reports/2025/template")
        .insert_header((header::CONTENT_TYPE, "multipart/form-data; boundary=line"))
        .set_payload(body);
    office.send(request, who).await
}

/// A Word document with a text replaced in its body.
fn changed(docx: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..archive.len() {
        let mut member = archive.by_index(i).unwrap();
        let name = member.name().unwrap().to_string();
        let mut text = String::new();
        member.read_to_string(&mut text).unwrap();
        if name == "word/document.xml" {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        made.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        made.write_all(text.as_bytes()).unwrap();
    }
    made.finish().unwrap().into_inner()
}

#[test]
fn an_office_has_its_report_filled_into_its_own_document() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        complete(&office, &clerk).await;
        let built_in = office.get(&clerk, "/reports/2025/template/file").await;
        assert_eq!(built_in.status, 200);
        let own = changed(&built_in.bytes, "{{ 成文日期 }}", "（公章）{{ 成文日期 }}");

        for (file, why) in [
            (b"not a document".to_vec(), "不是Word文档"),
            (changed(&own, "{{ 表三 }}", ""), "模板里没有{{表三}}"),
            (changed(&own, "{{ 标题 }}", "{{ 标提 }}"), "没有对应的内容"),
            (Vec::new(), "请选择修改后的模板文件"),
        ] {
            let refused = upload(&office, &clerk, "use", "模板.docx", &file).await;
            assert_eq!(refused.status, 422, "{}", refused.words());
            refused.has(why);
        }
        let lacking = changed(&own, "问题.段落", "其他.段落");
        let lacking = changed(&lacking, "{{ 问题.标题 }}", "五、略");
        let checked = upload(&office, &clerk, "check", "模板.docx", &lacking).await;
        checked.has("检查通过，尚未启用");
        checked.has("模板里没有用到“问题”");
        let before = plain(&office.get(&clerk, "/reports/2025/files/docx").await.bytes).unwrap();
        assert!(!before.contains("（公章）"));

        assert_eq!(upload(&office, &clerk, "use", "我局模板.docx", &own).await.status, 303);
        office.get(&clerk, "/reports/2025/template").await.has("现用：我局模板.docx（第1版");
        let filled = plain(&office.get(&clerk, "/reports/2025/files/docx").await.bytes).unwrap();
        assert!(filled.contains("（公章）"), "{filled}");
        assert!(filled.contains("收到政府信息公开申请1件"), "{filled}");
        assert_eq!(office.get(&clerk, "/reports/2025/template/file").await.bytes, own);
        assert_eq!(office.post(&clerk, "/reports/2025/template/restore", &[]).await.status, 303);
        office.get(&clerk, "/reports/2025/template").await.has("现用：系统自带的模板");
    });
}

#[test]
fn the_whole_report_can_be_had_as_document_page_and_pdf() {
    let database = TestDatabase::sqlite();
    actix_web::rt::System::new().block_on(async {
        let office = Office::new(database.url());
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let draft = office.get(&clerk, "/reports/2025/files/html").await;
        draft.has("草稿：标有【缺】的内容");
        complete(&office, &clerk).await;
        let page = office.get(&clerk, "/reports/2025/files/html").await;
        page.lacks("草稿");
        page.has("五、存在的主要问题及改进情况");
        assert!(
            page.header("content-disposition").contains("filename*=UTF-8''%E6%B1%9F"),
            "{:?}",
            page.headers
        );
        assert_eq!(office.get(&clerk, "/reports/2025/files/xlsx").await.status, 404);
        if libreoffice().is_none() {
            assert_eq!(office.get(&clerk, "/reports/2025/files/pdf").await.status, 503);
            return;
        }
        let pdf = office.get(&clerk, "/reports/2025/files/pdf").await;
        assert_eq!(pdf.status, 200);
        let text = pdf_text(&pdf.bytes);
        for words in [
            "江州市自然资源和规划局2025年政府信息公开工作年度报告",
            "收到政府信息公开申请1件，收费2518.2750万元。",
            "二、主动公开政府信息情况",
            "行政事业性收费2518.2750",
            "一、本年新收政府信息公开申请数量1000001",
            "未收取政府信息公开信息处理费",
            "发出收费通知",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    });
}
