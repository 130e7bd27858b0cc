//! Every page as it is drawn, compared with what is kept in `snapshots`: a change of a page is a change of a
//! file there, for whoever reads the change.
//!
//! Where a difference is meant, `INSTA_UPDATE=always cargo test --test it pages_snapshots` keeps it; what
//! has changed is then read with `git diff`.

use std::collections::BTreeMap;

use actix_web::test::TestRequest;
use gongkai::domain::labels::Coded;
use gongkai::domain::workflow::{Action, Status};
use gongkai::service::upkeep::demo_bureau;

use crate::support::drawn::{Bureau, PEOPLE, Sheet};

/// The names and values of the fields of the form that posts to this address.
fn fields(page: &str, action: &str) -> Vec<(String, String)> {
    // A button may have an address of its own (`formaction`).
    let mut forms = page.split("<form").skip(1).filter_map(|it| it.split("</form>").next());
    let Some(form) = forms.find(|it| it.contains(&format!("action=\"{action}\""))) else {
        return Vec::new();
    };
    let mut fields: Vec<(String, String)> = Vec::new();
    for tag in form.split('<').filter_map(|it| it.split_once('>').map(|(tag, _)| tag)) {
        let Some((_, name)) = tag.split_once(" name=\"") else { continue };
        let name = name.split('"').next().unwrap_or("").to_owned();
        let value = tag.split_once(" value=\"").and_then(|(_, it)| it.split('"').next()).unwrap_or("");
        let is_hidden = tag.contains("type=\"hidden\"");
        if name != "csrf" && !tag.starts_with("button") && !fields.iter().any(|(it, _)| *it == name) {
            fields.push((name, if is_hidden { value.to_owned() } else { String::new() }));
        }
    }
    fields
}

/// Fields with something in those that may be typed into, and others in place of theirs.
fn filled<'a>(
    fields: &'a [(String, String)],
    typed: &'a str,
    others: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let value = |(name, value): &'a (String, String)| {
        let other = others.iter().find(|(it, _)| it == name).map(|(_, it)| *it);
        (name.as_str(), other.unwrap_or(if value.is_empty() { typed } else { value }))
    };
    fields.iter().map(value).collect()
}

/// The cases that are looked at: one in each state, and what is asked of the applicant or of others.
fn cases(bureau: &Bureau) -> BTreeMap<String, String> {
    const FIRST: &str = "SELECT min(id) AS id, status || coalesce('_' || waiting_for, '') AS name
        FROM cases WHERE case_no LIKE '2026-%' GROUP BY 2";
    bureau.named(FIRST).into_iter().map(|(id, name)| (name, id)).collect()
}

#[actix_web::test]
async fn desk_list_and_registration() {
    let bureau = Bureau::new("work").await;
    bureau.frames().await;
    bureau.page("desk", "/", PEOPLE).await;
    let seers = &["dengji", "chengban", "guanli", "admin"];
    bureau.page("list", "/cases", seers).await;
    bureau
        .page(
            "list_filtered",
            "/cases?state=open&status=handled&sort=due&col=kind&col=department",
            &["guanli"],
        )
        .await;
    bureau.page("list_found", "/cases?q=%E5%BC%A0", &["dengji"]).await;
    bureau.page("list_none", "/cases?q=%E6%B2%A1%E6%9C%89", &["dengji"]).await;
    bureau.page("forecast", "/forecast", &["guanli"]).await;
    bureau.page("style", "/style", &["dengji"]).await;

    bureau.page("register", "/cases/new", &["dengji", "chengban"]).await;
    let blank = bureau.get("dengji", "/cases/new").await;
    let form = fields(&blank.body, "/cases/new");
    let refused = bureau.post("dengji", "/cases/new", &filled(&form, "", &[])).await;
    bureau.answer("register_refused", "dengji", "POST nothing", &refused).await;
    let wrong = [
        ("channel", "signed_post"),
        ("applicant_kind", "natural_person"),
        ("applicant_name", "王秀英"),
        ("content", "申请公开某地块的出让合同"),
        ("signed_on", "2026-13-01"),
        ("id_number", "37150219900101123X"),
        ("email", "不是邮箱"),
        ("preferred_form", "paper"),
        ("department", ""),
    ];
    let refused = bureau.post("dengji", "/cases/new", &filled(&form, "", &wrong)).await;
    bureau.answer("register_wrong", "dengji", "POST wrong facts", &refused).await;
    let wrong =
        [&wrong[..4], &[("signed_on", "2026-11-24"), ("preferred_form", "paper"), ("department", "")]]
            .concat();
    let registered = bureau.post("dengji", "/cases/new", &filled(&form, "", &wrong)).await;
    bureau.answer("register_done", "dengji", "POST an application", &registered).await;
    let place = registered.is(303).location.clone();
    bureau.page("registered", &place, &["dengji"]).await;
    let again = fields(&bureau.get("dengji", "/cases/new").await.body, "/cases/new");
    let again = bureau.post("dengji", "/cases/new", &filled(&again, "", &wrong)).await;
    bureau.answer("register_repeat", "dengji", "POST the same again", &again).await;
    bureau.done();
}

#[actix_web::test]
async fn cases_and_what_is_done_with_them() {
    let bureau = Bureau::new("case").await;
    bureau.frames().await;
    let cases = cases(&bureau);
    for (state, case) in &cases {
        let who: &[&str] = match state.as_str() {
            "handled" | "under_review" | "answered" => PEOPLE,
            _ => &["dengji", "chengban"],
        };
        bureau.page(state, &format!("/cases/{case}"), who).await;
    }
    let case = &cases["handled"];
    for (name, path) in
        [("files", "files"), ("ledger", "ledger"), ("letters", "letters"), ("receipt", "receipt")]
    {
        bureau.page(name, &format!("/cases/{case}/{path}"), &["dengji", "shenji"]).await;
    }
    bureau.page("letter", &format!("/cases/{case}/letters/correction_notice"), &["dengji"]).await;
    bureau.page("letter_refused", &format!("/cases/{case}/letters/reply_provided"), &["dengji"]).await;
    let revealed = bureau.post("shenji", &format!("/cases/{case}/reveal"), &[]).await;
    bureau.answer("reveal", "shenji", "POST reveal", &revealed).await;
    bureau.done();
}

/// What may be done with a case, from the case page that offers it: action, person, address of the form.
async fn offers(bureau: &Bureau) -> BTreeMap<String, (&'static str, String)> {
    let mut offers = BTreeMap::new();
    let states: Vec<_> = cases(bureau).into_iter().collect();
    let case = bureau.case(Status::Registered.code());
    let department = bureau
        .named(
            "SELECT CAST(department_id AS TEXT) AS id, login AS name FROM accounts
        WHERE login = 'chengban'",
        )
        .remove(0)
        .0;
    for who in PEOPLE {
        for (_, case) in &states {
            let page = bureau.get(who, &format!("/cases/{case}")).await;
            for link in page.body.split("href=\"").skip(1).filter_map(|it| it.split('"').next()) {
                if let Some((_, action)) = link.split_once("/do/") {
                    let action = action.split(['?', '#']).next().unwrap_or("").to_owned();
                    offers.entry(action).or_insert((*who, link.replace("&#38;", "&").replace("&amp;", "&")));
                }
            }
        }
        if *who == "dengji" {
            // One that lies with a department, for whoever takes it up there.
            let path = format!("/cases/{case}/do/assign");
            let form = fields(&bureau.get(who, &path).await.body, &path);
            let given = filled(&form, "", &[("assignee", &department)]);
            bureau.post(who, &path, &given).await.is(303);
            offers.insert("claim".to_owned(), ("chengban", format!("/cases/{case}/do/claim")));
        }
    }
    offers
}

#[actix_web::test]
async fn every_form_of_a_case_blank_and_shown_again() {
    let bureau = Bureau::new("do").await;
    bureau.frames().await;
    let mut offers = offers(&bureau).await;
    let review = format!("/cases/{}/review", bureau.case("under_review"));
    bureau.page("review", &review, &["falv"]).await;
    for action in ["agree", "agree_with_changes", "return_draft"] {
        offers.insert(action.to_owned(), ("falv", review.replace("/review", &format!("/do/{action}"))));
    }
    let missing: Vec<_> =
        Action::ALL.iter().map(|it| it.code()).filter(|it| !offers.contains_key(*it)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "forms nobody could open");
    let mut sheets = BTreeMap::new();
    // What is looked at first changes nothing; what may be carried out comes last.
    for (action, (who, path)) in &offers {
        let to = path.split('?').next().unwrap().to_owned();
        let mut sheet = Sheet::default();
        let mut page = bureau.get(who, path).await;
        if page.status == 303 {
            page = bureau.get(who, &review).await;
        } else {
            sheet.add(&bureau, who, &format!("GET {path}"), &page).await;
        }
        let form = fields(&page.body, &to);
        if form.is_empty() {
            // Taken up with one press, from the desk; what the address shows is kept.
            assert_eq!(action, "claim", "no form to {to}");
            bureau.keep(action, sheet);
            continue;
        }
        let stale = bureau.post(who, &to, &filled(&form, "", &[("version", "0"), ("seq", "0")])).await;
        sheet.add(&bureau, who, "POST of a page that has become stale", &stale).await;
        sheets.insert(action.clone(), (sheet, form, to));
    }
    for (action, (mut sheet, form, to)) in sheets {
        let who = offers[&action].0;
        let empty = bureau.post(who, &to, &filled(&form, "", &[])).await;
        sheet.add(&bureau, who, "POST of nothing", &empty).await;
        if empty.status == 422 {
            let wrong = bureau.post(who, &to, &filled(&form, "？", &[])).await;
            sheet.add(&bureau, who, "POST of question marks", &wrong).await;
        }
        bureau.keep(&action, sheet);
    }
    bureau.done();
}

#[actix_web::test]
async fn remedies() {
    let bureau = Bureau::new("remedy").await;
    bureau.frames().await;
    bureau.page("list", "/remedies", &["dengji", "guanli", "shenji", "admin"]).await;
    for (name, path) in [("list_answer", "/remedies?view=answer"), ("list_all", "/remedies?view=all")] {
        bureau.page(name, path, &["dengji"]).await;
    }
    let ids = bureau.named("SELECT id, remedy_no AS name FROM remedies ORDER BY remedy_no");
    for (n, (id, _)) in ids.iter().enumerate() {
        bureau.page(&format!("show_{}", n + 1), &format!("/remedies/{id}"), &["dengji", "shenji"]).await;
    }
    bureau.page("new", "/remedies/new", &["dengji"]).await;
    let case = bureau.case("answered");
    bureau.page("new_from_case", &format!("/remedies/new?case={case}"), &["dengji"]).await;
    let form = fields(&bureau.get("dengji", "/remedies/new").await.body, "/remedies/new");
    for (name, typed) in [("new_refused", ""), ("new_wrong", "？")] {
        let refused = bureau.post("dengji", "/remedies/new", &filled(&form, typed, &[])).await;
        bureau.answer(name, "dengji", &format!("POST of “{typed}”"), &refused).await;
    }
    for (id, _) in &ids {
        let page = bureau.get("dengji", &format!("/remedies/{id}")).await;
        let acts = page.body.split("action=\"").skip(1).filter_map(|it| it.split('"').next());
        let acts: Vec<_> = acts.filter(|it| it.starts_with("/remedies/")).map(str::to_owned).collect();
        for act in acts {
            let name = act.rsplit('/').next().unwrap().to_owned();
            let form = fields(&page.body, &act);
            let mut sheet = Sheet::default();
            for typed in ["", "？"] {
                let refused = bureau.post("dengji", &act, &filled(&form, typed, &[])).await;
                sheet.add(&bureau, "dengji", &format!("POST of “{typed}”"), &refused).await;
            }
            let stale = bureau.post("dengji", &act, &filled(&form, "2026-11-20", &[("version", "0")])).await;
            sheet.add(&bureau, "dengji", "POST of a page that has become stale", &stale).await;
            let n = ids.iter().position(|(it, _)| it == id).unwrap() + 1;
            bureau.keep(&format!("act_{n}_{name}"), sheet);
        }
    }
    bureau.done();
}

#[actix_web::test]
async fn reports() {
    let bureau = Bureau::new("report").await;
    bureau.frames().await;
    let readers = &["dengji", "guanli", "shenji"];
    bureau.page("choose", "/reports", &["dengji", "chengban", "admin"]).await;
    bureau.page("tables", "/reports/2022", readers).await;
    bureau.page("tables_rollup", "/reports/2025?rollup=1", &["guanli"]).await;
    for (name, path) in [
        ("cell", "/reports/2022/cells/granted/natural_person"),
        ("charts", "/reports/2025/charts"),
        ("changes", "/reports/2025/changes"),
        ("figures", "/reports/2025/figures"),
        ("text", "/reports/2022/text"),
        ("text_unwritten", "/reports/2025/text"),
        ("edit_overview", "/reports/2022/text/overview"),
        ("edit_other_matters", "/reports/2025/text/other_matters"),
        ("indicators", "/reports/2022/indicators"),
        ("indicators_setup", "/reports/2022/indicators/setup"),
        ("problems", "/reports/2022/problems"),
        ("template", "/reports/2022/template"),
    ] {
        bureau.page(name, path, readers).await;
    }
    bureau.page("indicators_of_branch", "/reports/2022/indicators?agency=DCF", &["guanli"]).await;
    for (name, path) in [
        ("figures_refused", "/reports/2025/figures"),
        ("indicators_refused", "/reports/2022/indicators"),
        ("indicators_setup_refused", "/reports/2022/indicators/setup"),
        ("problems_refused", "/reports/2022/problems"),
        ("edit_refused", "/reports/2022/text/overview"),
    ] {
        let form = fields(&bureau.get("dengji", path).await.body, path);
        assert!(!form.is_empty(), "no form on {path}");
        let mut sheet = Sheet::default();
        for typed in ["", "{？"] {
            let refused = bureau.post("dengji", path, &filled(&form, typed, &[])).await;
            sheet.add(&bureau, "dengji", &format!("POST {path} of “{typed}”"), &refused).await;
        }
        let stale = bureau.post("dengji", path, &filled(&form, "7", &[("version", "0")])).await;
        sheet.add(&bureau, "dengji", &format!("POST {path} of a page that has become stale"), &stale).await;
        bureau.keep(name, sheet);
    }
    bureau.done();
}

#[actix_web::test]
async fn calendar_and_notices() {
    let bureau = Bureau::new("calendar").await;
    bureau.frames().await;
    bureau.page("year", "/calendar", &["dengji", "admin"]).await;
    bureau.page("year_without_notice", "/calendar?year=2027", &["dengji", "admin"]).await;
    bureau.page("import", "/calendar/import", &["admin"]).await;
    let refused = [("year", "2027"), ("source", "https://www.gov.cn/x.htm"), ("rest", "元旦 2027-01-01")];
    let right = [
        ("year", "2027"),
        ("source", "https://www.gov.cn/x.htm"),
        ("rest", "2027-01-01 元旦\n2027-02-05 至 2027-02-11 春节"),
        ("work", "2027-02-14 春节"),
    ];
    let changed =
        [("year", "2026"), ("source", "https://www.gov.cn/y.htm"), ("rest", "2026-11-30 至 2026-12-04 假")];
    for (name, fields) in [
        ("import_nothing", &[][..]),
        ("import_refused", &refused),
        ("import_preview", &right),
        ("import_moves", &changed),
    ] {
        let answer = bureau.post("admin", "/calendar/import", fields).await;
        bureau.answer(name, "admin", "POST /calendar/import", &answer).await;
    }
    bureau.done();
}

#[actix_web::test]
async fn accounts_and_agencies() {
    let bureau = Bureau::new("access").await;
    bureau.frames().await;
    bureau.page("accounts", "/admin/accounts", &["admin"]).await;
    bureau.page("account_new", "/admin/accounts/new", &["admin"]).await;
    let form = fields(&bureau.get("admin", "/admin/accounts/new").await.body, "/admin/accounts");
    for (name, typed) in [("account_refused", ""), ("account_wrong", "？")] {
        let refused = bureau.post("admin", "/admin/accounts", &filled(&form, typed, &[])).await;
        bureau.answer(name, "admin", "POST /admin/accounts", &refused).await;
    }
    let accounts = bureau.named("SELECT id, login AS name FROM accounts");
    let id = |login: &str| accounts.iter().find(|(_, it)| it == login).unwrap().0.clone();
    for login in ["chengban2", "admin"] {
        bureau.page(&format!("account_{login}"), &format!("/admin/accounts/{}", id(login)), &["admin"]).await;
    }
    let place = format!("/admin/accounts/{}", id("chengban2"));
    let form = fields(&bureau.get("admin", &place).await.body, &place);
    let refused = bureau.post("admin", &place, &filled(&form, "", &[])).await;
    bureau.answer("account_edit_refused", "admin", "POST /admin/accounts/{account}", &refused).await;
    let refused = bureau.post("admin", &format!("{place}/email"), &[("email", "？"), ("version", "1")]).await;
    bureau.answer("account_email_refused", "admin", "POST /admin/accounts/{account}/email", &refused).await;

    bureau.page("agencies", "/admin/agencies", &["admin"]).await;
    for code in [demo_bureau::CODE, "DCF"] {
        bureau.page(&format!("agency_{code}"), &format!("/admin/agencies/{code}"), &["admin"]).await;
    }
    for change in ["rename", "add", "move", "departments"] {
        let to = format!("/admin/agencies/DCF/{change}");
        let refused = bureau.post("admin", &to, &[]).await;
        bureau.answer(&format!("agency_{change}_refused"), "admin", &format!("POST {to}"), &refused).await;
    }

    for (name, path) in [
        ("own", "/account"),
        ("own_password", "/account/password"),
        ("own_mail", "/account/mail"),
        ("own_logins", "/account/logins"),
        ("own_calendar", "/account/calendar"),
    ] {
        bureau.page(name, path, &["dengji", "admin"]).await;
    }
    let wrong = [
        ("old", "？"),
        ("new", "1"),
        ("again", "2"),
        ("current", "？"),
        ("password", "1"),
        ("password_again", "2"),
    ];
    let refused = bureau.post("dengji", "/account/password", &wrong).await;
    bureau.answer("own_password_refused", "dengji", "POST /account/password", &refused).await;
    bureau.done();
}

#[actix_web::test]
async fn upkeep() {
    let bureau = Bureau::new("upkeep").await;
    bureau.frames().await;
    for (name, path) in [
        ("overview", "/admin"),
        ("settings", "/admin/settings"),
        ("jobs", "/admin/jobs"),
        ("outbox", "/admin/outbox"),
        ("journal", "/admin/journal"),
        ("journal_of_cases", "/admin/journal?subject=case"),
    ] {
        bureau.page(name, path, &["admin", "shenji"]).await;
    }
    let letters = format!("/admin/letters/{}", demo_bureau::CODE);
    bureau.page("letters", &letters, &["admin"]).await;
    bureau.page("letters_correction_notice", &format!("{letters}/correction_notice"), &["admin"]).await;
    let form = fields(&bureau.get("admin", &letters).await.body, &letters);
    assert!(!form.is_empty());
    for (name, typed, version) in [("letters_refused", "？", "1"), ("letters_stale", "1", "0")] {
        let refused = bureau.post("admin", &letters, &filled(&form, typed, &[("version", version)])).await;
        bureau.answer(name, "admin", &format!("POST {letters}"), &refused).await;
    }
    let trial = bureau.post("admin", "/admin/outbox/trial", &[("address", "？"), ("to", "？")]).await;
    bureau.answer("outbox_trial_refused", "admin", "POST /admin/outbox/trial", &trial).await;
    bureau.done();
}

#[actix_web::test]
async fn the_door_and_its_errors() {
    let first = Bureau::empty("first").await;
    first.page("setup", "/setup", &[""]).await;
    let refused = first.post("", "/setup", &[("token", "？"), ("username", "？"), ("password", "1")]).await;
    first.answer("setup_refused", "", "POST /setup", &refused).await;
    first.done();

    let bureau = Bureau::new("door").await;
    bureau.frames().await;
    bureau.page("login", "/login", &[""]).await;
    bureau.page("login_back", "/login?next=%2Fcases", &[""]).await;
    let refused = bureau.post("", "/login", &[("username", "dengji"), ("password", "？")]).await;
    bureau.answer("login_refused", "", "POST /login", &refused).await;
    bureau.page("to_login", "/cases?state=open", &[""]).await;
    bureau.page("error_404", "/no-such-page", &["", "dengji"]).await;
    bureau.page("error_404_case", "/cases/no-such-case", &["dengji"]).await;
    bureau.page("error_403", "/admin/accounts", &["dengji"]).await;
    let form = |path: &'static str| TestRequest::post().uri(path);
    for (name, who, request) in [
        ("error_403_forged", "dengji", form("/cases/new").set_form([("csrf", "？")])),
        ("error_401_signed_out", "", form("/cases/new").set_form([("csrf", "？")])),
        ("error_403_foreign", "dengji", form("/cases/new").insert_header(("sec-fetch-site", "cross-site"))),
        ("error_403_without_token", "dengji", form("/cases/bulk").set_payload("\u{0}%ff")),
        ("error_405", "dengji", TestRequest::delete().uri("/cases")),
    ] {
        let answer = bureau.send(who, request).await;
        bureau.answer(name, who, "as the name says", &answer).await;
    }
    let case = bureau.case("handled");
    let wrong = bureau.get("falv", &format!("/cases/{case}/do/extend")).await;
    bureau.answer("error_action", "falv", "GET /cases/{case}/do/extend", &wrong).await;
    // One too many from one address.
    let mut answer = refused;
    for _ in 0..60 {
        answer = bureau.post("", "/login", &[("username", "niemand"), ("password", "？")]).await;
        if answer.status == 429 {
            break;
        }
    }
    answer.is(429);
    let seconds = answer.header("retry-after").to_owned();
    answer.body = answer.body.replace(&format!("{seconds}秒"), "{seconds}秒");
    bureau.answer("error_429", "", "POST /login, too often", &answer).await;
    bureau.done();
}
