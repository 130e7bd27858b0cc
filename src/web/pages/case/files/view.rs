//! What the pages show of the files of a case.

use crate::domain::account::name_of;
use crate::domain::attachment::{AttachmentKind, ScanState, size_in_words};
use crate::domain::file_type::accepted_extensions;
use crate::domain::journal::ATTACH;
use crate::domain::labels::Coded;
use crate::domain::workflow::{Action, Status};
use crate::service::beijing_day;
use crate::service::case::attach_file::{Attachment, may_open_removed};
use crate::service::case::bundle_case::may_bundle;
use crate::service::case::open_case::{CaseFile, Entry};
use crate::service::case::remove_attachment::may_remove;
use crate::web::App;
use crate::web::pages::case::view::{TimelineEntry, line};
use crate::web::session::SignedIn;
use crate::web::view::words::instant;

/// How many files the page of the case shows.
const LATEST: usize = 6;

/// A file as it is listed.
#[derive(Debug, Clone)]
pub(in crate::web::pages::case) struct FileRow {
    pub name: String,
    /// Where it is opened; empty for somebody who may not.
    pub href: String,
    /// What it is for.
    pub kind: &'static str,
    /// What it is, by its content.
    pub file_type: &'static str,
    pub size: String,
    /// Whether it was scanned, and in words.
    pub is_clean: bool,
    /// See `is_clean`.
    pub scan: &'static str,
    /// Who added it, or removed it.
    pub who: String,
    pub at: String,
    pub sha256: String,
    /// Where it is removed; empty for somebody who may not.
    pub remove: String,
    /// Why it was removed.
    pub reason: String,
}

/// A kind with the number of its files.
#[derive(Debug, Clone)]
pub(in crate::web::pages::case) struct KindTab {
    pub label: &'static str,
    pub n: usize,
    /// The list of them.
    pub href: String,
    /// Whether it is the one shown.
    pub is_current: bool,
}

/// The form that takes files.
#[derive(Debug, Clone)]
pub(in crate::web::pages::case) struct UploadView {
    pub action: String,
    pub csrf: String,
    /// The largest file in MB and in bytes.
    pub max_mb: u32,
    /// See `max_mb`.
    pub max_bytes: u64,
    /// The extensions for the dialog in which files are chosen.
    pub accept: String,
    pub kinds: Vec<(&'static str, &'static str)>,
    /// The kind chosen already; empty for none.
    pub kind: String,
    /// Whether files are scanned.
    pub has_scanner: bool,
    /// Whether this is what the page is for.
    pub is_main: bool,
}

/// The files of a case.
#[derive(Debug, Clone)]
pub(in crate::web::pages::case) struct FilesView {
    /// How many there are, without those removed.
    pub n: usize,
    pub size: String,
    /// The kinds that have files, after all together.
    pub kinds: Vec<KindTab>,
    /// Those shown, the latest first.
    pub rows: Vec<FileRow>,
    /// Those removed, the latest first.
    pub removed: Vec<FileRow>,
    /// The form, for those who may add files.
    pub upload: Option<UploadView>,
    /// Where the whole case is taken out; empty for those who may not.
    pub bundle: String,
}

impl FilesView {
    /// All files, or those of a kind.
    pub fn new(app: &App, signed_in: &SignedIn, file: &CaseFile, kind: Option<AttachmentKind>) -> Self {
        let (caller, id) = (&signed_in.caller, file.case.id);
        let may_open_removed = may_open_removed(&caller.viewer);
        let there = || file.attachments.iter().filter(|it| it.removed.is_none());
        let tab = |it: Option<AttachmentKind>| KindTab {
            label: it.map_or("全部", Coded::label),
            n: there().filter(|file| it.is_none_or(|kind| file.kind == kind)).count(),
            href: it.map_or_else(
                || format!("/cases/{id}/files"),
                |kind| format!("/cases/{id}/files?kind={}", kind.code()),
            ),
            is_current: it == kind,
        };
        let tabs = [None].into_iter().chain(AttachmentKind::ALL.iter().copied().map(Some)).map(tab);
        let row = |it: &Attachment| {
            let remove = format!("/cases/{id}/files/{}/remove", it.id);
            row(
                it,
                if may_remove(caller, &file.place, it) { remove } else { String::new() },
                may_open_removed,
            )
        };
        Self {
            n: there().count(),
            size: size_in_words(there().map(|it| it.size).sum()),
            kinds: tabs.filter(|it| it.n > 0 || it.is_current).collect(),
            rows: there().rev().filter(|it| kind.is_none_or(|kind| it.kind == kind)).map(row).collect(),
            removed: file.attachments.iter().rev().filter(|it| it.removed.is_some()).map(row).collect(),
            upload: caller
                .viewer
                .acts_on(&file.place)
                .then(|| upload_view(app, signed_in, file, kind))
                .flatten()
                .map(|it| UploadView { is_main: true, ..it }),
            bundle: if may_bundle(caller, &file.place) {
                format!("/cases/{id}/bundle")
            } else {
                String::new()
            },
        }
    }

    /// The latest, for the page of the case.
    pub fn latest(app: &App, signed_in: &SignedIn, file: &CaseFile) -> Self {
        let mut it = Self::new(app, signed_in, file, None);
        it.rows.truncate(LATEST);
        it.upload.iter_mut().for_each(|it| it.is_main = false);
        it
    }
}

/// The form that takes files; none for somebody who changes nothing in cases.
pub(in crate::web::pages::case) fn upload_view(
    app: &App,
    signed_in: &SignedIn,
    file: &CaseFile,
    kind: Option<AttachmentKind>,
) -> Option<UploadView> {
    if !signed_in.caller.viewer.may(Action::AddNote) {
        return None;
    }
    let usual = match file.case.status {
        Status::Received | Status::Registered => Some(AttachmentKind::Application),
        Status::Answered => Some(AttachmentKind::DeliveryProof),
        _ => None,
    };
    let max_mb = app.settings.files.max_mb;
    Some(UploadView {
        action: format!("/cases/{}/files", file.case.id),
        csrf: signed_in.csrf.clone(),
        max_mb,
        max_bytes: u64::from(max_mb) << 20,
        accept: accepted_extensions(),
        kinds: AttachmentKind::ALL.iter().map(|it| (it.code(), it.label())).collect(),
        kind: kind.or(usual).map_or("", Coded::code).to_owned(),
        has_scanner: app.scanner.is_some(),
        is_main: false,
    })
}

fn row(it: &Attachment, remove: String, may_open_removed: bool) -> FileRow {
    let (who, at) = match &it.removed {
        Some(removal) => (&removal.by, removal.at),
        None => (&it.added_by, it.added_at),
    };
    let is_open = it.removed.is_none() || may_open_removed;
    FileRow {
        name: it.name.clone(),
        href: if is_open { format!("/cases/{}/files/{}", it.case, it.id) } else { String::new() },
        kind: it.kind.label(),
        file_type: it.file_type.label(),
        size: size_in_words(it.size),
        is_clean: it.scan == ScanState::Clean,
        scan: it.scan.label(),
        who: name_of(who).to_owned(),
        at: instant(at),
        sha256: it.hash.to_string(),
        remove,
        reason: it.removed.as_ref().map(|it| it.reason.clone()).unwrap_or_default(),
    }
}

/// A file in facts: name, text.
pub(super) fn facts(it: &Attachment) -> Vec<(&'static str, String)> {
    vec![
        ("类别", it.kind.label().to_owned()),
        ("格式", it.file_type.label().to_owned()),
        ("大小", size_in_words(it.size)),
        ("上传", format!("{}　{}", name_of(&it.added_by), instant(it.added_at))),
    ]
}

/// The journal for the page of the case, the latest first: files that somebody added one after another on
/// one day are one line, so that three hundred of them do not bury the case.
pub(in crate::web::pages::case) fn short_timeline(file: &CaseFile) -> Vec<TimelineEntry> {
    /// More are counted, not named.
    const NAMED: usize = 3;
    let belongs = |a: &Entry, b: &Entry| {
        let day = |it: &Entry| beijing_day(it.recorded_at());
        a.action == ATTACH && b.action == ATTACH && a.actor == b.actor && day(a) == day(b)
    };
    let mut lines = Vec::new();
    for entries in file.history.chunk_by(belongs).rev() {
        let [.., last] = entries else { continue };
        let mut it = line(file, last);
        if entries.len() > 1 {
            let name = |it: &Entry| -> Option<String> {
                let details: serde_json::Value = serde_json::from_str(&it.details).ok()?;
                Some(details["file_name"].as_str()?.to_owned())
            };
            let names: Vec<_> = entries.iter().rev().filter_map(name).take(NAMED).collect();
            let more = if entries.len() > NAMED { "等" } else { "" };
            it.what = format!("{} {} 份", it.what, entries.len());
            it.note = format!("{}{more}", names.join("、"));
        }
        lines.push(it);
    }
    lines
}
