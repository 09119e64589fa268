//! P1: `kill -9` at any moment. Clients report repairs and take payments and keep every answer; the server is killed at random times and
//! started again; each answer is then found once, and what got no answer was sent again with the same key.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Answer, Community, HOME, Program};

const CLIENTS: usize = 4;
const KILLS: usize = 8;
/// Between two submissions of a client: what is shown is not how many there are.
const PAUSE: Duration = Duration::from_millis(25);

both! {
    fn p1_what_was_answered_is_there_once_after_every_kill(app: Community) {
        app.with_worker();
        app.restart();
        let (program, cashier) = (app.api("desk"), app.api("cashier"));
        let answers = Mutex::new(Vec::new());
        let over = AtomicBool::new(false);
        let receipts = scope(|scope| {
            let paying = scope.spawn(|| pay(&cashier, &over));
            for client in 0..CLIENTS {
                let (program, answers, over) = (program.clone(), &answers, &over);
                scope.spawn(move || report(&program, client, answers, over));
            }
            let ending = End(&over);
            let mut looked_up = 0;
            for _ in 0..KILLS {
                sleep(Duration::from_millis(100 + random() % 700));
                app.kill();
                app.start();
                looked_up = look_up(&program, &answers, looked_up);
            }
            drop(ending);
            paying.join().unwrap()
        });
        let answers = answers.into_inner().unwrap();
        assert!(answers.len() > KILLS, "only {} repairs were reported", answers.len());
        let answered: Known = answers.into_iter().collect();
        assert_eq!(all_cases(&program), answered, "every report, under the number that was answered, once");
        assert!(receipts.len() > KILLS, "only {} payments were taken", receipts.len());
        assert_paid(&cashier, &receipts);
        app.stop();
        app.linli(&["check"]).ok();
        app.database.assert_intact();
    }
}

/// The text of a report and the number of the case that answered it.
type Answered = (String, String);

/// The number of each case by its text.
pub(super) type Known = BTreeMap<String, String>;

/// Ends the clients also when the killing thread panics.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Reports one repair after the other, each until it is answered.
fn report(program: &Program, client: usize, answers: &Mutex<Vec<Answered>>, over: &AtomicBool) {
    for n in 0.. {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let text = format!("client {client}, report {n}: the tap drips");
        let case = until_answered(|| report_once(program, &format!("kill-{client}-{n}"), &text));
        answers.lock().unwrap().push((text, case["number"].as_str().unwrap().to_owned()));
        sleep(PAUSE);
    }
}

/// Reports a repair under a key; an error says that no whole answer came.
pub(super) fn report_once(program: &Program, key: &str, text: &str) -> reqwest::Result<Answer> {
    let body =
        json!({"kind": "repair", "home": HOME, "category": "water.leak", "text": text, "channel": "phone"});
    program.post_once(key, "/cases", &body)
}

/// Sends the same until it is answered; gives what was answered.
fn until_answered(send: impl Fn() -> reqwest::Result<Answer>) -> Value {
    let patience = Instant::now() + Duration::from_secs(60);
    while Instant::now() < patience {
        match send() {
            Ok(answer) if answer.status == 201 => return answer.json(),
            Ok(answer) if matches!(answer.status, 429 | 503) => {}
            Ok(answer) => panic!("{answer:?}"),
            // The server went away in the middle.
            Err(_) => {}
        }
        sleep(Duration::from_millis(20));
    }
    panic!("no answer for a minute");
}

/// Takes one payment after the other, each until it is answered; gives what each receipt is for.
fn pay(cashier: &Program, over: &AtomicBool) -> BTreeMap<String, i64> {
    let mut receipts = BTreeMap::new();
    // The account's page shows the last thousand entries.
    for fen in 100..1_000 {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let body = json!({"home": HOME, "amount_fen": fen, "method": "cash"});
        let paid = until_answered(|| cashier.post_once(&format!("pay-{fen}"), "/payments", &body));
        receipts.insert(paid["receipt"].as_str().unwrap().to_owned(), fen);
        sleep(PAUSE);
    }
    receipts
}

/// Each payment stands in the books once, under the receipt that was answered.
fn assert_paid(cashier: &Program, receipts: &BTreeMap<String, i64>) {
    let account = cashier.get(&format!("/homes/{HOME}/account")).status(200).json();
    assert_eq!(account["prepaid_fen"], receipts.values().sum::<i64>());
    assert_eq!(account["entries"].as_array().unwrap().len(), receipts.len());
    for (number, fen) in receipts {
        assert_eq!(
            cashier.get(&format!("/receipts/{number}")).status(200).json()["amount_fen"],
            *fen,
            "{number}"
        );
    }
}

/// Finds the answers that came since the last look; gives how many there are now.
fn look_up(program: &Program, answers: &Mutex<Vec<Answered>>, already: usize) -> usize {
    let known = answers.lock().unwrap().clone();
    for (text, number) in &known[already..] {
        assert_eq!(text_of(program, number), *text, "{number}");
    }
    known.len()
}

/// Every case of the community by its text; a text that is there twice fails.
pub(super) fn all_cases(program: &Program) -> Known {
    let mut cases = Known::new();
    for number in all_numbers(program) {
        let twice = cases.insert(text_of(program, &number), number.clone());
        assert_eq!(twice, None, "{number} says what another case says");
    }
    cases
}

fn all_numbers(program: &Program) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = program.get(&format!("/cases?limit=100{cursor}")).status(200).json();
        let items = page["items"].as_array().unwrap();
        numbers.extend(items.iter().map(|case| case["number"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return numbers,
        }
    }
}

fn text_of(program: &Program, number: &str) -> String {
    let case = program.get(&format!("/cases/{number}")).status(200).json();
    case["text"].as_str().unwrap().to_owned()
}

/// Differs from run to run: the moment of a kill must not be always the same.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
