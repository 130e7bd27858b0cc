//! How the cells of the workbook look: plain and printable, as tables of the report are.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::documents::grid::{Cell, Grid, Kind};

const BODY_FONT: &str = "宋体";
const TITLE_FONT: &str = "黑体";
const SHADE: u32 = 0xF2_F2F2;
const RED_ON: u32 = 0xFF_C7CE;
const RED: u32 = 0x9C_0006;

/// The formats of the workbook.
pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) under: Format,
    pub(super) head: Format,
    pub(super) label: Format,
    pub(super) number: Format,
    pub(super) total: Format,
    pub(super) broken: Format,
}

impl Styles {
    pub(super) fn new() -> Self {
        let plain =
            Format::new().set_font_name(BODY_FONT).set_font_size(10).set_align(FormatAlign::VerticalCenter);
        let boxed = plain.clone().set_border(FormatBorder::Thin).set_text_wrap();
        let number = boxed.clone().set_align(FormatAlign::Center).set_num_format("0");
        let title = Format::new().set_font_name(TITLE_FONT).set_font_size(14);
        Self {
            title: title.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter),
            under: plain.set_align(FormatAlign::Center),
            head: boxed.clone().set_align(FormatAlign::Center).set_background_color(Color::RGB(SHADE)),
            label: boxed.clone().set_align(FormatAlign::Left).set_indent(1),
            total: number.clone().set_background_color(Color::RGB(SHADE)),
            number,
            broken: boxed
                .set_align(FormatAlign::Left)
                .set_indent(1)
                .set_background_color(Color::RGB(RED_ON))
                .set_font_color(Color::RGB(RED)),
        }
    }

    /// The format of a cell of a table.
    pub(super) fn of(&self, cell: &Cell, grid: &Grid) -> Format {
        match cell.kind() {
            Kind::Head => self.head.clone(),
            Kind::Label => self.label.clone(),
            Kind::Number if cell.is_missing() => self.number.clone().set_font_color(Color::RGB(RED)),
            Kind::Number => match cell.figure().map_or(0, |it| super::decimals(it.number)) {
                0 => self.number.clone(),
                n => self.number.clone().set_num_format((0..n).fold("0.".to_owned(), |it, _| it + "0")),
            },
            Kind::Total if super::is_off(grid, cell) => {
                self.total.clone().set_background_color(Color::RGB(RED_ON)).set_font_color(Color::RGB(RED))
            }
            Kind::Total => self.total.clone(),
        }
    }

    /// What a rule adds to the cells it finds.
    pub(super) fn broken_rule(&self) -> Format {
        Format::new().set_background_color(Color::RGB(RED_ON)).set_font_color(Color::RGB(RED))
    }
}
