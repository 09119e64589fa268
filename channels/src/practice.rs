//! For rehearsals and the demo: a provider that is a folder. Nobody's money moves; whoever opens its page of an order
//! says that it is paid.

use std::path::{Path, PathBuf};

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde::{Deserialize, Serialize};

use crate::{Answer, Channel, Fault, Notice, Order, Paid, Standing, Told};

/// The provider for rehearsals.
pub struct Practice {
    folder: PathBuf,
    pages: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    fen: i64,
    state: State,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum State {
    Open,
    Paid,
    Closed,
}

impl Practice {
    /// A provider that keeps its orders in `folder`, and whose codes lead to pages below `pages`.
    pub fn new(folder: PathBuf, pages: &str) -> Self {
        Self { folder, pages: pages.trim_end_matches('/').to_owned() }
    }

    /// The payer pays: from now on the order is paid.
    ///
    /// # Errors
    /// An order that is not known, or closed.
    pub fn pay(&self, number: &str) -> Result<Paid, Fault> {
        let kept = self.kept(number)?.ok_or_else(|| Fault::Refused("ORDER_NOT_EXIST".to_owned()))?;
        if kept.state == State::Closed {
            return Err(Fault::Refused("ORDER_CLOSED".to_owned()));
        }
        self.keep(number, &Kept { state: State::Paid, ..kept })?;
        Ok(paid(number, kept.fen))
    }

    fn file(&self, number: &str) -> Result<PathBuf, Fault> {
        let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if plain { Ok(self.folder.join(number)) } else { Err(Fault::Refused("ORDER_NOT_EXIST".to_owned())) }
    }

    fn kept(&self, number: &str) -> Result<Option<Kept>, Fault> {
        match std::fs::read(self.file(number)?) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map(Some).map_err(|error| Fault::Away(error.to_string()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::Away(error.to_string())),
        }
    }

    /// Written beside it first, so that a reader never finds half of it.
    fn keep(&self, number: &str, kept: &Kept) -> Result<(), Fault> {
        let file = self.file(number)?;
        let text = serde_json::to_vec(kept).map_err(|error| Fault::Away(error.to_string()))?;
        write(&self.folder, &file, &text).map_err(|error| Fault::Away(error.to_string()))
    }

    fn opened(&self, order: &Order) -> Result<String, Fault> {
        if self.kept(&order.number)?.is_none() {
            self.keep(&order.number, &Kept { fen: order.fen, state: State::Open })?;
        }
        Ok(format!("{}/{}", self.pages, order.number))
    }

    fn standing(&self, number: &str) -> Result<Standing, Fault> {
        Ok(match self.kept(number)? {
            None => Standing::Unknown,
            Some(Kept { state: State::Open, .. }) => Standing::Open,
            Some(Kept { state: State::Closed, .. }) => Standing::Closed,
            Some(Kept { state: State::Paid, fen }) => Standing::Paid(paid(number, fen)),
        })
    }

    fn closed(&self, number: &str) -> Result<(), Fault> {
        match self.kept(number)? {
            Some(kept) if kept.state == State::Paid => Err(Fault::Refused("ORDER_PAID".to_owned())),
            Some(kept) => self.keep(number, &Kept { state: State::Closed, ..kept }),
            None => Ok(()),
        }
    }
}

fn write(folder: &Path, file: &Path, text: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let beside = file.with_extension("new");
    std::fs::write(&beside, text)?;
    std::fs::rename(beside, file)
}

fn paid(number: &str, fen: i64) -> Paid {
    Paid { number: number.to_owned(), transaction: format!("PRACTICE{number}"), fen }
}

impl Channel for Practice {
    fn code(&self) -> &'static str {
        "practice"
    }

    fn ask<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<String, Fault>> {
        ready(self.opened(order)).boxed()
    }

    fn look<'a>(&'a self, number: &'a str) -> BoxFuture<'a, Result<Standing, Fault>> {
        ready(self.standing(number)).boxed()
    }

    fn close<'a>(&'a self, number: &'a str) -> BoxFuture<'a, Result<(), Fault>> {
        ready(self.closed(number)).boxed()
    }

    /// It notifies nobody: its page says it in the portal itself.
    fn read(&self, _: &Notice<'_>) -> Result<Told, Fault> {
        Err(Fault::Forged("a notification of a provider that sends none"))
    }

    fn thanks(&self) -> Answer {
        Answer { status: 204, media: "", body: "" }
    }

    fn again(&self) -> Answer {
        Answer { status: 404, media: "", body: "" }
    }
}
