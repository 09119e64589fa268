//! What breaks on a day, by the weather, the season and the age of the homes.

use chrono::Datelike;
use domain::LocalDate;
use domain::categories::Shipped;

use super::dice::Dice;

/// A day's weather, as far as something breaks by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// Nothing in particular.
    Fair,
    /// A rainy day of spring or early summer.
    Rain,
    /// A summer storm.
    Storm,
    /// A day of the heating season.
    Cold,
}

impl Weather {
    /// The weather of a day: storms from June to September, rain from April to July, heating from
    /// 15 November to 15 March.
    pub(super) fn of(day: LocalDate) -> Self {
        let mut dice = Dice::on("weather", day);
        match day.month() {
            12 | 1 | 2 => Self::Cold,
            11 if day.day() >= 15 => Self::Cold,
            3 if day.day() <= 15 => Self::Cold,
            6..=9 if dice.percent(9) => Self::Storm,
            4..=7 if dice.percent(30) => Self::Rain,
            _ => Self::Fair,
        }
    }

    /// How many repairs are reported from homes on such a day: the least and the most.
    pub(super) fn reports(self) -> (u32, u32) {
        match self {
            Self::Fair => (0, 3),
            Self::Rain => (1, 4),
            Self::Storm => (5, 11),
            Self::Cold => (1, 4),
        }
    }
}

/// Which homes something breaks in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// Rather in those that were delivered long ago.
    Old,
    /// Rather in those that are still settling.
    New,
    /// In any.
    Any,
}

/// Something that breaks in homes.
pub(super) struct Trouble {
    pub(super) category: Shipped,
    /// Its share on days of each weather: fair, rain, storm, cold.
    shares: [u32; 4],
    pub(super) age: Age,
    /// What people write.
    pub(super) words: &'static [&'static str],
    /// What it came from.
    pub(super) cause: &'static str,
    /// What the technician did.
    pub(super) work: &'static str,
}

impl Trouble {
    /// What breaks this time.
    pub(super) fn fall(weather: Weather, dice: &mut Dice) -> Option<&'static Self> {
        let column = weather as usize;
        let share = move |one: &Self| one.shares.get(column).copied().unwrap_or(0);
        TROUBLES.get(dice.weighed(TROUBLES.iter().map(share)))
    }

    /// What is known of a category.
    pub(super) fn of(category: Shipped) -> Option<&'static Self> {
        TROUBLES.iter().find(|one| one.category == category)
    }
}

const fn trouble(
    category: Shipped,
    shares: [u32; 4],
    age: Age,
    words: &'static [&'static str],
    cause: &'static str,
    work: &'static str,
) -> Trouble {
    Trouble { category, shares, age, words, cause, work }
}

const TROUBLES: &[Trouble] = &[
    trouble(
        Shipped::WaterLeak,
        [16, 14, 6, 14],
        Age::Old,
        &["卫生间水龙头关不严，一直滴水。", "马桶水箱漏水，晚上能听到声音。", "厨房洗菜盆下水管接头渗水。"],
        "密封圈老化",
        "更换密封圈和软管，试水无渗漏。",
    ),
    trouble(
        Shipped::WaterBlocked,
        [18, 14, 8, 12],
        Age::Old,
        &["厨房下水道堵了，水下不去。", "马桶堵塞，冲水往上返。", "阳台地漏返水，有异味。"],
        "管道油污堵塞",
        "机械疏通，放水试验通畅。",
    ),
    trouble(
        Shipped::WaterNone,
        [4, 3, 2, 5],
        Age::Any,
        &["早上起来家里没水。", "热水水压很小，淋浴用不了。"],
        "表前阀滤网堵塞",
        "清洗滤网，水压恢复。",
    ),
    trouble(
        Shipped::PowerOut,
        [3, 3, 14, 4],
        Age::Any,
        &["家里突然全停电了，邻居有电。", "打雷以后总闸跳了，合不上。"],
        "漏电保护器动作",
        "排查回路，更换漏电保护器。",
    ),
    trouble(
        Shipped::PowerSocket,
        [13, 10, 6, 10],
        Age::Any,
        &["客厅一排插座没电。", "卧室插座松动，插头插不牢。"],
        "接线松动",
        "重新接线并紧固，测试正常。",
    ),
    trouble(
        Shipped::PowerLight,
        [10, 8, 6, 8],
        Age::Any,
        &["卫生间浴霸灯不亮。", "门厅灯一闪一闪的。"],
        "灯座接触不良",
        "更换灯座和光源。",
    ),
    trouble(
        Shipped::DoorLock,
        [10, 8, 5, 9],
        Age::Any,
        &["入户门锁反锁不上。", "指纹锁识别不了，提示电量低也充不进电。"],
        "锁体磨损",
        "更换锁芯并调试。",
    ),
    trouble(
        Shipped::DoorWindow,
        [11, 10, 14, 7],
        Age::New,
        &["推拉窗滑轮卡住，推不动。", "窗户密封条脱落，漏风。", "大风把窗撑刮坏了。"],
        "五金件松动",
        "调整窗扇，更换五金件。",
    ),
    trouble(
        Shipped::WallLeak,
        [2, 22, 30, 1],
        Age::Old,
        &["下雨天外墙窗框边渗水。", "顶楼客厅天花板有水印，越来越大。", "飘窗下面墙皮起泡发霉。"],
        "外墙密封胶开裂",
        "外墙打胶修补，淋水试验合格。",
    ),
    trouble(
        Shipped::WallCrack,
        [6, 4, 1, 3],
        Age::New,
        &["卧室墙面有一道竖向裂缝。", "门框上方的墙裂了。"],
        "抹灰层收缩",
        "剔缝挂网，重新批刮。",
    ),
    trouble(
        Shipped::HeatingCold,
        [0, 0, 0, 24],
        Age::Old,
        &["暖气片上半截不热。", "次卧地暖一直不热，其他房间正常。", "家里只有十五六度，老人受不了。"],
        "管路集气",
        "排气并清洗过滤器，回水温度正常。",
    ),
    trouble(
        Shipped::GasSmell,
        [1, 1, 0, 1],
        Age::Any,
        &["厨房好像有燃气味，已经开窗。"],
        "灶具软管接头松动",
        "关阀检测，更换软管，检漏合格。",
    ),
    trouble(
        Shipped::Other,
        [6, 3, 8, 2],
        Age::Any,
        &["空调外机支架锈了，担心掉下去。", "可视对讲没有声音。"],
        "部件老化",
        "加固并更换部件。",
    ),
];

/// What staff find on the grounds: category, where, words.
pub(super) const PUBLIC: &[(Shipped, &str, &str)] = &[
    (Shipped::PublicLight, "3栋 2单元 楼道", "六楼楼道灯不亮。"),
    (Shipped::PublicLight, "南门 广场", "路灯有两盏不亮。"),
    (Shipped::PublicRoad, "5栋 北侧 道路", "路面砖松动，容易绊倒。"),
    (Shipped::PublicRoad, "地下车库 B区", "地面积水，减速带脱落。"),
    (Shipped::PublicGreen, "中心花园", "一棵树的枝条断了，挂在路边。"),
    (Shipped::PublicGreen, "7栋 东侧 绿地", "草坪喷头坏了，一直喷水。"),
    (Shipped::LiftFault, "6栋 1单元 电梯", "电梯开门时有异响，平层不准。"),
    (Shipped::LiftFault, "2栋 2单元 电梯", "电梯按钮三楼不亮。"),
    (Shipped::LiftStuck, "8栋 1单元 电梯", "电梯停在七楼和八楼之间，里面有人。"),
];
