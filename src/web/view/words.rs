//! Instants and browsers in words.

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike, Utc};

use crate::domain::beijing;

/// A text as it stands in HTML and SVG that is put together by hand.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An instant as people in the office read it: 2026年3月5日 09:30, Beijing time.
pub fn instant(at: DateTime<Utc>) -> String {
    let it = beijing::time(at);
    format!("{}年{}月{}日 {:02}:{:02}", it.year(), it.month(), it.day(), it.hour(), it.minute())
}

/// The same for an instant as the database keeps it.
pub fn kept_instant(at: NaiveDateTime) -> String {
    instant(at.and_utc())
}

/// A browser and its system, as far as it says: enough to tell the office computer from a telephone.
pub fn browser(user_agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, words)| *words)
    };
    let program = find(&[
        ("Edg/", "Edge"),
        ("QQBrowser", "QQ 浏览器"),
        ("360SE", "360 浏览器"),
        ("360EE", "360 浏览器"),
        ("Qaxbrowser", "奇安信可信浏览器"),
        ("UOSBrowser", "统信浏览器"),
        ("UBrowser", "UC 浏览器"),
        ("MicroMessenger", "微信"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Windows NT 6.1", "Windows 7"),
        ("Windows", "Windows"),
        ("HarmonyOS", "鸿蒙"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("UOS", "统信 UOS"),
        ("Kylin", "银河麒麟"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}（{system}）"),
        (Some(it), None) | (None, Some(it)) => it.to_owned(),
        (None, None) => "其他程序".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/141.0 Safari/537.36 Edg/141.0";
        assert_eq!(browser(edge), "Edge（Windows）");
        assert_eq!(browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"), "Firefox（Linux）");
        assert_eq!(browser("curl/8"), "其他程序");
        assert_eq!(instant(DateTime::UNIX_EPOCH), "1970年1月1日 08:00");
    }
}
