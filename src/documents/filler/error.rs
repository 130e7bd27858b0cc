//! What can be wrong with a template, in words for the person who edits it.

/// What is wrong with one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagFault {
    /// It has no value by that name.
    NoValue,
    /// It is not written as a tag has to be; what the engine says.
    Syntax(String),
    /// A filter (after `|`) that does not exist; what the engine says.
    UnknownFilter(String),
    /// Loops that go round too often.
    TooLong,
    /// One tag with too many words and signs.
    LongTag {
        /// The most there may be.
        limit: usize,
    },
    /// Too many blocks within one another.
    Deep {
        /// The most there may be.
        limit: usize,
    },
    /// Too many `set`.
    ManySets {
        /// The most there may be.
        limit: usize,
    },
    /// A value of the wrong kind, such as text where a day is needed; what the engine says.
    Value(String),
}

/// Why a template cannot be used or filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// It is no package of a Word document.
    #[error("not a docx file: {0}")]
    NotDocx(String),
    /// It unpacks to more than a letter can need, as files made to fill the memory do.
    #[error("the file unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// No thread could be started to read it.
    #[error("no thread could be started: {0}")]
    Busy(String),
    /// The engine failed on it, though it is within the bounds.
    #[error("the engine failed on the template")]
    BeyondEngine,
    /// It carries macros.
    #[error("the file carries macros")]
    Macros,
    /// It fetches something from elsewhere when it is opened.
    #[error("the file fetches something from outside")]
    Outside,
    /// A part is not well-formed.
    #[error("{part} is not well-formed: {message}")]
    Xml {
        /// The part of the package.
        part: String,
        /// What the reader says.
        message: String,
    },
    /// Half a tag is left in the text.
    #[error("{part}: {marker} without its other half, near {near:?}")]
    Unclosed {
        /// The part of the package.
        part: String,
        /// `{{`, `{%`, `{#` or their closing halves.
        marker: &'static str,
        /// The paragraph, as seen in Word.
        near: String,
    },
    /// A tag is wrong.
    #[error("{part}: {fault:?} near {near:?}")]
    Tag {
        /// The part of the package.
        part: String,
        /// What is wrong.
        fault: TagFault,
        /// The paragraph, as seen in Word; empty where the engine does not say where.
        near: String,
    },
    /// The filled part is no longer well-formed: a pair of tags begins in one place and ends in another,
    /// such as outside and inside a table.
    #[error("the tags of {part} cut through its structure: {message}")]
    Structure {
        /// The part of the package.
        part: String,
        /// What the reader says.
        message: String,
    },
}

/// What people call a part.
fn place(part: &str) -> &'static str {
    let name = part.rsplit('/').next().unwrap_or(part);
    match name {
        _ if name.starts_with("header") => "页眉",
        _ if name.starts_with("footer") => "页脚",
        _ if name.starts_with("footnotes") => "脚注",
        _ if name.starts_with("endnotes") => "尾注",
        _ => "正文",
    }
}

impl FillError {
    /// What is wrong, where, and what to do, for the person who edits the template.
    pub fn explain(&self) -> String {
        match self {
            Self::NotDocx(_) => {
                "不是 Word 文档（.docx），或者文件已损坏。请在 Word 或者 WPS 中另存为“Word 文档（*.docx）”后重新上传。".to_owned()
            }
            Self::TooLarge { limit } => {
                format!("文件解压后超过 {} MB，不能作为文书模板。请删去其中的图片等内容。", limit / 1024 / 1024)
            }
            Self::Busy(_) => "系统繁忙，请稍后再试。".to_owned(),
            Self::BeyondEngine => {
                "模板中有无法处理的标记。请检查 {{ }}、{% %} 是否成对，并删去 {% raw %} 之类文书用不到的标记。".to_owned()
            }
            Self::Macros => "文件中带有宏，不能作为文书模板。请另存为不带宏的“Word 文档（*.docx）”。".to_owned(),
            Self::Outside => "文件链接了外部的图片或者模板，打开时会向外取内容，不能作为文书模板。请把图片改为嵌入，或者删去链接。".to_owned(),
            Self::Xml { part, .. } => format!("文件的{}已损坏，无法读取。请在 Word 或者 WPS 中重新保存。", place(part)),
            Self::Unclosed { part, marker, near } => format!(
                "{}中的“{marker}”没有配对，标记未写完整。所在段落：“{near}”。请补全为“{{{{ 名称 }}}}”或者“{{% … %}}”，并写在同一段内。",
                place(part)
            ),
            Self::Tag { part, fault, near } => {
                let near = if near.is_empty() { String::new() } else { format!("所在段落：“{near}”。") };
                let fault = match fault {
                    TagFault::NoValue => "有名称没有对应的内容。请核对名称是否写错，或者该内容在本件中是否存在。".to_owned(),
                    TagFault::Syntax(detail) => format!("有标记书写有误（{detail}）。请核对“{{% if %}}”“{{% for %}}”与其结尾是否成对，名称、括号是否完整。"),
                    TagFault::UnknownFilter(detail) => format!("“|”之后的名称不存在（{detail}）。可以使用“中文日期”“中文数字”等。"),
                    TagFault::TooLong => "循环次数过多，已停止。请检查“{% for %}”。".to_owned(),
                    TagFault::LongTag { limit } => format!("有一处标记过长：一对“{{{{ }}}}”或者“{{% %}}”之间最多写{limit}个词和符号。请拆成几处来写。"),
                    TagFault::Deep { limit } => format!("“{{% if %}}”“{{% for %}}”等嵌套过深：最多{limit}层，每个“{{% elif %}}”也算一层。请拆开来写。"),
                    TagFault::ManySets { limit } => format!("“{{% set %}}”过多：最多{limit}处。"),
                    TagFault::Value(detail) => format!("有内容不能这样填写（{detail}）。"),
                };
                format!("{}中{fault}{near}", place(part))
            }
            Self::Structure { part, .. } => format!(
                "{}中成对的标记一个在表格（或者单元格）内、一个在外，填写后文档会损坏。请把“{{% … %}}”与其结尾放在同一张表的不同行，或者都放在表格之外。",
                place(part)
            ),
        }
    }
}
