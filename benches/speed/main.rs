//! How fast the program is, and how much of that is the database's: `cargo bench --bench speed`.
//!
//! It makes a register of its own in a temporary directory, once on SQLite and once on a PostgreSQL
//! server it starts, and measures each operation in turns with the barest SQL that reads or writes the
//! same rows. `docs/performance.md` has the figures and what was learned from them.
//!
//! ```text
//! cargo bench --bench speed -- [--database sqlite|postgres|both] [--cases 10000,100000,1000000]
//! ```

#![allow(clippy::unit_arg, reason = "what is timed ends in a drop, and the drop is part of it")]

mod bare;
mod data;
mod load;
mod measure;
mod operations;
mod postgres;
mod random;
mod register;
mod registration;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Parser, ValueEnum};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use gongkai::storage::Db;

use measure::{Figure, Setting, table, thousands};

#[derive(Parser)]
struct Arguments {
    /// Which databases.
    #[arg(long, value_enum, default_value = "both")]
    database: Database,
    /// With how many cases, one after the other.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
    cases: Vec<u32>,
    /// Measure only what has this in its name.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Wait before everything is deleted, to look at the database.
    #[arg(long)]
    keep: bool,
    /// Measure this database, filled by a run that waits, instead of making one.
    #[arg(long, value_name = "URL")]
    at: Option<String>,
    /// Only fill this empty database and leave it, for measurements over HTTP.
    #[arg(long, value_name = "URL", conflicts_with = "at")]
    fill: Option<String>,
    /// Only write a register of one office, to be imported as an office imports its own (CSV).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["at", "fill"])]
    register: Option<PathBuf>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
    Both,
}

/// How much room a filled database takes.
struct Size {
    database: &'static str,
    cases: u32,
    bytes: u64,
    seconds: f64,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (mut figures, mut sizes) = (Vec::new(), Vec::new());
    if let Some(url) = &arguments.fill {
        fill(url, arguments.cases.last().copied().unwrap_or_default())?;
        return Ok(());
    }
    if let Some(file) = &arguments.register {
        return register::write(file, arguments.cases.last().copied().unwrap_or_default());
    }
    if let Some(url) = &arguments.at {
        let database = if url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
        let cases = arguments.cases.first().copied().unwrap_or_default();
        let setting = Setting { database, cases, only: arguments.only.as_deref() };
        let figures = operations::measure(setting, &Db::open(url, 2)?)?;
        println!("{}", table(&figures));
        return Ok(());
    }
    for &cases in &arguments.cases {
        if arguments.database != Database::Postgres {
            on_sqlite(cases, &arguments, &mut figures, &mut sizes)?;
        }
        if arguments.database != Database::Sqlite {
            on_postgres(cases, &arguments, &mut figures, &mut sizes)?;
        }
    }
    println!("{}", table(&figures));
    println!("| Database | Cases | Size, MB | kB per case | Filled in, s |\n|---|---|---|---|---|");
    for Size { database, cases, bytes, seconds } in sizes {
        let per_case = u64::from(cases) * 1_000;
        println!(
            "| {database} | {} | {} | {}.{:02} | {seconds:.0} |",
            thousands(cases),
            bytes / 1_000_000,
            bytes / per_case,
            bytes % per_case * 100 / per_case,
        );
    }
    Ok(())
}

fn on_sqlite(
    cases: u32,
    arguments: &Arguments,
    figures: &mut Vec<Figure>,
    sizes: &mut Vec<Size>,
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("speed.db");
    let url = format!("sqlite://{}", path.display());
    let seconds = fill(&url, cases)?;
    sizes.push(Size { database: "SQLite", cases, bytes: std::fs::metadata(&path)?.len(), seconds });
    let setting = Setting { database: "SQLite", cases, only: arguments.only.as_deref() };
    figures.extend(operations::measure(setting, &Db::open(&url, 2)?)?);
    wait(arguments.keep, &path)
}

fn on_postgres(
    cases: u32,
    arguments: &Arguments,
    figures: &mut Vec<Figure>,
    sizes: &mut Vec<Size>,
) -> anyhow::Result<()> {
    #[derive(diesel::QueryableByName)]
    struct Bytes {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        bytes: i64,
    }

    let server = postgres::Server::start()?;
    let url = server.url();
    let seconds = fill(&url, cases)?;
    let mut conn = PgConnection::establish(&url)?;
    let Bytes { bytes } =
        sql_query("SELECT pg_database_size(current_database()) AS bytes").get_result(&mut conn)?;
    conn.batch_execute("SELECT 1")?;
    drop(conn);
    sizes.push(Size { database: "PostgreSQL", cases, bytes: bytes.unsigned_abs(), seconds });
    let setting = Setting { database: "PostgreSQL", cases, only: arguments.only.as_deref() };
    figures.extend(operations::measure(setting, &Db::open(&url, 2)?)?);
    wait(arguments.keep, Path::new(&url))
}

/// Fills an empty database; the connections for it are closed afterwards. Returns the seconds it took.
fn fill(url: &str, cases: u32) -> anyhow::Result<f64> {
    let start = Instant::now();
    load::fill(&Db::open(url, 2)?, cases)?;
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{url}: {} cases in {seconds:.0} s", thousands(cases));
    Ok(seconds)
}

fn wait(keep: bool, place: &Path) -> anyhow::Result<()> {
    if keep {
        eprintln!("{}: press Enter to delete it", place.display());
        std::io::stdin().read_line(&mut String::new())?;
    }
    Ok(())
}
