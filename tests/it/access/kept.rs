//! What was typed into a form about a case outlives the login it was typed in, for its writer alone.

use gongkai::domain::case::{Case, Command};
use gongkai::domain::workflow::Status;
use gongkai::storage::access::accounts;

use crate::support::web::{Answer, PASSWORD, TestApp};

const TEXT: &str = "写了一个上午的“答复内容”，\r\n还有第二段 & <附件>。";

/// A case that waits for the draft of `handler`, and the address of the form.
fn case_to_draft(app: &TestApp) -> (Case, String) {
    let case = app.register("万源小区三期征收补偿方案");
    let assign = Command::Assign { department: app.departments[0], handler: Some(app.users["handler"]) };
    let case = app.act("clerk", &case, &assign).unwrap();
    let path = format!("/cases/{}/do/submit_draft", case.id);
    (case, path)
}

fn end_logins(app: &TestApp) {
    app.db().write(|conn| accounts::end_logins(conn, app.users["handler"], None)).unwrap();
}

/// The form of a draft with a text in it, as the browser would send it.
async fn typed(app: &TestApp, path: &str) -> Vec<(&'static str, String)> {
    let form = app.get("handler", path).await;
    form.is(200);
    let of_form = |name| (name, form.value_of(name));
    let typed = |name, text: &str| (name, text.to_owned());
    let typed = [
        typed("outcome", "provided"),
        typed("how_provided", "随函附送复印件"),
        typed("body", TEXT),
        typed("reply_no", ""),
    ];
    [of_form("csrf"), of_form("version"), of_form("seq")].into_iter().chain(typed).collect()
}

async fn send(app: &TestApp, path: &str, fields: &[(&str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    app.post_raw("handler", path, &fields).await
}

/// Fills in the login page that came in answer to a form.
async fn sign_in_on(app: &TestApp, page: &Answer, login: &str, password: &str) -> Answer {
    let of_page = |name| (name, plain(&page.value_of(name)));
    let typed = [("username", login.to_owned()), ("password", password.to_owned())];
    let fields: Vec<_> =
        [of_page("csrf"), of_page("next"), of_page("kept")].into_iter().chain(typed).collect();
    send(app, "/login", &fields).await
}

fn plain(html: &str) -> String {
    let signs = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    signs.iter().fold(html.to_owned(), |text, (escaped, sign)| text.replace(escaped, sign))
}

#[actix_web::test]
async fn a_draft_goes_along_through_the_login_and_comes_back_to_its_form() {
    let app = TestApp::new().await;
    let (case, path) = case_to_draft(&app);
    let mut fields = typed(&app, &path).await;
    end_logins(&app);
    let login = send(&app, &path, &fields).await;
    login.is(401).says("没有丢失").says("name=\"password\"");
    assert_eq!(login.header("cache-control"), "no-store");
    // A slip at the password loses nothing either.
    let again = sign_in_on(&app, &login, "handler", "wrong").await;
    again.is(422);
    let back = sign_in_on(&app, &again, "handler", PASSWORD).await;
    back.is(200).says("继续填写").says(&format!("action=\"{path}\""));
    assert!(plain(&back.body).contains(TEXT), "{}", back.body);
    // The form as it was left. Nothing is stored by going back to it.
    fields[0].1 = back.value_of("csrf");
    fields.push(("then", "kept".to_owned()));
    let form = send(&app, &path, &fields).await;
    form.is(200).says("还没有提交").says("随函附送复印件");
    assert!(plain(&form.body).contains(TEXT), "{}", form.body);
    assert_eq!(app.case_now(&case).version, case.version);
    fields.pop();
    send(&app, &path, &fields).await.leads_to(&format!("/cases/{}", case.id));
    assert_eq!(app.case_now(&case).status, Status::UnderReview);
}

#[actix_web::test]
async fn somebody_else_who_signs_in_there_does_not_see_it() {
    let app = TestApp::new().await;
    let (_, path) = case_to_draft(&app);
    let fields = typed(&app, &path).await;
    end_logins(&app);
    let login = send(&app, &path, &fields).await;
    sign_in_on(&app, &login, "clerk", PASSWORD).await.leads_to("/").says_not("上午");
    // Nor where they are signed in before the old page is sent.
    send(&app, &path, &fields).await.is(403).says("页面已失效").says_not("上午");
}

#[actix_web::test]
async fn who_has_signed_in_again_elsewhere_sends_the_old_page_without_loss() {
    let app = TestApp::new().await;
    let (case, path) = case_to_draft(&app);
    let fields = typed(&app, &path).await;
    end_logins(&app);
    app.sign_in("handler", PASSWORD).await.is(303);
    let back = send(&app, &path, &fields).await;
    back.is(403).says("继续填写").says("上午");
    assert_ne!(back.value_of("csrf"), fields[0].1);
    assert_eq!(app.case_now(&case).version, case.version);
}

#[actix_web::test]
async fn only_acts_on_cases_are_kept() {
    let app = TestApp::new().await;
    app.get("handler", "/account/password").await.is(200);
    end_logins(&app);
    let answer = app.post("handler", "/account/password", &[("old", PASSWORD)]).await;
    answer.is(401).says_not(PASSWORD).says("登录已失效");
}
