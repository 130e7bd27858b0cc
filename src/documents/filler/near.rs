//! Where in a template something stands, as a person sees it.

/// What a person sees of the paragraph around these bytes, at most 80 characters.
pub(super) fn paragraph_around(source: &str, start: usize, end: usize) -> String {
    let before = source.get(..start).unwrap_or_default();
    let from = ["<w:p>", "<w:p "].iter().filter_map(|it| before.rfind(it)).max().unwrap_or(0);
    let to =
        source.get(end..).and_then(|it| it.find("</w:p>")).map_or(source.len(), |it| it.saturating_add(end));
    let mut text = String::new();
    let mut in_markup = false;
    for it in source.get(from..to).unwrap_or_default().chars() {
        match it {
            '<' => in_markup = true,
            '>' if in_markup => in_markup = false,
            it if !in_markup => text.push(it),
            _ => {}
        }
    }
    let text = quick_xml::escape::unescape(&text).map(|it| it.into_owned()).unwrap_or(text);
    text.trim().chars().take(80).collect()
}
