//! What the desk of 锦绣花园 knows: written after the first weeks, and looked up ever since.

use chrono::Days;
use domain::access::Role;
use domain::knowledge::{self, Category, State, Text};
use domain::{Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::stage::Stage;

/// Category, who sees it, title and text in Chinese, the same in English.
pub(super) type Known = (Category, State, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
pub(super) const ARTICLES: &[Known] = &[
    (Category::Fees, State::Published, "物业费怎么缴", "每月 1 日出账，25 日前缴清。可以在前台刷卡、扫码或交现金，也可以银行转账，备注写房号，例如 3-2-1501。缴费后在“账单”里能看到收据。", "How to pay the property fee", "Bills are made on the 1st and due on the 25th. Pay at the front desk by card, code or cash, or by bank transfer with your home's code as the reference, such as 3-2-1501. The receipt is shown under Bills."),
    (Category::Fees, State::Published, "物业费可以预存吗", "可以。多缴的钱记为预存，下次出账自动抵扣，可以随时在前台退回。", "Can I pay ahead", "Yes. What is paid beyond the bill is kept and used for the next one; the front desk gives it back at any time."),
    (Category::Fees, State::Published, "公摊水电费怎么算", "按小区公示的分摊办法计算，多数项目按建筑面积分摊，各户之和正好等于总账单。账单里点开每一笔可以看到算式。", "How shared water and power are worked out", "By the rule that is published here, mostly by floor area; the parts add up exactly to the whole bill. Open a line of your bill to see how it was worked out."),
    (Category::Parking, State::Published, "停车证怎么办", "带身份证、行驶证和车位合同到前台登记，当场办好。换车带新行驶证来改车牌号。", "How to get a parking permit", "Bring your ID, the vehicle licence and the contract of the bay to the front desk; it is done at once. For another car bring its licence."),
    (Category::Parking, State::Published, "访客停车怎么收费", "访客车停在临停区，前 30 分钟免费，之后按公示标准计费。请提前把车牌告诉门岗，进场更快。", "What visitors pay for parking", "Visitors park in the temporary area; the first 30 minutes are free, then the published rate applies. Tell the gate the plate beforehand to get in faster."),
    (Category::Renovation, State::Published, "装修前要准备什么", "先提交申请：业主身份、施工图、材料和施工队资料。审核通过、缴清押金后发放施工许可证，再开工。拆改承重墙、把没有防水的房间改成卫生间都是禁止的。", "What to prepare before renovating", "Apply first: proof of ownership, the plan, materials and the contractor's papers. After the review and the deposit you get the permit, and then the work may begin. Altering bearing walls and turning rooms without waterproofing into bathrooms is forbidden."),
    (Category::Renovation, State::Published, "装修的施工时间", "周一至周五 8:00–12:00、14:00–18:00。周末和法定节假日不做有噪音的施工。", "When renovation work is allowed", "Monday to Friday 8:00–12:00 and 14:00–18:00. No noisy work at weekends and on public holidays."),
    (Category::Moving, State::Published, "租户入住怎么办理", "在“入住”里在线申请，上传身份证、租约和业主同意书。主管批准后，管家约您交接钥匙、抄表。", "How a tenant moves in", "Apply online under Move in with your ID, the lease and the owner's consent. After the approval your steward arranges the keys and the meter readings."),
    (Category::Moving, State::Published, "搬家要提前说吗", "请提前一天告诉前台，我们预留货梯并垫好轿厢。大件物品出门需要放行条，前台当场开。", "Do I announce a removal", "Please tell the front desk a day before: we keep the goods lift free and line it. Large goods need a release slip, which the desk writes at once."),
    (Category::Repairs, State::Published, "家里的东西坏了谁出钱", "保修期内、不是人为损坏的由开发商负责；公共部位由物业费或维修资金承担；其余按价目表收费，动工前会先报价，您同意了才做。", "Who pays for a repair", "Within the warranty and not damaged by people: the developer. Shared parts: the property fee or the maintenance fund. The rest by the price list, and you see the quote and agree before the work begins."),
    (Category::Repairs, State::Published, "卫生间漏水到楼下怎么办", "先关掉总水阀，再报修并勾选紧急情况。我们会马上派人，同时联系楼下住户。屋面、卫生间和外墙的防水保修五年。", "Water leaks to the home below", "Close the main valve, then report a repair and tick the emergency. Somebody comes at once, and we talk to the home below. Waterproofing of roofs, bathrooms and outer walls is under warranty for five years."),
    (Category::Security, State::Published, "门禁卡丢了怎么办", "请马上到前台挂失，旧卡立刻停用，补卡收工本费。也可以在手机上用访客码临时开门。", "I lost my access card", "Report it at the front desk at once: the old card stops working, a new one costs its making. Meanwhile a visitor's code on the phone opens the door."),
    (Category::Facilities, State::Published, "会所和儿童乐园的开放时间", "会所每天 9:00–21:00，儿童乐园 8:00–20:00。雨天和检修时关闭，会在公告里说明。", "When the club and the playground are open", "The club from 9:00 to 21:00, the playground from 8:00 to 20:00 every day. Both close for rain and checks, which a notice says."),
    (Category::Community, State::Published, "垃圾怎么分类", "厨余、可回收、有害、其他四类。投放点每天 7:00–9:00、18:00–20:00 有人值守，大件垃圾请先联系前台约收。", "How waste is sorted", "Kitchen, recyclable, hazardous and other waste. The collection points are attended 7:00–9:00 and 18:00–20:00; ask the front desk to collect large pieces."),
    (Category::Fees, State::Internal, "欠费来电怎么回", "先核对账单和到期日，说明金额怎么算的；有争议的记下来转收费员，不承诺减免，不提停水停电。", "", ""),
    (Category::Other, State::Internal, "媒体来电怎么回", "记下单位、姓名、电话和想了解的事，告诉对方一小时内由经理回复，登记为投诉，来源选媒体。", "", ""),
];

/// The knowledge base is written once, by who is at the desk.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    // Written when the first weeks have shown what people ask.
    if day < stage.begin + Days::new(20) {
        return Ok(());
    }
    if stage.read(|db| knowledge::list(db, stage.community.id, State::ALL, 1))?.is_empty() {
        agenda.at(stage.on(day, 9, 30), |stage, _, at| write(stage, at));
    }
    Ok(())
}

fn write(stage: &Stage, at: Instant) -> Result<()> {
    let Some(desk) = stage.on_duty(Role::Desk, at)? else { return Ok(()) };
    for (category, state, title_zh, body_zh, title_en, body_en) in ARTICLES {
        let text = Text {
            title_zh: (*title_zh).to_owned(),
            body_zh: (*body_zh).to_owned(),
            title_en: (*title_en).to_owned(),
            body_en: (*body_en).to_owned(),
        };
        let what = (*category, *state, None);
        stage.write(|tx| knowledge::write(tx, &desk, at, stage.community.id, what, &text).map(|_| ()))?;
    }
    Ok(())
}
