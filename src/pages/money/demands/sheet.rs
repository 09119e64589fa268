//! A demand on paper, in its own language: what was sent, with its charges as they stood.

use domain::billing::explain::yuan;
use domain::billing::subject::named;
use domain::demands::{self, Demand, Line};
use domain::payments::capitals::capitals;
use domain::{Db, community, debts};
use paper::{Block, Column, Document, Table};

use crate::ctx::Ctx;
use crate::lang::Lang;

/// What a letter is made of.
pub(crate) struct Sheet {
    demand: Demand,
    home: String,
    sender: String,
    lines: Vec<Line>,
}

impl Sheet {
    /// A demand with its charges.
    pub(crate) fn of(db: &mut Db, demand: Demand) -> domain::Result<Self> {
        let owner = debts::debtors(db, &[demand.account_id])?.pop().ok_or(domain::Error::NotFound)?;
        let sender = community::by_id(db, owner.community)?.name;
        Ok(Self { lines: demands::lines(db, demand.id)?, home: owner.home, sender, demand })
    }

    /// The letter.
    pub(crate) fn document(&self, ctx: &Ctx) -> Document {
        let texts = ctx.app.views.texts(self.language());
        let say = |key: &str| texts.say(&format!("demands.{key}"), &[]);
        let fact = |key: &str, value: &str| (say(key), value.to_owned());
        let one = &self.demand;
        let blocks = vec![
            Block::Title(say("title_of_letter")),
            Block::Facts(vec![
                fact("number", &one.number),
                fact("addressee", &one.addressee),
                fact("home", &self.home),
                fact("day", &one.day.to_string()),
                fact("term", &one.term_on.to_string()),
            ]),
            Block::Text(one.body.clone()),
            Block::Heading(say("list")),
            Block::Table(self.table(&say)),
            Block::Right(self.sender.clone()),
            Block::Right(one.day.to_string()),
            Block::Small(texts.say("demands.slip", &[("number", &one.number)])),
        ];
        let foot = format!("{} · {}", one.number, say("foot"));
        Document { blocks, foot }
    }

    fn language(&self) -> Lang {
        Lang::of(&self.demand.language).unwrap_or_default()
    }

    fn table(&self, say: &dyn Fn(&str) -> String) -> Table {
        let column = |key: &str, share, number| Column { name: say(key), share, number };
        let row = |line: &Line| {
            vec![
                named(&line.item, &line.subject, self.language().code()),
                line.period.to_string(),
                line.due_on.to_string(),
                yuan(line.open),
            ]
        };
        let total = self.demand.total;
        let in_words = format!("{} {}", say("total"), capitals(total));
        Table {
            columns: vec![
                column("item", 3.4, false),
                column("period", 1.0, false),
                column("due_on", 1.2, false),
                column("open", 1.3, true),
            ],
            rows: self.lines.iter().map(row).collect(),
            total: vec![in_words, String::new(), String::new(), yuan(total)],
        }
    }
}
