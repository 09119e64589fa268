//! How a bank's table is read: which headings stand for what, in which encoding, below how many title lines, and
//! how money that came in is told from money that went out.

use serde::{Deserialize, Serialize};

use crate::imports::Encoding;
use crate::{Error, FieldError, Result};

crate::words! {
    /// How a line says whether money came in.
    Sign {
        /// 借方、贷方: a column for each.
        TwoColumns = "two_columns",
        /// One column; what is negative went out.
        Signed = "signed",
        /// One column; what is negative came in.
        Reversed = "reversed",
        /// One column, and another that says 借 or 贷.
        Marked = "marked",
    }
}

crate::words! {
    /// What a column of a statement is.
    Part {
        /// 交易日期
        Day = "day",
        /// 交易时间, where it stands apart.
        Time = "time",
        /// 对方户名
        Payer = "payer",
        /// 对方账号
        Account = "account",
        /// 借方金额
        Debit = "debit",
        /// 贷方金额
        Credit = "credit",
        /// 金额, with its sign or mark.
        Amount = "amount",
        /// 借贷标志
        Mark = "mark",
        /// 摘要、用途、附言: all that there is.
        Text = "text",
        /// 流水号
        Serial = "serial",
        /// 余额
        Balance = "balance",
    }
}

/// How a bank's table is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The encoding of a text file.
    pub encoding: Encoding,
    /// How many lines stand above the heading; where it is not said the heading is looked for.
    pub title_lines: Option<u8>,
    /// How money that came in is told.
    pub sign: Sign,
    /// For each part the headings that banks give it.
    pub columns: Vec<(Part, Vec<String>)>,
}

/// The most headings of one part.
const MOST_NAMES: usize = 12;

impl Mapping {
    /// The headings of a part.
    pub fn names(&self, part: Part) -> &[String] {
        let found = self.columns.iter().find(|(one, _)| *one == part);
        found.map(|(_, names)| names.as_slice()).unwrap_or_default()
    }

    /// The parts without which a table is not read.
    pub fn needs(&self) -> Vec<Part> {
        let mut needs = vec![Part::Day];
        needs.extend(match self.sign {
            Sign::TwoColumns => vec![Part::Credit],
            Sign::Signed | Sign::Reversed => vec![Part::Amount],
            Sign::Marked => vec![Part::Amount, Part::Mark],
        });
        needs
    }

    /// Whether something can be read by it.
    ///
    /// # Errors
    /// By field: a part without a heading that its way of signs needs, too many headings of one.
    pub fn check(&self) -> Result<()> {
        let mut wrong: Vec<FieldError> = self
            .needs()
            .into_iter()
            .filter(|part| self.names(*part).is_empty())
            .map(|part| FieldError::new(part.as_str(), "required"))
            .collect();
        if self.names(Part::Payer).is_empty() && self.names(Part::Text).is_empty() {
            wrong.push(FieldError::new("payer", "required"));
        }
        let too_many = self.columns.iter().filter(|(_, names)| names.len() > MOST_NAMES);
        wrong.extend(
            too_many.map(|(part, _)| {
                FieldError::new(part.as_str(), "too_many_headings").with("most", MOST_NAMES)
            }),
        );
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

/// A bank's way that the portal knows by itself.
#[derive(Debug)]
pub struct Preset {
    /// The bank.
    pub name: &'static str,
    /// How its exports tell the sign.
    pub sign: Sign,
    /// Part and headings, parted by 、
    columns: &'static [(Part, &'static str)],
}

impl Preset {
    /// The mapping that it stands for.
    pub fn mapping(&self) -> Mapping {
        let names = |text: &str| text.split('、').map(str::to_owned).collect();
        Mapping {
            encoding: Encoding::Auto,
            title_lines: None,
            sign: self.sign,
            columns: self.columns.iter().map(|(part, text)| (*part, names(text))).collect(),
        }
    }
}

/// The ways of the common banks' exports for companies, the general one last. Banks rename their columns now and then: a community keeps
/// its own profiles beside these.
pub const PRESETS: &[Preset] = {
    use Part::{Account, Amount, Balance, Credit, Day, Debit, Mark, Payer, Serial, Text, Time};
    &[
        Preset {
            name: "中国工商银行",
            sign: Sign::TwoColumns,
            columns: &[
                (Day, "交易时间、交易日期"),
                (Payer, "对方单位名称、对方单位、对方户名"),
                (Account, "对方账号"),
                (Debit, "借方发生额、转出金额"),
                (Credit, "贷方发生额、转入金额"),
                (Text, "摘要、用途、个性化信息"),
                (Serial, "凭证号、交易流水号"),
                (Balance, "余额"),
            ],
        },
        Preset {
            name: "中国建设银行",
            sign: Sign::TwoColumns,
            columns: &[
                (Day, "交易时间"),
                (Payer, "对方户名"),
                (Account, "对方账号"),
                (Debit, "借方发生额"),
                (Credit, "贷方发生额"),
                (Text, "摘要、备注"),
                (Serial, "账户明细编号-交易流水号、企业流水号"),
                (Balance, "余额"),
            ],
        },
        Preset {
            name: "中国农业银行",
            sign: Sign::TwoColumns,
            columns: &[
                (Day, "交易时间、交易日期"),
                (Payer, "对方户名"),
                (Account, "对方账号"),
                (Debit, "支出金额"),
                (Credit, "收入金额"),
                (Text, "交易用途、交易摘要、交易附言"),
                (Serial, "日志号、交易流水号"),
                (Balance, "账户余额、本次余额"),
            ],
        },
        Preset {
            name: "中国银行",
            sign: Sign::Signed,
            columns: &[
                (Day, "交易日期"),
                (Time, "交易时间"),
                (Payer, "付款人名称"),
                (Account, "付款人账号"),
                (Amount, "交易金额"),
                (Text, "用途、交易附言、备注、摘要"),
                (Serial, "交易流水号"),
                (Balance, "交易后余额"),
            ],
        },
        Preset {
            name: "招商银行",
            sign: Sign::TwoColumns,
            columns: &[
                (Day, "交易日"),
                (Time, "交易时间"),
                (Payer, "收方名称、付方名称、收/付方名称"),
                (Account, "收方账号、付方账号、收/付方账号"),
                (Debit, "借方金额"),
                (Credit, "贷方金额"),
                (Text, "摘要、用途、业务摘要、其它摘要"),
                (Serial, "流水号"),
                (Balance, "余额"),
            ],
        },
        Preset {
            name: "交通银行",
            sign: Sign::Marked,
            columns: &[
                (Day, "交易日期、交易时间"),
                (Payer, "对方户名"),
                (Account, "对方账号"),
                (Amount, "发生额、交易金额"),
                (Mark, "借贷标志、借/贷"),
                (Text, "摘要、备注"),
                (Serial, "核心流水号、流水号"),
                (Balance, "余额"),
            ],
        },
        Preset {
            name: "中国邮政储蓄银行",
            sign: Sign::TwoColumns,
            columns: &[
                (Day, "交易日期"),
                (Time, "交易时间"),
                (Payer, "对方账户名称、对方户名"),
                (Account, "对方账户、对方账号"),
                (Debit, "支出"),
                (Credit, "收入"),
                (Text, "摘要、附言"),
                (Serial, "交易流水号、流水号"),
                (Balance, "账户余额、余额"),
            ],
        },
        Preset {
            name: "通用（借方、贷方两列）",
            sign: Sign::TwoColumns,
            columns: &[
                (Day, "交易日期、记账日期、日期、交易日"),
                (Time, "交易时间、时间"),
                (Payer, "对方户名、对方名称、对方账户名称、付款人、付款方"),
                (Account, "对方账号、对方账户"),
                (Debit, "借方金额、借方发生额、支出、支出金额"),
                (Credit, "贷方金额、贷方发生额、收入、收入金额"),
                (Text, "摘要、用途、附言、备注"),
                (Serial, "流水号、交易流水号、交易流水"),
                (Balance, "余额、账户余额"),
            ],
        },
    ]
};
