//! Every posted form is read by one reader and shown again in one way: a day is taken in every spelling that a
//! register has, and what is wrong stands beside its field and over the form.

use gongkai::domain::labels::Coded;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::workflow::{Action, Role};
use gongkai::web::guard::routes;

use crate::office::{Answer, Office};
use crate::support::on_both;

/// 5 March 2025 as people write it, with full-width digits too.
const SPELLINGS: &[&str] = &[
    "2025-03-05",
    " 2025-3-5 ",
    "2025/3/5",
    "2025.03.05",
    "2025年3月5日",
    "20250305",
    "2025-03-05 09:30",
    "2025年3月5日（周三）",
    "２０２５－０３－０５",
    "２０２５年３月５日",
    "二〇二五年三月五日",
    "45721",
];

/// The posted forms that ask for a day.
const WITH_DAYS: &[&str] = &[
    "/cases/new",
    "/cases/{id}/do/{action}",
    "/remedies/new",
    "/remedies/{id}/{act}",
    "/reports/{year}/filings",
    "/calendar/import",
];

/// The actions on a case that ask for days, with the names of their fields.
const ACTIONS: &[(Action, &[&str])] = &[
    (Action::Register, &["confirmed_on"]),
    (Action::RequestCorrection, &["notified_on", "reply_by"]),
    (Action::ReceiveCorrection, &["received_on"]),
    (Action::Consult, &["sent_on", "delivered_on"]),
    (Action::ReceiveOpinion, &["returned_on"]),
    (Action::Extend, &["notified_on"]),
    (Action::Delay, &["notified_on", "until"]),
    (Action::NoticeFee, &["sent_on", "delivered_on"]),
    (Action::ReceivePayment, &["paid_on"]),
    (Action::Issue, &["on"]),
    (Action::RecordDelivery, &["signed_for_on"]),
    (Action::Withdraw, &["on"]),
    (Action::EndUncorrected, &["on"]),
    (Action::EndUnpaid, &["on"]),
    (Action::Reopen, &["on", "by"]),
    (Action::Amend, &["received_on", "closed_on"]),
];

fn run(test: impl AsyncFn(Office)) {
    on_both(|url| {
        actix_web::rt::System::new().block_on(test(Office::new(url)));
    });
}

/// The names of the fields for days on a page.
fn days_asked_for(page: &Answer) -> Vec<String> {
    let tags = page.body.split("<input ").skip(1).filter_map(|it| it.split_once('>')).map(|(tag, _)| tag);
    let named = |tag: &str| Some(tag.split_once(" name=\"")?.1.split_once('"')?.0.to_owned());
    tags.filter(|it| it.contains("type=\"date\"")).filter_map(named).collect()
}

/// That the form takes the field in every spelling, and says what is wrong with what is no day, at the field
/// and over the form. What else is missing in the form does not matter.
async fn check_day(
    office: &Office,
    token: &str,
    address: &str,
    others: &[(&str, &str)],
    field: &str,
) -> Answer {
    let send = async |day: &str| {
        let fields: Vec<_> = others.iter().copied().chain([(field, day)]).collect();
        office.post(token, address, &fields).await
    };
    let refused = send("明天").await;
    assert_eq!(refused.status, 422, "{address} {field}: {}", refused.words());
    let message = "“明天”不是日期，请按 2026-03-05 的样子填写";
    for part in
        [format!("<a href=\"#{field}\">"), format!("id=\"{field}-error\""), "value=\"明天\"".to_owned()]
    {
        assert!(refused.body.contains(&part), "{address}: no {part} in {}", refused.body);
    }
    assert_eq!(refused.body.matches(message).count(), 2, "{address} {field}: {}", refused.body);
    for spelling in SPELLINGS {
        let taken = send(spelling).await;
        assert!(
            [200, 303, 403, 409, 422].contains(&taken.status.as_u16()),
            "{address} {field}: {}",
            taken.words()
        );
        taken.lacks("的样子填写");
    }
    refused
}

#[test]
fn every_posted_form_is_known_to_ask_for_days_or_not_to() {
    let asks = |path: &str| WITH_DAYS.contains(&path);
    // Whoever adds a form that asks for a day adds it above; one that does not, here.
    const WITHOUT: &[&str] = &[
        "/login",
        "/login/second-factor",
        "/logout",
        "/setup",
        "/account",
        "/admin/",
        "/cases/bulk",
        "/cases/{id}/bundle",
        "/cases/{id}/files",
        "/cases/{id}/letters/",
        "/cases/{id}/mails/",
        "/cases/{id}/reveal",
        "/calendar/import/apply",
        "/reports/{year}/figures",
        "/reports/{year}/indicators",
        "/reports/{year}/problems",
        "/reports/{year}/template",
        "/reports/{year}/text/",
        "/views",
    ];
    let posted: Vec<_> = routes().into_iter().filter(|it| it.method == "POST").map(|it| it.path).collect();
    for path in &posted {
        let is_without = WITHOUT.iter().any(|it| path.starts_with(it));
        assert!(asks(path) || is_without, "{path}: does it ask for a day?");
    }
    for path in WITH_DAYS {
        assert!(posted.contains(path), "no form {path}");
    }
}

#[test]
fn every_action_on_a_case_takes_a_day_in_every_spelling() {
    run(async |office| {
        let (id, _) = office.case(office.bureau, "2025-01-06", Some(("2025-01-20", Outcome::Provided)));
        let clerk = office.sign_in(office.bureau, &[Role::Clerk, Role::Handler, Role::Approver]);
        for action in Action::ALL {
            let listed = ACTIONS.iter().find(|(it, _)| it == action);
            let fields = listed.map(|(_, fields)| *fields).unwrap_or_default();
            let address = format!("/cases/{id}/do/{}", action.code());
            for field in fields {
                let version = office.get(&clerk, &format!("/cases/{id}/do/add_note")).await.value("version");
                let refused =
                    check_day(&office, &clerk, &address, &[("version", &version), ("seq", "9")], field).await;
                assert_eq!(days_asked_for(&refused), *fields, "{action:?}");
            }
        }
    });
}

#[test]
fn registration_takes_a_day_in_every_spelling() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let mut asked = Vec::new();
        for (channel, field) in [
            ("in_person", "submitted_on"),
            ("signed_post", "signed_on"),
            ("web", "arrived_on"),
            ("web", "confirmed_on"),
        ] {
            let refused = check_day(&office, &clerk, "/cases/new", &[("channel", channel)], field).await;
            asked = days_asked_for(&refused);
        }
        assert_eq!(asked, ["submitted_on", "signed_on", "arrived_on", "confirmed_on"]);
    });
}

#[test]
fn proceedings_take_a_day_in_every_spelling() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        for field in ["accepted_on", "copy_received_on"] {
            let refused = check_day(&office, &clerk, "/remedies/new", &[], field).await;
            assert_eq!(days_asked_for(&refused), ["accepted_on", "copy_received_on"]);
        }
        let mut asked = Vec::new();
        for (kind, no, end) in
            [("review", "江政复〔2025〕7号", None), ("direct_suit", "（2025）苏01行初3号", Some("judgment"))]
        {
            let fields = [
                ("kind", kind),
                ("remedy_no", no),
                ("body", "江州市人民政府"),
                ("accepted_on", "２０２５年３月３日"),
                ("capacity", "acting_agency"),
                ("procedure", "simplified"),
            ];
            let place = office.post(&clerk, "/remedies/new", &fields).await.leads().to_owned();
            let version = async || office.get(&clerk, &place).await.value("version");
            let mut forms = vec![
                ("hearing", "hearing_on"),
                ("end", "end_on"),
                ("end", "end_served_on"),
                ("conclude", "conclude_on"),
                ("correct", "correct_accepted_on"),
            ];
            if let Some(paper) = end {
                let version = version().await;
                let end = [
                    ("version", version.as_str()),
                    ("end_on", "2025/5/12"),
                    ("end_paper", paper),
                    ("end_result", "suit_claim_dismissed"),
                ];
                office.post(&clerk, &format!("{place}/end"), &end).await.leads();
                forms.insert(0, ("next", "next_accepted_on"));
            } else {
                forms.extend([("copy", "copy_received_on"), ("answer", "answer_on")]);
            }
            for (act, field) in forms {
                let version = version().await;
                let refused =
                    check_day(&office, &clerk, &format!("{place}/{act}"), &[("version", &version)], field)
                        .await;
                asked.extend(days_asked_for(&refused).into_iter().filter(|it| !it.starts_with(act)));
            }
        }
        const KNOWN: &[&str] = &["copy", "answer", "hearing", "end", "next", "conclude", "correct"];
        let is_known = |it: &String| KNOWN.iter().any(|act| it.starts_with(act));
        assert!(asked.iter().all(is_known), "{asked:?}");
    });
}

#[test]
fn a_report_is_filed_and_a_notice_is_given_with_days_in_every_spelling() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let filings = "/reports/2024/filings";
        let refused = office.post(&clerk, filings, &[("filing", "submitted"), ("filed_on", "明天")]).await;
        assert_eq!(refused.status, 422);
        refused.has("日期“明天”不是日期，请按2026-03-05的样子填写");
        let administrator = office.sign_in(office.bureau, &[Role::Administrator]);
        for spelling in SPELLINGS {
            let filed =
                office.post(&clerk, filings, &[("filing", "submitted"), ("filed_on", spelling)]).await;
            filed.lacks("的样子填写");
            // A line of a notice has blanks between the day and the holiday only.
            let rest = format!("{} 元旦", spelling.split_whitespace().next().unwrap_or_default());
            let notice = [
                ("year", "２０２５"),
                ("source", "https://www.gov.cn/"),
                ("rest", rest.as_str()),
                ("work", ""),
            ];
            office.post(&administrator, "/calendar/import", &notice).await.lacks("看不懂");
        }
    });
}

/// What is wrong stands at the field and over the form, and the answer says 422.
fn check_refused(answer: &Answer, field: &str, message: &str) {
    assert_eq!(answer.status, 422, "{}", answer.words());
    assert!(answer.body.contains(&format!("<a href=\"#{field}\">{message}")), "{}", answer.body);
    assert!(answer.body.contains(&format!("id=\"{field}-error\"")), "{}", answer.body);
    assert!(2 <= answer.body.matches(message).count(), "{}", answer.body);
}

/// Who sends which fields where; the field that is refused, and how its message begins.
type Refused<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn a_refusal_stands_at_its_field_and_over_the_form() {
    run(async |office| {
        let (clerk, administrator) = (
            office.sign_in(office.bureau, &[Role::Clerk]),
            office.sign_in(office.bureau, &[Role::Administrator]),
        );
        let table: &[Refused<'_>] = &[
            (&clerk, "/cases/new", &[("channel", "oral")], "applicant_name", "请填写申请人姓名或者名称"),
            (&clerk, "/remedies/new", &[], "accepted_on", "请填写受理日期"),
            (&clerk, "/account/mail", &[("email", "甲")], "email", ""),
            (&clerk, "/account/password", &[("current", "x")], "current", "当前密码不正确"),
            (&clerk, "/views", &[("name", " ")], "name", "请填写视图名称"),
            (
                &clerk,
                "/reports/2024/indicators/setup",
                &[("position", "x"), ("part", "overview")],
                "new-position",
                "请用数字填写次序",
            ),
            (&clerk, "/reports/2024/text/overview", &[("body", "{没有这个名称}")], "body", ""),
            (&clerk, "/reports/2024/problems", &[("problem_0", "{没有这个名称}")], "problem_0", ""),
            (
                &administrator,
                "/admin/accounts",
                &[("agency", "ZRZY"), ("login", "甲乙"), ("name", "甲")],
                "login",
                "用户名为2至32个",
            ),
            (&administrator, "/admin/agencies/ZRZY/add", &[("add_code", "")], "add_code", "请填写代码"),
            (
                &administrator,
                "/admin/letters/ZRZY",
                &[("document_words", "聊〔2026〕")],
                "document_words",
                "机关代字只写代字",
            ),
            (&administrator, "/calendar/import", &[("text", "国庆节放假")], "source", "请填写通知的网址"),
        ];
        for (token, address, fields, field, message) in table {
            // The version of the page, where it has one.
            let page = office.get(token, address).await;
            let version = page.body.contains("name=\"version\"").then(|| page.value("version"));
            let mut all = fields.to_vec();
            all.extend(version.as_deref().map(|it| ("version", it)));
            check_refused(&office.post(token, address, &all).await, field, message);
        }
    });
}
