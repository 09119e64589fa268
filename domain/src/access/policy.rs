//! The one policy table: action × role × relation to the object. What no row allows is denied.

use super::Role;

crate::words! {
    /// What somebody wants to do.
    Action {
        /// Read one's own person, sessions and notifications.
        OwnAccount = "own_account",
        /// See homes and who lives there.
        ReadHomes = "read_homes",
        /// See phones without a mask.
        UnmaskPhone = "unmask_phone",
        /// Give somebody an activation code.
        IssueActivation = "issue_activation",
        /// Invite somebody into a home that one owns.
        InviteResident = "invite_resident",
        /// Take away what is known of a person who has left.
        Anonymise = "anonymise",
        /// Import registers.
        Import = "import",
        /// Take a bank's statement in, and see what became of its lines.
        ImportBank = "import_bank",
        /// Send a file to be taken in; what it is of decides whether one may.
        SendFile = "send_file",
        /// Take registers and figures out as a file.
        Export = "export",
        /// Change the community's settings.
        ChangeSettings = "change_settings",
        /// Manage communities, staff and the worker's jobs.
        Administer = "administer",
        /// See what is owed on a home, and why.
        ReadLedger = "read_ledger",
        /// Preview and run billing.
        Bill = "bill",
        /// Charge a home for hours or pieces that no run bills.
        ChargeQuantity = "charge_quantity",
        /// Enter what meters were read at.
        ReadMeter = "read_meter",
        /// Put meters in, exchange them, take them out.
        KeepMeters = "keep_meters",
        /// Send what a meter of one's own home says.
        SendReading = "send_reading",
        /// Take a payment.
        TakePayment = "take_payment",
        /// Pay by WeChat or Alipay, or show somebody the code to scan.
        PayOnline = "pay_online",
        /// Void a payment that somebody else took, or give back of it what somebody else asked to.
        VoidPayment = "void_payment",
        /// Ask for a waiver or a refund, and see what waits for a decision.
        AskCorrection = "ask_correction",
        /// Decide on a waiver above the year's limit that somebody else asked for.
        ApproveWaiver = "approve_waiver",
        /// Note that a charge is disputed, agree on instalments, and demand what is owed.
        KeepDebts = "keep_debts",
        /// Say from one's own bill that one does not accept a charge, and take that back.
        RaiseDispute = "raise_dispute",
        /// Keep deposits: see who holds what, propose what is kept of one, ask to give it back.
        KeepDeposits = "keep_deposits",
        /// Close a month's books, and see those that are closed.
        CloseMonth = "close_month",
        /// Enter what the community spends and earns, and draft what is published of it.
        KeepBooks = "keep_books",
        /// Approve what somebody else drafted, and publish it.
        ApprovePublication = "approve_publication",
        /// Read what was published.
        ReadPublications = "read_publications",
        /// See the figures of collection.
        ReadCollection = "read_collection",
        /// Open a case: report, ask, apply.
        OpenCase = "open_case",
        /// Open a case for somebody else, at the desk.
        RegisterCase = "register_case",
        /// See a case.
        ReadCase = "read_case",
        /// Move a case; the kind's transition table says which role may make which move.
        MoveCase = "move_case",
        /// Write articles of the knowledge base.
        WriteKnowledge = "write_knowledge",
        /// Look things up in the knowledge base.
        ReadKnowledge = "read_knowledge",
        /// See the duties of a community.
        ReadDuties = "read_duties",
        /// Fulfil a duty.
        RecordDuty = "record_duty",
        /// Log a visit to a household.
        LogVisit = "log_visit",
        /// See a steward's quota.
        ReadQuota = "read_quota",
        /// Accept a late visit, void one, decide a shortfall.
        DecideVisit = "decide_visit",
        /// See what lies in the store, what came in and went out; book receipts and counts.
        ManageStock = "manage_stock",
        /// See the price list of work and materials.
        ReadPrices = "read_prices",
        /// Send technicians, several orders at once; make one incident of many reports.
        DispatchWork = "dispatch_work",
        /// Take the day's look at the service, and go through the week's complaints.
        CheckService = "check_service",
        /// Register a running renovation.
        RegisterRenovation = "register_renovation",
        /// Log a renovation inspection.
        Inspect = "inspect",
        /// See the manager's pages.
        ReadFigures = "read_figures",
        /// See who is on duty.
        ReadRoster = "read_roster",
        /// Ask for leave, and take it back.
        AskLeave = "ask_leave",
        /// Decide on somebody's leave, and set who rests when.
        KeepRoster = "keep_roster",
        /// See the audit trail.
        ReadAudit = "read_audit",
    }
}

crate::words! {
    /// How the asker has to stand to the object.
    Relation {
        /// Any object of a community in which the role is held.
        Community = "community",
        /// A home with an occupancy of theirs, or a case of such a home or reported by them.
        Own = "own",
        /// A home in their area today, or a case there, or one that they are accountable for or owe something to.
        Area = "area",
        /// A case or duty given to them.
        Assigned = "assigned",
        /// A complaint given to the department that they head.
        Responsible = "responsible",
        /// The asker themselves.
        Oneself = "oneself",
        /// The installation.
        Installation = "installation",
    }
}

/// One row: this role may do this to objects it stands in this relation to.
pub type Row = (Action, Role, Relation);

/// Every permission there is.
pub const POLICY: &[Row] = {
    use Action::*;
    use Relation::*;
    use Role::*;
    &[
        (OwnAccount, Resident, Oneself),
        (OwnAccount, Steward, Oneself),
        (OwnAccount, Desk, Oneself),
        (OwnAccount, Technician, Oneself),
        (OwnAccount, Officer, Oneself),
        (OwnAccount, Guard, Oneself),
        (OwnAccount, Engineer, Oneself),
        (OwnAccount, Cashier, Oneself),
        (OwnAccount, Supervisor, Oneself),
        (OwnAccount, Manager, Oneself),
        (OwnAccount, Admin, Oneself),
        (ReadHomes, Resident, Own),
        (ReadHomes, Steward, Area),
        (ReadHomes, Desk, Community),
        (ReadHomes, Officer, Community),
        (ReadHomes, Cashier, Community),
        (ReadHomes, Supervisor, Community),
        (ReadHomes, Manager, Community),
        (ReadHomes, Admin, Community),
        (UnmaskPhone, Steward, Area),
        (UnmaskPhone, Desk, Community),
        (UnmaskPhone, Technician, Assigned),
        (UnmaskPhone, Cashier, Community),
        (UnmaskPhone, Supervisor, Community),
        (UnmaskPhone, Manager, Community),
        (IssueActivation, Desk, Community),
        (IssueActivation, Manager, Community),
        (IssueActivation, Admin, Community),
        (InviteResident, Resident, Own),
        (Anonymise, Manager, Community),
        (Import, Manager, Community),
        (Import, Admin, Community),
        (ImportBank, Cashier, Community),
        (ImportBank, Manager, Community),
        (ImportBank, Admin, Community),
        (SendFile, Cashier, Community),
        (SendFile, Manager, Community),
        (SendFile, Admin, Community),
        (Export, Manager, Community),
        (Export, Cashier, Community),
        (Export, Supervisor, Community),
        (ChangeSettings, Manager, Community),
        (Administer, Admin, Installation),
        (ReadLedger, Resident, Own),
        (ReadLedger, Steward, Area),
        (ReadLedger, Desk, Community),
        (ReadLedger, Cashier, Community),
        (ReadLedger, Supervisor, Community),
        (ReadLedger, Manager, Community),
        (Bill, Cashier, Community),
        (Bill, Manager, Community),
        (ChargeQuantity, Desk, Community),
        (ChargeQuantity, Cashier, Community),
        (ChargeQuantity, Manager, Community),
        (ReadMeter, Engineer, Community),
        (ReadMeter, Desk, Community),
        (ReadMeter, Cashier, Community),
        (ReadMeter, Manager, Community),
        (KeepMeters, Engineer, Community),
        (KeepMeters, Cashier, Community),
        (KeepMeters, Manager, Community),
        (SendReading, Resident, Own),
        (TakePayment, Cashier, Community),
        (PayOnline, Resident, Own),
        (PayOnline, Cashier, Community),
        (VoidPayment, Cashier, Community),
        (VoidPayment, Manager, Community),
        (AskCorrection, Cashier, Community),
        (AskCorrection, Manager, Community),
        (ApproveWaiver, Manager, Community),
        (KeepDebts, Cashier, Community),
        (KeepDebts, Manager, Community),
        (RaiseDispute, Resident, Own),
        (CloseMonth, Cashier, Community),
        (CloseMonth, Manager, Community),
        (KeepDeposits, Cashier, Community),
        (KeepDeposits, Manager, Community),
        (KeepBooks, Cashier, Community),
        (KeepBooks, Manager, Community),
        (ApprovePublication, Manager, Community),
        (ReadPublications, Resident, Own),
        (ReadPublications, Steward, Community),
        (ReadPublications, Desk, Community),
        (ReadPublications, Technician, Community),
        (ReadPublications, Officer, Community),
        (ReadPublications, Guard, Community),
        (ReadPublications, Engineer, Community),
        (ReadPublications, Cashier, Community),
        (ReadPublications, Supervisor, Community),
        (ReadPublications, Manager, Community),
        (ReadCollection, Cashier, Community),
        (ReadCollection, Supervisor, Community),
        (ReadCollection, Manager, Community),
        (OpenCase, Resident, Own),
        (OpenCase, Steward, Area),
        (OpenCase, Desk, Community),
        (OpenCase, Supervisor, Community),
        (RegisterCase, Desk, Community),
        (RegisterCase, Supervisor, Community),
        (RegisterCase, Steward, Area),
        (ReadCase, Resident, Own),
        (ReadCase, Steward, Area),
        (ReadCase, Desk, Community),
        (ReadCase, Technician, Assigned),
        (ReadCase, Officer, Community),
        (ReadCase, Supervisor, Community),
        (ReadCase, Manager, Community),
        (ReadCase, Steward, Responsible),
        (ReadCase, Technician, Responsible),
        (ReadCase, Guard, Responsible),
        (ReadCase, Engineer, Responsible),
        (ReadCase, Cashier, Responsible),
        (MoveCase, Resident, Own),
        (MoveCase, Steward, Area),
        (MoveCase, Desk, Community),
        (MoveCase, Technician, Assigned),
        (MoveCase, Officer, Community),
        (MoveCase, Supervisor, Community),
        (MoveCase, Manager, Community),
        (MoveCase, Steward, Responsible),
        (MoveCase, Technician, Responsible),
        (MoveCase, Guard, Responsible),
        (MoveCase, Engineer, Responsible),
        (MoveCase, Cashier, Responsible),
        (WriteKnowledge, Desk, Community),
        (WriteKnowledge, Supervisor, Community),
        (WriteKnowledge, Manager, Community),
        (ReadKnowledge, Resident, Own),
        (ReadKnowledge, Steward, Community),
        (ReadKnowledge, Desk, Community),
        (ReadKnowledge, Technician, Community),
        (ReadKnowledge, Officer, Community),
        (ReadKnowledge, Guard, Community),
        (ReadKnowledge, Engineer, Community),
        (ReadKnowledge, Cashier, Community),
        (ReadKnowledge, Supervisor, Community),
        (ReadKnowledge, Manager, Community),
        (ReadDuties, Steward, Assigned),
        (ReadDuties, Technician, Assigned),
        (ReadDuties, Officer, Assigned),
        (ReadDuties, Desk, Community),
        (ReadDuties, Supervisor, Community),
        (ReadDuties, Manager, Community),
        (RecordDuty, Steward, Assigned),
        (RecordDuty, Desk, Community),
        (RecordDuty, Officer, Assigned),
        (RecordDuty, Supervisor, Community),
        (LogVisit, Steward, Community),
        (LogVisit, Desk, Community),
        (LogVisit, Supervisor, Community),
        (ReadQuota, Steward, Oneself),
        (ReadQuota, Supervisor, Community),
        (ReadQuota, Manager, Community),
        (DecideVisit, Supervisor, Community),
        (DecideVisit, Manager, Community),
        (ManageStock, Desk, Community),
        (ManageStock, Supervisor, Community),
        (ManageStock, Manager, Community),
        (ReadPrices, Desk, Community),
        (ReadPrices, Technician, Community),
        (ReadPrices, Supervisor, Community),
        (ReadPrices, Manager, Community),
        (DispatchWork, Desk, Community),
        (DispatchWork, Supervisor, Community),
        (CheckService, Supervisor, Community),
        (CheckService, Manager, Community),
        (RegisterRenovation, Desk, Community),
        (RegisterRenovation, Officer, Community),
        (Inspect, Steward, Area),
        (Inspect, Officer, Community),
        (ReadFigures, Supervisor, Community),
        (ReadFigures, Manager, Community),
        (ReadRoster, Steward, Community),
        (ReadRoster, Desk, Community),
        (ReadRoster, Technician, Community),
        (ReadRoster, Officer, Community),
        (ReadRoster, Guard, Community),
        (ReadRoster, Engineer, Community),
        (ReadRoster, Cashier, Community),
        (ReadRoster, Supervisor, Community),
        (ReadRoster, Manager, Community),
        (AskLeave, Steward, Oneself),
        (AskLeave, Desk, Oneself),
        (AskLeave, Technician, Oneself),
        (AskLeave, Officer, Oneself),
        (AskLeave, Guard, Oneself),
        (AskLeave, Engineer, Oneself),
        (AskLeave, Cashier, Oneself),
        (AskLeave, Supervisor, Oneself),
        (AskLeave, Manager, Oneself),
        (KeepRoster, Supervisor, Community),
        (KeepRoster, Manager, Community),
        (ReadAudit, Manager, Community),
    ]
};

/// The relations in which `role` may do `action`.
pub fn relations(action: Action, role: Role) -> impl Iterator<Item = Relation> {
    POLICY.iter().filter(move |row| row.0 == action && row.1 == role).map(|row| row.2)
}

/// Whether `role` may do `action` to anything at all: what a route asks before its handler runs.
pub fn ever(action: Action, role: Role) -> bool {
    relations(action, role).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_allowed_to_somebody_and_no_row_stands_twice() {
        for action in Action::ALL {
            assert!(Role::ALL.iter().any(|role| ever(*action, *role)), "{action}");
        }
        for (n, row) in POLICY.iter().enumerate() {
            assert!(!POLICY[n + 1..].contains(row), "{row:?} stands twice");
        }
    }

    #[test]
    fn a_resident_reaches_only_what_is_theirs() {
        for (_, _, relation) in POLICY.iter().filter(|row| row.1 == Role::Resident) {
            assert!(matches!(relation, Relation::Own | Relation::Oneself));
        }
    }
}
