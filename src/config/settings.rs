//! Every setting that there is, with what it is for: the list that holds the file of examples, `doctor` and
//! the reading of settings together.

/// One setting.
pub(crate) struct Setting {
    /// Its name, in the environment and in the file.
    pub(crate) name: &'static str,
    /// What holds where it is not set; none: see `about`.
    pub(crate) default: Option<&'static str>,
    /// A value to show, where there is no default.
    pub(crate) example: &'static str,
    /// Whether it is never shown, and can be read from the file that `NAME_FILE` names.
    pub(crate) secret: bool,
    /// What it is for, line by line.
    pub(crate) about: &'static [&'static str],
}

/// Where WeChat Pay is.
pub(super) const WECHAT_URL: &str = "https://api.mch.weixin.qq.com";
/// Where Alipay's gateway is.
pub(super) const ALIPAY_URL: &str = "https://openapi.alipay.com/gateway.do";

/// Every setting there is.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting {
        name: "DATABASE_URL",
        default: Some("sqlite://data/linli.db"),
        example: "",
        secret: true,
        about: &[
            "Where the records are. sqlite://path for one community on one machine,",
            "postgres://user:password@host/database for a company with several processes.",
        ],
    },
    Setting {
        name: "DATABASE_LISTEN_URL",
        default: None,
        example: "postgres://linli:password@db.internal:5432/linli",
        secret: true,
        about: &[
            "PostgreSQL only: a direct connection on which the worker listens for new work, where a pooler such",
            "as PgBouncer stands between. Without it, DATABASE_URL.",
        ],
    },
    Setting {
        name: "LINLI_BIND",
        default: Some("127.0.0.1:8080"),
        example: "",
        secret: false,
        about: &[
            "The address that is listened on. Leave it on this machine and put a proxy with TLS in front.",
        ],
    },
    Setting {
        name: "LINLI_BASE_URL",
        default: None,
        example: "https://linli.example.org",
        secret: false,
        about: &[
            "The address that people type: links in mails and QR codes begin with it, and cookies are only sent",
            "over TLS where it begins with https. Without it, http:// and LINLI_BIND.",
        ],
    },
    Setting {
        name: "LINLI_HSTS",
        default: None,
        example: "31536000",
        secret: false,
        about: &[
            "For how many seconds browsers insist on TLS (Strict-Transport-Security). Without it, not sent.",
        ],
    },
    Setting {
        name: "LINLI_TRUST_PROXY",
        default: Some("no"),
        example: "",
        secret: false,
        about: &[
            "yes where a proxy in front sets X-Forwarded-For, so that limits count people and not the proxy.",
            "Only then: without a proxy, anybody could write that header.",
        ],
    },
    Setting {
        name: "LINLI_DATA_DIR",
        default: Some("data"),
        example: "",
        secret: false,
        about: &[
            "Where attachments, backups, mails without a server and the made key lie. Without it, the folder of",
            "the SQLite file.",
        ],
    },
    Setting {
        name: "LINLI_STORAGE_URL",
        default: None,
        example: "file:/srv/linli/files",
        secret: false,
        about: &["Where attachments are. Without it, the folder files in LINLI_DATA_DIR."],
    },
    Setting {
        name: "LINLI_BACKUP_DIR",
        default: None,
        example: "/backup/linli",
        secret: false,
        about: &[
            "Where the worker's nightly backups and those before an upgrade lie; best on another disk. Without it,",
            "the folder backups in LINLI_DATA_DIR.",
        ],
    },
    Setting {
        name: "LINLI_BACKUP_KEEP",
        default: Some("7"),
        example: "",
        secret: false,
        about: &["How many nightly backups are kept. 0: none is made; the one before an upgrade still is."],
    },
    Setting {
        name: "SMTP_URL",
        default: None,
        example: "smtps://linli:password@mail.example.org:465",
        secret: true,
        about: &[
            "How mails leave: smtp:// or smtps://. Without it they are written to the folder mail in",
            "LINLI_DATA_DIR, and the pages say so.",
        ],
    },
    Setting {
        name: "LINLI_MAIL_FROM",
        default: Some("邻里 Linli <linli@localhost>"),
        example: "",
        secret: false,
        about: &["The sender of mails."],
    },
    Setting {
        name: "LINLI_WECHAT_MERCHANT",
        default: None,
        example: "1900000109",
        secret: false,
        about: &[
            "WeChat Pay 微信支付 (API v3, Native): the merchant number. With it all the others of LINLI_WECHAT_ but the",
            "PLATFORM_ID and the URL are needed; without any of them the way to pay is not offered.",
        ],
    },
    Setting {
        name: "LINLI_WECHAT_APP",
        default: None,
        example: "wx8888888888888888",
        secret: false,
        about: &["The app that the merchant number is bound to."],
    },
    Setting {
        name: "LINLI_WECHAT_SERIAL",
        default: None,
        example: "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        secret: false,
        about: &["The serial of the merchant's API certificate."],
    },
    Setting {
        name: "LINLI_WECHAT_KEY",
        default: None,
        example: "-----BEGIN PRIVATE KEY-----",
        secret: true,
        about: &[
            "The private key of that certificate (apiclient_key.pem). Best from a file that only the portal reads:",
            "LINLI_WECHAT_KEY_FILE.",
        ],
    },
    Setting {
        name: "LINLI_WECHAT_APIV3_KEY",
        default: None,
        example: "32 characters set on the merchant page",
        secret: true,
        about: &["The APIv3 key: 32 characters, with which notifications are sealed."],
    },
    Setting {
        name: "LINLI_WECHAT_PLATFORM",
        default: None,
        example: "-----BEGIN PUBLIC KEY-----",
        secret: true,
        about: &[
            "What WeChat Pay signs with: its public key (pub_key.pem), or its platform certificates, several in one file",
            "while one follows the other. Best from a file: LINLI_WECHAT_PLATFORM_FILE.",
        ],
    },
    Setting {
        name: "LINLI_WECHAT_PLATFORM_ID",
        default: None,
        example: "PUB_KEY_ID_0000000000000000000000000000000000",
        secret: false,
        about: &["The id of the public key; not needed with certificates, which have their serial."],
    },
    Setting {
        name: "LINLI_WECHAT_URL",
        default: Some(WECHAT_URL),
        example: "",
        secret: false,
        about: &["Where WeChat Pay is."],
    },
    Setting {
        name: "LINLI_ALIPAY_APP",
        default: None,
        example: "2021000000000000",
        secret: false,
        about: &[
            "Alipay 支付宝 (face to face, precreate): the app's number. With it all the others of LINLI_ALIPAY_ but the URL",
            "are needed; without any of them the way to pay is not offered.",
        ],
    },
    Setting {
        name: "LINLI_ALIPAY_SELLER",
        default: None,
        example: "2088000000000000",
        secret: false,
        about: &[
            "The seller's number (PID): 16 digits that begin with 2088. A notification for another one is not believed.",
        ],
    },
    Setting {
        name: "LINLI_ALIPAY_KEY",
        default: None,
        example: "-----BEGIN PRIVATE KEY-----",
        secret: true,
        about: &[
            "The app's private key (RSA2, 2048 bits), PEM or as Alipay's key tool writes it. Best from a file:",
            "LINLI_ALIPAY_KEY_FILE.",
        ],
    },
    Setting {
        name: "LINLI_ALIPAY_PLATFORM",
        default: None,
        example: "-----BEGIN PUBLIC KEY-----",
        secret: true,
        about: &[
            "Alipay's own public key (支付宝公钥, not the app's). Best from a file: LINLI_ALIPAY_PLATFORM_FILE.",
        ],
    },
    Setting {
        name: "LINLI_ALIPAY_URL",
        default: Some(ALIPAY_URL),
        example: "",
        secret: false,
        about: &["Where Alipay's gateway is."],
    },
    Setting {
        name: "LINLI_SECRET_KEY",
        default: None,
        example: "at least 32 characters that nobody guesses",
        secret: true,
        about: &[
            "Seals forms and second steps of signing in; the same for all processes of an installation. Without",
            "it, one is made at the first start and kept in LINLI_DATA_DIR.",
        ],
    },
    Setting {
        name: "LINLI_METRICS_BIND",
        default: None,
        example: "127.0.0.1:9464",
        secret: false,
        about: &[
            "Where figures about the process are served at /metrics, in the form of Prometheus. They name no",
            "person, but keep the address to yourself. Without it, nowhere.",
        ],
    },
    Setting {
        name: "LINLI_LOG",
        default: Some("info"),
        example: "",
        secret: false,
        about: &[
            "What is logged, as JSON lines on standard error: error, warn, info, debug, or linli=debug,warn.",
        ],
    },
    Setting {
        name: "LINLI_CLOCK",
        default: None,
        example: "+3d",
        secret: false,
        about: &[
            "A clock for rehearsals: an instant from which it runs on, or an offset. Only on a database made by",
            "linli demo or linli migrate --sandbox.",
        ],
    },
];

/// The setting of a name.
pub(crate) fn named(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// A settings file in which everything stands and nothing is set: `docs/linli.example.toml`.
pub(crate) fn example() -> String {
    let mut text = String::from(
        "# Settings of Linli: name this file in LINLI_CONFIG. The environment wins over it; a secret can also come\n\
         # from a file of its own (SMTP_URL_FILE=/run/secrets/smtp). `linli doctor` shows what holds.\n\
         # Commented lines show the default, or where there is none an example.\n",
    );
    for setting in SETTINGS {
        text.push('\n');
        for line in setting.about {
            text.push_str(&format!("# {line}\n"));
        }
        let value = toml::Value::from(setting.default.unwrap_or(setting.example));
        text.push_str(&format!("# {} = {value}\n", setting.name));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Config;

    #[test]
    fn the_file_of_examples_is_made_from_the_code() {
        let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/linli.example.toml"));
        assert_eq!(kept.unwrap(), example(), "linli settings-example > docs/linli.example.toml");
    }

    #[test]
    fn every_default_is_the_one_that_holds_and_every_setting_is_shown() {
        let shown: BTreeMap<_, _> = Config::from_env(&BTreeMap::new()).unwrap().shown().into_iter().collect();
        assert_eq!(shown.len(), SETTINGS.len());
        for setting in SETTINGS {
            let value = shown.get(setting.name).unwrap_or_else(|| panic!("{} is not shown", setting.name));
            if let Some(default) = setting.default {
                assert_eq!(value, default, "{}", setting.name);
            }
        }
    }

    #[test]
    fn every_example_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("linli.toml");
        let set: String = example()
            .lines()
            .filter(|line| line.contains(" = "))
            .map(|line| format!("{}\n", &line[2..]))
            .collect();
        std::fs::write(&file, set).unwrap();
        let env = [("LINLI_CONFIG".to_owned(), file.display().to_string())];
        Config::from_env(&env.into_iter().collect()).unwrap();
    }
}
