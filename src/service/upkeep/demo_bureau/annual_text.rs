//! The text of the bureau's report for 2022: the sentences that bureau published, with the names of its
//! figures in place of the figures. What it counted is what it published; the titles of policy
//! documents beyond the one it names are made up.

use crate::domain::report::text::indicator::{Entry, INTERPRETATIONS, Item};
use crate::domain::report::text::{Part, Problem, defaults};
use crate::service::report::text::edit_wording::save_wording;
use crate::service::report::text::enter_indicators::{DefineIndicator, define_indicator, enter_indicators};
use crate::service::report::text::note_problems::{Problems, write_problems};
use crate::service::upkeep::demo_bureau::CODE;
use crate::service::{Caller, ServiceError};
use crate::storage::DbConnection;

/// The year of the report that is written out.
pub const YEAR: i32 = 2022;

const PREFACE: &str = "\
根据《中华人民共和国政府信息公开条例》（以下称《条例》）要求，现向社会公布{年}年{机关}政府信息公开工作年度报告。本报告包括政府信息公开总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项等。
本报告所列数据的统计期限为{统计期限}。本年度报告可在聊城市人民政府门户网站（http://www.liaocheng.gov.cn/）和{机关}门户网站（http://zrzyhghj.liaocheng.gov.cn/）的“政府信息公开”栏目查看和下载。如对本年度报告有疑问，请与{机关}办公室联系。
地址：聊城市经济开发区湄河路266号
邮编：252000
电话：0635-8321680";

const OVERVIEW: &str = "\
{年}年，{机关}认真贯彻落实上级关于政务公开工作的要求，深入学习《中华人民共和国政府信息公开条例》，紧紧围绕全市自然资源中心工作，以提升政务公开质量为主线，全面推进决策、执行、管理、服务、结果公开，保障了群众的知情权、表达权、参与权、监督权。
一是全力推进主动公开。依托市政府“政府信息公开”专栏、局门户网站、微信公众号等平台，主动公开各类政府信息{主动公开信息}条。进一步完善政策解读制度，通过图文、新闻发布会、媒体解读等多种形式，做好政策解读。{年}年，共参加新闻发布会{新闻发布会}次，分别对建设用地供后监管办法、“十四五”自然资源保护和利用规划等情况进行了介绍；对{政策解读：首项}等{政策解读}个文件进行了解读，均做到了政策文件与解读材料一一关联；对年内召开的{办公会议}次局长办公会及时以新闻通稿形式对外发布，并以图文方式做好解读。
二是依法依规做好依申请公开工作。严格规范依申请公开办理程序，明确了从申请受理、登记、办理、审核、答复等一系列流程的责任分工，并明确由局法律顾问审核把关，确保了答复的准确、合法、规范。{年}年，共收到依申请政府信息公开{收到申请}件，{收到申请：较上年}；因依申请公开引发的行政复议案件{行政复议}件（败诉{行政复议败诉}件），行政诉讼案件{行政诉讼}件（败诉{行政诉讼败诉}件）。
三是严格规范政府信息管理。按照上级政策要求，结合工作实际及时调整更新主动公开目录；对年内印发的{规范性文件制发}个规范性文件通过网站进行了公开，并配发政策解读。严格信息公开保密审查，坚持“谁公开谁审查，谁审查谁负责”的原则，对拟公开的政府信息严格履行审签手续后方予以发布，确保了政府信息公开工作规范有序推进。
四是积极推进平台建设。严格按照国办要求，对局网站“政府信息公开”栏目进行了规范，并对{网站专栏}个专栏相关内容及时进行了更新；充分发挥政务新媒体作用，通过“{机关}”微信公众号发布各类信息{微信公众号信息}篇；积极推进政务公开体验区建设，在市不动产登记中心一楼大厅设置不动产登记24小时“不打烊”数字自助服务专区，购置了不动产登记自助查询机{自助查询机}台、不动产证书（证明）制证一体机{制证一体机}台。
五是强化监督保障。根据职能调整和人员变化，重新调整了政务公开工作领导小组，明确由办公室具体负责做好日常性政务公开工作；将《中华人民共和国政府信息公开条例》作为干部职工日常学习的重要内容之一，积极参加市政府办公室组织的政务公开工作培训会，及时对本单位政务公开工作进行调度，不断提升政务公开工作水平。";

const OTHER_MATTERS: &str = "\
一是依申请公开信息处理费收费情况。{年}年，{机关}{信息处理费情况}。
二是建议提案办理情况。{年}年共收到人大建议{人大建议}件、政协提案{政协提案}件，{按时办结的建议提案：办结情况（人大建议＋政协提案）}，{机关}被市政协评为提案办理先进单位。
三是加大信息宣传力度。主动与新闻媒体沟通对接，紧紧围绕社会关注的热点，做好宣传报道工作，增强工作效果，扩大宣传覆盖面。{年}年，全市自然资源系统被各级新闻媒体采用信息{媒体采用信息}篇，有力提升了广大群众对自然资源工作的知晓度。";

/// The indicators the bureau added: the name, the unit.
const OWN: &[(&str, &str)] = &[("自助查询机", "台"), ("制证一体机", "台")];

/// What it counted: the code, the figure, who said so, in which paper.
const FIGURES: &[(&str, &str, &str, &str)] = &[
    ("published_items", "2962", "办公室", "网站后台信息发布统计"),
    ("press_conferences", "6", "办公室", "市政府新闻办新闻发布会登记表"),
    (INTERPRETATIONS, "10", "办公室", "网站“政策解读”栏目"),
    ("meetings", "21", "办公室", "局长办公会会议纪要"),
    ("published_documents", "3", "法规科", "规范性文件登记表"),
    ("columns", "21", "信息中心", "网站栏目清单"),
    ("wechat_posts", "1060", "信息中心", "微信公众号后台统计"),
    ("own_1", "2", "市不动产登记中心", "设备采购合同"),
    ("own_2", "2", "市不动产登记中心", "设备采购合同"),
    ("open_days", "3", "办公室", "“政府开放日”活动方案"),
    ("deputies_proposals", "21", "办公室", "建议提案办理台账"),
    ("advisers_proposals", "31", "办公室", "建议提案办理台账"),
    ("proposals_answered", "52", "办公室", "建议提案办理台账"),
    ("media_items", "634", "宣传科", "媒体采用信息统计表"),
];

/// The policy documents that were interpreted. The first is the one the report names.
const POLICIES: [&str; 10] = [
    "关于统筹做好2022年自然资源要素服务保障工作的通知",
    "关于进一步规范建设用地供后监管工作的通知",
    "聊城市“十四五”自然资源保护和利用规划",
    "关于推进不动产登记“全程网办”的实施意见",
    "关于规范城镇开发边界外村庄规划审批的通知",
    "关于加强建设工程规划核实管理的通知",
    "关于开展工业用地“标准地”出让的实施意见",
    "关于优化建设项目用地预审与规划许可的通知",
    "关于做好征地补偿安置信息公开工作的通知",
    "关于加强临时用地管理的通知",
];

/// The normative documents among them.
const DOCUMENTS: [usize; 3] = [1, 4, 9];

fn items(code: &str) -> Option<Vec<Item>> {
    let address = "http://zrzyhghj.liaocheng.gov.cn/".to_owned();
    match code {
        INTERPRETATIONS => {
            let item = |it: &&str| Item {
                title: format!("《{it}》政策解读"),
                policy: format!("《{it}》"),
                address: address.clone(),
            };
            Some(POLICIES.iter().map(item).collect())
        }
        "published_documents" => {
            let item = |it: &usize| Item {
                title: format!("《{}》", POLICIES[*it]),
                policy: String::new(),
                address: address.clone(),
            };
            Some(DOCUMENTS.iter().map(item).collect())
        }
        _ => None,
    }
}

fn problems() -> Problems {
    let done = |summary: &str, done: &str| Problem {
        summary: summary.to_owned(),
        done: done.to_owned(),
        ..Problem::default()
    };
    let told = |summary: &str, problem: &str, measure: &str| Problem {
        summary: summary.to_owned(),
        problem: problem.to_owned(),
        measure: measure.to_owned(),
        done: String::new(),
    };
    Problems {
        last: vec![
            done(
                "信息公开的及时性不够",
                "及时召开政务公开调度会，对政务公开有关指标进行详细讲解，明确各项内容的公开时限，确保政府信息公开及时、准确。",
            ),
            done(
                "政策宣传覆盖面不够广",
                "加大政策宣传力度，借助《中华人民共和国政府信息公开条例》施行三周年的有利时机，采取“线上+线下”相结合的方式，向群众解读新修订的《条例》以及自然资源政策法规，进一步提升了群众对政府信息公开工作的认识和了解。",
            ),
            done(
                "“政府开放日活动”不够丰富",
                "进一步丰富“政府开放日”活动，{年}年，围绕规划编制、不动产登记等社会关注度高的领域，组织开展了{政府开放日}次“政府开放日”活动，“请进来”座谈交流，听取群众意见建议，“走出去”深入小区，宣讲自然资源政策。",
            ),
        ],
        this: vec![
            told(
                "对政务公开工作的认识有待提高",
                "个别工作人员有时会出现“公开越多、做事越难”的思想偏差，导致在主动公开时不积极、不主动，对政务公开工作的认识还有待于进一步提高。",
                "不断提升政务公开队伍能力。加强政务公开工作人员的业务知识培训，重点加强对政策解读、依申请公开等方面的培训。积极参加上级组织开展的政务公开培训和以干代训活动，通过在学中干、干中学，不断提升干部职工的政务公开工作水平。",
            ),
            told(
                "政府信息公开渠道不够宽",
                "政府信息公开渠道有待于进一步拓宽，多层次、广覆盖的立体化公开体系尚不健全。",
                "持续完善政府信息公开平台。坚持“互联网+”思维，运用新媒体、新思路，创新信息公开形式，采取“线上+线下”相结合的方式，以群众喜闻乐见的方式加大对自然资源政策的公开和宣传力度，及时回应公众关注热点或重大舆情，让群众对自然资源政策有更加深入的了解。",
            ),
            told(
                "政策解读的形式不够灵活多样",
                "政策解读的形式不够灵活多样，尤其是在图表图解、卡通动漫等多元化解读方面，形式还不够丰富。",
                "创新政策解读形式。围绕不动产登记、要素保障、规划编制、优化营商环境等重点工作，综合运用新闻发布会、简明问答、图解、动漫等形式开展政策解读，尤其是进一步提高运用图片、图表、图解等形式进行政策解读的比例，增强解读效果，真正让群众看得懂、记得住、信得过、用得上。",
            ),
        ],
    }
}

/// Writes the report of 2022, as that bureau wrote it.
pub(super) fn add(conn: &mut DbConnection, caller: &Caller) -> Result<(), ServiceError> {
    for (position, (name, unit)) in (101..).zip(OWN) {
        let wanted = DefineIndicator {
            code: None,
            name: (*name).to_owned(),
            unit: (*unit).to_owned(),
            part: Part::Overview,
            position,
            is_retired: false,
        };
        define_indicator(conn, caller, CODE, YEAR, &wanted)?;
    }
    let entry = |(code, value, told_by, document): &(&str, &str, &str, &str)| Entry {
        code: (*code).to_owned(),
        value: (*value).to_owned(),
        told_by: (*told_by).to_owned(),
        document: (*document).to_owned(),
        items: items(code),
    };
    let entries: Vec<_> = FIGURES.iter().map(entry).collect();
    enter_indicators(conn, caller, CODE, YEAR, &entries, None)?;
    write_problems(conn, caller, CODE, YEAR, &problems(), None)?;
    for (part, text) in
        [(Part::Preface, PREFACE), (Part::Overview, OVERVIEW), (Part::OtherMatters, OTHER_MATTERS)]
    {
        save_wording(conn, caller, CODE, (YEAR, part), 0, text)?;
    }
    save_wording(conn, caller, CODE, (YEAR, Part::Problems), 0, &defaults::text(Part::Problems, YEAR))?;
    Ok(())
}
