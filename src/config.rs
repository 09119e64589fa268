//! Settings: the environment, else the TOML file that `LINLI_CONFIG` names, else a default. Secrets can
//! also come from a file (`…_FILE`). Read once, at the start; an unknown name in the file is refused.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use channels::{AlipayKeys, WeChatKeys};
use domain::{Clock, Error, Result};

mod pay;
mod settings;

pub(crate) use pay::Pay;
pub(crate) use settings::example;

/// Everything that can be set.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Where the records are.
    pub(crate) database: Database,
    /// How people reach the portal.
    pub(crate) web: Web,
    /// Where files are kept.
    pub(crate) files: Files,
    /// Where backups go.
    pub(crate) backups: Backups,
    /// How mails leave.
    pub(crate) mail: Mail,
    /// With whom people can pay by themselves.
    pub(crate) pay: Pay,
    /// The key that signs tokens (`LINLI_SECRET_KEY`); none: made at the first start, kept in the data folder.
    pub(crate) secret_key: Option<String>,
    /// The clock for rehearsals (`LINLI_CLOCK`).
    pub(crate) clock: Option<Clock>,
    /// What is logged (`LINLI_LOG`, such as `info` or `linli=debug`).
    pub(crate) log: String,
}

/// Where the records are.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    /// `DATABASE_URL`: `sqlite://path` or `postgres://…`.
    pub(crate) url: String,
    /// `DATABASE_LISTEN_URL`: a direct connection for LISTEN where a pooler stands between.
    pub(crate) listen_url: Option<String>,
}

/// How people reach the portal.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    /// `LINLI_BIND`: the address that is listened on.
    pub(crate) bind: String,
    /// `LINLI_BASE_URL`: the address that people type, without a slash at its end.
    pub(crate) base_url: String,
    /// `LINLI_HSTS`: seconds of Strict-Transport-Security; none: not sent.
    pub(crate) hsts: Option<u32>,
    /// `LINLI_TRUST_PROXY`: `yes` where a proxy in front sets `X-Forwarded-For`.
    pub(crate) trust_proxy: bool,
    /// `LINLI_METRICS_BIND`: where figures about the process are served; none: nowhere.
    pub(crate) metrics_bind: Option<String>,
}

/// Where files are kept.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// `LINLI_DATA_DIR`: the folder of the SQLite file, else `data`.
    pub(crate) data_dir: PathBuf,
    /// `LINLI_STORAGE_URL`: where attachments are; none: `files` in the data folder.
    pub(crate) storage_url: Option<String>,
}

/// Where backups go.
#[derive(Debug, Clone)]
pub(crate) struct Backups {
    /// `LINLI_BACKUP_DIR`: `backups` in the data folder.
    pub(crate) folder: PathBuf,
    /// `LINLI_BACKUP_KEEP`: how many nightly ones are kept; 0: none is made.
    pub(crate) keep: usize,
}

/// How mails leave.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// `SMTP_URL`; none: mails are written to `mail/*.eml` in the data folder.
    pub(crate) smtp_url: Option<String>,
    /// `LINLI_MAIL_FROM`: the sender.
    pub(crate) from: String,
}

impl Config {
    /// Reads the settings of this process.
    ///
    /// # Errors
    /// Names the setting that is not understood.
    pub(crate) fn read() -> Result<Self> {
        let env: BTreeMap<String, String> = std::env::vars().collect();
        Self::from_env(&env)
    }

    /// Reads the settings of an environment.
    pub(crate) fn from_env(env: &BTreeMap<String, String>) -> Result<Self> {
        let file = env.get("LINLI_CONFIG").map(|path| read_file(Path::new(path))).transpose()?;
        let source = Source { env, file: file.unwrap_or_default() };
        let url = source.or("DATABASE_URL", "sqlite://data/linli.db")?;
        check_scheme(&url)?;
        let bind = source.or("LINLI_BIND", "127.0.0.1:8080")?;
        let base_url = source.or("LINLI_BASE_URL", &format!("http://{bind}"))?;
        let data_dir = source.get("LINLI_DATA_DIR")?.map_or_else(|| data_dir(&url), PathBuf::from);
        let backup_dir = source.get("LINLI_BACKUP_DIR")?;
        Ok(Self {
            web: Web {
                base_url: base_url.trim_end_matches('/').to_owned(),
                hsts: source.parsed("LINLI_HSTS", |text| text.parse().ok())?,
                trust_proxy: source.parsed("LINLI_TRUST_PROXY", yes_or_no)?.unwrap_or(false),
                metrics_bind: source.get("LINLI_METRICS_BIND")?,
                bind,
            },
            backups: Backups {
                folder: backup_dir.map_or_else(|| data_dir.join("backups"), PathBuf::from),
                keep: source.parsed("LINLI_BACKUP_KEEP", |text| text.parse().ok())?.unwrap_or(7),
            },
            files: Files { data_dir, storage_url: source.get("LINLI_STORAGE_URL")? },
            mail: Mail {
                smtp_url: source.get("SMTP_URL")?,
                from: source.or("LINLI_MAIL_FROM", "邻里 Linli <linli@localhost>")?,
            },
            pay: Pay::read(&source)?,
            database: Database { url, listen_url: source.get("DATABASE_LISTEN_URL")? },
            secret_key: source.get("LINLI_SECRET_KEY")?,
            clock: source.parsed("LINLI_CLOCK", Clock::parse)?,
            log: source.or("LINLI_LOG", "info")?,
        })
    }
}

impl Config {
    /// The settings that hold, secrets hidden; for `linli doctor`.
    pub(crate) fn shown(&self) -> Vec<(&'static str, String)> {
        let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let masked = |set: bool| if set { "***" } else { "-" }.to_owned();
        let hidden = |value: &Option<String>| masked(value.is_some());
        let wechat = |of: fn(&WeChatKeys) -> &String| {
            self.pay
                .wechat
                .as_ref()
                .map(of)
                .filter(|text| !text.is_empty())
                .map_or("-", |text| text)
                .to_owned()
        };
        let alipay =
            |of: fn(&AlipayKeys) -> &String| self.pay.alipay.as_ref().map_or("-", |keys| of(keys)).to_owned();
        vec![
            ("DATABASE_URL", without_password(&self.database.url)),
            ("DATABASE_LISTEN_URL", hidden(&self.database.listen_url)),
            ("LINLI_BIND", self.web.bind.clone()),
            ("LINLI_BASE_URL", self.web.base_url.clone()),
            ("LINLI_HSTS", self.web.hsts.map_or_else(|| "-".to_owned(), |secs| secs.to_string())),
            ("LINLI_TRUST_PROXY", if self.web.trust_proxy { "yes" } else { "no" }.to_owned()),
            ("LINLI_DATA_DIR", self.files.data_dir.display().to_string()),
            ("LINLI_STORAGE_URL", or_none(&self.files.storage_url)),
            ("LINLI_BACKUP_DIR", self.backups.folder.display().to_string()),
            ("LINLI_BACKUP_KEEP", self.backups.keep.to_string()),
            ("SMTP_URL", hidden(&self.mail.smtp_url)),
            ("LINLI_MAIL_FROM", self.mail.from.clone()),
            ("LINLI_WECHAT_MERCHANT", wechat(|keys| &keys.merchant)),
            ("LINLI_WECHAT_APP", wechat(|keys| &keys.app)),
            ("LINLI_WECHAT_SERIAL", wechat(|keys| &keys.serial)),
            ("LINLI_WECHAT_KEY", masked(self.pay.wechat.is_some())),
            ("LINLI_WECHAT_APIV3_KEY", masked(self.pay.wechat.is_some())),
            ("LINLI_WECHAT_PLATFORM", masked(self.pay.wechat.is_some())),
            ("LINLI_WECHAT_PLATFORM_ID", wechat(|keys| &keys.platform_id)),
            (
                "LINLI_WECHAT_URL",
                self.pay.wechat.as_ref().map_or(settings::WECHAT_URL, |keys| &keys.url).to_owned(),
            ),
            ("LINLI_ALIPAY_APP", alipay(|keys| &keys.app)),
            ("LINLI_ALIPAY_SELLER", alipay(|keys| &keys.seller)),
            ("LINLI_ALIPAY_KEY", masked(self.pay.alipay.is_some())),
            ("LINLI_ALIPAY_PLATFORM", masked(self.pay.alipay.is_some())),
            (
                "LINLI_ALIPAY_URL",
                self.pay.alipay.as_ref().map_or(settings::ALIPAY_URL, |keys| &keys.url).to_owned(),
            ),
            ("LINLI_SECRET_KEY", hidden(&self.secret_key)),
            ("LINLI_METRICS_BIND", or_none(&self.web.metrics_bind)),
            ("LINLI_LOG", self.log.clone()),
            ("LINLI_CLOCK", self.clock.map_or_else(|| "-".to_owned(), |clock| clock.now().to_string())),
        ]
    }
}

/// A database's URL with its password hidden.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "***".to_owned() };
    match rest.split_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}")
        }
        None => url.to_owned(),
    }
}

struct Source<'a> {
    env: &'a BTreeMap<String, String>,
    file: BTreeMap<String, String>,
}

impl Source<'_> {
    fn get(&self, name: &'static str) -> Result<Option<String>> {
        if let Some(value) = self.env.get(name) {
            return Ok(Some(value.clone()).filter(|value| !value.is_empty()));
        }
        if let Some(path) = self
            .env
            .get(&format!("{name}_FILE"))
            .filter(|_| settings::named(name).is_some_and(|setting| setting.secret))
        {
            let text = std::fs::read_to_string(path).map_err(|error| {
                tracing::debug!(%error, name, "a secret's file");
                Error::field(format!("{name}_FILE"), "setting_file")
            })?;
            return Ok(Some(text.trim().to_owned()));
        }
        Ok(self.file.get(name).cloned())
    }

    fn or(&self, name: &'static str, default: &str) -> Result<String> {
        Ok(self.get(name)?.unwrap_or_else(|| default.to_owned()))
    }

    fn parsed<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
        let Some(text) = self.get(name)? else { return Ok(None) };
        parse(&text).map(Some).ok_or_else(|| Error::field(name, "setting"))
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).map_err(|_| Error::field("LINLI_CONFIG", "setting_file"))?;
    let table: toml::Table = text.parse().map_err(|_| Error::field("LINLI_CONFIG", "setting_toml"))?;
    table.into_iter().map(setting_of).collect()
}

fn setting_of((name, value): (String, toml::Value)) -> Result<(String, String)> {
    if settings::named(&name).is_none() {
        return Err(Error::field(name, "setting_unknown"));
    }
    let text = match value {
        toml::Value::String(text) => text,
        toml::Value::Integer(number) => number.to_string(),
        _ => return Err(Error::field(name, "setting")),
    };
    Ok((name, text))
}

/// A mistyped scheme must not become a file's name.
fn check_scheme(url: &str) -> Result<()> {
    let known = ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if known { Ok(()) } else { Err(Error::field("DATABASE_URL", "setting_database")) }
}

fn data_dir(database_url: &str) -> PathBuf {
    let file = database_url.strip_prefix("sqlite://").map(|rest| rest.split('?').next().unwrap_or(rest));
    let folder = file.and_then(|file| Path::new(file).parent());
    folder.filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| "data".into(), Path::to_path_buf)
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Result<Config> {
        let env = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::from_env(&env)
    }

    #[test]
    fn a_mistyped_database_is_refused() {
        for url in ["sqlite:linli.db", "postgre://x", "linli.db", "mysql://x"] {
            assert!(config(&[("DATABASE_URL", url)]).is_err(), "{url}");
        }
        assert!(config(&[("DATABASE_URL", "postgres://localhost/linli")]).is_ok());
    }

    #[test]
    fn files_lie_beside_the_database() {
        for (url, dir) in [
            ("sqlite://data/linli.db", "data"),
            ("sqlite:///srv/linli/linli.db?x=1", "/srv/linli"),
            ("sqlite://linli.db", "data"),
            ("postgres://localhost/linli", "data"),
        ] {
            assert_eq!(config(&[("DATABASE_URL", url)]).unwrap().files.data_dir, PathBuf::from(dir));
        }
    }

    #[test]
    fn the_environment_wins_over_the_file_and_secrets_come_from_files() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("linli.toml");
        let secret = folder.path().join("key");
        std::fs::write(&file, "LINLI_BIND = \"0.0.0.0:80\"\nLINLI_HSTS = 60\n").unwrap();
        std::fs::write(&secret, "hush\n").unwrap();
        let (file, secret) = (file.to_str().unwrap(), secret.to_str().unwrap());
        let read = config(&[("LINLI_CONFIG", file), ("LINLI_SECRET_KEY_FILE", secret)]).unwrap();
        assert_eq!((read.web.bind.as_str(), read.web.hsts), ("0.0.0.0:80", Some(60)));
        assert_eq!(read.secret_key.as_deref(), Some("hush"));
        let read = config(&[("LINLI_CONFIG", file), ("LINLI_BIND", "127.0.0.1:9")]).unwrap();
        assert_eq!(read.web.bind, "127.0.0.1:9");
        std::fs::write(file, "LINLI_BINDD = \"x\"").unwrap();
        assert!(config(&[("LINLI_CONFIG", file)]).is_err());
    }
}
