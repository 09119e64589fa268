//! Ids as types, so that a home's can never be taken for a person's, and states as enums kept as text.

/// Makes a type over a 64-bit id (a `BIGINT` column, a plain number in JSON).
#[macro_export]
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        $crate::sql_as!($name, BigInt, i64);
    )+};
}

/// Makes a one-field struct travel as the field does, on both databases.
#[macro_export]
macro_rules! sql_as {
    ($name:ident, $sql:ident, $inner:ty) => {
        impl<DB> diesel::serialize::ToSql<diesel::sql_types::$sql, DB> for $name
        where
            DB: diesel::backend::Backend,
            $inner: diesel::serialize::ToSql<diesel::sql_types::$sql, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                self.0.to_sql(out)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::$sql, DB> for $name
        where
            DB: diesel::backend::Backend,
            $inner: diesel::deserialize::FromSql<diesel::sql_types::$sql, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                <$inner as diesel::deserialize::FromSql<diesel::sql_types::$sql, DB>>::from_sql(bytes)
                    .map(Self)
            }
        }
    };
}

/// Makes an enum whose variants are words: in the database, in JSON and on the command line.
///
/// `ALL` lists them in order; `as_str`, `Display` and `FromStr` speak the word.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every one, in the order of the definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
                    .ok_or_else(|| $crate::id::UnknownWord(text.to_owned()))
            }
        }

        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(self.as_str(), out)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let text = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(bytes)?;
                Ok(text.parse::<Self>()?)
            }
        }
    };
}

/// A word that is none of an enum's.
#[derive(Debug, thiserror::Error)]
#[error("unknown word {0:?}")]
pub struct UnknownWord(pub String);

id! {
    /// A community 小区.
    CommunityId,
    /// A building 楼栋.
    BuildingId,
    /// A home 房屋.
    HomeId,
    /// A household 户.
    HouseholdId,
    /// A person, of one community.
    PersonId,
    /// A login account.
    AccountId,
    /// A session.
    SessionId,
    /// A case 事项.
    CaseId,
    /// A duty 任务.
    DutyId,
    /// An attachment.
    AttachmentId,
    /// A fee item 收费项目.
    FeeItemId,
    /// A meter 水电气表.
    MeterId,
    /// A reading of a meter.
    MeterReadingId,
    /// An exception that was agreed for a home.
    FeeExceptionId,
    /// A bill that homes share 公摊.
    SharedBillId,
    /// A payer's account for one home and book.
    LedgerAccountId,
    /// A charge 应收.
    ChargeId,
    /// A payment.
    PaymentId,
    /// A deposit 押金.
    DepositId,
    /// What is to be kept of a deposit.
    DepositDeductionId,
    /// An order that somebody pays by themselves 支付单.
    PayOrderId,
    /// A correction that was asked for 更正.
    CorrectionId,
    /// A bank's statement 银行对账单.
    BankStatementId,
    /// A line of one.
    BankLineId,
    /// How a bank's table is read.
    BankProfileId,
    /// A dispute about a charge 争议.
    DisputeId,
    /// An agreement on instalments 分期.
    PlanId,
    /// A formal demand 催告函.
    DemandId,
    /// Formal demands that were made together.
    DemandBatchId,
    /// What a payer acknowledged in writing 书面认可.
    AcknowledgementId,
    /// A month's closing 月结.
    MonthClosingId,
    /// What the community spends, or its common parts earn.
    CommunityEntryId,
    /// A publication of income and expenditure 收支公示.
    PublicationId,
    /// A billing run.
    BillingRunId,
    /// A notification.
    NotificationId,
    /// A visit 走访.
    VisitId,
    /// A renovation inspection 装修巡查.
    InspectionId,
    /// A leave 请假.
    LeaveId,
    /// An import.
    ImportId,
    /// An invitation 邀请.
    InvitationId,
    /// A line of the price list 价目.
    PriceItemId,
    /// A quote 报价.
    QuoteId,
    /// An incident 突发事件.
    IncidentId,
}
