//! A small office of a city, its bureau and the bureau's branch, whose people have the roles a test gives
//! them: for the pages of figures, remedies and administration. The router and the answers are those of
//! [`crate::support::web`], the records those of [`crate::support::office`].

use actix_web::http::header;
use actix_web::test::TestRequest;
use actix_web::web;
use chrono::{Datelike, NaiveDate, Utc};
use gongkai::config::Settings;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::NextDay;
use gongkai::domain::event::{Event, Subject};
use gongkai::domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::report::statistics::CountedCase;
use gongkai::domain::request::Request;
use gongkai::domain::workflow::Role;
use gongkai::service::access::add_agency::add_agency;
use gongkai::service::{Caller, Rules, ServiceError};
use gongkai::storage::access::accounts::Login;
use gongkai::storage::access::{accounts, agencies};
use gongkai::storage::case::cases;
use gongkai::storage::{Db, journal};
use gongkai::web::App;
use gongkai::web::guard::routes;

pub use crate::support::office::day;
use crate::support::office::{a_stored_case, rules};
pub use crate::support::web::Answer;
use crate::support::web::{an_account, router, settings};

/// The program over a database with a city (`SZF`), its bureau (`ZRZY`) and the bureau's branch (`FJ`).
pub struct Office {
    pub app: web::Data<App>,
    pub city: AgencyId,
    pub bureau: AgencyId,
    pub branch: AgencyId,
    pub department: DepartmentId,
}

impl Office {
    pub fn new(url: &str) -> Self {
        Self::with(url, settings())
    }

    /// The same with these settings.
    pub fn with(url: &str, settings: Settings) -> Self {
        let db = Db::open(url, 4).unwrap();
        db.migrate().unwrap();
        let rules = Rules { policy: settings.workflow.clone(), clock: settings.clock, ..rules().clone() };
        let actor = actor(&[Role::Administrator]);
        let (city, bureau, branch, department) = db
            .write(|conn| -> Result<_, ServiceError> {
                let mut add = |code: &str, name: &str, parent| -> Result<_, ServiceError> {
                    Ok(add_agency(conn, &actor, code, name, parent)?.agency_id())
                };
                let city = add("SZF", "江州市人民政府", None)?;
                let bureau = add("ZRZY", "江州市自然资源和规划局", Some("SZF"))?;
                let branch = add("FJ", "东昌分局", Some("ZRZY"))?;
                let department = agencies::department(conn, bureau, "征收科")?;
                Ok((city, bureau, branch, department))
            })
            .unwrap();
        let app = web::Data::new(App::new(db, settings, rules, &routes(), false));
        Self { app, city, bureau, branch, department }
    }

    /// Signs in somebody new with these roles; returns their token, which is also that of their forms.
    pub fn sign_in(&self, agency: AgencyId, roles: &[Role]) -> String {
        let id = UserId::new();
        let department = (agency == self.bureau).then_some(self.department);
        let mut account = an_account(&format!("u{}", id.0.simple()), "王芳", agency, department, roles);
        account.id = id;
        let token = id.to_string();
        let login = Login {
            token_hash: gongkai::service::access::hashing::hash_token(&token),
            account_id: token.clone(),
            csrf: token.clone(),
            created_at: Utc::now().naive_utc(),
            seen_at: Utc::now().naive_utc(),
            ip: String::new(),
            user_agent: String::new(),
            awaits_second_factor: false,
        };
        self.app
            .db
            .write(|conn| -> Result<_, ServiceError> {
                accounts::insert(conn, &account)?;
                Ok(accounts::insert_login(conn, &login)?)
            })
            .unwrap();
        token
    }

    pub async fn send(&self, request: TestRequest, token: &str) -> Answer {
        let call = router(self.app.clone()).await;
        call(request.insert_header((header::COOKIE, format!("gongkai_login={token}")))).await
    }

    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path), token).await
    }

    pub async fn post(&self, token: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let all: Vec<_> = [("csrf", token)].into_iter().chain(fields.iter().copied()).collect();
        self.send(TestRequest::post().uri(path).set_form(all), token).await
    }

    /// Keeps a case as an import would, open or closed: with the journal of the days on which things
    /// happened.
    pub fn case(
        &self,
        agency: AgencyId,
        received_on: &str,
        closed: Option<(&str, Outcome)>,
    ) -> (CaseId, String) {
        let (received_on, closed) = (day(received_on), closed.map(|(on, outcome)| (day(on), outcome)));
        let keep = |conn: &mut _| -> Result<_, ServiceError> {
            let case_no = cases::next_number(conn, agency, received_on.year())?;
            let mut new = a_stored_case(agency, &case_no, ApplicantKind::NaturalPerson, received_on, closed);
            new.case.applicant_name = "周涛".to_owned();
            new.case.department_id = (agency == self.bureau).then_some(self.department);
            new.case.clock.closed_on = None;
            new.request = Request { content: "征地批复".to_owned(), ..Request::default() };
            let due = received_on.checked_add_days(chrono::Days::new(28)).unwrap();
            new.next = NextDay { on: due, provisional: false, waiting_for: None };
            let (id, counted) = (new.case.id, new.case.counted());
            cases::insert(conn, &[new])?;
            let event = |action: &str, known_on: NaiveDate, counted: &CountedCase| Event {
                subject: Subject::Case,
                subject_id: id.to_string(),
                agency_id: Some(agency),
                action: action.to_owned(),
                actor: "李敏（limin）".to_owned(),
                recorded_at: Utc::now(),
                known_on,
                details: serde_json::json!({ "applicant_name": "周涛" }),
                counted: Some(counted.into()),
            };
            journal::append(conn, event("register", received_on, &CountedCase { closed: None, ..counted }))?;
            if let Some((on, _)) = closed {
                journal::append(conn, event("issue", on, &counted))?;
            }
            Ok((id, case_no))
        };
        self.app.db.write(keep).unwrap()
    }
}

pub fn actor(roles: &[Role]) -> Caller {
    let mut caller = Caller { name: "李敏（limin）".to_owned(), ..Caller::in_background(Utc::now()) };
    caller.viewer.user = UserId::new();
    caller.viewer.roles = roles.to_vec();
    caller
}
