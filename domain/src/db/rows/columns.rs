//! What columns a table has, and the statements that read and write them as lines.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::db::{Db, Kind};
use crate::error::{Error, Result};

/// A table as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    name: String,
    holds: Holds,
    /// Its place in the primary key, from 1; 0 where it is not of it.
    in_key: i64,
    gives_ids: bool,
}

/// The few things that columns of ours hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Whole,
    Truth,
    Text,
    Day,
    Moment,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    #[diesel(sql_type = BigInt)]
    in_key: i64,
    #[diesel(sql_type = Bool)]
    gives_ids: bool,
}

const SQLITE: &str = "SELECT t.name AS table_name, c.name AS column_name, LOWER(c.type) AS declared, \
    c.pk AS in_key, (c.name = 'id' AND t.sql LIKE '%AUTOINCREMENT%') AS gives_ids \
    FROM sqlite_master t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
    AND t.name <> '__diesel_schema_migrations' ORDER BY t.name, c.cid";

/// From the catalogue itself: the views of `information_schema` take a second for some hundred tables.
const POSTGRES: &str = "SELECT t.relname::text AS table_name, c.attname::text AS column_name, \
    format_type(c.atttypid, NULL) AS declared, \
    COALESCE(array_position(k.indkey::int2[], c.attnum) + 1, 0)::bigint AS in_key, \
    (c.attidentity <> '') AS gives_ids \
    FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid \
    LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary \
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND c.attnum > 0 \
    AND NOT c.attisdropped AND t.relname <> '__diesel_schema_migrations' \
    ORDER BY t.relname COLLATE \"C\", c.attnum";

pub(super) fn tables(db: &mut Db) -> Result<Vec<Table>> {
    let sql = if db.kind() == Kind::Sqlite { SQLITE } else { POSTGRES };
    let found: Vec<Found> = diesel::sql_query(sql).load(db)?;
    let mut tables: Vec<Table> = Vec::new();
    for Found { table_name, column_name, declared, in_key, gives_ids } in found {
        let Some(holds) = Holds::of(&declared) else {
            return Err(Error::internal(format!("{table_name}.{column_name} holds {declared}")));
        };
        let column = Column { name: column_name, holds, in_key, gives_ids };
        match tables.last_mut().filter(|table| table.name == table_name) {
            Some(table) => table.columns.push(column),
            None => tables.push(Table { name: table_name, columns: vec![column] }),
        }
    }
    Ok(tables)
}

impl Table {
    /// The names of its columns, in the order of a line.
    pub fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The same table with its columns in another database's order.
    ///
    /// # Errors
    /// Names that are not exactly its columns'.
    pub fn in_order(mut self, names: &[String]) -> Result<Self> {
        let place = |column: &Column| names.iter().position(|name| *name == column.name);
        if self.columns.len() != names.len() || self.columns.iter().any(|column| place(column).is_none()) {
            return Err(Error::internal(format!("{} has other columns than its rows", self.name)));
        }
        self.columns.sort_by_key(place);
        Ok(self)
    }

    pub(super) fn gives_ids(&self) -> bool {
        self.columns.iter().any(|column| column.gives_ids)
    }

    /// Every row as a line, in the order of the primary key (of all columns where there is none).
    pub(super) fn select(&self, kind: Kind) -> String {
        let values: Vec<String> = self.columns.iter().map(|column| column.written(kind)).collect();
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.in_key > 0).collect();
        key.sort_by_key(|column| column.in_key);
        let key = if key.is_empty() { self.columns.iter().collect() } else { key };
        let order: Vec<String> = key.iter().map(|column| column.ordered(kind)).collect();
        let line = values.join(" || ',' || ");
        format!("SELECT '[' || {line} || ']' AS line FROM \"{}\" ORDER BY {}", self.name, order.join(", "))
    }

    /// Takes `$1`, an array of lines.
    pub(super) fn insert(&self, kind: Kind) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let values: Vec<String> =
            self.columns.iter().enumerate().map(|(n, column)| column.read(kind, n)).collect();
        let lines = match kind {
            Kind::Sqlite => "json_each($1)",
            Kind::Postgres => "jsonb_array_elements($1::jsonb)",
        };
        let (names, values) = (names.join(", "), values.join(", "));
        format!("INSERT INTO \"{}\" ({names}) SELECT {values} FROM {lines}", self.name)
    }
}

impl Column {
    /// The column as it stands in a line.
    fn written(&self, kind: Kind) -> String {
        let name = format!("\"{}\"", self.name);
        let text = match (kind, self.holds) {
            (Kind::Sqlite, _) => return format!("json_quote({name})"),
            (Kind::Postgres, Holds::Whole) => format!("{name}::text"),
            (Kind::Postgres, Holds::Truth) => format!("{name}::int::text"),
            (Kind::Postgres, Holds::Text) => format!("to_json({name})::text"),
            (Kind::Postgres, Holds::Day) => format!("to_json(to_char({name}, 'YYYY-MM-DD'))::text"),
            (Kind::Postgres, Holds::Moment) => moment(&name),
        };
        format!("COALESCE({text}, 'null')")
    }

    /// SQLite orders text by its bytes.
    fn ordered(&self, kind: Kind) -> String {
        let collation =
            if kind == Kind::Postgres && self.holds == Holds::Text { " COLLATE \"C\"" } else { "" };
        format!("\"{}\"{collation}", self.name)
    }

    /// The `n`th value of a line.
    fn read(&self, kind: Kind, n: usize) -> String {
        if kind == Kind::Sqlite {
            return format!("json_extract(value, '$[{n}]')");
        }
        let cast = match self.holds {
            Holds::Whole => "bigint",
            Holds::Truth => "int::boolean",
            Holds::Text => "text",
            Holds::Day => "date",
            Holds::Moment => "timestamp",
        };
        format!("(value ->> {n})::{cast}")
    }
}

/// Diesel writes a fraction into SQLite with none, three or six digits.
fn moment(name: &str) -> String {
    format!(
        "to_json(to_char({name}, 'YYYY-MM-DD HH24:MI:SS') || CASE \
         WHEN to_char({name}, 'US') = '000000' THEN '' \
         WHEN to_char({name}, 'US') LIKE '%000' THEN to_char({name}, '.MS') \
         ELSE to_char({name}, '.US') END)::text"
    )
}

impl Holds {
    fn of(declared: &str) -> Option<Self> {
        match declared {
            "integer" | "bigint" | "smallint" => Some(Self::Whole),
            "boolean" => Some(Self::Truth),
            "text" => Some(Self::Text),
            "date" => Some(Self::Day),
            "timestamp" | "timestamp without time zone" => Some(Self::Moment),
            _ => None,
        }
    }
}
