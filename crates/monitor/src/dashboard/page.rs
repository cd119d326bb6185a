//! Widgets on a page, row by row, so that none covers another.
//!
//! The limits are the service's ("CloudWatch dashboards quotas", "Dashboard body structure and syntax"): 24 columns, 500
//! widgets, 500 metrics in a graph.

use serde_json::{Value, json};

/// Columns of a page.
pub const COLUMNS: u64 = 24;
/// The most widgets of a dashboard.
pub const MOST_WIDGETS: usize = 500;
/// The most metrics of one graph.
pub const MOST_METRICS: usize = 500;

/// A page that grows downwards.
#[derive(Debug, Default)]
pub(super) struct Page {
    widgets: Vec<Value>,
    bottom: u64,
}

impl Page {
    /// A row of widgets of one height that share the page's width; each is its type and properties. What does not
    /// divide the width leaves the rest of it empty.
    pub(super) fn row(&mut self, height: u64, widgets: Vec<(&'static str, Value)>) {
        let count = widgets.len() as u64;
        if count > 0 {
            self.grid(height, count, widgets);
        }
    }

    /// Widgets in rows of `columns` each.
    pub(super) fn grid(&mut self, height: u64, columns: u64, widgets: Vec<(&'static str, Value)>) {
        let columns = columns.clamp(1, COLUMNS);
        let width = COLUMNS / columns;
        let rows = (widgets.len() as u64).div_ceil(columns);
        for (place, (kind, properties)) in (0..).zip(widgets) {
            let (x, y) = (place % columns * width, self.bottom + place / columns * height);
            self.widgets.push(json!({
                "type": kind, "x": x, "y": y, "width": width, "height": height, "properties": properties,
            }));
        }
        self.bottom += rows * height;
    }

    /// A line of words over what follows.
    pub(super) fn heading(&mut self, text: &str) {
        self.row(1, vec![("text", json!({ "markdown": text, "background": "transparent" }))]);
    }

    /// How many widgets there are.
    pub(super) fn len(&self) -> usize {
        self.widgets.len()
    }

    /// The dashboard's body. `start` is how far back it shows at first, such as `-P4W`.
    pub(super) fn body(self, start: &str) -> Value {
        json!({ "start": start, "periodOverride": "inherit", "widgets": self.widgets })
    }
}

/// Where a widget is and how large, in columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The column of its left edge.
    pub x: u64,
    /// The row of its upper edge.
    pub y: u64,
    /// Its columns.
    pub width: u64,
    /// Its rows.
    pub height: u64,
}

/// Where the widget is; none where it does not say.
pub fn place_of(widget: &Value) -> Option<Place> {
    let number = |name: &str| widget[name].as_u64();
    Some(Place { x: number("x")?, y: number("y")?, width: number("width")?, height: number("height")? })
}
