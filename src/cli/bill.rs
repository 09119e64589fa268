//! `linli bill`: the preview of a period, or its run, carried through on the spot.

use domain::access::Actor;
use domain::billing::subject::in_words;
use domain::billing::{self, Preview, Run, What};
use domain::{Fen, Month, Result};
use serde_json::{Value, json};

use super::Out;
use crate::app;
use crate::config::Config;
use crate::views::filters::money;

/// Bill a period, or show what would be billed.
#[derive(Debug, clap::Args)]
pub(super) struct Bill {
    /// The community's code.
    #[arg(long)]
    community: String,
    /// The month, such as 2026-11.
    #[arg(long)]
    period: Month,
    /// Bill the shared bills of the month, not its items.
    #[arg(long)]
    shared: bool,
    /// Bill what is the developer's of the month, which must be over.
    #[arg(long, conflicts_with = "shared")]
    developer: bool,
    /// Only show what the run would do.
    #[arg(long)]
    preview: bool,
}

impl Bill {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let store = app::open_store(config)?;
        let now = app::clock(config, &store)?.now();
        let actor = Actor::system("command line");
        let community = store.read_now(|db| super::community_of(db, &self.community))?.id;
        let what = match (self.shared, self.developer) {
            (true, _) => What::Shared,
            (_, true) => What::Developer,
            _ => What::Items,
        };
        let asked = (self.period, what);
        let see = || store.read_now(|db| billing::preview_of(db, &actor, now, community, asked));
        let seen = see()?;
        if self.preview {
            return show(out, &seen, None);
        }
        let run = billing::run_now(&store, &actor, now, community, asked)?;
        let after = see()?;
        let Preview { differences, differences_total, given_back, .. } = seen;
        let seen = Preview { differences, differences_total, given_back, ..after };
        show(out, &seen, Some(&run))
    }
}

/// Before a run what it would charge, after it what it did; totals by item, differences, what was left out.
fn show(out: &Out, seen: &Preview, run: Option<&Run>) -> Result<()> {
    let (charges, total) = run.map_or((seen.charges(), seen.total()), |run| (run.charges, run.total));
    if out.is_json() {
        let by_item: Vec<Value> = seen.by_item.iter().map(|item| item_json(item, run.is_some())).collect();
        out.line(
            &json!({
                "period": seen.period, "preview": run.is_none(), "charges": charges, "total_fen": total,
                "by_item": by_item, "differences": seen.differences,
                "differences_total": seen.differences_total, "given_back": seen.given_back,
                "left_out": seen.left_out,
            })
            .to_string(),
        );
        return Ok(());
    }
    let said = json!({"period": seen.period, "charges": charges, "total": money(total.0)});
    match run {
        Some(_) => out.say("billed", &said),
        None => out.say("would_bill", &said),
    }
    for item in &seen.by_item {
        let (count, sum) =
            if run.is_some() { (item.charged, item.charged_amount) } else { (item.charges, item.amount) };
        out.line(&format!("  {:<24} {count:>8}  {:>16}  {}", item.item, money(sum.0), item.name));
    }
    if seen.differences_total > 0 {
        out.say("bill_differences", &json!({"count": seen.differences_total}));
    }
    for one in &seen.differences {
        let sum = |fen: Option<Fen>| fen.map_or_else(|| "-".to_owned(), |fen| money(fen.0));
        let (was, is) = (sum(one.before), sum(one.now));
        let subject = in_words(&one.subject, "en");
        out.line(&format!("  {:<8} {} {} {subject}  {was} -> {is}", one.change, one.home, one.item));
    }
    if !seen.given_back.is_empty() {
        out.say("bill_given_back", &json!({"count": seen.given_back.len()}));
    }
    for one in &seen.given_back {
        let subject = in_words(&one.subject, "en");
        let (was, is) = (money(one.before.0), money(one.now.0));
        let hand = one.hand.map(|hand| format!("  ({hand})")).unwrap_or_default();
        out.line(&format!("  {:<8} {} {} {subject}  {was} -> {is}{hand}", one.cause, one.home, one.item));
    }
    if !seen.left_out.is_empty() {
        out.say("bill_left_out", &json!({"count": seen.left_out.len()}));
    }
    for one in &seen.left_out {
        out.line(&format!("  {:<12} {} {}", one.reason, one.home, one.what));
    }
    Ok(())
}

fn item_json(item: &billing::ItemTotal, after: bool) -> Value {
    let (charges, fen) =
        if after { (item.charged, item.charged_amount) } else { (item.charges, item.amount) };
    json!({"item": item.item, "name": item.name, "charges": charges, "amount_fen": fen, "already": item.charged})
}
