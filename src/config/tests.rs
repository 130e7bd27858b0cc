use std::io::Write;

use super::*;
use crate::domain::outcome::Outcome;
use crate::domain::workflow::ReviewPolicy;

fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The settings with this file and these variables.
fn load(file: &str, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let mut toml = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    toml.write_all(file.as_bytes()).unwrap();
    let file = Some(toml.path().to_owned());
    Settings::load(&Sources { file, environment: environment(variables), database_url: None })
}

/// The message for this file and these variables, with the name of the file as `FILE`.
fn refusal(file: &str, variables: &[(&str, &str)]) -> String {
    let text = load(file, variables).unwrap_err().to_string();
    match text.split_once("配置文件 ").and_then(|(_, rest)| rest.split_once(".toml")) {
        Some((path, _)) => text.replace(&format!("{path}.toml"), "FILE"),
        None => text,
    }
}

fn defaults() -> Settings {
    Settings::load(&Sources::default()).unwrap()
}

#[test]
fn the_defaults_are_valid_and_those_of_the_domain() {
    let settings = defaults();
    assert_eq!(settings.database.url.expose(), "sqlite://var/gongkai.db");
    assert_eq!(settings.workflow, Policy::default());
    assert_eq!(settings.clock, ClockSettings::default());
    assert_eq!(settings.report.submit_by.in_year(2027).to_string(), "2027-01-31");
    assert!(!settings.server.has_secure_cookies());
}

#[test]
fn every_default_is_read() {
    let defaults: toml::Table = DEFAULTS.parse().unwrap();
    for (section, keys) in &defaults {
        for key in keys.as_table().unwrap().keys() {
            let text = refusal(&format!("[{section}]\n{key} = ['?']"), &[]);
            assert!(text.contains(&format!("“{section}.{key}”应为")), "{section}.{key} is not read: {text}");
        }
    }
}

#[test]
fn later_sources_win() {
    let file = "[database]\nurl = 'sqlite://file.db'\npool_size = 3\n[log]\nlevel = 'warn'";
    let nested = ("GONGKAI__DATABASE__URL", "sqlite://nested.db");
    let short = ("GONGKAI_DATABASE_URL", "sqlite://short.db");
    let url = |settings: Settings| settings.database.url.expose().to_owned();
    assert_eq!(url(load(file, &[]).unwrap()), "sqlite://file.db");
    assert_eq!(url(load(file, &[nested]).unwrap()), "sqlite://nested.db");
    assert_eq!(url(load(file, &[nested, short]).unwrap()), "sqlite://short.db");
    let argument = Sources {
        environment: environment(&[nested, short]),
        database_url: Some("postgres://db/gk".to_owned()),
        file: None,
    };
    assert_eq!(url(Settings::load(&argument).unwrap()), "postgres://db/gk");
    let settings = load(file, &[("GONGKAI__DATABASE__POOL_SIZE", "5")]).unwrap();
    assert_eq!((settings.database.pool_size, settings.log.level), (5, LogLevel::Warn));
    assert_eq!(settings.server, defaults().server);
}

#[test]
fn other_variables_are_ignored() {
    let others = [("PATH", "/bin"), ("GONGKAI_TEST_REQUIRE", "postgres"), ("MY_GONGKAI__A__B", "1")];
    assert_eq!(load("", &others).unwrap(), defaults());
}

#[test]
fn the_steps_of_the_office() {
    let review =
        |text: &str| load(&format!("workflow.legal_review = {text}"), &[]).unwrap().workflow.legal_review;
    let two = ReviewPolicy::ForOutcomes(vec![Outcome::StateSecret, Outcome::ThirdParty]);
    assert_eq!(review("'never'"), ReviewPolicy::Never);
    assert_eq!(review("['state_secret', 'third_party']"), two);
    let variable = ("GONGKAI__WORKFLOW__LEGAL_REVIEW", "state_secret, third_party");
    let sign_off = ("GONGKAI__WORKFLOW__SIGN_OFF", "false");
    let policy = load("", &[variable, sign_off]).unwrap().workflow;
    assert_eq!(policy, Policy { legal_review: two, sign_off: false });
}

#[test]
fn https_makes_cookies_secure() {
    let server = load("server.public_url = 'https://gk.example.gov.cn/'", &[]).unwrap().server;
    assert_eq!(server.public_url, "https://gk.example.gov.cn");
    assert!(server.has_secure_cookies());
}

#[test]
fn unknown_keys_are_refused_by_name_and_source() {
    insta::assert_snapshot!(refusal("[server]\nport = 1", &[]), @"配置文件 FILE：没有“server.port”这一项设置。“server”节可用的项：changes_per_minute、listen、public_url、trusted_proxies");
    insta::assert_snapshot!(refusal("[servr]\nlisten = '0.0.0.0:80'", &[]), @"配置文件 FILE：没有“servr”这一项设置。可用的节：clock、database、documents、files、jobs、log、login、mail、office、reminders、report、server、workflow");
    insta::assert_snapshot!(refusal("[servr]", &[]), @"配置文件 FILE：没有“servr”这一项设置。可用的节：clock、database、documents、files、jobs、log、login、mail、office、reminders、report、server、workflow");
    insta::assert_snapshot!(refusal("url = 'sqlite://a.db'", &[]), @"配置文件 FILE：没有“url”这一项设置。可用的节：clock、database、documents、files、jobs、log、login、mail、office、reminders、report、server、workflow");
    insta::assert_snapshot!(refusal("", &[("GONGKAI__SERVR__LISTEN", "x")]), @"环境变量 GONGKAI__SERVR__LISTEN：没有“servr.listen”这一项设置。可用的节：clock、database、documents、files、jobs、log、login、mail、office、reminders、report、server、workflow");
    insta::assert_snapshot!(refusal("", &[("GONGKAI__DATABASE__URI", "x")]), @"环境变量 GONGKAI__DATABASE__URI：没有“database.uri”这一项设置。“database”节可用的项：pool_size、url");
    insta::assert_snapshot!(refusal("", &[("GONGKAI__DATABASE", "x")]), @"环境变量 GONGKAI__DATABASE：没有“database”这一项设置。“database”节可用的项：pool_size、url");
    insta::assert_snapshot!(refusal("", &[("GONGKAI__DATABASE__URL__X", "x")]), @"环境变量 GONGKAI__DATABASE__URL__X：没有“database.url.x”这一项设置。“database”节可用的项：pool_size、url");
}

#[test]
fn wrong_values_say_what_where_and_why() {
    insta::assert_snapshot!(refusal("database.pool_size = 0", &[]), @"配置文件 FILE：“database.pool_size”应为1至100的整数，实为“0”");
    insta::assert_snapshot!(refusal("", &[("GONGKAI__DATABASE__POOL_SIZE", "8.5")]), @"环境变量 GONGKAI__DATABASE__POOL_SIZE：“database.pool_size”应为1至100的整数，实为“8.5”");
    insta::assert_snapshot!(refusal("server.listen = 'localhost'", &[]), @"配置文件 FILE：“server.listen”应为监听地址和端口，例如 127.0.0.1:8080，实为“localhost”");
    insta::assert_snapshot!(refusal("server.public_url = 'https://gk/desk'", &[]), @"配置文件 FILE：“server.public_url”应为以 http:// 或者 https:// 开头、不带路径的网址，实为“https://gk/desk”");
    insta::assert_snapshot!(refusal("clock.receipt_on_rest_day = 'move'", &[]), @"配置文件 FILE：“clock.receipt_on_rest_day”应为以下之一：keep、next_working_day，实为“move”");
    insta::assert_snapshot!(refusal("workflow.legal_review = ['always', 'third_party']", &[]), @"配置文件 FILE：“workflow.legal_review”应为always（全部）、never（不审核）或者办理结果代码的列表，实为“always”");
    insta::assert_snapshot!(refusal("workflow.legal_review = []", &[]), @"配置文件 FILE：“workflow.legal_review”应为always（全部）、never（不审核）或者办理结果代码的列表，实为“（空）”");
    insta::assert_snapshot!(refusal("workflow.sign_off = 1", &[]), @"配置文件 FILE：“workflow.sign_off”应为true 或者 false，实为“1”");
    insta::assert_snapshot!(refusal("report.submit_by = '02-29'", &[]), @"配置文件 FILE：“report.submit_by”应为每年都有的一天，写作月-日，例如 01-31，实为“02-29”");
    insta::assert_snapshot!(refusal("report.submit_by = 2027-01-31", &[]), @"配置文件 FILE：“report.submit_by”应为一个值，实为“（表，或者没有引号的日期）”");
    insta::assert_snapshot!(refusal("report.publish_by = '1-31'", &[]), @"配置文件 FILE：“report.publish_by”应为每年都有的一天，写作月-日，例如 01-31，实为“1-31”");
    let in_clear = "[mail]\nencryption = 'none'\nusername = 'zwgk'";
    insta::assert_snapshot!(refusal(in_clear, &[]), @"配置文件 FILE：“mail.username”应为文字；encryption 为 none 时必须为空，以免口令不加密传送，实为“zwgk”");
    insta::assert_snapshot!(refusal("mail.password = ['geheim']", &[]), @"配置文件 FILE：“mail.password”应为文字，实为“……”");
    insta::assert_snapshot!(refusal("reminders.handler_days = [5, 'x']", &[]), @"配置文件 FILE：“reminders.handler_days”应为0至40的整数的列表，实为“x”");
    insta::assert_snapshot!(refusal("mail.may_be_muted = ['reply']", &[]), @"配置文件 FILE：“mail.may_be_muted”应为邮件种类代码的列表，可用：assigned、returned、due_soon、overdue、escalation、waiting、remedy、report、digest、calendar_change、calendar_missing，实为“reply”");
    insta::assert_snapshot!(refusal("", &[("GONGKAI__LOG__LEVEL", "")]), @"环境变量 GONGKAI__LOG__LEVEL：“log.level”应为以下之一：error、warn、info、debug、trace，实为“”");
}

#[test]
fn a_file_must_be_there_and_be_toml() {
    insta::assert_snapshot!(refusal("[log]\nlevel = 'info", &[]), @"配置文件 FILE 第 2 行第 14 列不是有效的 TOML：invalid literal string, expected `'`");
    let missing = Sources { file: Some("no/such.toml".into()), ..Sources::default() };
    insta::assert_snapshot!(Settings::load(&missing).unwrap_err(), @"配置文件 no/such.toml 无法读取：No such file or directory (os error 2)");
}

#[test]
fn no_message_shows_the_password() {
    let sources = |url: &str| Sources {
        environment: environment(&[("GONGKAI_DATABASE_URL", url)]),
        database_url: Some(url.to_owned()),
        file: None,
    };
    let settings = Settings::load(&sources("postgres://gk:secret@db/gk")).unwrap();
    let wrong = [
        format!("{settings:?} {:?}", sources("postgres://gk:secret@db/gk")),
        Settings::load(&sources("mysql://gk:secret@db/gk")).unwrap_err().to_string(),
        Settings::load(&sources("dbname=gk password=secret")).unwrap_err().to_string(),
        refusal("database.url = 'postgres://gk:secret@db/gk", &[]),
        refusal("database.url = ['postgres://gk:secret@db/gk']", &[]),
        refusal("database.uri = 'postgres://gk:secret@db/gk'", &[]),
    ];
    for text in wrong {
        assert!(!text.contains("secret"), "{text}");
    }
}
