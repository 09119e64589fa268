//! Every page in both languages, every text in both, every key that a template or the code names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::access::Role;

use super::{
    Shell, Texts, View, Views, access, admin, audit, books, cases, complaints, design, desk, dispatch,
    enquiries, errors, figures, home, imports, incidents, manager, meters, money, move_ins, notifications,
    publications, register, renovation, repairs, residents, return_visits, roster, service_checks, settings,
    stock, supervisor, visits,
};
use crate::lang::Lang;

/// Renders the samples of a view in both languages, as residents, staff and nobody see them.
fn renders<V: View>(views: &Views) {
    for lang in Lang::ALL {
        for role in [None, Some(Role::Resident), Some(Role::Manager)] {
            let shell = Shell::sample(lang, role);
            for (n, sample) in V::samples().iter().enumerate() {
                let page = views.page(&shell, sample);
                let page =
                    page.unwrap_or_else(|e| panic!("{} sample {n} in {lang:?}: {}", V::TEMPLATE, chain(&e)));
                if V::TEMPLATE.ends_with(".html") {
                    assert!(page.contains(&format!("lang=\"{}\"", lang.tag())), "{}", V::TEMPLATE);
                    assert!(page.contains("<h1"), "{} has no heading", V::TEMPLATE);
                    // The day of a charge that was split is for people in words.
                    assert!(!page.contains('≥'), "{} shows a subject as it is kept", V::TEMPLATE);
                }
            }
        }
    }
}

fn chain(error: &domain::Error) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}

#[test]
fn every_page_renders_in_both_languages() {
    let views = Views::load().unwrap();
    renders::<errors::ErrorView>(&views);
    renders::<access::LoginView>(&views);
    renders::<access::CodeView>(&views);
    renders::<access::AskView>(&views);
    renders::<access::OneTimeView>(&views);
    renders::<access::HomeView>(&views);
    renders::<access::AccountView>(&views);
    renders::<access::SecondFactorView>(&views);
    renders::<access::ActivateView>(&views);
    renders::<money::online::PayOnlineView>(&views);
    renders::<money::online::OrderView>(&views);
    renders::<money::online::OrdersView>(&views);
    renders::<money::online::PracticeView>(&views);
    renders::<money::bank::BankView>(&views);
    renders::<money::bank::DraftView>(&views);
    renders::<money::bank::StatementView>(&views);
    renders::<money::bank::QueueView>(&views);
    renders::<money::bank::LineView>(&views);
    renders::<money::bank::ProfilesView>(&views);
    renders::<money::bank::ProfileView>(&views);
    renders::<design::DesignView>(&views);
    renders::<admin::overview::OverviewView>(&views);
    renders::<admin::health::HealthView>(&views);
    renders::<admin::communities::CommunityView>(&views);
    renders::<admin::communities::NewCommunityView>(&views);
    renders::<admin::staff::WorkerView>(&views);
    renders::<admin::jobs::JobsView>(&views);
    renders::<audit::AuditView>(&views);
    renders::<notifications::NotificationsView>(&views);
    renders::<roster::RosterView>(&views);
    renders::<roster::AskView>(&views);
    renders::<roster::PersonView>(&views);
    renders::<settings::SettingsView>(&views);
    renders::<settings::holidays::HolidaysView>(&views);
    renders::<settings::letters::LettersView>(&views);
    renders::<settings::letters::LetterView>(&views);
    renders::<settings::categories::CategoriesView>(&views);
    renders::<settings::categories::CategoryView>(&views);
    renders::<meters::SheetView>(&views);
    renders::<meters::own::OwnMetersView>(&views);
    renders::<meters::own::SendView>(&views);
    renders::<meters::reading::ReadingView>(&views);
    renders::<meters::register::RegisterView>(&views);
    renders::<meters::register::MeterView>(&views);
    renders::<meters::register::NewMeterView>(&views);
    renders::<meters::register::ExchangeView>(&views);
    renders::<meters::register::EndView>(&views);
    renders::<money::disputes::RaiseView>(&views);
    renders::<money::disputes::DisputeSeenView>(&views);
    renders::<settings::fees::FeesView>(&views);
    renders::<settings::fees::NewFeeView>(&views);
    renders::<settings::fees::FeeView>(&views);
    renders::<settings::prices::PricesView>(&views);
    renders::<settings::prices::PriceView>(&views);
    renders::<settings::warranty::WarrantyView>(&views);
    renders::<home::ResidentView>(&views);
    renders::<manager::ManagerView>(&views);
    renders::<publications::PublicationsView>(&views);
    renders::<publications::PublicationView>(&views);
    renders::<publications::PaperView>(&views);
    renders::<books::BooksView>(&views);
    renders::<books::CounterView>(&views);
    renders::<service_checks::ChecksView>(&views);
    renders::<service_checks::CheckView>(&views);
    renders::<supervisor::SupervisorView>(&views);
    renders::<figures::CasesView>(&views);
    renders::<figures::DutiesView>(&views);
    renders::<money::bills::BillsView>(&views);
    renders::<money::cashier::CashierView>(&views);
    renders::<money::cashier::ClosingView>(&views);
    renders::<money::cashier::PayView>(&views);
    renders::<money::cashier::ReceiptView>(&views);
    renders::<money::cashier::VoidView>(&views);
    renders::<money::correct::CorrectView>(&views);
    renders::<money::developer::DeveloperView>(&views);
    renders::<money::counted::CountedView>(&views);
    renders::<money::shared::SharedView>(&views);
    renders::<money::shared::SharedBillView>(&views);
    renders::<money::shared::TakeBackView>(&views);
    renders::<money::shared::HomeView>(&views);
    renders::<money::shared::SharesView>(&views);
    renders::<money::correct::RefundView>(&views);
    renders::<money::corrections::CorrectionsView>(&views);
    renders::<money::demands::DemandsView>(&views);
    renders::<money::demands::BatchView>(&views);
    renders::<money::demands::DemandView>(&views);
    renders::<money::limitation::LimitationView>(&views);
    renders::<money::limitation::AcknowledgeView>(&views);
    renders::<money::split::SplitView>(&views);
    renders::<money::statement::StatementView>(&views);
    renders::<money::closings::ClosingsView>(&views);
    renders::<money::closings::ClosedMonthView>(&views);
    renders::<money::deposits::DepositsView>(&views);
    renders::<money::deposits::NewDepositView>(&views);
    renders::<money::deposits::DepositView>(&views);
    renders::<money::deposits::DeductionView>(&views);
    renders::<money::debts::DebtsView>(&views);
    renders::<money::debts::DebtorView>(&views);
    renders::<money::disputes::DisputeView>(&views);
    renders::<money::disputes::AnswerView>(&views);
    renders::<money::plans::PlanView>(&views);
    renders::<money::plans::EndPlanView>(&views);
    renders::<money::billing::BillingView>(&views);
    renders::<money::billing::PreviewView>(&views);
    renders::<money::billing::RunView>(&views);
    renders::<money::collection::CollectionView>(&views);
    renders::<money::collection::ChargesView>(&views);
    renders::<money::arrears::ArrearsView>(&views);
    renders::<cases::CasesView>(&views);
    renders::<dispatch::BoardView>(&views);
    renders::<incidents::IncidentsView>(&views);
    renders::<stock::StockView>(&views);
    renders::<stock::StockMonthView>(&views);
    renders::<cases::CaseView>(&views);
    renders::<complaints::ComplainView>(&views);
    renders::<complaints::RegisterView>(&views);
    renders::<complaints::ComplaintView>(&views);
    renders::<complaints::PaperView>(&views);
    renders::<complaints::FiguresView>(&views);
    renders::<complaints::FiguresPaperView>(&views);
    renders::<complaints::DepartmentsView>(&views);
    renders::<complaints::NoticesView>(&views);
    renders::<complaints::NoticeView>(&views);
    renders::<enquiries::AskView>(&views);
    renders::<enquiries::RegisterView>(&views);
    renders::<enquiries::EnquiryView>(&views);
    renders::<enquiries::KnowledgeView>(&views);
    renders::<enquiries::ArticleView>(&views);
    renders::<enquiries::WriteView>(&views);
    renders::<desk::CallView>(&views);
    renders::<desk::CallerView>(&views);
    renders::<repairs::ReportView>(&views);
    renders::<repairs::RegisterView>(&views);
    renders::<return_visits::DueView>(&views);
    renders::<return_visits::CoverageView>(&views);
    renders::<return_visits::PaperView>(&views);
    renders::<residents::ResidentsView>(&views);
    renders::<residents::InvitedView>(&views);
    renders::<register::HomesView>(&views);
    renders::<register::BuildingView>(&views);
    renders::<register::HomeView>(&views);
    renders::<register::PeopleView>(&views);
    renders::<register::PersonView>(&views);
    renders::<register::LetterView>(&views);
    renders::<register::StaffView>(&views);
    renders::<imports::ImportsView>(&views);
    renders::<imports::ImportView>(&views);
    renders::<visits::TodayView>(&views);
    renders::<visits::PickView>(&views);
    renders::<visits::RecordView>(&views);
    renders::<visits::MonthView>(&views);
    renders::<visits::DoorView>(&views);
    renders::<visits::TeamView>(&views);
    renders::<visits::PaperView>(&views);
    renders::<move_ins::MoveInsView>(&views);
    renders::<move_ins::BeginView>(&views);
    renders::<move_ins::FormView>(&views);
    renders::<move_ins::MoveInView>(&views);
    renders::<move_ins::HandoverView>(&views);
    renders::<move_ins::HandoverRecordView>(&views);
    renders::<move_ins::RegisterView>(&views);
    renders::<renovation::SitesView>(&views);
    renders::<renovation::RegisterView>(&views);
    renders::<renovation::SiteView>(&views);
    renders::<renovation::InspectView>(&views);
    renders::<renovation::PaperView>(&views);
    renders::<renovation::MissesView>(&views);
}

#[test]
fn both_languages_have_the_same_texts() {
    let keys = |lang| Texts::load(lang).unwrap().keys().map(str::to_owned).collect::<BTreeSet<_>>();
    let (zh, en) = (keys(Lang::Zh), keys(Lang::En));
    let only_one: Vec<_> = zh.symmetric_difference(&en).collect();
    assert!(only_one.is_empty(), "in one language only: {only_one:?}");
}

#[test]
fn both_languages_mention_the_same_values() {
    let (zh, en) = (Texts::load(Lang::Zh).unwrap(), Texts::load(Lang::En).unwrap());
    for key in zh.keys() {
        let names = |texts: &Texts| names_in(texts.get(key).unwrap_or_default());
        assert_eq!(names(&zh), names(&en), "{key}");
    }
}

fn names_in(text: &str) -> BTreeSet<String> {
    let inside = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    inside.map(|(name, _)| name.split('|').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_text_that_a_template_names_is_there() {
    let texts = Texts::load(Lang::Zh).unwrap();
    let mut missing = Vec::new();
    for file in files(Path::new("templates")) {
        let source = std::fs::read_to_string(&file).unwrap();
        for after in source.split("t(key=\"").skip(1) {
            let (key, rest) = after.split_once('"').unwrap();
            let whole = rest.starts_with([',', ')']);
            if whole && texts.get(key).is_none() {
                missing.push(format!("{}: {key}", file.display()));
            }
        }
    }
    assert!(missing.is_empty(), "no text for {missing:#?}");
}

#[test]
fn every_rule_and_field_code_has_its_text() {
    let texts = Texts::load(Lang::Zh).unwrap();
    let mut missing = Vec::new();
    for file in files(Path::new("domain/src")).into_iter().chain(files(Path::new("src"))) {
        let source = std::fs::read_to_string(&file).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        if file.ends_with("tests.rs") {
            continue;
        }
        for (call, prefix) in
            [("Error::refused(\"", "rules"), ("FieldError::new(", "fields"), ("Error::field(", "fields")]
        {
            for after in source.split(call).skip(1) {
                let code = if prefix == "rules" { after.split('"').next() } else { code_argument(after) };
                let Some(code) = code else { continue };
                if texts.get(&format!("{prefix}.{code}")).is_none() {
                    missing.push(format!("{}: {prefix}.{code}", file.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no text for {missing:#?}");
}

#[test]
fn every_sentence_of_a_command_has_its_text() {
    let texts = Texts::load(Lang::Zh).unwrap();
    for file in files(Path::new("src/cli")) {
        let source = std::fs::read_to_string(&file).unwrap();
        let said = source.split("out.say(\"").skip(1).filter_map(|after| after.split('"').next());
        for key in said {
            assert!(texts.get(&format!("cli.{key}")).is_some(), "{}: cli.{key}", file.display());
        }
    }
}

/// The literal second argument of a call, where it is one.
fn code_argument(after: &str) -> Option<&str> {
    let (_, last) = after.split(')').next()?.rsplit_once(',')?;
    let code = last.trim().strip_prefix('"')?.strip_suffix('"')?;
    code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()).then_some(code)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.retain(|path| path.extension().is_some_and(|ext| ext == "html" || ext == "txt" || ext == "rs"));
    found
}
