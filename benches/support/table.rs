//! Tables in Markdown, aligned for reading as they are.

/// A table that grows by rows.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with this first row.
    pub fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|text| (*text).to_owned()).collect()] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The text: the first column to the left, all others to the right.
    pub fn render(&self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width =
            |at: usize| self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(|at| width(at).max(3)).collect();
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            text.push('|');
            for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
                text.push_str(&if at == 0 { format!(" {cell:<width$} |") } else { format!(" {cell:>width$} |") });
            }
            text.push('\n');
            if number == 0 {
                text.push('|');
                widths.iter().enumerate().for_each(|(at, width)| text.push_str(&rule(at, *width)));
                text.push('\n');
            }
        }
        text
    }
}

fn rule(at: usize, width: usize) -> String {
    let dashes = "-".repeat(width);
    if at == 0 { format!(" {dashes} |") } else { format!(" {}: |", &dashes[1..]) }
}
