//! A letter as bytes: headers, text and files in 7-bit, whatever letters they have.

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::{Fault, Letter, MailServer, SendError};

/// That no person wrote it, so that no machine answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// One line: what could begin another header becomes a blank.
fn line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

pub(super) fn format(server: &MailServer, letter: &Letter) -> Result<Vec<u8>, SendError> {
    let unusable =
        |what: &str| SendError { fault: Fault::Permanent, words: format!("邮件不能写成：{what}") };
    let mailbox = |name: &str, address: &str| {
        let address: Address = address.parse().map_err(|_| unusable("电子邮箱地址无效"))?;
        Ok(Mailbox::new(Some(line(name)).filter(|it| !it.is_empty()), address))
    };
    let builder = Message::builder()
        .from(mailbox(&server.from_name, &server.from_address)?)
        .to(mailbox(&letter.to_name, &letter.to_address)?)
        .subject(line(&letter.subject))
        .date(letter.written_at)
        .message_id(Some(letter.message_id.clone()))
        .header(AutoSubmitted);
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(letter.text.clone());
    let message = if letter.attachments.is_empty() {
        builder.singlepart(text)
    } else {
        let mut parts = MultiPart::mixed().singlepart(text);
        for it in &letter.attachments {
            let kind = ContentType::parse(&it.media_type).map_err(|_| unusable("附件类型无效"))?;
            parts = parts.singlepart(Attachment::new(line(&it.name)).body(it.content.clone(), kind));
        }
        builder.multipart(parts)
    };
    message.map(|it| it.formatted()).map_err(|err| unusable(&err.to_string()))
}
