//! Setting up one's own second factor, and doing without it.

use std::fmt::Write;

use actix_web::{HttpResponse, web};
use askama::Template;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::service::access::set_second_factor;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::page::{Page, show, show_as};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/access/my_account/second_factor.html")]
struct SecondFactorPage {
    page: Page,
    has_it: bool,
    is_demanded: bool,
    must_set_up: bool,
    secret: String,
    address: String,
    qr: Option<Qr>,
    shown: Shown,
}

/// A QR code as a path of unit squares.
struct Qr {
    size: i32,
    path: String,
}

impl Qr {
    fn of(text: &str) -> Option<Self> {
        // Four empty modules around it, as the standard asks for.
        const BORDER: i32 = 4;
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                write!(path, "M{},{}h1v1h-1z", x + BORDER, y + BORDER).ok()?;
            }
        }
        Some(Self { size: code.size() + 2 * BORDER, path })
    }
}

async fn draw(app: &App, signed_in: &SignedIn, shown: Shown) -> Result<SecondFactorPage, PageError> {
    let has_it = signed_in.has_second_factor;
    let demanding = &app.settings.door.second_factor_roles;
    let mut page = SecondFactorPage {
        page: Page::new(app, signed_in, "account"),
        has_it,
        is_demanded: signed_in.caller.viewer.roles.iter().any(|it| demanding.contains(it)),
        must_set_up: signed_in.must_set_up_second_factor,
        secret: String::new(),
        address: String::new(),
        qr: None,
        shown,
    };
    if !has_it {
        let caller = signed_in.caller.clone();
        let secret = app.run(move |db| set_second_factor::offer(db, &caller)).await.map_err(PageError)?;
        page.address = set_second_factor::address(&secret, &signed_in.login);
        page.qr = Qr::of(&page.address);
        let letters: Vec<char> = secret.chars().collect();
        // In fours, to be typed by hand.
        page.secret = letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ");
    }
    Ok(page)
}

pub(super) async fn form(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    show(&draw(&app, &signed_in, Shown::default()).await?)
}

pub(super) async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    app.rates.of_code(signed_in.caller.viewer.user).map_err(PageError)?;
    let code = Reader::new(&form.0).plain("code");
    let (caller, limits, used) = (signed_in.caller.clone(), app.settings.login, signed_in.token_hash.clone());
    let demanding = &app.settings.door.second_factor_roles;
    let is_removal = form.0.get("do") == "remove";
    if is_removal && caller.viewer.roles.iter().any(|it| demanding.contains(it)) {
        return Err(PageError(WebError::NotPermitted));
    }
    let done = app
        .run(move |db| match is_removal {
            true => set_second_factor::remove(db, &caller, &limits, &code),
            false => set_second_factor::confirm(db, &caller, &used, &code),
        })
        .await;
    match done {
        Ok(()) if is_removal => Ok(see_other("/account?done=second-factor-removed")),
        Ok(()) => Ok(see_other("/account?done=second-factor")),
        Err(err) => {
            // A code serves once and is not sent back.
            let page = draw(&app, &signed_in, Shown::after(Fields::default(), err)?).await?;
            show_as(page.shown.status(), &page)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_square_and_dark_in_its_corner() {
        let qr = Qr::of("otpauth://totp/x?secret=ABC").unwrap();
        assert!(qr.path.starts_with("M4,4h1v1h-1zM5,4") && (qr.size - 8 - 21) % 4 == 0);
    }
}
