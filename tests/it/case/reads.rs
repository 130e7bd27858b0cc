//! However many layers an act goes through, the case is read once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use gongkai::domain::workflow::Status;

use crate::support::TestDatabase;
use crate::support::web::{Answer, TestApp, settings};

/// Whether statements are written down.
static IS_WATCHING: AtomicBool = AtomicBool::new(false);
/// The statements that read whole cases, of this test and of those that run beside it.
static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Watch;

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if !IS_WATCHING.load(Ordering::Relaxed) {
            return;
        }
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let statement = query.to_string().replace(['`', '"'], "");
            if statement.starts_with("SELECT") && statement.contains("cases.applicant_kind") {
                SEEN.lock().unwrap().push(statement);
            }
        }
    }
}

/// How often the case was read since this was last asked.
fn n_reads(case: &str) -> usize {
    let mut seen = SEEN.lock().unwrap();
    let n = seen.iter().filter(|it| it.contains(case)).count();
    seen.clear();
    n
}

/// Opens a form and sends it, and says how often sending it read the case.
async fn act(app: &TestApp, who: &str, case: &str, action: &str, fields: &[(&str, &str)]) -> (Answer, usize) {
    let address = format!("/cases/{case}/do/{action}");
    let form = app.get(who, &address).await;
    let (version, seq) = (form.value_of("version"), form.value_of("seq"));
    let mut all = vec![("version", version.as_str()), ("seq", seq.as_str())];
    all.extend_from_slice(fields);
    n_reads(case);
    let answer = app.post(who, &address, &all).await;
    (answer, n_reads(case))
}

#[actix_web::test]
async fn an_act_reads_its_case_once() {
    set_default_instrumentation(|| Some(Box::new(Watch))).unwrap();
    for database in [Some(TestDatabase::sqlite()), TestDatabase::postgres()].into_iter().flatten() {
        let app = TestApp::with(database, settings()).await;
        IS_WATCHING.store(true, Ordering::Relaxed);
        let today = app.actor("clerk").today().to_string();

        let submission = app.get("clerk", "/cases/new").await.value_of("submission");
        let fields = [
            ("submission", submission.as_str()),
            ("channel", "in_person"),
            ("submitted_on", today.as_str()),
            ("applicant_kind", "natural_person"),
            ("applicant_name", "张丽华"),
            ("content", "东湖路18号地块征收补偿方案"),
            ("preferred_form", "paper"),
        ];
        let answer = app.post("clerk", "/cases/new", &fields).await;
        answer.is(303);
        let case = answer.location.split('/').nth(2).unwrap().to_owned();
        assert_eq!(n_reads(&case), 0, "what is registered is known");

        let assignee = format!("{}/{}", app.departments[0].0, app.users["handler"]);
        let (answer, n) = act(&app, "clerk", &case, "assign", &[("assignee", &assignee)]).await;
        assert_eq!((answer.status.as_u16(), n), (303, 1), "assign");

        let extension = [("working_days", "20"), ("notified_on", today.as_str())];
        let (answer, n) = act(&app, "approver", &case, "extend", &extension).await;
        assert_eq!((answer.status.as_u16(), n), (303, 1), "extend");

        let draft = [("outcome", "provided"), ("how_provided", "随函附送"), ("body", "予以公开。")];
        let (answer, n) = act(&app, "handler", &case, "submit_draft", &draft).await;
        assert_eq!((answer.status.as_u16(), n), (303, 1), "submit_draft");

        // A form that is refused is shown again with the whole file, of another reading.
        let (answer, n) = act(&app, "approver", &case, "extend", &[("working_days", "0")]).await;
        assert_eq!((answer.status.as_u16(), n), (422, 2), "refused");

        let case = app.case_at("万源小区", Status::Handled);
        n_reads(&case.id.to_string());
        app.post("handler", &format!("/cases/{}/reveal", case.id), &[]).await.is(200);
        assert_eq!(n_reads(&case.id.to_string()), 1, "reveal");
        IS_WATCHING.store(false, Ordering::Relaxed);
    }
}
