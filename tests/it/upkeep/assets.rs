//! Styles, scripts and icons: kept by browsers for good, and never those of another version.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::support::web::TestApp;

/// The addresses of assets on a page.
fn addresses(page: &str) -> BTreeSet<String> {
    let after = page.split("\"/assets/").skip(1);
    after.map(|it| format!("/assets/{}", it.split(['"', '#']).next().unwrap())).collect()
}

#[actix_web::test]
async fn addresses_carry_a_hash_of_the_content_and_are_kept_for_good() {
    let app = TestApp::new().await;
    let mut all = addresses(&app.get("", "/login").await.body);
    all.extend(addresses(&app.get("clerk", "/").await.body));
    let names: BTreeSet<_> = all.iter().map(|it| it.split(['/', '?']).nth(2).unwrap()).collect();
    assert_eq!(
        names,
        BTreeSet::from(["app.css", "app.js", "icons.svg", "mark.svg"]),
        "each under one address"
    );
    assert_eq!(all.len(), names.len());
    for address in &all {
        let asset = app.get("", address).await;
        asset.is(200);
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable", "{address}");
        let hash: String = Sha256::digest(&asset.bytes)[..8].iter().map(|it| format!("{it:02x}")).collect();
        assert!(address.ends_with(&format!("?v={hash}")), "{address}: {hash}");
    }
}

/// A page that was drawn before an upgrade asks by an old address. What it gets is not kept.
#[actix_web::test]
async fn what_is_asked_for_by_another_address_is_not_kept() {
    let app = TestApp::new().await;
    for address in ["/assets/app.css?v=0123456789abcdef", "/assets/app.css?v=", "/assets/app.css"] {
        let asset = app.get("", address).await;
        assert_eq!((asset.is(200).header("cache-control")), "no-cache", "{address}");
    }
    app.get("", "/assets/no-such-file?v=0123456789abcdef").await.is(404);
}

/// An address that is written out would stay the same when the content changes.
#[test]
fn no_template_writes_an_address_out() {
    let files = crate::tidy::files();
    let mut n_named = 0;
    for (path, text) in
        files.iter().filter(|(path, _)| path.starts_with("templates/") && path.ends_with(".html"))
    {
        assert!(!text.contains("\"/assets/"), "{path}: write {{{{ crate::web::assets::at(…) }}}}");
        for name in text.split("assets::at(\"").skip(1).filter_map(|it| it.split('"').next()) {
            let place = format!("src/web/assets/{name}");
            assert!(files.iter().any(|(it, _)| *it == place), "{path}: there is no {name}");
            n_named += 1;
        }
    }
    assert!(10 < n_named);
}
