//! Every address of the portal in one list, each with who may use it. A route cannot be written down
//! without its access, and every request passes [`guard::admit`] with it.

use std::collections::BTreeMap;

use actix_web::guard as http;
use actix_web::http::header::ALLOW;
use actix_web::middleware::from_fn;
use actix_web::web::ServiceConfig;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, web};
use domain::Error;
use domain::access::Action;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::api::Items;
use crate::fail::Fail;
use crate::{api, assets, guard, pages, pay};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody.
    Public,
    /// A payment provider's server: its signature, which the handler looks at, stands for a session and for the
    /// checks against forged requests.
    Provider,
    /// Who is signed in, even where a second factor is still owed.
    HalfSignedIn,
    /// Who is signed in.
    SignedIn,
    /// Who holds a role that may ever do this; the domain asks again about the object.
    Can(Action),
}

/// One address with one method.
pub(crate) struct Route {
    /// `GET`, `POST`, `DELETE`.
    pub(crate) method: &'static str,
    /// The path, with `{names}` for its parts.
    pub(crate) path: &'static str,
    /// Who may use it.
    pub(crate) access: Access,
    /// What it does, for the API's description; pages have none.
    pub(crate) about: &'static str,
    /// What a program may ask with, behind the `?`.
    pub(crate) query: Option<SchemaOf>,
    /// The JSON that a program sends.
    pub(crate) body: Option<SchemaOf>,
    /// The multipart form that a program sends.
    pub(crate) upload: Option<SchemaOf>,
    /// What a program gets.
    pub(crate) answer: Answer,
    /// The statuses of what was done.
    pub(crate) done: &'static [u16],
    handler: actix_web::Route,
}

/// What a program gets, where it was done.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// No body.
    Nothing,
    /// JSON of this form.
    Json(SchemaOf),
    /// An attachment.
    File,
}

/// Adds a type to the API's description and refers to it.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// Every route: pages first, then the API.
#[rustfmt::skip]
pub(crate) fn all() -> Vec<Route> {
    use Access::{Can, HalfSignedIn, Provider, Public, SignedIn};
    vec![
        get("/healthz", Public, api::health::alive),
        get("/readyz", Public, api::health::ready),
        get("/static/{digest}/{file:.+}", Public, assets::serve),

        get("/", SignedIn, pages::home::show),
        get("/login", Public, pages::access::login::show),
        post("/login", Public, pages::access::login::submit),
        get("/login/code", Public, pages::access::code::show),
        post("/login/code", Public, pages::access::code::submit),
        get("/login/mail", Public, pages::access::one_time::ask),
        post("/login/mail", Public, pages::access::one_time::send),
        get("/login/mail/code", Public, pages::access::one_time::show),
        post("/login/mail/code", Public, pages::access::one_time::submit),
        get("/reset", Public, pages::access::one_time::ask_reset),
        post("/reset", Public, pages::access::one_time::send_reset),
        get("/reset/code", Public, pages::access::one_time::show_reset),
        post("/reset/code", Public, pages::access::one_time::submit_reset),
        post("/logout", Public, pages::access::logout),
        get("/activate", Public, pages::access::activate::show),
        post("/activate", Public, pages::access::activate::submit),
        get("/design", Public, pages::design::show),
        post("/language", Public, pages::switches::language),
        post("/large", Public, pages::switches::large),
        get("/account", SignedIn, pages::account::show),
        post("/account/password", SignedIn, pages::account::password),
        post("/account/sessions/{id}/end", SignedIn, pages::account::end_session),
        get("/account/data.json", SignedIn, pages::account::data::download),
        get("/account/residents", Can(Action::InviteResident), pages::account::residents::show),
        post("/account/residents", Can(Action::InviteResident), pages::account::residents::invite),
        post("/account/residents/{id}/revoke", Can(Action::InviteResident), pages::account::residents::revoke),
        get("/account/second-factor", HalfSignedIn, pages::account::second_factor::show),
        post("/account/second-factor", HalfSignedIn, pages::account::second_factor::submit),

        get("/manager", Can(Action::ReadFigures), pages::figures::manager::show),
        get("/manager/{table}.csv", Can(Action::Export), pages::figures::export::table),
        get("/manager/{table}.xlsx", Can(Action::Export), pages::figures::export::table),
        get("/supervisor", Can(Action::ReadFigures), pages::figures::supervisor::show),
        get("/figures/cases", Can(Action::ReadFigures), pages::figures::rows::cases),
        get("/figures/cases.csv", Can(Action::Export), pages::figures::export::cases),
        get("/figures/cases.xlsx", Can(Action::Export), pages::figures::export::cases),
        get("/figures/duties", Can(Action::ReadFigures), pages::figures::rows::duties),
        get("/figures/duties.csv", Can(Action::Export), pages::figures::export::duties),
        get("/figures/duties.xlsx", Can(Action::Export), pages::figures::export::duties),

        get("/bills", Can(Action::ReadLedger), pages::money::bills::own),
        get("/homes/{code}/bills", Can(Action::ReadLedger), pages::money::bills::show),
        get("/receipts/{number}", Can(Action::ReadLedger), pages::money::receipts::show),
        get("/cashier", Can(Action::TakePayment), pages::money::cashier::show),
        get("/closing", Can(Action::TakePayment), pages::money::cashier::day),
        get("/homes/{code}/pay", Can(Action::TakePayment), pages::money::cashier::pay),
        post("/homes/{code}/pay", Can(Action::TakePayment), pages::money::cashier::take),
        get("/homes/{code}/pay-online", Can(Action::PayOnline), pages::money::online::form),
        post("/homes/{code}/pay-online", Can(Action::PayOnline), pages::money::online::ask),
        get("/pay-orders", Can(Action::TakePayment), pages::money::online::list::show),
        get("/pay-orders/{number}", Can(Action::ReadLedger), pages::money::online::order::show),
        post("/pay-orders/{number}/handle", Can(Action::TakePayment), pages::money::online::order::handle),
        post("/pay-orders/{number}/close", Can(Action::PayOnline), pages::money::online::order::close),
        get("/practice/{order}", Can(Action::PayOnline), pages::money::online::practice::show),
        post("/practice/{order}", Can(Action::PayOnline), pages::money::online::practice::pay),
        post(pay::WECHAT, Provider, pages::money::online::notifications::wechat),
        post(pay::ALIPAY, Provider, pages::money::online::notifications::alipay),
        get("/payments/{id}/void", Can(Action::VoidPayment), pages::money::receipts::confirm),
        post("/payments/{id}/void", Can(Action::VoidPayment), pages::money::receipts::void),
        get("/payments/{id}/refund", Can(Action::AskCorrection), pages::money::corrections::refund::confirm),
        post("/payments/{id}/refund", Can(Action::AskCorrection), pages::money::corrections::refund::submit),
        get("/homes/{code}/charges/{id}/split", Can(Action::Bill), pages::money::corrections::split::confirm),
        post("/homes/{code}/charges/{id}/split", Can(Action::Bill), pages::money::corrections::split::submit),
        get("/homes/{code}/charges/{id}/{act}", Can(Action::Bill), pages::money::corrections::charge::confirm),
        post("/homes/{code}/charges/{id}/{act}", Can(Action::Bill), pages::money::corrections::charge::submit),
        get("/corrections", Can(Action::AskCorrection), pages::money::corrections::list),
        post("/corrections/{id}/{decision}", Can(Action::AskCorrection), pages::money::corrections::decide),
        get("/bank", Can(Action::ImportBank), pages::money::bank::list),
        post("/bank", Can(Action::ImportBank), pages::money::bank::upload),
        get("/bank/queue", Can(Action::ImportBank), pages::money::bank::lines::queue),
        get("/bank/lines/{id}", Can(Action::ImportBank), pages::money::bank::lines::show),
        post("/bank/lines/{id}/book", Can(Action::TakePayment), pages::money::bank::lines::book),
        post("/bank/lines/{id}/aside", Can(Action::TakePayment), pages::money::bank::lines::aside),
        post("/bank/lines/{id}/again", Can(Action::TakePayment), pages::money::bank::lines::again),
        get("/bank/profiles", Can(Action::ImportBank), pages::money::bank::profiles::list),
        get("/bank/profile", Can(Action::ImportBank), pages::money::bank::profiles::show),
        post("/bank/profile", Can(Action::ImportBank), pages::money::bank::profiles::save),
        post("/bank/profile/remove", Can(Action::ImportBank), pages::money::bank::profiles::remove),
        get("/bank/drafts/{id}", Can(Action::ImportBank), pages::money::bank::draft),
        post("/bank/drafts/{id}", Can(Action::ImportBank), pages::money::bank::take_in),
        post("/bank/drafts/{id}/discard", Can(Action::ImportBank), pages::money::bank::discard),
        get("/bank/{id}", Can(Action::ImportBank), pages::money::bank::show),
        get("/homes/{code}/statement", Can(Action::ReadLedger), pages::money::statement::show),
        get("/closings", Can(Action::CloseMonth), pages::money::closings::list),
        post("/closings", Can(Action::CloseMonth), pages::money::closings::close),
        get("/closings/{month}", Can(Action::CloseMonth), pages::money::closings::show),
        get("/deposits", Can(Action::KeepDeposits), pages::money::deposits::list),
        post("/deposits", Can(Action::TakePayment), pages::money::deposits::take),
        get("/deposits/new", Can(Action::TakePayment), pages::money::deposits::new),
        get("/deposits/{id}", Can(Action::ReadLedger), pages::money::deposits::show),
        post("/deposits/{id}/deductions", Can(Action::KeepDeposits), pages::money::deposits::deduct),
        post("/deposits/{id}/return", Can(Action::KeepDeposits), pages::money::deposits::ask_return),
        post("/deposits/{id}/keep", Can(Action::KeepDeposits), pages::money::deposits::keep),
        post("/deposits/{id}/give-back", Can(Action::VoidPayment), pages::money::deposits::give_back),
        get("/deductions/{id}", Can(Action::ReadLedger), pages::money::deposits::deduction::show),
        post("/deductions/{id}/accept", Can(Action::ReadLedger), pages::money::deposits::deduction::accept),
        post("/deductions/{id}/contest", Can(Action::ReadLedger), pages::money::deposits::deduction::contest),
        post("/deductions/{id}/decide", Can(Action::ApproveWaiver), pages::money::deposits::deduction::decide),
        post("/deductions/{id}/drop", Can(Action::KeepDeposits), pages::money::deposits::deduction::drop),
        get("/debts", Can(Action::KeepDebts), pages::money::debts::list),
        get("/debtors/{account}", Can(Action::KeepDebts), pages::money::debts::debtor::show),
        get("/debtors/{account}/file.pdf", Can(Action::KeepDebts), pages::money::debts::file::pdf),
        get("/debtors/{account}/dispute", Can(Action::KeepDebts), pages::money::debts::dispute::form),
        post("/debtors/{account}/dispute", Can(Action::KeepDebts), pages::money::debts::dispute::note),
        get("/debtors/{account}/plan", Can(Action::KeepDebts), pages::money::debts::plan::form),
        post("/debtors/{account}/plan", Can(Action::KeepDebts), pages::money::debts::plan::submit),
        get("/debtors/{account}/acknowledge", Can(Action::KeepDebts), pages::money::debts::limitation::form),
        post("/debtors/{account}/acknowledge", Can(Action::KeepDebts), pages::money::debts::limitation::submit),
        get("/limitation", Can(Action::KeepDebts), pages::money::debts::limitation::list),
        get("/homes/{code}/charges/{id}/dispute", Can(Action::RaiseDispute), pages::money::debts::raise::show),
        post("/homes/{code}/charges/{id}/dispute", Can(Action::RaiseDispute), pages::money::debts::raise::submit),
        get("/disputes/{id}", Can(Action::ReadLedger), pages::money::debts::seen::show),
        post("/disputes/{id}/take-back", Can(Action::RaiseDispute), pages::money::debts::seen::take_back),
        get("/disputes/{id}/end", Can(Action::KeepDebts), pages::money::debts::dispute::answer),
        post("/disputes/{id}/end", Can(Action::KeepDebts), pages::money::debts::dispute::end),
        get("/plans/{id}/end", Can(Action::KeepDebts), pages::money::debts::plan::confirm_end),
        post("/plans/{id}/end", Can(Action::KeepDebts), pages::money::debts::plan::end),
        get("/demands", Can(Action::KeepDebts), pages::money::demands::list),
        post("/demands", Can(Action::KeepDebts), pages::money::demands::make),
        get("/demands/batches/{id}", Can(Action::KeepDebts), pages::money::demands::batch::show),
        get("/demands/batches/{id}/letters.pdf", Can(Action::KeepDebts), pages::money::demands::batch::letters),
        get("/demands/{id}", Can(Action::KeepDebts), pages::money::demands::letter::show),
        post("/demands/{id}/proof", Can(Action::KeepDebts), pages::money::demands::letter::prove),
        get("/homes/{code}/demands/{id}/letter.pdf", Can(Action::ReadLedger), pages::money::demands::letter::pdf),
        get("/billing", Can(Action::Bill), pages::money::billing::show),
        get("/billing/preview", Can(Action::Bill), pages::money::billing::preview),
        post("/billing/runs", Can(Action::Bill), pages::money::billing::start),
        get("/billing/runs/{id}", Can(Action::Bill), pages::money::billing::run),
        post("/billing/runs/{id}/cancel", Can(Action::Bill), pages::money::billing::cancel),
        get("/billing/shared", Can(Action::Bill), pages::money::shared::list),
        post("/billing/shared", Can(Action::Bill), pages::money::shared::create),
        get("/billing/shared/preview", Can(Action::Bill), pages::money::shared::preview),
        get("/billing/shared/{id}", Can(Action::Bill), pages::money::shared::show),
        post("/billing/shared/{id}", Can(Action::Bill), pages::money::shared::change),
        post("/billing/shared/{id}/remove", Can(Action::Bill), pages::money::shared::remove),
        get("/billing/shared/{id}/take-back", Can(Action::Bill), pages::money::taken_back::confirm),
        post("/billing/shared/{id}/take-back", Can(Action::Bill), pages::money::taken_back::submit),
        get("/billing/developer", Can(Action::Bill), pages::money::developer::show),
        post("/billing/developer", Can(Action::ChangeSettings), pages::money::developer::set),
        get("/billing/developer/preview", Can(Action::Bill), pages::money::developer::preview),
        get("/billing/shares", Can(Action::Bill), pages::money::shares::show),
        post("/billing/shares", Can(Action::Bill), pages::money::shares::save),
        get("/homes/{code}/shared/{period}", Can(Action::ReadLedger), pages::money::shared::home),
        get("/meters", Can(Action::ReadMeter), pages::meters::show),
        post("/meters/readings", Can(Action::ReadMeter), pages::meters::enter),
        get("/meters/readings/{id}", Can(Action::ReadMeter), pages::meters::reading::show),
        post("/meters/readings/{id}/take-back", Can(Action::SendReading), pages::meters::own::take_back),
        post("/meters/readings/{id}/{decision}", Can(Action::Bill), pages::meters::reading::decide),
        get("/meters/register", Can(Action::ReadMeter), pages::meters::register::list),
        get("/meters/new", Can(Action::KeepMeters), pages::meters::register::new),
        post("/meters/new", Can(Action::KeepMeters), pages::meters::register::add),
        get("/meters/{id}", Can(Action::ReadMeter), pages::meters::register::show),
        get("/meters/{id}/exchange", Can(Action::KeepMeters), pages::meters::register::exchange_form),
        post("/meters/{id}/exchange", Can(Action::KeepMeters), pages::meters::register::exchange),
        get("/meters/{id}/end", Can(Action::KeepMeters), pages::meters::register::end_form),
        post("/meters/{id}/end", Can(Action::KeepMeters), pages::meters::register::end),
        get("/homes/{code}/meters", Can(Action::SendReading), pages::meters::own::list),
        get("/homes/{code}/meters/{id}", Can(Action::SendReading), pages::meters::own::show),
        post("/homes/{code}/meters/{id}", Can(Action::SendReading), pages::meters::own::submit),
        get("/collection", Can(Action::ReadCollection), pages::money::collection::show),
        get("/charges/counted", Can(Action::ChargeQuantity), pages::money::counted::show),
        post("/charges/counted", Can(Action::ChargeQuantity), pages::money::counted::submit),
        get("/charges", Can(Action::ReadCollection), pages::money::collection::charges),
        get("/books", Can(Action::KeepBooks), pages::books::show),
        post("/books", Can(Action::KeepBooks), pages::books::enter),
        get("/books.csv", Can(Action::KeepBooks), pages::books::file),
        get("/books.xlsx", Can(Action::KeepBooks), pages::books::file),
        get("/books/{id}/counter", Can(Action::KeepBooks), pages::books::ask_counter),
        post("/books/{id}/counter", Can(Action::KeepBooks), pages::books::counter),
        get("/publications", Can(Action::ReadPublications), pages::publications::list),
        post("/publications", Can(Action::KeepBooks), pages::publications::draft),
        get("/publications/{id}", Can(Action::ReadPublications), pages::publications::show),
        get("/publications/{id}/paper", Can(Action::ReadPublications), pages::publications::paper),
        get("/publications/{id}/figures.csv", Can(Action::ReadPublications), pages::publications::file),
        get("/publications/{id}/figures.xlsx", Can(Action::ReadPublications), pages::publications::file),
        post("/publications/{id}/approve", Can(Action::ApprovePublication), pages::publications::approve),
        post("/publications/{id}/publish", Can(Action::ApprovePublication), pages::publications::publish),
        get("/arrears", Can(Action::ReadCollection), pages::money::arrears::show),
        get("/arrears.csv", Can(Action::Export), pages::money::arrears::file),
        get("/arrears.xlsx", Can(Action::Export), pages::money::arrears::file),
        get("/homes", Can(Action::ReadHomes), pages::register::homes::list),
        get("/homes/{code}", Can(Action::ReadHomes), pages::register::homes::show),
        get("/buildings/{code}", Can(Action::ReadHomes), pages::register::homes::building),
        get("/people", Can(Action::ReadHomes), pages::register::people::search),
        get("/people/{id}", Can(Action::ReadHomes), pages::register::people::show),
        post("/people/{id}/phone", Can(Action::UnmaskPhone), pages::register::people::phone),
        post("/people/{id}/activation", Can(Action::IssueActivation), pages::register::people::letter),
        post("/people/{id}/anonymise", Can(Action::Anonymise), pages::register::people::anonymise),
        get("/staff", Can(Action::ReadHomes), pages::register::people::staff),
        get("/imports", Can(Action::Import), pages::register::imports::list),
        post("/imports", Can(Action::Import), pages::register::imports::submit),
        get("/imports/{id}", Can(Action::Import), pages::register::imports::show),
        get("/imports/{id}/report.csv", Can(Action::Import), pages::register::imports::report),
        get("/imports/{id}/report.xlsx", Can(Action::Import), pages::register::imports::report),

        get("/notifications", SignedIn, pages::notifications::show),
        post("/notifications/read", SignedIn, pages::notifications::read),
        post("/cases/filters", SignedIn, pages::cases::filters::save),
        post("/cases/filters/{id}/remove", SignedIn, pages::cases::filters::remove),
        get("/cases", Can(Action::ReadCase), pages::cases::list::show),
        get("/cases/{number}", Can(Action::ReadCase), pages::cases::show::show),
        post("/cases/{number}/{action}", Can(Action::MoveCase), pages::cases::act::submit),
        get("/repairs/new", Can(Action::OpenCase), pages::repairs::report::show),
        post("/repairs/new", Can(Action::OpenCase), pages::repairs::report::submit),
        get("/repairs/register", Can(Action::RegisterCase), pages::repairs::register::show),
        post("/repairs/register", Can(Action::RegisterCase), pages::repairs::register::submit),
        get("/dispatch", Can(Action::DispatchWork), pages::dispatch::show),
        post("/dispatch", Can(Action::DispatchWork), pages::dispatch::submit),
        get("/service-checks", Can(Action::CheckService), pages::service_checks::list),
        get("/service-checks/{id}", Can(Action::CheckService), pages::service_checks::show),
        post("/service-checks/{id}", Can(Action::CheckService), pages::service_checks::submit),
        get("/incidents", Can(Action::DispatchWork), pages::incidents::show),
        post("/incidents", Can(Action::DispatchWork), pages::incidents::submit),
        get("/stock", Can(Action::ManageStock), pages::stock::show),
        post("/stock/receipts", Can(Action::ManageStock), pages::stock::receive),
        post("/stock/counts", Can(Action::ManageStock), pages::stock::count),
        get("/stock/month", Can(Action::ManageStock), pages::stock::month),
        get("/stock/month.csv", Can(Action::ManageStock), pages::stock::month_file),
        get("/stock/month.xlsx", Can(Action::ManageStock), pages::stock::month_file),
        get("/complaints/new", Can(Action::OpenCase), pages::complaints::new::show),
        post("/complaints/new", Can(Action::OpenCase), pages::complaints::new::submit),
        get("/complaints/register", Can(Action::RegisterCase), pages::complaints::register::show),
        post("/complaints/register", Can(Action::RegisterCase), pages::complaints::register::submit),
        get("/complaints/figures", Can(Action::ReadFigures), pages::complaints::figures::show),
        get("/complaints/figures/paper", Can(Action::ReadFigures), pages::complaints::figures::paper),
        get("/complaints/figures.csv", Can(Action::Export), pages::complaints::figures::file),
        get("/complaints/figures.xlsx", Can(Action::Export), pages::complaints::figures::file),
        get("/complaints/{number}", Can(Action::ReadCase), pages::complaints::show::show),
        get("/complaints/{number}/paper", Can(Action::ReadCase), pages::complaints::paper::show),
        post("/complaints/{number}/{action}", Can(Action::MoveCase), pages::complaints::act::submit),
        get("/desk/call", Can(Action::RegisterCase), pages::desk::call),
        get("/desk/callers/{id}", Can(Action::RegisterCase), pages::desk::caller),
        get("/enquiries/new", Can(Action::OpenCase), pages::enquiries::new::show),
        post("/enquiries/new", Can(Action::OpenCase), pages::enquiries::new::submit),
        get("/enquiries/register", Can(Action::RegisterCase), pages::enquiries::register::show),
        post("/enquiries/register", Can(Action::RegisterCase), pages::enquiries::register::submit),
        get("/enquiries/{number}", Can(Action::ReadCase), pages::enquiries::show::show),
        post("/enquiries/{number}/{action}", Can(Action::MoveCase), pages::enquiries::act::submit),
        get("/knowledge", Can(Action::ReadKnowledge), pages::knowledge::show::list),
        get("/knowledge/new", Can(Action::WriteKnowledge), pages::knowledge::edit::new),
        post("/knowledge/new", Can(Action::WriteKnowledge), pages::knowledge::edit::create),
        get("/knowledge/{id}", Can(Action::ReadKnowledge), pages::knowledge::show::show),
        get("/knowledge/{id}/edit", Can(Action::WriteKnowledge), pages::knowledge::edit::show),
        post("/knowledge/{id}/edit", Can(Action::WriteKnowledge), pages::knowledge::edit::save),
        get("/departments", Can(Action::ChangeSettings), pages::complaints::departments::show),
        post("/departments", Can(Action::ChangeSettings), pages::complaints::departments::save),
        get("/rectifications", Can(Action::ReadCase), pages::rectifications::list),
        get("/rectifications/{id}", Can(Action::ReadCase), pages::rectifications::show),
        post("/rectifications/{id}", Can(Action::MoveCase), pages::rectifications::submit),
        get("/return-visits", Can(Action::ReadDuties), pages::return_visits::due::show),
        post("/return-visits/{id}", Can(Action::RecordDuty), pages::return_visits::due::submit),
        get("/return-visits/coverage", Can(Action::ReadFigures), pages::return_visits::coverage::show),
        get("/return-visits/{id}", Can(Action::ReadDuties), pages::return_visits::paper::show),
        get("/attachments/{id}", SignedIn, api::attachments::show),

        get("/roster", Can(Action::ReadRoster), pages::roster::show),
        get("/roster/{person}", Can(Action::KeepRoster), pages::roster::person::show),
        post("/roster/{person}/rest", Can(Action::KeepRoster), pages::roster::person::set_rest),
        post("/roster/{person}/leave", Can(Action::KeepRoster), pages::roster::person::grant),
        get("/leave/new", Can(Action::AskLeave), pages::roster::leave::form),
        post("/leave/new", Can(Action::AskLeave), pages::roster::leave::ask),
        post("/leave/{id}/{decision}", Can(Action::AskLeave), pages::roster::leave::decide),
        get("/settings", Can(Action::ChangeSettings), pages::settings::show),
        post("/settings", Can(Action::ChangeSettings), pages::settings::save),
        get("/settings/holidays", Can(Action::ChangeSettings), pages::settings::holidays::show),
        post("/settings/holidays", Can(Action::ChangeSettings), pages::settings::holidays::enter),
        post("/settings/holidays/remove", Can(Action::ChangeSettings), pages::settings::holidays::remove),
        post("/settings/holidays/fill", Can(Action::ChangeSettings), pages::settings::holidays::fill),
        get("/settings/letters", Can(Action::ChangeSettings), pages::settings::letters::list),
        get("/settings/letters/{letter}", Can(Action::ChangeSettings), pages::settings::letters::show),
        post("/settings/letters/{letter}", Can(Action::ChangeSettings), pages::settings::letters::save),
        post("/settings/letters/{letter}/preview", Can(Action::ChangeSettings), pages::settings::letters::preview),
        post("/settings/letters/{letter}/reset", Can(Action::ChangeSettings), pages::settings::letters::reset),
        get("/settings/categories", Can(Action::ChangeSettings), pages::settings::categories::list),
        post("/settings/categories", Can(Action::ChangeSettings), pages::settings::categories::create),
        get("/settings/categories/new", Can(Action::ChangeSettings), pages::settings::categories::new),
        get("/settings/categories/{category}", Can(Action::ChangeSettings), pages::settings::categories::show),
        post("/settings/categories/{category}", Can(Action::ChangeSettings), pages::settings::categories::change),
        post("/settings/categories/{category}/remove", Can(Action::ChangeSettings), pages::settings::categories::remove),
        get("/settings/warranty", Can(Action::ChangeSettings), pages::settings::warranty::show),
        post("/settings/warranty", Can(Action::ChangeSettings), pages::settings::warranty::save),
        get("/settings/fees", Can(Action::ChangeSettings), pages::settings::fees::list),
        post("/settings/fees", Can(Action::ChangeSettings), pages::settings::fees::create),
        get("/settings/fees/new", Can(Action::ChangeSettings), pages::settings::fees::new),
        get("/settings/fees/{item}", Can(Action::ChangeSettings), pages::settings::fees::show),
        post("/settings/fees/{item}", Can(Action::ChangeSettings), pages::settings::fees::change),
        post("/settings/fees/{item}/tariffs", Can(Action::ChangeSettings), pages::settings::fees::set_tariff),
        post("/settings/fees/{item}/interval", Can(Action::ChangeSettings), pages::settings::intervals::set),
        post("/settings/fees/{item}/late", Can(Action::ChangeSettings), pages::settings::late::agree),
        post("/settings/fees/{item}/exceptions", Can(Action::ChangeSettings), pages::settings::fees::agree),
        post("/settings/fees/{item}/exceptions/{id}/end", Can(Action::ChangeSettings), pages::settings::fees::end),
        get("/settings/prices", Can(Action::ChangeSettings), pages::settings::prices::list),
        post("/settings/prices", Can(Action::ChangeSettings), pages::settings::prices::create),
        get("/settings/prices/new", Can(Action::ChangeSettings), pages::settings::prices::new),
        get("/settings/prices/{item}", Can(Action::ChangeSettings), pages::settings::prices::show),
        post("/settings/prices/{item}", Can(Action::ChangeSettings), pages::settings::prices::change),
        get("/audit", Can(Action::ReadAudit), pages::audit::show),
        get("/admin/jobs", Can(Action::Administer), pages::admin::jobs::show),
        post("/admin/jobs/{id}/again", Can(Action::Administer), pages::admin::jobs::again),

        get("/today", Can(Action::LogVisit), pages::visits::today::show),
        get("/visits/new", Can(Action::LogVisit), pages::visits::log::pick),
        get("/visits/new/{home}", Can(Action::LogVisit), pages::visits::log::form),
        post("/visits/new/{home}", Can(Action::LogVisit), pages::visits::log::submit),
        get("/households/{home}", Can(Action::LogVisit), pages::visits::door::show),
        post("/households/{home}/promises/{id}", Can(Action::LogVisit), pages::visits::door::keep),
        get("/visits", Can(Action::LogVisit), pages::visits::month::own),
        get("/visits/team", Can(Action::DecideVisit), pages::visits::team::show),
        get("/visits/team/{steward}", Can(Action::DecideVisit), pages::visits::month::of_steward),
        get("/visits/{id}", Can(Action::LogVisit), pages::visits::month::paper),
        post("/visits/{id}/void", Can(Action::LogVisit), pages::visits::decide::void),
        post("/visits/{id}/decide", Can(Action::DecideVisit), pages::visits::decide::late),
        post("/shortfalls/{id}/reason", Can(Action::LogVisit), pages::visits::decide::explain),
        post("/shortfalls/{id}/decide", Can(Action::DecideVisit), pages::visits::decide::short),

        get("/renovations", SignedIn, pages::renovation::list),
        get("/renovations/new", Can(Action::RegisterRenovation), pages::renovation::register::show),
        post("/renovations", Can(Action::RegisterRenovation), pages::renovation::register::submit),
        get("/renovations/{number}", Can(Action::ReadCase), pages::renovation::site::show),
        get("/renovations/{number}/inspect", Can(Action::Inspect), pages::renovation::inspect::show),
        post("/renovations/{number}/inspect", Can(Action::Inspect), pages::renovation::inspect::submit),
        post("/renovations/{number}/{action}", Can(Action::MoveCase), pages::renovation::site::act),
        get("/inspections/misses", Can(Action::DecideVisit), pages::renovation::misses),
        get("/inspections/{id}", SignedIn, pages::renovation::inspect::paper),

        get("/move-ins", Can(Action::ReadCase), pages::move_ins::list::show),
        get("/move-ins/new", Can(Action::OpenCase), pages::move_ins::begin::show),
        post("/move-ins/new", Can(Action::OpenCase), pages::move_ins::begin::submit),
        get("/move-ins/form/{id}/{step}", Can(Action::ReadCase), pages::move_ins::write::show),
        post("/move-ins/form/{id}/{step}", Can(Action::OpenCase), pages::move_ins::write::submit),
        post("/move-ins/form/{id}/discard", Can(Action::OpenCase), pages::move_ins::write::discard),
        get("/move-ins/register", Can(Action::RegisterCase), pages::move_ins::register::show),
        post("/move-ins/register", Can(Action::RegisterCase), pages::move_ins::register::submit),
        get("/move-ins/{number}", Can(Action::ReadCase), pages::move_ins::show::show),
        get("/move-ins/{number}/handover", Can(Action::MoveCase), pages::move_ins::handover::show),
        post("/move-ins/{number}/handover", Can(Action::MoveCase), pages::move_ins::handover::submit),
        post("/move-ins/{number}/{action}", Can(Action::MoveCase), pages::move_ins::act::submit),

        get("/api/v1/openapi.json", Public, api::openapi::show).about("This description.").gives::<serde_json::Value>(),
        post("/api/v1/sessions", Public, api::sessions::create).about("Sign in.").takes::<api::sessions::NewSession>().gives::<api::sessions::Started>().done(&[201]),
        delete("/api/v1/sessions/current", HalfSignedIn, api::sessions::end).about("Sign out.").done(&[204]),
        post("/api/v1/activations", Public, api::activations::redeem).about("Use an activation code.").takes::<api::activations::Redeem>().gives::<api::activations::Activated>().done(&[201]),
        post("/api/v1/me/totp", HalfSignedIn, api::me::totp).about("Set up a second factor: without a code the secret, with one it is kept.").takes::<api::me::Totp>().gives::<api::me::TotpState>(),
        get("/api/v1/notifications", SignedIn, api::notifications::list).about("What I was told, newest first, in my language.").asks::<api::notifications::Asked>().gives::<Items<api::notifications::NotificationJson>>(),
        get("/api/v1/me", HalfSignedIn, api::me::show).about("Who I am.").gives::<api::me::Me>(),
        get("/api/v1/homes/{code}/account", Can(Action::ReadLedger), api::ledger::account).about("What is owed on a home, why, and what was paid.").asks::<api::Where>().gives::<api::ledger::AccountState>(),
        post("/api/v1/charges", Can(Action::ChargeQuantity), api::counted::create).about("Charge a home for hours or pieces that no run bills, or show what it would cost.").takes::<api::counted::NewCharge>().gives::<api::counted::Counted>().done(&[200, 201]),
        post("/api/v1/payments", Can(Action::TakePayment), api::ledger::take).about("Take a payment.").takes::<api::ledger::Take>().gives::<api::ledger::Taken>().done(&[201]),
        post("/api/v1/payments/{id}/void", Can(Action::VoidPayment), api::ledger::void).about("Void a payment that somebody else took.").takes::<api::ledger::Void>().gives::<api::ledger::Taken>(),
        get("/api/v1/receipts/{number}", Can(Action::ReadLedger), api::ledger::receipt).about("A receipt.").asks::<api::Where>().gives::<api::ledger::Taken>(),
        get("/api/v1/homes/{code}/statement", Can(Action::ReadLedger), api::statement::show).about("The statement of account from a day to a day: balances before and after, and what moved.").asks::<api::statement::Asked>().gives::<api::statement::StatementJson>(),
        get("/api/v1/deposits", Can(Action::KeepDeposits), api::deposits::list).about("Deposits that are held, newest first.").asks::<api::Where>().gives::<Items<api::deposits::DepositJson>>(),
        post("/api/v1/deposits", Can(Action::TakePayment), api::deposits::take).about("Take a deposit in.").takes::<api::deposits::TakeDeposit>().gives::<api::deposits::DepositJson>().done(&[201]),
        get("/api/v1/deposits/{id}", Can(Action::ReadLedger), api::deposits::show).about("A deposit with what is to be kept of it.").gives::<api::deposits::DepositWhole>(),
        get("/api/v1/bank-lines", Can(Action::ImportBank), api::bank::list).about("Lines of bank statements in a state, oldest first; those that wait where none is named.").asks::<api::bank::Which>().gives::<Items<api::bank::BankLine>>(),
        get("/api/v1/bank-lines/{id}", Can(Action::ImportBank), api::bank::show).about("A line of a bank's statement.").gives::<api::bank::BankLine>(),
        post("/api/v1/bank-lines/{id}/book", Can(Action::TakePayment), api::bank::book).about("Book a line that waits to a home.").takes::<api::bank::Book>().gives::<api::bank::BankLine>(),
        post("/api/v1/bank-lines/{id}/set-aside", Can(Action::TakePayment), api::bank::set_aside).about("Set a line aside that is nobody's fee.").takes::<api::bank::SetAside>().gives::<api::bank::BankLine>(),
        post("/api/v1/bank-lines/{id}/take-up", Can(Action::TakePayment), api::bank::take_up).about("Take up again what was set aside or held for a repetition.").takes::<api::bank::TakeUp>().gives::<api::bank::BankLine>(),
        post("/api/v1/billing-runs", Can(Action::Bill), api::billing::create).about("Preview a billing run, or ask for one.").takes::<api::billing::NewRun>().gives::<api::billing::RunState>().done(&[200, 202]),
        get("/api/v1/billing-runs/{id}", Can(Action::Bill), api::billing::show).about("How far a billing run has come.").gives::<api::billing::RunState>(),
        get("/api/v1/collection", Can(Action::ReadCollection), api::billing::collected).about("What came in of what was due.").asks::<api::billing::Asked>().gives::<api::billing::Collected>(),
        post("/api/v1/cases", Can(Action::OpenCase), api::cases::create).about("Report, ask, apply.").takes::<api::cases::NewCase>().gives::<api::cases::Opened>().done(&[201]),
        get("/api/v1/categories", Can(Action::ReadCase), api::categories::list).about("What can be asked for: the categories that can be chosen, with both levels.").asks::<api::Where>().gives::<api::Items<api::categories::CategoryJson>>(),
        get("/api/v1/cases", Can(Action::ReadCase), api::cases::list).about("The cases that I may see, newest first.").asks::<api::cases::Which>().gives::<Items<api::cases::CaseLine>>(),
        get("/api/v1/cases/{number}", Can(Action::ReadCase), api::cases::show::show).about("A case with its timeline and what I may do now.").asks::<api::Where>().gives::<api::cases::show::CaseJson>(),
        post("/api/v1/cases/{number}/actions/{action}", Can(Action::MoveCase), api::cases::act).about("Move a case by one step.").takes::<api::cases::NewAction>().gives::<api::cases::show::CaseJson>(),
        get("/api/v1/dispatch", Can(Action::DispatchWork), api::dispatch::show).about("The dispatch board: who has what, what waits, whom to send and why.").asks::<api::Where>().gives::<api::dispatch::BoardJson>(),
        post("/api/v1/dispatch", Can(Action::DispatchWork), api::dispatch::give).about("Give several orders in one act: all of them, or none.").takes::<api::dispatch::Give>().gives::<Items<api::cases::CaseLine>>(),
        get("/api/v1/incidents", Can(Action::DispatchWork), api::incidents::list).about("Reports that may be one thing, and what was made one.").asks::<api::Where>().gives::<api::incidents::IncidentsJson>(),
        post("/api/v1/incidents", Can(Action::DispatchWork), api::incidents::merge).about("Make one incident of many reports; everybody who reported one is told once.").takes::<api::incidents::Merge>().gives::<api::cases::show::CaseJson>().done(&[201]),
        get("/api/v1/price-list", Can(Action::ReadPrices), api::stock::prices).about("What work and materials cost, and what lies in the store.").asks::<api::Where>().gives::<Items<api::stock::PriceJson>>(),
        post("/api/v1/stock/receipts", Can(Action::ManageStock), api::stock::receive).about("Book what came in.").takes::<api::stock::Book>().gives::<api::stock::PriceJson>().done(&[201]),
        post("/api/v1/stock/counts", Can(Action::ManageStock), api::stock::count).about("Book what a count found.").takes::<api::stock::Book>().gives::<api::stock::PriceJson>().done(&[201]),
        get("/api/v1/stock/month", Can(Action::ManageStock), api::stock::month).about("The month of the store, material by material.").asks::<api::stock::Asked>().gives::<Items<api::stock::MonthJson>>(),
        get("/api/v1/knowledge", Can(Action::ReadKnowledge), api::knowledge::list).about("The articles that answer a question, best first; without one, all by category.").asks::<api::knowledge::Asked>().gives::<Items<api::knowledge::ArticleJson>>(),
        get("/api/v1/knowledge/{id}", Can(Action::ReadKnowledge), api::knowledge::show).about("An article in both languages.").asks::<api::Where>().gives::<api::knowledge::ArticleJson>(),
        post("/api/v1/attachments", SignedIn, api::attachments::create).about("Upload a photo or a paper (multipart, part `file`).").uploads(api::attachments::form).gives::<api::attachments::Uploaded>().done(&[201]),
        get("/api/v1/attachments/{id}", SignedIn, api::attachments::show).about("An attachment; `small` asks for its thumbnail.").asks::<api::attachments::Size>().gives_a_file(),
        get("/api/v1/duties", Can(Action::ReadDuties), api::duties::list).about("What we owe by when.").asks::<api::duties::Which>().gives::<Items<api::duties::DutyJson>>(),
        post("/api/v1/duties/{id}/record", Can(Action::RecordDuty), api::duties::record).about("Fulfil a duty, or note an attempt.").takes::<api::duties::Record>().gives::<api::duties::DutyJson>(),
        get("/api/v1/homes", Can(Action::ReadHomes), api::homes::list).about("Homes that I may see, by register order.").asks::<api::homes::Wanted>().gives::<api::Items<api::homes::Home>>(),
        get("/api/v1/homes/{code}", Can(Action::ReadHomes), api::homes::show).about("A home with its people and bays.").asks::<api::Where>().gives::<api::homes::HomePage>(),
        post("/api/v1/imports", Can(Action::SendFile), api::imports::create).about("Import a register or a bank's statement: multipart with kind, file, community, dry_run, skip_bad.").uploads(api::imports::form).gives::<api::imports::Imported>().done(&[201]),
        get("/api/v1/imports/{id}", Can(Action::SendFile), api::imports::show).about("An import with its report.").gives::<api::imports::Imported>(),
        post("/api/v1/visits", Can(Action::LogVisit), api::visits::log).about("Log a visit.").takes::<api::visits::LogVisit>().gives::<api::visits::Logged>().done(&[201]),
        get("/api/v1/stewards/{login}/quota", Can(Action::ReadQuota), api::visits::steward_quota).about("A steward's month: quota, counted, expected, short.").asks::<api::visits::Asked>().gives::<api::visits::Quota>(),
        get("/api/v1/roster", Can(Action::ReadRoster), api::roster::show).about("Who is off duty, by day.").asks::<api::roster::Span>().gives::<api::roster::Roster>(),
        get("/api/v1/leaves", Can(Action::AskLeave), api::roster::leaves).about("One's own leaves, and what waits for one's decision.").asks::<api::Where>().gives::<Items<api::roster::LeaveJson>>(),
        post("/api/v1/leaves", Can(Action::AskLeave), api::roster::ask).about("Ask for leave, or write it down for somebody else.").takes::<api::roster::AskLeave>().gives::<api::roster::LeaveJson>().done(&[201]),
        post("/api/v1/leaves/{id}/actions/{action}", Can(Action::AskLeave), api::roster::act).about("Approve or refuse somebody's leave, or end one.").takes::<api::roster::Decide>().gives::<api::roster::LeaveJson>(),
        post("/api/v1/inspections", Can(Action::Inspect), api::inspections::log).about("Log a renovation inspection.").takes::<api::inspections::LogInspection>().gives::<api::inspections::Logged>().done(&[201]),
    ]
}

/// Gives a server every route.
pub(crate) fn configure(server: &mut ServiceConfig) {
    let mut by_path: BTreeMap<(Vec<bool>, &str), Vec<Route>> = BTreeMap::new();
    for route in all() {
        by_path.entry((order(route.path), route.path)).or_default().push(route);
    }
    for ((_, path), routes) in by_path {
        let methods = methods(&routes);
        let other = move || {
            let methods = methods.clone();
            async move { other_method(&methods) }
        };
        let resource = Resource::new(path).default_service(web::to(other));
        server.service(routes.into_iter().fold(resource, |resource, route| resource.route(route.guarded())));
    }
    server.default_service(web::to(nowhere));
}

/// Literal parts come before `{names}`, so that `/cases/new` is never taken for a number.
fn order(path: &str) -> Vec<bool> {
    path.split('/').map(|part| part.starts_with('{')).collect()
}

async fn nowhere() -> Result<&'static str, Fail> {
    Err(Error::NotFound.into())
}

/// The answer to a method that an address has not, with those that it has.
fn other_method(methods: &str) -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((ALLOW, methods)).finish()
}

/// What an address takes, as the header `Allow` lists it.
fn methods(routes: &[Route]) -> String {
    let heard = routes.iter().map(|route| if route.method == "GET" { "GET, HEAD" } else { route.method });
    let mut heard: Vec<_> = heard.collect();
    heard.sort_unstable();
    heard.join(", ")
}

fn get<F, Args>(path: &'static str, access: Access, handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let either = http::Any(http::Get()).or(http::Head());
    route("GET", path, access, actix_web::Route::new().guard(either).to(handler))
}

fn post<F, Args>(path: &'static str, access: Access, handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    route("POST", path, access, web::post().to(handler))
}

fn delete<F, Args>(path: &'static str, access: Access, handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    route("DELETE", path, access, web::delete().to(handler))
}

fn route(method: &'static str, path: &'static str, access: Access, handler: actix_web::Route) -> Route {
    let (query, body, upload, answer) = (None, None, None, Answer::Nothing);
    Route { method, path, access, about: "", query, body, upload, answer, done: &[200], handler }
}

impl Route {
    /// What it does, in a sentence for the API's description.
    fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// What a program may ask with, behind the `?`.
    fn asks<T: JsonSchema>(mut self) -> Self {
        self.query = Some(T::json_schema);
        self
    }

    /// The multipart form that a program sends.
    fn uploads(mut self, form: SchemaOf) -> Self {
        self.upload = Some(form);
        self
    }

    /// The statuses of what was done, where it is not 200.
    fn done(mut self, statuses: &'static [u16]) -> Self {
        self.done = statuses;
        self
    }

    /// An attachment is what a program gets.
    fn gives_a_file(mut self) -> Self {
        self.answer = Answer::File;
        self
    }

    /// The body that a program sends.
    fn takes<T: JsonSchema>(mut self) -> Self {
        self.body = Some(|generator| generator.subschema_for::<T>());
        self
    }

    /// The body that a program gets.
    fn gives<T: JsonSchema>(mut self) -> Self {
        self.answer = Answer::Json(|generator| generator.subschema_for::<T>());
        self
    }

    fn guarded(self) -> actix_web::Route {
        let access = self.access;
        self.handler.wrap(from_fn(move |req, next| guard::admit(access, req, next)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_address_stands_twice_and_every_program_route_is_described() {
        let mut seen = BTreeSet::new();
        for route in all() {
            assert!(seen.insert((route.method, route.path)), "{} {} stands twice", route.method, route.path);
            assert_eq!(route.path.starts_with("/api/"), !route.about.is_empty(), "{}", route.path);
        }
    }

    #[test]
    fn nothing_is_changed_without_signing_in_but_these() {
        let open: Vec<_> = all()
            .into_iter()
            .filter(|r| r.access == Access::Public && r.method != "GET")
            .map(|r| r.path)
            .collect();
        assert_eq!(
            open,
            [
                "/login",
                "/login/code",
                "/login/mail",
                "/login/mail/code",
                "/reset",
                "/reset/code",
                "/logout",
                "/activate",
                "/language",
                "/large",
                "/api/v1/sessions",
                "/api/v1/activations"
            ]
        );
    }

    #[test]
    fn providers_tell_of_payments_and_nothing_else() {
        let open: Vec<_> = all().into_iter().filter(|r| r.access == Access::Provider).collect();
        let open: Vec<_> = open.iter().map(|route| (route.method, route.path)).collect();
        assert_eq!(
            open,
            [("POST", "/channels/wechat/notifications"), ("POST", "/channels/alipay/notifications")]
        );
    }
}
