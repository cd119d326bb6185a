//! Tables for a terminal.

use assay_report::clean;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};

/// A table of `width` columns of text with cleaned cells.
pub(crate) fn table<Cell: AsRef<str>>(
    header: &[&str],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = Cell>>,
    width: u16,
) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(header);
    for row in rows {
        table.add_row(row.into_iter().map(|cell| clean(cell.as_ref()).into_owned()));
    }
    table
}
