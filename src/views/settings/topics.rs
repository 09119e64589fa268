//! What belongs together among a community's settings, so that a manager finds the one that is looked for.

use domain::settings;
use serde::Serialize;

use super::NumberRow;

/// The topics in the order of the page (texts `settings.topic.<name>`), with how the names of their settings begin.
const TOPICS: [(&str, &[&str]); 6] = [
    ("visits", &["visit_", "pace_", "follow_up_", "unvisited_", "return_visit_", "first_visit_"]),
    (
        "repairs",
        &["dispatch_", "emergency_", "urgent_", "normal_", "business_", "no_access_", "reopen_", "warranty_"],
    ),
    ("complaints", &["complaint_", "enquiry_", "rectification_"]),
    (
        "money",
        &[
            "due_",
            "billing_",
            "reminder_",
            "plan_",
            "deposit_",
            "demand_",
            "publication_",
            "limitation_",
            "pay",
            "waiver_",
        ],
    ),
    ("homes", &["move_in_", "identity_", "letting_", "violation_"]),
    ("office", &["activation_", "attachment", "draft_"]),
];

/// Settings of one topic.
#[derive(Debug, Serialize)]
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<NumberRow>,
    /// Whether one of them is wrong, so that they are unfolded.
    pub(crate) wrong: bool,
}

/// The settings by topic, in the order of the page; what no topic claims stands with the last.
pub(crate) fn topics() -> Vec<Topic> {
    let mut topics: Vec<_> =
        TOPICS.iter().map(|(name, _)| Topic { name, rows: vec![], wrong: false }).collect();
    for setting in settings::NUMBERS {
        let place = claimed(setting.name).unwrap_or(TOPICS.len() - 1);
        if let Some(topic) = topics.get_mut(place) {
            topic.rows.push(NumberRow::from(setting));
        }
    }
    topics
}

fn claimed(name: &str) -> Option<usize> {
    TOPICS.iter().position(|(_, starts)| starts.iter().any(|start| name.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::claimed;

    #[test]
    fn every_setting_has_its_topic() {
        for setting in domain::settings::NUMBERS {
            assert!(claimed(setting.name).is_some(), "{}", setting.name);
        }
    }
}
