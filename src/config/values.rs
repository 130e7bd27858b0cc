//! What single settings must look like, and what is said where one does not.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::layers::Setting;
use super::{DatabaseUrl, DayOfYear, SettingsError};
use crate::domain::attachment::ScannerAddress;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::workflow::{ReviewPolicy, Role};

impl Setting {
    pub(super) fn database_url(&self) -> Result<DatabaseUrl, SettingsError> {
        self.parse("以 sqlite:// 或者 postgres:// 开头的数据库地址", DatabaseUrl::parse)
    }

    pub(super) fn listen(&self) -> Result<SocketAddr, SettingsError> {
        self.parse("监听地址和端口，例如 127.0.0.1:8080", |it| it.parse().ok())
    }

    pub(super) fn public_url(&self) -> Result<String, SettingsError> {
        self.parse("以 http:// 或者 https:// 开头、不带路径的网址", |it| {
            let url = it.strip_suffix('/').unwrap_or(it);
            let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
            let is_host =
                !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "/?#@".contains(c));
            is_host.then(|| url.to_owned())
        })
    }

    pub(super) fn folder(&self) -> Result<Option<PathBuf>, SettingsError> {
        self.parse("文件夹的路径，或者留空", |it| {
            Some(Some(it).filter(|it| !it.is_empty()).map(PathBuf::from))
        })
    }

    pub(super) fn scanner(&self) -> Result<Option<ScannerAddress>, SettingsError> {
        self.parse("“地址:端口”、“unix:/套接字路径”，或者留空", |it| match it {
            "" => Some(None),
            it => ScannerAddress::parse(it).map(Some),
        })
    }

    pub(super) fn words(&self) -> Result<String, SettingsError> {
        self.parse("文字", |it| Some(it.to_owned()))
    }

    pub(super) fn day_of_year(&self) -> Result<DayOfYear, SettingsError> {
        self.parse("每年都有的一天，写作月-日，例如 01-31", DayOfYear::parse)
    }

    pub(super) fn addresses(&self) -> Result<Vec<IpAddr>, SettingsError> {
        const EXPECTED: &str = "IP 地址的列表";
        let texts = self.list_or_nothing(EXPECTED)?;
        let addresses = texts.iter().map(|it| it.parse().map_err(|_| self.invalid(EXPECTED, it)));
        addresses.collect()
    }

    pub(super) fn roles(&self) -> Result<Vec<Role>, SettingsError> {
        let known: Vec<_> = Role::ALL.iter().map(|it| it.code()).collect();
        let expected = format!("职责代码的列表，可用：{}", known.join("、"));
        let codes = self.list_or_nothing(&expected)?;
        let roles =
            codes.iter().map(|it| Role::from_code(it).map_err(|err| self.invalid(&expected, &err.code)));
        roles.collect()
    }

    pub(super) fn legal_review(&self) -> Result<ReviewPolicy, SettingsError> {
        const EXPECTED: &str = "always（全部）、never（不审核）或者办理结果代码的列表";
        let codes = self.list(EXPECTED)?;
        match &codes[..] {
            [word] if word == "always" => Ok(ReviewPolicy::Always),
            [word] if word == "never" => Ok(ReviewPolicy::Never),
            _ => {
                let outcomes: Result<_, _> = codes.iter().map(|code| Outcome::from_code(code)).collect();
                outcomes.map(ReviewPolicy::ForOutcomes).map_err(|it| self.invalid(EXPECTED, &it.code))
            }
        }
    }
}
