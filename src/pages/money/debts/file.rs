//! `GET /debtors/{account}/file.pdf`: everything about one debt as one file for a court: what was charged and why, what
//! was paid, what was reminded of and demanded with its proof, what was agreed on, and what interrupted the limitation;
//! the letters themselves at the end.

use std::collections::BTreeMap;

use actix_web::web::Path;
use domain::billing::explain::{explain_stored, yuan};
use domain::billing::given_back::words::in_words;
use domain::billing::subject;
use domain::community::{self, Community};
use domain::debts::{self, Debtor, Dispute, Plan};
use domain::demands::{self, Demand, Proof};
use domain::ledger::{self, ChargeFilter, ChargeLine, Entry, Page};
use domain::limitation::{self, Course};
use domain::payments::{self, Payment};
use domain::reminders::{self, Reminder};
use domain::{ChargeId, Db, Fen, Instant, LedgerAccountId, Zone, audit};
use paper::{Block, Column, Document, Table};

use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::pages::money::demands::sheet::Sheet;
use crate::views::Texts;

/// The most rows of a kind.
const ROWS: i64 = 10_000;

/// `GET /debtors/{account}/file.pdf`
pub(crate) async fn pdf(ctx: Ctx, account: Path<i64>) -> Reply {
    let account = LedgerAccountId(*account);
    let (case, sheets) = ctx
        .read(move |db, actor, now| {
            let owner = debts::debtor(db, actor, now, account)?;
            let community = community::by_id(db, owner.community)?;
            let case = Case::load(db, now, community, owner)?;
            let letters = case.demands.iter().cloned().map(|one| Sheet::of(db, one));
            let letters = letters.collect::<domain::Result<Vec<Sheet>>>()?;
            Ok((case, letters))
        })
        .await?;
    let texts = ctx.app.views.texts(ctx.lang);
    let mut blocks = case.blocks(texts, ctx.lang.code());
    for sheet in sheets {
        blocks.push(Block::Page);
        blocks.extend(sheet.document(&ctx).blocks);
    }
    let foot = format!("{} · {} · {}", case.owner.home, case.owner.name, texts.say("demands.foot", &[]));
    files::pdf(&ctx, &format!("{}.pdf", case.owner.home), vec![Document { blocks, foot }]).await
}

/// Everything that the file tells.
struct Case {
    owner: Debtor,
    community: Community,
    zone: Zone,
    now: Instant,
    charges: Vec<ChargeLine>,
    courses: BTreeMap<ChargeId, Course>,
    entries: Vec<Entry>,
    payments: Vec<Payment>,
    reminders: Vec<Reminder>,
    demands: Vec<Demand>,
    proofs: Vec<Proof>,
    plans: Vec<Plan>,
    disputes: Vec<Dispute>,
    acknowledged: Vec<limitation::Acknowledgement>,
    names: BTreeMap<domain::PersonId, String>,
}

impl Case {
    fn load(db: &mut Db, now: Instant, community: Community, owner: Debtor) -> domain::Result<Self> {
        let account = [owner.account];
        let filter =
            ChargeFilter { accounts: Some(account.to_vec()), with_reversed: true, ..ChargeFilter::default() };
        let mut charges = ledger::list(db, community.id, &filter, Page { after: 0, limit: ROWS })?;
        charges.sort_by_key(|line| (line.charge.due_on, line.charge.period, line.charge.id));
        let open: Vec<_> = charges
            .iter()
            .map(|line| line.charge.clone())
            .filter(|charge| charge.open() > Fen::ZERO)
            .collect();
        let mut entries = ledger::entries_of(db, &account, ROWS)?;
        entries.reverse();
        let mut payments = payments::of_accounts(db, &account, ROWS)?;
        payments.reverse();
        let mut demands = demands::of_accounts(db, &account)?;
        demands.reverse();
        let ids: Vec<_> = demands.iter().map(|one| one.id).collect();
        let makers: Vec<_> = entries.iter().filter_map(|entry| entry.actor_id).collect();
        Ok(Self {
            courses: limitation::courses(db, community.id, &open)?,
            reminders: reminders::of_account(db, owner.account)?.into_iter().rev().collect(),
            proofs: demands::proofs_of(db, &ids)?,
            plans: debts::plans_of(db, &account)?.into_iter().rev().collect(),
            disputes: debts::disputes_of(db, &account)?.into_iter().rev().collect(),
            acknowledged: limitation::acknowledgements_of(db, owner.account)?.into_iter().rev().collect(),
            names: audit::names(db, &makers)?,
            zone: community.zone()?,
            charges,
            entries,
            payments,
            demands,
            community,
            owner,
            now,
        })
    }

    fn blocks(&self, texts: &Texts, language: &str) -> Vec<Block> {
        let say = |key: &str| texts.say(&format!("debt_file.{key}"), &[]);
        let fact = |key: &str, value: String| (say(key), value);
        let mut blocks = vec![
            Block::Title(say("title")),
            Block::Facts(vec![
                fact("community", self.community.name.clone()),
                fact("home", self.owner.home.clone()),
                fact("payer", self.owner.name.clone()),
                fact("as_of", self.moment(self.now)),
                fact("balance", yuan(self.owner.balance)),
            ]),
        ];
        let mut part = |key: &str, table: Table| {
            blocks.push(Block::Heading(say(key)));
            blocks.push(if table.rows.is_empty() { Block::Text(say("none")) } else { Block::Table(table) });
        };
        part("charges", self.charges(&say, language));
        part("entries", self.entries(&say, texts));
        part("payments", self.payments(&say, texts));
        part("reminders", self.reminders(&say, texts));
        part("demands", self.demands(&say, texts));
        part("agreements", self.agreements(&say, texts));
        part("limitation", self.limitation(&say, texts));
        blocks
    }

    fn moment(&self, at: Instant) -> String {
        self.zone.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    fn day(&self, at: Instant) -> String {
        self.zone.date(at).to_string()
    }

    fn charges(&self, say: &dyn Fn(&str) -> String, language: &str) -> Table {
        let row = |line: &ChargeLine| {
            let charge = &line.charge;
            let name = named(line, language);
            let how = explain_stored(&charge.basis, language);
            let note = if charge.reversed { format!(" ({})", say("reversed")) } else { String::new() };
            vec![
                format!("{name}{note}\n{how}"),
                charge.period.to_string(),
                charge.due_on.to_string(),
                yuan(charge.amount),
                yuan(charge.paid + charge.waived),
                yuan(charge.open()),
            ]
        };
        let open: Fen = self.charges.iter().map(|line| line.charge.open()).sum();
        let empty = String::new;
        Table {
            columns: columns(
                say,
                &["item:3.4", "period:1", "due_on:1.3", "amount:1.3#", "settled:1.3#", "open:1.3#"],
            ),
            rows: self.charges.iter().map(row).collect(),
            total: vec![say("total"), empty(), empty(), empty(), empty(), yuan(open)],
        }
    }

    fn entries(&self, say: &dyn Fn(&str) -> String, texts: &Texts) -> Table {
        let names: BTreeMap<ChargeId, String> = self
            .charges
            .iter()
            .map(|line| {
                (line.charge.id, format!("{} {}", named(line, texts.lang().code()), line.charge.period))
            })
            .collect();
        let receipts: BTreeMap<_, _> =
            self.payments.iter().map(|payment| (payment.id, payment.receipt.clone())).collect();
        let mut balance = Fen::ZERO;
        let mut rows = Vec::new();
        for entry in &self.entries {
            balance += entry.amount;
            let about = entry.charge_id.and_then(|id| names.get(&id)).cloned();
            let about = about.or_else(|| entry.payment_id.and_then(|id| receipts.get(&id)).cloned());
            let who = entry.actor_id.and_then(|id| self.names.get(&id)).cloned().unwrap_or_default();
            rows.push(vec![
                self.day(entry.at),
                texts.say(&format!("debt_file.entry.{}", entry.kind), &[]),
                [about.unwrap_or_default(), in_words(&entry.note, texts.lang().code())]
                    .join(" ")
                    .trim()
                    .to_owned(),
                who,
                yuan(entry.amount),
                yuan(balance),
            ]);
        }
        let columns =
            columns(say, &["day:1.2", "kind:0.9", "about:3", "by:1", "amount:1.3#", "balance:1.3#"]);
        Table { columns, rows, total: vec![] }
    }

    fn payments(&self, say: &dyn Fn(&str) -> String, texts: &Texts) -> Table {
        let row = |payment: &Payment| {
            let voided = payment.voided_at.map(|at| format!("{} {}", say("voided"), self.day(at)));
            vec![
                payment.receipt.clone(),
                self.moment(payment.taken_at),
                texts.say(&format!("words.method.{}", payment.method), &[]),
                voided.unwrap_or_default(),
                yuan(payment.amount),
            ]
        };
        let columns = columns(say, &["receipt:1.6", "at:1.6", "method:1", "note:1.6", "amount:1.3#"]);
        Table { columns, rows: self.payments.iter().map(row).collect(), total: vec![] }
    }

    fn reminders(&self, say: &dyn Fn(&str) -> String, texts: &Texts) -> Table {
        let sent = |one: &&Reminder| one.outcome == reminders::rules::Outcome::Sent;
        let row = |one: &Reminder| {
            vec![
                self.moment(one.at),
                one.period.to_string(),
                texts.say(&format!("words.reminder_stage.{}", one.stage), &[]),
                yuan(one.owed),
            ]
        };
        let columns = columns(say, &["at:1.6", "period:1", "stage:1.6", "owed:1.3#"]);
        Table { columns, rows: self.reminders.iter().filter(sent).map(row).collect(), total: vec![] }
    }

    fn demands(&self, say: &dyn Fn(&str) -> String, texts: &Texts) -> Table {
        let proof = |one: &Proof| {
            let kind = texts.say(&format!("words.proof.{}", one.kind), &[]);
            [kind, one.day.to_string(), one.reference.clone(), one.note.clone()].join(" ").trim().to_owned()
        };
        let row = |one: &Demand| {
            let proofs = self.proofs.iter().filter(|proof| proof.demand_id == one.id);
            vec![
                one.number.clone(),
                one.day.to_string(),
                one.term_on.to_string(),
                proofs.map(proof).collect::<Vec<_>>().join("\n"),
                yuan(one.total),
            ]
        };
        let columns = columns(say, &["number:1.7", "day:1.2", "term:1.2", "delivery:2.6", "amount:1.3#"]);
        Table { columns, rows: self.demands.iter().map(row).collect(), total: vec![] }
    }

    fn agreements(&self, say: &dyn Fn(&str) -> String, texts: &Texts) -> Table {
        let mut rows = Vec::new();
        for plan in &self.plans {
            let parts: Vec<String> =
                plan.parts.iter().map(|part| format!("{} {}", part.due_on, yuan(part.amount))).collect();
            let state = texts.say(&format!("words.plan_state.{}", plan.state), &[]);
            rows.push(vec![
                plan.agreed_on.to_string(),
                say("plan"),
                format!("{} · {}\n{}", plan.agreed_by, yuan(plan.total), parts.join("；")),
                state,
            ]);
        }
        for one in &self.acknowledged {
            rows.push(vec![
                one.day.to_string(),
                say("acknowledgement"),
                format!("{} {}", one.signed_by, one.note),
                String::new(),
            ]);
        }
        for one in &self.disputes {
            let outcome = one.outcome.map(|word| texts.say(&format!("words.dispute_outcome.{word}"), &[]));
            rows.push(vec![
                self.day(one.noted_at),
                say("dispute"),
                [one.reason.clone(), one.answer.clone()].join("\n").trim().to_owned(),
                outcome.unwrap_or_default(),
            ]);
        }
        Table { columns: columns(say, &["day:1.2", "kind:1", "about:4", "state:1.4"]), rows, total: vec![] }
    }

    fn limitation(&self, say: &dyn Fn(&str) -> String, texts: &Texts) -> Table {
        let row = |line: &ChargeLine| {
            let course = self.courses.get(&line.charge.id)?;
            let interrupted = course.interrupted.iter().map(|one| {
                format!("{} {}", texts.say(&format!("words.interruption.{}", one.cause), &[]), one.day)
            });
            Some(vec![
                format!("{} {}", named(line, texts.lang().code()), line.charge.period),
                line.charge.due_on.to_string(),
                interrupted.collect::<Vec<_>>().join("\n"),
                course.last_day.to_string(),
            ])
        };
        let columns = columns(say, &["item:3", "due_on:1.2", "interrupted:2", "last_day:1.2"]);
        Table { columns, rows: self.charges.iter().filter_map(row).collect(), total: vec![] }
    }
}

fn named(line: &ChargeLine, language: &str) -> String {
    subject::named(&line.item_name, &line.charge.subject, language)
}

/// Columns written as `name:share`, with `#` behind where they hold numbers.
fn columns(say: &dyn Fn(&str) -> String, written: &[&str]) -> Vec<Column> {
    let column = |one: &&str| {
        let (name, share) = one.split_once(':').unwrap_or((one, "1"));
        let number = share.ends_with('#');
        let share = share.trim_end_matches('#').parse().unwrap_or(1.0);
        Column { name: say(name), share, number }
    };
    written.iter().map(column).collect()
}
