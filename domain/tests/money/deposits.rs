//! Deposits: taken in, partly kept with a reason that can be contested, given back by a second person; never mixed
//! with fees.

use domain::access::Actor;
use domain::deposits::{self, Decision, NewDeposit, Purpose, State};
use domain::ledger::{self, Book};
use domain::payments::{self, Method};
use domain::{DepositDeductionId, DepositId, Error, Fen, Result, corrections};

use crate::estate::{BILLING, Estate, day, instant};

const HOME: &str = "1-1-0101";
const AT: &str = "2026-11-20T02:00:00Z";
/// After the days for contesting are over.
const LATER: &str = "2026-11-25T02:00:00Z";

impl Estate {
    fn new_deposit(&self, fen: i64) -> NewDeposit {
        NewDeposit {
            home: self.home(HOME),
            payer: None,
            purpose: Purpose::Renovation,
            basis: "《装饰装修管理服务协议》第五条".into(),
            handed_in_by: "宏达装饰".into(),
            amount: Fen(fen),
            method: Method::Cash,
            note: String::new(),
            case: None,
        }
    }

    pub(crate) fn take_deposit(&self, fen: i64, at: &str) -> Result<DepositId> {
        let new = self.new_deposit(fen);
        self.store.write_now(|tx| deposits::take(tx, &self.cashier, instant(at), &new))
    }

    pub(crate) fn deduct(&self, id: DepositId, fen: i64, at: &str) -> Result<DepositDeductionId> {
        let (by, at) = (&self.other_cashier, instant(at));
        self.store.write_now(|tx| deposits::deduct(tx, by, at, id, Fen(fen), "电梯轿厢划伤"))
    }

    /// One asks, another gives back.
    pub(crate) fn return_deposit(&self, id: DepositId, at: &str) -> Result<Fen> {
        let at = instant(at);
        self.store.write_now(|tx| deposits::ask_return(tx, &self.other_cashier, at, id))?;
        self.store.write_now(|tx| deposits::give_back(tx, &self.manager, at, id, (Method::Transfer, "")))
    }

    fn deposit(&self, id: DepositId) -> deposits::Line {
        self.store.read_now(|db| deposits::line(db, &self.manager, instant(AT), id)).unwrap()
    }

    fn balance(&self, book: Book) -> Fen {
        let home = self.home(HOME);
        let accounts = self.store.read_now(|db| ledger::of_home(db, home, book)).unwrap();
        accounts.iter().map(|account| account.balance).sum()
    }

    fn owner(&self) -> Actor {
        let payer = self.account(HOME).payer_id;
        self.store.read_now(|db| Actor::load(db, payer, day("2026-11-20"), "test")).unwrap()
    }
}

fn rule<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn what_is_handed_in_is_held_kept_or_given_back(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let owed = estate.balance(Book::Fees);
        let id = estate.take_deposit(200_000, AT).unwrap();
        let line = estate.deposit(id);
        assert_eq!((line.held, line.deposit.state, line.receipt.as_str()), (Fen(200_000), State::Held, "SJ20261120-0001"));
        assert_eq!((estate.balance(Book::Deposits), estate.balance(Book::Fees)), (Fen(-200_000), owed), "fees are not paid by it");
        let today = estate.store.read_now(|db| deposits::held(db, &estate.manager, instant(AT), estate.community)).unwrap();
        assert_eq!(today.iter().map(|line| line.held).sum::<Fen>(), Fen(200_000));

        estate.deduct(id, 30_000, AT).unwrap();
        assert_eq!(rule(estate.deduct(id, 170_001, AT)), "more_than_held");
        assert_eq!(rule(estate.return_deposit(id, AT)), "deposit.contestable");
        let back = estate.store.write_now(|tx| deposits::give_back(tx, &estate.manager, instant(LATER), id, (Method::Transfer, "原卡")));
        assert_eq!(back.unwrap(), Fen(170_000));
        let line = estate.deposit(id);
        assert_eq!((line.held, line.kept(), line.returned), (Fen(0), Fen(30_000), Fen(170_000)));
        assert_eq!((estate.balance(Book::Deposits), estate.balance(Book::Fees)), (Fen(0), owed), "it closes to zero");
        assert_eq!(rule(estate.deduct(id, 1, LATER)), "deposit.not_held");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn its_payer_contests_and_a_manager_decides(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let (owner, at) = (estate.owner(), instant(AT));
        let id = estate.take_deposit(200_000, AT).unwrap();
        let (one, two, three) = (estate.deduct(id, 30_000, AT).unwrap(), estate.deduct(id, 20_000, AT).unwrap(), estate.deduct(id, 10_000, AT).unwrap());
        let write = |done: &dyn Fn(&mut domain::Db) -> Result<DepositId>| estate.store.write_now(done);
        assert_eq!(rule(write(&|tx| deposits::contest(tx, &owner, at, one, " "))), "required");
        write(&|tx| deposits::contest(tx, &owner, at, one, "搬运前就有")).unwrap();
        write(&|tx| deposits::contest(tx, &owner, at, two, "不是我们")).unwrap();
        write(&|tx| deposits::accept(tx, &owner, at, three)).unwrap();
        assert_eq!(rule(write(&|tx| deposits::accept(tx, &owner, at, one))), "deposit.decided");
        assert_eq!(rule(estate.return_deposit(id, LATER)), "deposit.contested");
        let by_cashier = write(&|tx| deposits::decide(tx, &estate.cashier, at, one, Decision::Uphold, "x"));
        assert!(matches!(by_cashier, Err(Error::NotAllowed)), "{by_cashier:?}");
        write(&|tx| deposits::decide(tx, &estate.manager, at, one, Decision::Uphold, "监控可见")).unwrap();
        write(&|tx| deposits::decide(tx, &estate.manager, at, two, Decision::Drop, "查无实据")).unwrap();
        assert_eq!(rule(write(&|tx| deposits::decide(tx, &estate.manager, at, two, Decision::Drop, "x"))), "deposit.decided");
        let back = estate.store.write_now(|tx| deposits::give_back(tx, &estate.manager, at, id, (Method::Cash, "")));
        assert_eq!(back.unwrap(), Fen(160_000), "30,000 upheld and 10,000 accepted are kept");
        let codes: Vec<String> = estate.mails().iter().map(|mail| mail.code.clone()).filter(|code| code.starts_with("deposit.")).collect();
        assert!(codes.contains(&"deposit.returned".to_owned()), "{codes:?}");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn nobody_gives_back_alone_and_a_neighbour_sees_nothing(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let id = estate.take_deposit(200_000, AT).unwrap();
        let (at, back) = (instant(AT), |by: &Actor| estate.store.write_now(|tx| deposits::give_back(tx, by, instant(AT), id, (Method::Cash, ""))));
        assert_eq!(rule(back(&estate.manager)), "deposit.not_asked");
        estate.store.write_now(|tx| deposits::ask_return(tx, &estate.other_cashier, at, id)).unwrap();
        assert_eq!(rule(back(&estate.cashier)), "deposit.second_person", "who took it");
        assert_eq!(rule(back(&estate.other_cashier)), "deposit.second_person", "who asked");
        estate.store.write_now(|tx| deposits::keep(tx, &estate.other_cashier, at, id)).unwrap();
        let payment = estate.deposit(id).deposit.payment_id;
        let refund = estate.store.write_now(|tx| corrections::ask_prepaid_refund(tx, &estate.other_cashier, at, payment, Fen(1), "x"));
        assert_eq!(rule(refund), "deposit.given_back_there");
        let neighbour = estate.account("1-1-0102").payer_id;
        let neighbour = estate.store.read_now(|db| Actor::load(db, neighbour, day("2026-11-20"), "test")).unwrap();
        assert!(matches!(estate.store.read_now(|db| deposits::line(db, &neighbour, at, id)), Err(Error::NotFound)));
        let one = estate.deduct(id, 100, AT).unwrap();
        assert!(matches!(estate.store.write_now(|tx| deposits::contest(tx, &neighbour, at, one, "x")), Err(Error::NotFound)));
        // The payment of a deposit that something is to be kept of is not voided; an untouched one is.
        let void = |id| estate.store.write_now(|tx| payments::void(tx, &estate.manager, at, id, "录错", None));
        assert_eq!(rule(void(payment)), "deposit.not_voided");
        let other = estate.take_deposit(5_000, AT).unwrap();
        void(estate.deposit(other).deposit.payment_id).unwrap();
        assert_eq!(estate.deposit(other).deposit.state, State::Voided);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn two_give_the_same_deposit_back(estate: Estate) {
        let id = estate.take_deposit(200_000, AT).unwrap();
        estate.store.write_now(|tx| deposits::ask_return(tx, &estate.other_cashier, instant(AT), id)).unwrap();
        let given: usize = std::thread::scope(|scope| {
            let give = || estate.store.write_now(|tx| deposits::give_back(tx, &estate.manager, instant(AT), id, (Method::Cash, ""))).is_ok();
            let both: Vec<_> = (0..2).map(|_| scope.spawn(give)).collect();
            both.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!(given, 1);
        assert_eq!(estate.balance(Book::Deposits), Fen(0));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_kept_is_no_fee_that_was_collected(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let figures = |estate: &Estate| {
            let asked = (crate::estate::month("2026-11"), domain::collection::By::Item);
            estate.store.read_now(|db| domain::collection::figures(db, &estate.manager, instant(LATER), estate.community, asked, None)).unwrap()
        };
        let before: Vec<_> = figures(&estate).iter().map(|one| (one.key.clone(), one.due, one.collected)).collect();
        let id = estate.take_deposit(200_000, AT).unwrap();
        estate.deduct(id, 30_000, AT).unwrap();
        estate.return_deposit(id, LATER).unwrap();
        let after: Vec<_> = figures(&estate).iter().map(|one| (one.key.clone(), one.due, one.collected)).collect();
        assert_eq!(before, after);
        let charge = estate.charges(HOME).into_iter().find(|line| line.item == "deposit_deductions").unwrap().charge;
        let taken_back = estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, instant(LATER), charge.id, "x"));
        assert_eq!(rule(taken_back), "deposit.kept_for_good");
        // The day's closing counts deposits apart.
        let closing = estate.store.read_now(|db| payments::closing(db, &estate.cashier, instant(LATER), estate.community, day("2026-11-20"))).unwrap();
        assert_eq!(closing.iter().map(|one| (one.book, one.taken)).collect::<Vec<_>>(), [(Book::Deposits, Fen(200_000))]);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_deposit_needs_what_it_is_taken_on(estate: Estate) {
        for (new, expected) in [
            (NewDeposit { basis: " ".into(), ..estate.new_deposit(1) }, "required"),
            (estate.new_deposit(0), "not_positive"),
            (estate.new_deposit(-1), "not_positive"),
            (estate.new_deposit(100_000_001), "too_much"),
            (NewDeposit { payer: Some(domain::PersonId(1)), ..estate.new_deposit(1) }, "unknown"),
        ] {
            let done = estate.store.write_now(|tx| deposits::take(tx, &estate.cashier, instant(AT), &new));
            assert_eq!(rule(done), expected, "{new:?}");
        }
        // Nobody else handed it in: it was the payer.
        let id = estate.store.write_now(|tx| deposits::take(tx, &estate.cashier, instant(AT), &NewDeposit { handed_in_by: String::new(), ..estate.new_deposit(1) }));
        let line = estate.deposit(id.unwrap());
        assert_eq!(line.deposit.handed_in_by, line.payer);
        estate.sql("UPDATE deposits SET state = 'voided'");
        assert!(estate.faults().iter().any(|fault| fault.contains("deposit's state")), "{:?}", estate.faults());
    }
}
