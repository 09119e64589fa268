//! The words of the register, and what follows from them.

crate::words! {
    /// What a home is for 用途.
    UseKind {
        /// 住宅
        Residential = "residential",
        /// 商铺
        Shop = "shop",
        /// 办公
        Office = "office",
    }
}

crate::words! {
    /// How a home stands today 状态.
    Status {
        /// 已入住: a household lives there.
        Occupied = "occupied",
        /// 空置: delivered, nobody lives there, no running renovation.
        Vacant = "vacant",
        /// 装修中: delivered, nobody lives there, a renovation is running.
        Renovating = "renovating",
        /// 未交付: not yet handed over by the developer.
        Undelivered = "undelivered",
    }
}

crate::words! {
    /// A person's tie to a home 入住关系.
    OccupancyKind {
        /// 业主
        Owner = "owner",
        /// 租户
        Tenant = "tenant",
        /// 家属
        Family = "family",
        /// 商户
        ShopOperator = "shop_operator",
    }
}

crate::words! {
    /// How a bay is held 车位类型.
    BayKind {
        /// 产权
        Owned = "owned",
        /// 租赁
        Leased = "leased",
    }
}

/// Which states of a renovation are *running*: work goes on, or its traces are still to be accepted.
pub const RUNNING_RENOVATION: &[&str] =
    &["working", "stopped", "expired", "completion_reported", "first_acceptance", "rectify"];

/// The code of a home whose register gives none: building, entrance and room, such as `3-2-1501`.
pub fn composed_code(building: &str, entrance: &str, room: &str) -> String {
    [building, entrance, room].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The floor that a room's number tells: `1501` is on the 15th.
pub fn floor_of(room: &str) -> Option<i32> {
    let digits = room.bytes().all(|b| b.is_ascii_digit());
    let floor = room.get(..room.len().saturating_sub(2)).filter(|_| digits && room.len() >= 3)?;
    floor.parse().ok()
}

/// The code of a home as it is said or written: `7栋1单元1503`, `7 号楼 1 单元 1503 室`, `７－１－１５０３`, `7-1-1503`; what
/// it begins with will do. None where it is no home at all.
pub fn spoken_code(words: &str) -> Option<String> {
    let mut code = String::new();
    for letter in words.chars() {
        let plain = match letter {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' => {
                char::from_u32(u32::from(letter) - 0xfee0)?
            }
            other => other,
        };
        match plain {
            'A'..='Z' | 'a'..='z' | '0'..='9' => code.push(plain.to_ascii_uppercase()),
            '-' | '—' | '栋' | '幢' | '座' | '楼' | '元' => code.push('-'),
            '号' | '单' | '室' | '房' | '门' | '层' | ' ' | '　' => {}
            _ => return None,
        }
    }
    let parts: Vec<&str> = code.split('-').filter(|part| !part.is_empty()).collect();
    let has_digit = parts.iter().any(|part| part.bytes().any(|byte| byte.is_ascii_digit()));
    has_digit.then(|| parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_what_people_say() {
        assert_eq!(composed_code("3", "2", "1501"), "3-2-1501");
        assert_eq!(composed_code("S", "", "01"), "S-01");
    }

    #[test]
    fn a_rooms_number_tells_the_floor() {
        for (room, floor) in [
            ("1501", Some(15)),
            ("0101", Some(1)),
            ("302", Some(3)),
            ("01", None),
            ("A101", None),
            ("", None),
        ] {
            assert_eq!(floor_of(room), floor, "{room}");
        }
    }

    #[test]
    fn a_home_is_found_as_it_is_said() {
        for (words, code) in [
            ("7栋1单元1503", Some("7-1-1503")),
            ("7 号楼 1 单元 1503 室", Some("7-1-1503")),
            ("７－１－１５０３", Some("7-1-1503")),
            ("7-1-1503", Some("7-1-1503")),
            ("7幢1单元", Some("7-1")),
            ("s-01", Some("S-01")),
            ("1-1-01", Some("1-1-01")),
            ("黎琪艳", None),
            ("abc", None),
            ("a@b.cn", None),
            ("%", None),
            ("", None),
        ] {
            assert_eq!(spoken_code(words).as_deref(), code, "{words}");
        }
    }
}
