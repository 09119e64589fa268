//! The tools of the tests, tested: both databases come fresh and go, the mail server decodes and misbehaves.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, sql_query};
use test_support::{Cluster, Database, Fault, Kind, SmtpServer, both};

both! {
    fn a_prepared_database_is_a_copy(db: Database) {
        let copies = [1, 2].map(|_| Database::prepared(db.kind(), "one_table", |url| run(db.kind(), url, "CREATE TABLE t (n INT)")));
        for copy in &copies {
            run(copy.kind(), copy.url(), "INSERT INTO t VALUES (1)");
            copy.assert_intact();
        }
        assert_ne!(copies[0].url(), copies[1].url());
    }

    async fn a_body_may_be_async(db: Database) {
        assert!(db.url().contains(&format!("{}", db.kind())[..6]));
    }
}

fn run(kind: Kind, url: &str, sql: &str) {
    match kind {
        Kind::Sqlite => {
            let mut db = SqliteConnection::establish(url.trim_start_matches("sqlite://")).unwrap();
            sql_query(sql).execute(&mut db).unwrap();
        }
        Kind::Postgres => {
            let mut db = PgConnection::establish(url).unwrap();
            sql_query(sql).execute(&mut db).unwrap();
        }
    }
}

#[test]
fn a_dropped_cluster_leaves_nothing() {
    let cluster = Cluster::start();
    let url = cluster.url("postgres");
    assert!(PgConnection::establish(&url).is_ok());
    drop(cluster);
    assert!(PgConnection::establish(&url).is_err());
}

/// Started by the next test as a process of its own, which is then killed.
#[test]
#[ignore = "plays the victim of the test below"]
fn victim() {
    let cluster = Cluster::start();
    let mut db = PgConnection::establish(&cluster.url("postgres")).unwrap();
    sql_query("SELECT 1").execute(&mut db).unwrap();
    std::fs::write(std::env::var("VICTIM_SAYS").unwrap(), cluster.url("postgres")).unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_killed_process_leaves_no_server() {
    let folder = tempfile::tempdir().unwrap();
    let says = folder.path().join("url");
    let mut victim = Command::new(std::env::current_exe().unwrap());
    victim
        .args(["--exact", "victim", "--ignored"])
        .env("VICTIM_SAYS", &says)
        .stdout(std::process::Stdio::null());
    let mut victim = victim.spawn().unwrap();
    eventually(|| std::fs::read_to_string(&says).is_ok_and(|url| url.ends_with("postgres")));
    let url = read(&says);
    assert!(PgConnection::establish(&url).is_ok());
    victim.kill().unwrap();
    victim.wait().unwrap();
    eventually(|| PgConnection::establish(&url).is_err());
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn eventually(condition: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < patience, "did not happen within 30 s");
        std::thread::sleep(Duration::from_millis(20));
    }
}

const GOOD: &[&str] =
    &["EHLO me", "MAIL FROM:<office@example.org>", "RCPT TO:<wang@example.org>", "DATA", MAIL, "QUIT"];
const MAIL: &str = "Message-ID: <n7@example.org>\r\nSubject: =?utf-8?B?54mp5Lia6LS5?=\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    =E6=AC=A0=E8=B4=B9 250.60\r\n..dot\r\n.";

/// Says each line and collects the code of each answer, until the server hangs up.
fn session(smtp: &SmtpServer, lines: &[&str]) -> Vec<u16> {
    let stream = TcpStream::connect(smtp.url().trim_start_matches("smtp://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut reader = BufReader::new(stream);
    let mut codes = Vec::from_iter(answer(&mut reader));
    for line in lines {
        if write!(reader.get_mut(), "{line}\r\n").is_err() {
            break;
        }
        match answer(&mut reader) {
            Some(code) => codes.push(code),
            None => break,
        }
    }
    codes
}

fn answer(reader: &mut BufReader<TcpStream>) -> Option<u16> {
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.get(3..4)? == " " {
            return line[..3].parse().ok();
        }
    }
}

#[test]
fn a_mail_is_read_as_a_person_reads_it() {
    let smtp = SmtpServer::start();
    assert_eq!(session(&smtp, GOOD), [220, 250, 250, 250, 354, 250, 221]);
    let mail = smtp.wait_for(1).remove(0);
    assert_eq!((mail.subject.as_str(), mail.text.trim_end()), ("物业费", "欠费 250.60\n.dot"));
    assert_eq!((mail.message_id.as_str(), mail.to), ("n7@example.org", vec!["wang@example.org".to_owned()]));
    assert_eq!(smtp.mails_to("somebody@example.org").len(), 0);
}

#[test]
fn every_fault_looks_as_it_should() {
    let smtp = SmtpServer::start();
    let table: [(Fault, &[u16], usize); 8] = [
        (Fault::Hang, &[], 0),
        (Fault::Close, &[], 0),
        (Fault::Greeting(421), &[421], 0),
        (Fault::Recipient(450), &[220, 250, 250, 450, 354, 250, 221], 1),
        (Fault::Recipient(550), &[220, 250, 250, 550, 354, 250, 221], 1),
        (Fault::DropBeforeData, &[220, 250, 250, 250], 0),
        (Fault::DropAfterDot, &[220, 250, 250, 250, 354], 1),
        (Fault::AfterDot(452), &[220, 250, 250, 250, 354, 452, 221], 0),
    ];
    for (fault, codes, kept) in table {
        smtp.next([Some(fault)]);
        assert_eq!(session(&smtp, GOOD), codes, "{fault:?}");
        assert_eq!(smtp.take().len(), kept, "{fault:?}");
    }
    assert_eq!(session(&smtp, GOOD).last(), Some(&221), "a fault is for one session");
}

#[test]
fn a_server_that_refuses_can_come_back() {
    let smtp = SmtpServer::start();
    smtp.refuse();
    assert!(TcpStream::connect(smtp.url().trim_start_matches("smtp://")).is_err());
    smtp.listen();
    assert_eq!(session(&smtp, GOOD).last(), Some(&221));
}
