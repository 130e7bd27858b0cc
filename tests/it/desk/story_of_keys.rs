//! Without a mouse: only keys are pressed, wherever the focus is.

use fantoccini::key::Key;
use serde_json::json;

use crate::browser::{Browser, Stage};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const CONTROL: char = '\u{e009}';
const ARROW_RIGHT: char = '\u{e014}';

/// The name, or the text, of what has the focus.
async fn focus(browser: &Browser) -> String {
    let script = "const it = document.activeElement;
        return it.name || it.getAttribute('href') || it.innerText || it.tagName";
    browser.run(script, vec![]).await.as_str().unwrap_or_default().to_owned()
}

/// Whether what has the focus shows it: with an outline, its own or that of the label around it.
async fn focus_is_visible(browser: &Browser) -> bool {
    let script = "const it = document.activeElement;
        const shows = (it) => { const style = getComputedStyle(it);
            return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; };
        return it === document.body || shows(it) || (it.labels && [...it.labels].some((label) =>
            shows(label) || [...label.children].some(shows)))";
    browser.run(script, vec![]).await == json!(true)
}

/// Moves on until this has the focus, through everything between.
async fn tab_to(browser: &Browser, name: &str) {
    for _ in 0..60 {
        let at = focus(browser).await;
        if at == name {
            return;
        }
        browser.keys([TAB]).await;
        if !focus_is_visible(browser).await {
            let script = "const it = document.activeElement; const css = getComputedStyle(it);
                return [it.outerHTML, it.matches(':focus'), it.matches(':focus-within'), css.outline].join(' ')";
            panic!("nobody sees where the focus is: {}", browser.run(script, vec![]).await);
        }
    }
    panic!("{name} cannot be reached; the focus is at {}", focus(browser).await);
}

#[actix_web::test]
async fn an_application_is_registered_with_the_keyboard() {
    assert_eq!((TAB, ENTER), (char::from(Key::Tab), char::from(Key::Enter)));
    let Some(stage) = Stage::new() else { return };
    let browser = stage.browser().await;

    browser.go("/login").await;
    tab_to(&browser, "username").await;
    browser.keys("dengji".chars()).await;
    tab_to(&browser, "password").await;
    browser.keys(gongkai::service::upkeep::demo_bureau::PASSWORD.chars()).await;
    browser.mark().await;
    browser.keys([ENTER]).await;
    browser.arrive("Enter").await;

    // The first stop leads past the navigation.
    browser.keys([TAB]).await;
    assert_eq!(focus(&browser).await, "#main");
    tab_to(&browser, "/cases/new").await;
    browser.mark().await;
    browser.keys([ENTER]).await;
    browser.arrive("Enter").await;
    assert_eq!(browser.path().await, "/cases/new");

    tab_to(&browser, "channel").await;
    // The first of the group is chosen with the space bar; the day stands there already.
    browser.keys([' ']).await;
    let channel = browser.run("return document.querySelector('[name=channel]:checked').value", vec![]).await;
    assert_eq!(channel, json!("in_person"));
    assert_ne!(browser.value("submitted_on").await, "");
    tab_to(&browser, "applicant_kind").await;
    browser.keys([ARROW_RIGHT]).await;
    tab_to(&browser, "applicant_name").await;
    browser.keys("聊城水城科技公司".chars()).await;
    // Enter moves on, and never sends half a form.
    browser.keys([ENTER]).await;
    assert_eq!(focus(&browser).await, "id_number");
    tab_to(&browser, "content").await;
    browser.keys("申请公开湖南路快速化改造工程的规划条件".chars()).await;
    browser.mark().await;
    browser.chord(CONTROL, ENTER).await;
    browser.arrive("Ctrl+Enter").await;
    browser.says("申请已登记").await;
    browser.says("聊城水城科技公司").await;

    // A stroke finds the search, from anywhere.
    browser.run("document.activeElement.blur()", vec![]).await;
    browser.keys(['/']).await;
    assert_eq!(focus(&browser).await, "q");
    browser.mark().await;
    browser.keys("湖南路快速化".chars().chain([ENTER])).await;
    browser.arrive("Enter").await;
    assert!(browser.path().await.starts_with("/cases?q="), "{}", browser.path().await);
}
