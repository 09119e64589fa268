//! A PostgreSQL cluster for one test process: made in a temporary folder, listening on a free port of 127.0.0.1,
//! gone with the process. The server refuses to run as root, so root hands it to another user.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};

use crate::at_exit::Keeper;

/// A running server. Dropping it (or ending the process) stops it and removes its files.
pub struct Cluster {
    port: u16,
    _keeper: Keeper,
}

/// Crash safety is what production has; tests want speed and throw the files away.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=2GB",
    "max_connections=300",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
];

/// `$1` binaries, `$2` folder, `$3…` the server's arguments. Immediate shutdown: nothing here is worth a checkpoint.
const SCRIPT: &str = r#"
bin=$1; folder=$2; shift 2
"$bin/postgres" -D "$folder/data" "$@" >"$folder/log" 2>&1 &
server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$folder"
"#;

impl Cluster {
    /// The cluster that the tests of this process share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A cluster of one's own, for tests that stop or fill it.
    pub fn start() -> Self {
        let owner = Owner::pick();
        let folder =
            tempfile::Builder::new().prefix("linli-pg-").tempdir().expect("a temporary folder").keep();
        owner.give(&folder);
        init(&folder, &owner);
        // Between choosing a free port and listening on it somebody else may take it.
        (0..5)
            .find_map(|_| listen(&folder, &owner))
            .expect("PostgreSQL starts; its log is in the temporary folder")
    }

    /// The address of a database here.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database: empty, or the copy of another, from which everybody is cut off: a pool that was dropped may be
    /// slow to leave.
    pub fn create(&self, database: &str, template: Option<&str>) {
        let template = template.unwrap_or("template0");
        self.administer(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"
        ));
        self.administer(&format!("CREATE DATABASE \"{database}\" TEMPLATE \"{template}\""));
    }

    /// Drops a database, and who is connected to it.
    pub fn drop_database(&self, database: &str) {
        self.administer(&format!("DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)"));
    }

    fn administer(&self, sql: &str) {
        let mut db = PgConnection::establish(&self.url("postgres")).expect("the test cluster answers");
        sql_query(sql).execute(&mut db).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}

fn init(folder: &Path, owner: &Owner) {
    let mut initdb = Command::new(binaries().join("initdb"));
    initdb.arg("-D").arg(folder.join("data"));
    initdb.args(["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=postgres", "--no-sync"]);
    initdb.current_dir(folder);
    owner.runs(&mut initdb);
    let out = initdb.output().expect("initdb starts");
    assert!(out.status.success(), "initdb: {}", String::from_utf8_lossy(&out.stderr));
}

/// `None` when the port was taken meanwhile.
fn listen(folder: &Path, owner: &Owner) -> Option<Cluster> {
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let bin = binaries();
    let mut args = vec![bin.to_str()?.to_owned(), folder.to_str()?.to_owned(), format!("--port={port}")];
    args.extend(SETTINGS.iter().flat_map(|s| ["-c".to_owned(), (*s).to_owned()]));
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    // The script removes the folder when it ends, so a second try must not go through Drop.
    let keeper = Keeper::start(SCRIPT, &args, |sh| {
        sh.current_dir(folder);
        owner.runs(sh);
    });
    let cluster = Cluster { port, _keeper: keeper };
    if cluster.answers(folder) {
        return Some(cluster);
    }
    std::mem::forget(cluster);
    None
}

impl Cluster {
    fn answers(&self, folder: &Path) -> bool {
        let patience = Instant::now() + Duration::from_secs(60);
        while Instant::now() < patience {
            if let Ok(mut db) = PgConnection::establish(&self.url("postgres")) {
                return lives_in(&mut db) == folder.join("data");
            }
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            if log.contains("could not create any TCP/IP sockets") {
                return false;
            }
            assert!(!log.contains("FATAL:  could not"), "PostgreSQL does not start:\n{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("PostgreSQL did not answer within a minute, see {}", folder.join("log").display());
    }
}

#[derive(QueryableByName)]
struct Folder {
    #[diesel(sql_type = Text)]
    data_directory: String,
}

fn lives_in(db: &mut PgConnection) -> PathBuf {
    let found: Folder = sql_query("SELECT current_setting('data_directory') AS data_directory")
        .get_result(db)
        .expect("a superuser may ask where the data is");
    PathBuf::from(found.data_directory)
}

/// The newest server installed: on the path's usual Debian place, or beside `pg_config`.
fn binaries() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).or_else(from_pg_config).expect(
        "no PostgreSQL server found: `cargo xtask test rust` installs it, or `apt-get install postgresql`",
    )
}

fn from_pg_config() -> Option<PathBuf> {
    let out = Command::new("pg_config").arg("--bindir").output().ok()?;
    let bin = PathBuf::from(String::from_utf8(out.stdout).ok()?.trim());
    bin.join("initdb").exists().then_some(bin)
}

/// Who runs the server: ourselves, or for root the user `postgres` (else `nobody`).
struct Owner(Option<(u32, u32)>);

impl Owner {
    fn pick() -> Self {
        use std::os::unix::fs::MetadataExt;
        let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        if !root {
            return Self(None);
        }
        let users = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
        let user = ["postgres", "nobody"].iter().find_map(|name| ids(&users, name));
        Self(Some(user.expect("a user `postgres` or `nobody`")))
    }

    fn give(&self, folder: &Path) {
        if let Some((uid, gid)) = self.0 {
            chown(folder, Some(uid), Some(gid)).expect("root may give a folder away");
        }
    }

    fn runs(&self, command: &mut Command) {
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid);
        }
    }
}

fn ids(users: &str, name: &str) -> Option<(u32, u32)> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
