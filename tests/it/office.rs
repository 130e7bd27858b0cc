//! A small office with its people, over the real router, for the pages of figures, remedies and
//! administration.

use actix_web::dev::Service;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{App as Actix, test, web};
use chrono::{NaiveDate, Utc};
use gongkai::config::{Settings, Sources};
use gongkai::domain::calendar::WorkCalendar;
use gongkai::domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use gongkai::domain::mail::MailPolicy;
use gongkai::domain::reminders::ReminderPolicy;
use gongkai::domain::workflow::Role;
use gongkai::service::add_agency::add_agency;
use gongkai::service::{Actor, Rules, ServiceError};
use gongkai::storage::accounts::{Account, Login};
use gongkai::storage::{Db, StorageError, accounts, agencies};
use gongkai::web::{App, access};

/// The program over a database with a city (`SZF`), its bureau (`ZRZY`) and the bureau's branch (`FJ`).
pub struct Office {
    pub app: web::Data<App>,
    pub city: AgencyId,
    pub bureau: AgencyId,
    pub branch: AgencyId,
    pub department: DepartmentId,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub disposition: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The page as words: without tags, spaces between them closed up.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut in_tag = false;
        for it in self.text().chars() {
            match it {
                '<' => in_tag = true,
                '>' => in_tag = false,
                _ if in_tag || it.is_whitespace() => {}
                _ => words.push(it),
            }
        }
        words
    }

    #[track_caller]
    pub fn has(&self, words: &str) {
        assert!(self.words().contains(words), "no “{words}” in {} {}", self.status, self.words());
    }

    #[track_caller]
    pub fn lacks(&self, words: &str) {
        assert!(!self.words().contains(words), "“{words}” in {}", self.words());
    }

    /// The value of a field of a form on the page.
    pub fn value(&self, name: &str) -> String {
        let text = self.text();
        let at = text.find(&format!("name=\"{name}\"")).expect("the field");
        let start = text[..at].rfind('<').expect("its tag");
        let tag = &text[start..start + text[start..].find('>').expect("its end")];
        tag.split("value=\"").nth(1).and_then(|it| it.split('"').next()).unwrap_or_default().to_owned()
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Office {
    pub fn new(url: &str) -> Self {
        let db = Db::open(url, 4).unwrap();
        db.migrate().unwrap();
        let settings = Settings::load(&Sources::default()).unwrap();
        let rules = Rules {
            policy: settings.workflow.clone(),
            clock: settings.clock,
            calendar: WorkCalendar::published(),
            mail: MailPolicy::default(),
            reminders: ReminderPolicy::default(),
        };
        let actor = actor(&[Role::Administrator]);
        let (city, bureau, branch, department) = db
            .write(|conn| -> Result<_, ServiceError> {
                let city = add_agency(conn, &actor, "SZF", "江州市人民政府", None)?.agency_id();
                let bureau =
                    add_agency(conn, &actor, "ZRZY", "江州市自然资源和规划局", Some("SZF"))?.agency_id();
                let branch = add_agency(conn, &actor, "FJ", "东昌分局", Some("ZRZY"))?.agency_id();
                let department = agencies::department(conn, bureau, "征收科")?;
                Ok((city, bureau, branch, department))
            })
            .unwrap();
        let app = web::Data::new(App::new(db, settings, rules, false));
        Self { app, city, bureau, branch, department }
    }

    /// Signs in somebody new with these roles; returns their token, which is also that of their forms.
    pub fn sign_in(&self, agency: AgencyId, roles: &[Role]) -> String {
        let id = UserId::new();
        let account = Account {
            id,
            login: format!("u{}", id.0.simple()),
            name: "王芳".to_owned(),
            agency_id: agency,
            department_id: (agency == self.bureau).then_some(self.department),
            version: 1,
            password_hash: String::new(),
            password_set_at: Utc::now(),
            must_change_password: false,
            totp_secret: None,
            is_disabled: false,
            n_failures: 0,
            locked_until: None,
            created_at: Utc::now(),
            roles: roles.to_vec(),
        };
        let token = id.to_string();
        let login = Login {
            token_hash: gongkai::service::sign_in::hash_token(&token),
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
            .write(|conn| -> Result<_, StorageError> {
                accounts::insert(conn, &account)?;
                accounts::insert_login(conn, &login)
            })
            .unwrap();
        token
    }

    async fn send(&self, request: test::TestRequest, token: &str) -> Answer {
        let service = test::init_service(
            Actix::new().app_data(self.app.clone()).wrap(from_fn(access::guard)).configure(access::mount),
        )
        .await;
        let cookie = actix_web::cookie::Cookie::new("gongkai_login", token.to_owned());
        match service.call(request.cookie(cookie).to_request()).await {
            Ok(response) => {
                let header = |name: header::HeaderName| {
                    let value = response.headers().get(name).and_then(|it| it.to_str().ok());
                    value.unwrap_or_default().to_owned()
                };
                let (location, disposition) = (header(header::LOCATION), header(header::CONTENT_DISPOSITION));
                let status = response.status().as_u16();
                Answer { status, location, disposition, bytes: test::read_body(response).await.to_vec() }
            }
            Err(error) => {
                let response = error.error_response();
                let status = response.status().as_u16();
                let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap_or_default();
                Answer { status, location: String::new(), disposition: String::new(), bytes: bytes.to_vec() }
            }
        }
    }

    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.send(test::TestRequest::get().uri(path), token).await
    }

    pub async fn post(&self, token: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let all: Vec<_> = [("csrf", token)].into_iter().chain(fields.iter().copied()).collect();
        self.send(test::TestRequest::post().uri(path).set_form(all), token).await
    }

    /// Registers an application and, with an outcome, closes it; written down by `known_on`.
    pub fn case(
        &self,
        agency: AgencyId,
        received_on: &str,
        closed: Option<(&str, gongkai::domain::outcome::Outcome)>,
    ) -> (CaseId, String) {
        cases::keep(self, agency, day(received_on), closed.map(|(on, outcome)| (day(on), outcome)))
    }
}

pub fn actor(roles: &[Role]) -> Actor {
    Actor {
        user: UserId::new(), name: "李敏（limin）".to_owned(), roles: roles.to_vec(), now: Utc::now()
    }
}

mod cases {
    use gongkai::domain::applicant::ApplicantKind;
    use gongkai::domain::case::{Case, NextDay};
    use gongkai::domain::event::{Event, Subject};
    use gongkai::domain::outcome::Outcome;
    use gongkai::domain::request::Request;
    use gongkai::domain::response_clock::ClockFacts;
    use gongkai::domain::workflow::Status;
    use gongkai::storage::cases::NewCase;
    use gongkai::storage::{cases, journal};

    use super::*;

    /// Keeps a case as an import would: with the journal of the days on which things happened.
    pub fn keep(
        office: &Office,
        agency: AgencyId,
        received_on: NaiveDate,
        closed: Option<(NaiveDate, Outcome)>,
    ) -> (CaseId, String) {
        use chrono::Datelike;
        office
            .app
            .db
            .write(|conn| -> Result<_, ServiceError> {
                let case_no = cases::next_number(conn, agency, received_on.year())?;
                let case = Case {
                    id: CaseId::new(),
                    agency_id: agency,
                    case_no: case_no.clone(),
                    version: 1,
                    status: if closed.is_some() { Status::Answered } else { Status::Handled },
                    channel: None,
                    received_on,
                    applicant_kind: ApplicantKind::NaturalPerson,
                    applicant_name: "周涛".to_owned(),
                    department_id: (agency == office.bureau).then_some(office.department),
                    handler_id: None,
                    round: 1,
                    closed,
                    clock: ClockFacts::received(received_on),
                    reply: None,
                };
                let due = received_on.checked_add_days(chrono::Days::new(28)).unwrap();
                let next = NextDay { on: due, provisional: false, waiting_for: None };
                let request = Request { content: "征地批复".to_owned(), ..Request::default() };
                let counted = case.counted();
                let id = case.id;
                cases::insert(conn, &[NewCase { case, request, next, registered_at: Utc::now() }])?;
                let event =
                    |action: &str, known_on, counted: &gongkai::domain::statistics::CountedCase| Event {
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
                let open = gongkai::domain::statistics::CountedCase { closed: None, ..counted };
                journal::append(conn, event("register", received_on, &open))?;
                if let Some((on, _)) = closed {
                    journal::append(conn, event("issue", on, &counted))?;
                }
                Ok((id, case_no))
            })
            .unwrap()
    }
}
