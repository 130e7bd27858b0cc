//! The sentences of published notices against the calendars kept from them, and what is wrong with others.

use chrono::{Datelike, NaiveDate};

use super::{NoticeSource, WorkCalendar, YearNotice};
use crate::domain::calendar::notice_text::{Announced, read};

/// The notices as published, from their first holiday on.
const NOTICES: &[(i32, &str)] = &[
    (
        2018,
        "一、元旦：1月1日放假，与周末连休。
二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）、2月24日（星期六）上班。
三、清明节：4月5日至7日放假调休，共3天。4月8日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月18日放假，与周末连休。
六、中秋节：9月24日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期六）、9月30日（星期日）上班。",
    ),
    (
        2023,
        "国务院办公厅关于2023年部分节假日安排的通知
国办发明电〔2022〕16号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2023年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2022年12月8日",
    ),
    (
        2024,
        "一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。",
    ),
    (
        2025,
        "一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。",
    ),
    (
        2026,
        "  新华社北京11月4日电 国务院办公厅关于2026年部分节假日安排的通知,全文如下:
  一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。
  二、春节:2月15日(农历腊月二十八、周日)至23日(农历正月初七、周一)放假调休,共9天。2月14日(周六)、2月28日(周六)上班。
  三、清明节:4月4日(周六)至6日(周一)放假,共3天。
  四、劳动节:5月1日(周五)至5日(周二)放假调休,共5天。5月9日(周六)上班。
  五、端午节:6月19日(周五)至21日(周日)放假,共3天。
  六、中秋节:9月25日(周五)至27日(周日)放假,共3天。
  七、国庆节:10月1日(周四)至7日(周三)放假调休,共7天。9月20日(周日)、10月10日(周六)上班。
  鼓励单位和个人结合落实带薪年休假等制度,实际形成较长假期,推动错峰出行。放假调休日期共33天。
  国务院办公厅

  2025年11月4日",
    ),
];

#[test]
fn published_notices_give_the_published_days() {
    let published = WorkCalendar::published();
    for (year, text) in NOTICES {
        let Announced { rest, work, .. } = read(text, Some(*year)).unwrap();
        let source = NoticeSource { source: "通知".to_owned() };
        let notice = YearNotice::new(*year, vec![source], rest, work).unwrap();
        assert!(notice.unnamed_holidays().is_empty(), "{:?}", notice.unnamed_holidays());
        let read = WorkCalendar::from_notices([notice]);
        let first = NaiveDate::from_ymd_opt(*year, 1, 1).unwrap();
        for day in first.iter_days().take_while(|it| it.year() == *year) {
            // The end of December is the next notice's.
            if day.month() == 12 && 29 <= day.day() {
                continue;
            }
            assert_eq!(read.is_working_day(day), published.is_working_day(day), "{day}");
        }
    }
}

#[test]
fn the_title_names_the_year() {
    assert_eq!(read(NOTICES[1].1, None).unwrap().year, 2023);
    assert_eq!(read(NOTICES[4].1, None).unwrap().year, 2026);
    assert_eq!(read(NOTICES[0].1, None).unwrap_err()[0].message, "看不出是哪一年的通知，请填写年份");
}

/// The days of rest and of work, short.
#[track_caller]
fn check(year: i32, text: &str, rest: &str, work: &str) {
    let it = read(text, Some(year)).unwrap();
    let short = |days: &[super::NamedDay]| {
        days.iter().map(|it| it.date.format("%m%d").to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!((short(&it.rest), short(&it.work)), (rest.to_owned(), work.to_owned()), "{text}");
}

#[test]
fn loose_wording_is_read_too() {
    let days = "1001 1002 1003 1004 1005 1006 1007";
    check(
        2026,
        "国庆节：１０月１日至７日放假调休，共７天。９月２０日（周日）、１０月１０日（周六）上班。",
        days,
        "0920 1010",
    );
    check(2026, "国庆节: 10月1日-10月7日 放假; 9月20日、10月10日补班", days, "0920 1010");
    check(2026, "国庆节：\n10月1日到7日放假\n9月20日上班", days, "0920");
    check(2027, "元旦：12月31日至1月2日放假，共3天。1月3日（周日）上班", "1231 0101 0102", "0103");
    check(2027, "元旦：1月1日放假。春节：2月6日放假", "0101 0206", "");
}

#[track_caller]
fn check_unclear(text: &str, line: usize, expected: &str) {
    let unclear = read(text, Some(2026)).unwrap_err();
    let found: Vec<_> = unclear.iter().map(|it| (it.line, it.message.as_str())).collect();
    assert_eq!(found, [(line, expected)]);
}

#[test]
fn what_cannot_be_is_said_by_line() {
    check_unclear("元旦：1月1日（周五）放假", 1, "2026年1月1日写的是周五，日历上是周四，请核对日期和年份");
    check_unclear("国庆节：10月1日至7日放假调休，共8天。", 1, "国庆节写明共 8 天，按日期算是 7 天，请核对");
    check_unclear(
        "元旦：1月1日放假\n国庆节：10月1日至7日，共7天",
        2,
        "2026年10月1日没有写明放假还是上班，请补全",
    );
    check_unclear("10月1日至7日放假", 1, "没有写明是什么假日，请写作“国庆节：10月1日至7日放假”");
    check_unclear("清明节：4月31日放假。4月4日放假", 1, "没有“4月31日”这一天，请核对");
    check_unclear("国庆节：10月7日至1日放假", 1, "2026年10月7日至2026年10月1日不是一段假期，请核对");
    check_unclear(
        "今年放假吗",
        0,
        "没有找到放假的日子。请粘贴通知原文，例如“国庆节：10月1日至7日放假调休，共7天。”",
    );
}

#[test]
fn the_public_list_is_read() {
    let text = r#"{"$schema": "https://x/schema.json", "year": 2027, "papers": ["https://www.gov.cn/x.htm"],
        "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true},
                 {"name": "元旦", "date": "2027-01-03", "isOffDay": false}]}"#;
    let notice = YearNotice::from_json(text).unwrap();
    assert_eq!((notice.year(), notice.rest().len(), notice.work().len()), (2027, 1, 1));
    assert_eq!(notice.notices()[0].source, "https://www.gov.cn/x.htm");
    let no_source = text.replace("[\"https://www.gov.cn/x.htm\"]", "[]");
    assert_eq!(YearNotice::from_json(&no_source), Err(super::NoticeError::NoSource(2027)));
}

#[test]
fn a_notice_changes_days() {
    let before = WorkCalendar::published();
    let text =
        "元旦：2027年1月1日至3日放假调休，共3天。春节：2月5日至11日放假调休，共7天。2月14日（周日）上班。";
    let Announced { year, rest, work } = read(text, Some(2027)).unwrap();
    let source = NoticeSource { source: "通知".to_owned() };
    let notice = YearNotice::new(year, vec![source], rest, work).unwrap();
    assert_eq!(notice.unnamed_holidays(), ["清明", "劳动节", "端午", "中秋", "国庆"]);
    let mut notices = WorkCalendar::published_notices();
    notices.push(notice);
    let changes = super::changed_days(&before, &WorkCalendar::from_notices(notices), 2027);
    let working: Vec<_> = changes.iter().filter(|it| it.changes_work).map(|it| it.day.to_string()).collect();
    let expected = "2027-02-05 2027-02-08 2027-02-09 2027-02-10 2027-02-11 2027-02-14 2027-10-01 2027-10-04 \
                    2027-10-05 2027-10-06 2027-10-07";
    assert_eq!(working.join(" "), expected);
    let new_years_eve = &changes[0];
    assert_eq!(
        (new_years_eve.day.to_string().as_str(), new_years_eve.before.as_str(), new_years_eve.after.as_str()),
        ("2026-12-29", "上班，暂定", "上班")
    );
}
