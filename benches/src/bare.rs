//! The least that a page of this size can cost here: actix-web, a pool of SQLite connections, point queries by
//! primary key, and Tera.

use std::path::Path;

use actix_web::web::{Data, get};
use actix_web::{App, HttpResponse, HttpServer, error};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::sql_types::{BigInt, Text};
use tera::{Context, Tera};

use crate::figures::Result;

/// How many statements the resident's first page runs, the session's included.
pub(crate) const QUERIES: i64 = 14;

/// How many rows the page lists.
const ROWS: usize = 40;

struct Server {
    pool: Pool<ConnectionManager<SqliteConnection>>,
    tera: Tera,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

/// A table to ask, with texts that add up to a page of about so many bytes.
pub(crate) fn make(file: &Path, bytes: usize) -> Result<()> {
    let mut db = SqliteConnection::establish(&file.display().to_string())?;
    let length = bytes / ROWS - "<li></li>\n".len();
    diesel::sql_query("PRAGMA journal_mode = WAL").execute(&mut db)?;
    diesel::sql_query("CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL)").execute(&mut db)?;
    diesel::sql_query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
         INSERT INTO words SELECT i, SUBSTR(HEX(ZEROBLOB($1)), 1, $1) FROM n",
    )
    .bind::<BigInt, _>(i64::try_from(length)?)
    .execute(&mut db)?;
    Ok(())
}

/// Serves until it is killed.
pub(crate) fn serve(file: &str, port: &str) -> Result<()> {
    let pool = Pool::builder().max_size(8).build(ConnectionManager::new(file))?;
    let mut tera = Tera::default();
    tera.add_raw_template("page.html", "<ul>\n{% for row in rows %}<li>{{ row }}</li>\n{% endfor %}</ul>\n")?;
    let server = Data::new(Server { pool, tera });
    let address = ("127.0.0.1", port.parse()?);
    actix_web::rt::System::new().block_on(async {
        HttpServer::new(move || App::new().app_data(server.clone()).route("/", get().to(page)))
            .bind(address)?
            .run()
            .await
    })?;
    Ok(())
}

async fn page(server: Data<Server>) -> actix_web::Result<HttpResponse> {
    let asked = server.clone();
    let rows = actix_web::web::block(move || read(&asked)).await?.map_err(error::ErrorInternalServerError)?;
    let mut context = Context::new();
    context.insert("rows", &rows);
    let html = server.tera.render("page.html", &context).map_err(error::ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html))
}

fn read(server: &Server) -> Result<Vec<String>> {
    let mut db = server.pool.get()?;
    let mut texts = Vec::new();
    for n in 0..QUERIES {
        let query = diesel::sql_query("SELECT text FROM words WHERE id = $1").bind::<BigInt, _>(n * 601 + 1);
        texts.push(query.get_result::<Row>(&mut db)?.text);
    }
    Ok((0..ROWS).filter_map(|n| texts.get(n % texts.len())).cloned().collect())
}
