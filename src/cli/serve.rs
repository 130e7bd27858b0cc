//! `gongkai serve`.

use std::time::Duration;

use actix_web::web;
use anyhow::Context;

use crate::cli::Office;
use crate::config::{LogFormat, Settings};
use crate::domain::labels::Coded;
use crate::jobs::Scheduler;
use crate::storage::upkeep::plans;
use crate::web::{App, guard, server};

/// How long the end of the server waits for the job at hand.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves until it is told to stop.
pub(super) fn run(office: Office, is_demo: bool) -> anyhow::Result<()> {
    start_log(&office.settings);
    let db = office.open()?;
    if !db.is_empty()? && db.has_pending_migrations()? {
        super::database::migrate(&office)?;
    }
    db.migrate()?;
    db.write(plans::ensure)?;
    let rules = office.rules(&db)?;
    let listen = office.settings.server.listen;
    // A rehearsal of another day sends nothing.
    let works = office.settings.jobs.is_enabled && !office.clock.is_set();
    let jobs = works.then(|| (db.clone(), office.settings.clone()));
    let app = web::Data::new(
        App::new(db, office.settings, rules, &guard::routes(), is_demo).with_clock(office.clock),
    );
    // What a process that was killed has left on its way.
    match app.files.sweep(std::time::SystemTime::now()) {
        Ok(0) => {}
        Ok(n) => tracing::info!(n, "removed files that had not come in whole"),
        Err(err) => tracing::warn!(error = %err, "cannot look through the files on their way"),
    }
    let setup_token = app.setup_token()?.map(str::to_owned);
    let public_url = app.settings.server.public_url.clone();
    actix_web::rt::System::new().block_on(async move {
        let (server, address) = server::start(app).with_context(|| format!("无法监听 {listen}"))?;
        println!("已启动：http://{address}/");
        if let Some(token) = setup_token {
            println!("还没有账号。请打开 {public_url}/setup 初始设置，启用口令：{token}");
        }
        let scheduler = jobs.map(|(db, settings)| Scheduler::start(db, settings)).transpose();
        let scheduler = scheduler.context("无法启动后台任务")?;
        let ended = server.await.context("服务异常终止");
        if let Some(scheduler) = scheduler {
            scheduler.end(PATIENCE);
        }
        ended
    })
}

fn start_log(settings: &Settings) {
    let level = settings.log.level.code();
    let log = tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr);
    // A second start in one process keeps the first one's log.
    let started = match settings.log.format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    if let Err(err) = started {
        eprintln!("{err}");
    }
}
