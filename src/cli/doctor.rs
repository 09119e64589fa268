//! `linli doctor`: the effective settings with secrets hidden, then what the portal stands on
//! ([`crate::health`]), each with what was seen and what to do about it.

use domain::{Error, Result};
use serde_json::json;

use super::Out;
use crate::app;
use crate::config::Config;
use crate::health::{self, Finding};

/// Look at everything that the portal stands on.
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {}

impl Doctor {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let mut findings = match app::open_store(config) {
            Ok(store) => health::looked(config, Ok(&store)),
            Err(error) => health::looked(config, Err(error)),
        };
        findings.extend(actix_web::rt::System::new().block_on(health::tries::all(config)));
        let sick = findings.iter().filter(|finding| finding.advice.is_some()).count();
        if out.is_json() {
            let settings: serde_json::Map<_, _> =
                config.shown().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
            let findings: Vec<_> = findings.iter().map(|finding| of_script(out, finding)).collect();
            out.line(&json!({"settings": settings, "findings": findings}).to_string());
        } else {
            config.shown().iter().for_each(|(name, value)| out.line(&format!("{name} = {value}")));
            findings.iter().for_each(|finding| report(out, finding));
        }
        if sick == 0 { Ok(()) } else { Err(Error::refused("doctor.sick", vec![("count", sick.to_string())])) }
    }
}

fn of_script(out: &Out, finding: &Finding) -> serde_json::Value {
    let well = finding.advice.is_none();
    json!({"what": finding.what, "well": well, "seen": finding.seen(out.texts(), None), "advice": finding.advice})
}

fn report(out: &Out, finding: &Finding) {
    let what = out.text(&format!("health.what.{}", finding.what), &[]);
    let seen = finding.seen(out.texts(), None);
    match finding.advice {
        None => out.line(&format!("✓ {what}: {seen}")),
        Some(advice) => {
            out.line(&format!("✗ {what}: {seen}"));
            out.line(&format!("  {}", out.text(&format!("health.advice.{advice}"), &[])));
        }
    }
}
