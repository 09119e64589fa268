//! A SQLite database as one script: its schema, its rows, then what hangs on them. Smaller than the file when
//! it is packed, as no page or index is in it, and read back by SQLite itself.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;

use crate::error::Result;

/// How many rows one statement of the script inserts.
const ROWS: usize = 100;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(lite: &mut SqliteConnection, sql: &str) -> Result<Vec<String>> {
    let rows: Vec<Line> = diesel::sql_query(sql).load(lite)?;
    Ok(rows.into_iter().map(|row| row.line).collect())
}

/// The script of a whole database.
pub(super) fn write(lite: &mut SqliteConnection) -> Result<String> {
    let mut script = String::from("BEGIN;\n");
    let tables = "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    for table in lines(lite, tables)? {
        let made = format!("SELECT sql AS line FROM sqlite_master WHERE type = 'table' AND name = '{table}'");
        made_as(&mut script, &lines(lite, &made)?);
        rows(lite, &table, &mut script)?;
    }
    script.push_str("DELETE FROM sqlite_sequence;\n");
    rows(lite, "sqlite_sequence", &mut script)?;
    let others =
        "SELECT sql AS line FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid";
    made_as(&mut script, &lines(lite, others)?);
    script.push_str("COMMIT;\n");
    Ok(script)
}

fn made_as(script: &mut String, statements: &[String]) {
    for statement in statements {
        script.push_str(statement);
        script.push_str(";\n");
    }
}

/// The rows of a table, in the order in which they were made.
fn rows(lite: &mut SqliteConnection, table: &str, script: &mut String) -> Result<()> {
    let columns = lines(lite, &format!("SELECT name AS line FROM pragma_table_info('{table}')"))?;
    let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
    let sql = format!(
        "SELECT '(' || {} || ')' AS line FROM \"{table}\" ORDER BY rowid",
        quoted.join(" || ',' || ")
    );
    for some in lines(lite, &sql)?.chunks(ROWS) {
        script.push_str(&format!("INSERT INTO \"{table}\" VALUES\n{};\n", some.join(",\n")));
    }
    Ok(())
}

/// Makes an empty database what a script says.
pub(super) fn read(lite: &mut SqliteConnection, script: &str) -> Result<()> {
    lite.batch_execute("PRAGMA foreign_keys = OFF")?;
    let done = lite.batch_execute(script);
    lite.batch_execute("PRAGMA foreign_keys = ON")?;
    Ok(done?)
}
