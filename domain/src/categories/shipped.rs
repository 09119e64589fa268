//! The categories that ship (interfaces.md), with what each means: the skill, the least urgency, whose part
//! of the house it is, the warranty, what a request asks to be brought along.

use super::{Category, Kind, Part, Warranty};
use crate::cases::Urgency;

crate::words! {
    /// What can be asked for, as it ships.
    Shipped {
        /// 漏水
        WaterLeak = "water.leak",
        /// 堵塞
        WaterBlocked = "water.blocked",
        /// 停水
        WaterNone = "water.none",
        /// 停电
        PowerOut = "power.out",
        /// 插座
        PowerSocket = "power.socket",
        /// 灯
        PowerLight = "power.light",
        /// 门锁
        DoorLock = "door.lock",
        /// 窗
        DoorWindow = "door.window",
        /// 电梯困人
        LiftStuck = "lift.stuck",
        /// 电梯故障
        LiftFault = "lift.fault",
        /// 渗水
        WallLeak = "wall.leak",
        /// 开裂
        WallCrack = "wall.crack",
        /// 暖气不热
        HeatingCold = "heating.cold",
        /// 燃气异味
        GasSmell = "gas.smell",
        /// 公共照明
        PublicLight = "public.light",
        /// 道路
        PublicRoad = "public.road",
        /// 绿化
        PublicGreen = "public.green",
        /// 其他
        Other = "other.other",
        /// 停车登记
        ParkingRegistration = "service.parking",
        /// 居家服务
        HomeService = "service.home",
    }
}

/// The skill of who mends everything.
pub const ALL_ROUND: &str = "综合";

impl Shipped {
    fn skill(self) -> &'static str {
        match super::group_of(self.as_str()) {
            "water" | "heating" | "gas" => "水",
            "power" => "电",
            "door" => "门窗",
            "lift" => "电梯",
            _ if self == Self::PublicLight => "电",
            _ => ALL_ROUND,
        }
    }

    /// Gas, someone trapped, power out are emergencies by themselves; a leak becomes one (flooding) when who
    /// reports it says so.
    fn urgency(self) -> Urgency {
        match self {
            Self::GasSmell | Self::LiftStuck | Self::PowerOut => Urgency::Emergency,
            Self::WaterLeak | Self::WaterNone | Self::DoorLock | Self::LiftFault => Urgency::Urgent,
            _ => Urgency::Normal,
        }
    }

    fn part(self) -> Part {
        match super::group_of(self.as_str()) {
            "lift" | "public" => Part::Public,
            _ => Part::Private,
        }
    }

    fn warranty(self) -> Warranty {
        match self {
            Self::WallLeak => Warranty::Waterproofing,
            Self::WallCrack => Warranty::Structure,
            Self::HeatingCold => Warranty::Heating,
            Self::Other | Self::ParkingRegistration | Self::HomeService => Warranty::None,
            _ => Warranty::Installation,
        }
    }

    fn papers(self) -> &'static str {
        match self {
            Self::ParkingRegistration => "行驶证；购房合同或租赁合同；车位产权证明或租赁协议",
            _ => "",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::ParkingRegistration | Self::HomeService => Kind::Request,
            _ => Kind::Repair,
        }
    }
}

impl From<Shipped> for Category {
    fn from(one: Shipped) -> Self {
        Self {
            code: one.as_str().to_owned(),
            kind: one.kind(),
            names: None,
            skill: one.skill().to_owned(),
            urgency: one.urgency(),
            part: one.part(),
            warranty: one.warranty(),
            price_item: String::new(),
            papers: one.papers().to_owned(),
            retired: false,
        }
    }
}
