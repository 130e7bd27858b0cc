//! The whole case as one ZIP, for the reconsideration body, the court or the archive.
//!
//! It is written to the disk first and sent then: one that breaks off would look like a whole one to
//! whoever does not check, and a full disk is told to the person who asked.

use std::io::Seek;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDateTime, Utc};
use tempfile::NamedTempFile;

use crate::documents::bundle::{Bundle, BundleError, Listed, checksums, portable_name};
use crate::domain::account::name_of;
use crate::domain::attachment::{AttachmentKind, size_in_words};
use crate::domain::labels::Coded;
use crate::domain::wording;
use crate::files::{FileError, Store};
use crate::service::case::attach_file::Attachment;
use crate::service::case::bundle_case::{ToBundle, file_to_bundle, note_bundle};
use crate::service::case::open_case::CaseFile;
use crate::service::{Rules, ServiceError, beijing_day};
use crate::web::App;
use crate::web::download;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::pages::case::case_id;
use crate::web::pages::case::show::head;
use crate::web::pages::case::view::{self, DraftView, Head, TimelineEntry};
use crate::web::session::SignedIn;
use crate::web::view::words::instant;

/// What stands at the top of every page of a bundle.
#[derive(Debug, Clone)]
struct Front {
    agency: String,
    case_no: String,
    applicant: String,
    status: &'static str,
    made: String,
}

#[derive(Template)]
#[template(path = "bundle/application.html")]
struct ApplicationPage<'a> {
    front: &'a Front,
    content: &'a str,
    facts: Vec<(&'static str, String, bool)>,
    consultations: Vec<[String; 6]>,
    fee: Vec<(&'static str, String)>,
    remedies: Vec<[String; 5]>,
    linked: Vec<[String; 3]>,
}

#[derive(Template)]
#[template(path = "bundle/ledger.html")]
struct LedgerPage<'a> {
    front: &'a Front,
    head: &'a Head,
    lines: Vec<[String; 5]>,
    findings: Vec<(&'static str, String)>,
}

/// A reply: its round, its facts, its text.
type Reply = (i32, Vec<(&'static str, String)>, String);

#[derive(Template)]
#[template(path = "bundle/opinions.html")]
struct OpinionsPage<'a> {
    front: &'a Front,
    replies: Vec<Reply>,
    drafts: Vec<DraftView>,
}

#[derive(Template)]
#[template(path = "bundle/history.html")]
struct HistoryPage<'a> {
    front: &'a Front,
    entries: Vec<TimelineEntry>,
    seal: String,
}

#[derive(Template)]
#[template(path = "bundle/list.html")]
struct ListPage<'a> {
    front: &'a Front,
    files: Vec<(&'a Listed, String)>,
    removed: Vec<[String; 4]>,
    made_by: String,
}

/// A page of the bundle: its path, what it is, its text.
type BundlePage = (&'static str, &'static str, String);

/// The front, and the pages the program draws itself.
fn pages(
    file: &CaseFile,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<(Front, Vec<BundlePage>), askama::Error> {
    let (head, reading) = head(file, rules, beijing_day(now));
    let front = Front {
        agency: file.agency.name.clone(),
        case_no: file.case.case_no.clone(),
        applicant: file.case.applicant_name.clone(),
        status: file.case.status.label(),
        made: instant(now),
    };
    let day = |it: Option<chrono::NaiveDate>| it.map(wording::day).unwrap_or_default();
    let application = ApplicationPage {
        front: &front,
        content: &file.request.content,
        facts: view::request_facts(file, true),
        consultations: file
            .case
            .clock
            .consultations
            .iter()
            .map(|it| {
                let opinion = match it.consent {
                    Some(true) => "同意公开",
                    Some(false) => "不同意公开",
                    None => "",
                };
                [
                    it.party.label().to_owned(),
                    it.name.clone(),
                    wording::day(it.sent_on),
                    day(it.delivered_on),
                    day(it.returned_on),
                    opinion.to_owned(),
                ]
            })
            .collect(),
        fee: crate::web::pages::case::show::fee(file),
        remedies: file
            .remedies
            .iter()
            .map(|it| {
                let result = it.facts.concluded.map_or_else(
                    || "尚未审结".to_owned(),
                    |(on, result)| format!("{} {}", wording::day(on), result.label()),
                );
                [
                    it.facts.kind.label().to_owned(),
                    it.remedy_no.clone(),
                    it.body.clone(),
                    wording::day(it.facts.accepted_on),
                    result,
                ]
            })
            .collect(),
        linked: file
            .linked
            .iter()
            .map(|it| [it.case_no.clone(), it.applicant_name.clone(), it.reason.clone()])
            .collect(),
    };
    let ledger = LedgerPage {
        front: &front,
        head: &head,
        lines: reading
            .ledger
            .iter()
            .map(|step| {
                let span = step.span.as_ref().map(|it| it.words()).unwrap_or_default();
                [
                    wording::day_with_weekday(step.on),
                    step.text.clone(),
                    step.article.to_owned(),
                    span,
                    format!("{} / {}", step.used, step.allowed),
                ]
            })
            .collect(),
        findings: reading.findings.iter().map(|it| (it.kind.label(), it.text.clone())).collect(),
    };
    let replies = file.replies.iter().filter(|(_, it)| it.outcome.is_some());
    let opinions = OpinionsPage {
        front: &front,
        replies: replies.map(|(round, it)| (*round, view::reply_facts(it), it.body.clone())).collect(),
        drafts: view::drafts(file),
    };
    let mut entries = view::timeline(file, 0);
    entries.reverse();
    let last = file.history.last();
    let seal = last.map(|it| format!("第 {} 条 {}", it.seq, it.hash)).unwrap_or_default();
    let history = HistoryPage { front: &front, entries, seal };
    let pages = vec![
        ("01 申请登记.html", "申请登记", application.render()?),
        ("02 期限台账.html", "期限台账", ledger.render()?),
        ("03 答复和审核意见.html", "答复和审核意见", opinions.render()?),
        ("04 办理经过.html", "办理经过", history.render()?),
    ];
    Ok((front, pages))
}

/// A letter as it was issued.
struct Letter {
    /// Its name, without the number of its place.
    name: String,
    /// Its hash when it was issued.
    sha256: String,
    /// That another stands in its place, and why.
    note: String,
    docx: Vec<u8>,
}

/// The letters, in the order in which they were issued.
fn letters(it: &ToBundle) -> Vec<Letter> {
    let replaced = |id| it.file.letters.iter().find(|other| other.replaces == Some(id));
    let letters = it.file.letters.iter().zip(&it.letters).map(|(letter, docx)| {
        let no = letter.document_no.as_deref().unwrap_or_default();
        let note = replaced(letter.id)
            .map(|by| format!("已由 {} 出具的同类文书取代：{}", wording::day(by.issued_on), by.reason));
        Letter {
            name: portable_name(format!("{} {no}", letter.title).trim()),
            sha256: letter.sha256.clone(),
            note: note.unwrap_or_default(),
            docx: docx.clone(),
        }
    });
    letters.collect()
}

/// A case on its way out.
struct Making {
    front: Front,
    pages: Vec<BundlePage>,
    letters: Vec<Letter>,
    attachments: Vec<Attachment>,
    made_by: String,
    at: NaiveDateTime,
}

/// What was made.
struct Made {
    file: NamedTempFile,
    size: u64,
    n_files: usize,
    list_sha256: String,
}

impl Making {
    fn write(&self, store: &Store) -> Result<Made, MakingError> {
        let mut bundle = Bundle::new(store.temporary()?, self.at);
        for (path, what, text) in &self.pages {
            bundle.add_text(path, what, text)?;
        }
        for (no, it) in (1..).zip(&self.letters) {
            let path = format!("05 文书/{no:03} {}.docx", it.name);
            bundle.add_file(&path, "文书", &mut it.docx.as_slice())?;
            bundle.remark(&it.note);
            if bundle.listed().last().is_some_and(|listed| listed.hash.as_str() != it.sha256) {
                bundle.remark(&format!("内容与出具时不符；登记的校验值为 {}", it.sha256));
            }
        }
        self.add_attachments(&mut bundle, store)?;
        let list = ListPage {
            front: &self.front,
            files: bundle.listed().iter().map(|it| (it, size_in_words(it.size))).collect(),
            removed: self
                .attachments
                .iter()
                .filter_map(|it| {
                    let removal = it.removed.as_ref()?;
                    Some([
                        it.name.clone(),
                        name_of(&removal.by).to_owned(),
                        instant(removal.at),
                        removal.reason.clone(),
                    ])
                })
                .collect(),
            made_by: self.made_by.clone(),
        };
        let list = list.render()?;
        let sums = checksums(bundle.listed());
        let n_files = bundle.listed().len();
        bundle.add_text("00 清单.html", "清单", &list)?;
        let list_sha256 = bundle.listed().last().map(|it| it.hash.to_string()).unwrap_or_default();
        bundle.add_text("00 校验值.sha256", "校验值", &sums)?;
        let mut file = bundle.finish()?;
        let size = file.as_file().metadata()?.len();
        file.rewind()?;
        Ok(Made { file, size, n_files, list_sha256 })
    }

    /// The files, in a folder for each kind. One that is missing or is not what it was is said to be so,
    /// and does not keep the others back.
    fn add_attachments(&self, bundle: &mut Bundle<NamedTempFile>, store: &Store) -> Result<(), MakingError> {
        // Folder 05 is that of the letters.
        for (folder, kind) in (6..).zip(AttachmentKind::ALL) {
            let of_kind = self.attachments.iter().filter(|it| it.kind == *kind && it.removed.is_none());
            for (no, it) in (1..).zip(of_kind) {
                let path = format!("{folder:02} {}/{no:03} {}", kind.label(), portable_name(&it.name));
                match store.open(&it.hash) {
                    Ok(mut file) => bundle.add_file(&path, kind.label(), &mut file)?,
                    Err(FileError::Missing) => {
                        let text = "存储中找不到这个文件。请联系管理员从备份中恢复后重新导出。\r\n";
                        bundle.add_text(&format!("{path}（缺失）.txt"), kind.label(), text)?;
                        bundle.remark(&format!("文件缺失；登记的校验值为 {}", it.hash));
                        continue;
                    }
                    Err(err) => return Err(err.into()),
                }
                let is_sound = bundle.listed().last().is_some_and(|listed| listed.hash == it.hash);
                if !is_sound {
                    bundle.remark(&format!("内容与登记时不符；登记的校验值为 {}", it.hash));
                }
            }
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
enum MakingError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error(transparent)]
    Page(#[from] askama::Error),
}

impl From<std::io::Error> for MakingError {
    fn from(err: std::io::Error) -> Self {
        Self::File(err.into())
    }
}

impl From<MakingError> for WebError {
    fn from(err: MakingError) -> Self {
        match err {
            MakingError::File(err) => ServiceError::from(err).into(),
            MakingError::Bundle(BundleError::Io(err)) => match err.into() {
                FileError::Full => ServiceError::refused(FULL).into(),
                err => ServiceError::from(err).into(),
            },
            MakingError::Bundle(BundleError::Zip(err)) => {
                ServiceError::from(FileError::Io(std::io::Error::other(err))).into()
            }
            MakingError::Page(err) => err.into(),
        }
    }
}

const FULL: &str = "服务器磁盘空间不足，案卷没有导出；其他数据不受影响。请联系管理员清理磁盘后再导出";

/// POST for the ZIP; the journal keeps who took it.
pub(super) async fn send(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let id = case_id(&id)?;
    let (caller, rules, store) = (signed_in.caller.clone(), app.rules(), app.files.clone());
    let made = app
        .run_with_files(move |db| {
            let whole = db.snapshot(|conn| file_to_bundle(conn, &caller, id))?;
            let file = &whole.file;
            let result =
                pages(file, &rules, caller.now).map_err(MakingError::from).and_then(|(front, pages)| {
                    let name = portable_name(&format!("案卷 {} {}.zip", front.case_no, front.applicant));
                    let at = caller.now.naive_utc() + chrono::TimeDelta::hours(8);
                    let made_by = name_of(&caller.name).to_owned();
                    let (letters, attachments) = (letters(&whole), file.attachments.clone());
                    let making = Making { front, pages, letters, attachments, made_by, at };
                    Ok((name, making.write(&store)?))
                });
            if let Ok((_, made)) = &result {
                note_bundle(db, &caller, id, made.n_files, &made.list_sha256)?;
            }
            Ok(result)
        })
        .await?;
    let (name, made) = made.map_err(WebError::from)?;
    let disposition = download::attachment(&name, &format!("case-{id}.zip"));
    let mut response = download::send(made.file, made.size, "application/zip", disposition);
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}
