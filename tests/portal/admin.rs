//! Who runs the installation: how it is, its communities and who works there, backups.

use std::fs;

use test_support::both;

use crate::gates::look_up;
use crate::harness::{App, Community, PASSWORD, Visitor, register};

const NEW: &str = "five plums and a kite";

/// The first admin of an empty portal, signed in.
fn first_admin(app: &App) -> Visitor {
    app.linli_with(&["admin", "add", "--login", "admin", "--name", "管理员"], &format!("{PASSWORD}\n")).ok();
    let admin = app.anon();
    admin.sign_in("admin", PASSWORD, || None).status(200);
    admin
}

/// The address of somebody's page.
fn worker_of(admin: &Visitor, name: &str) -> String {
    let page = admin.see("/admin/communities/JXHY");
    let (names, hrefs) = (page.texts("td a"), page.attributes("td a", "href"));
    let at = names.iter().position(|one| one == name).unwrap_or_else(|| panic!("no {name} in {names:?}"));
    hrefs[at].clone()
}

fn name_of(visitor: &Visitor) -> String {
    visitor.see("/account").texts("nav.me a[href='/account'] span").remove(0)
}

both! {
    fn the_first_page_tells_how_it_is_and_who_works_where(app: Community) {
        let admin = app.visitor("admin");
        let page = admin.see("/");
        assert_eq!(page.path(), "/admin");
        let page = page.says("锦绣花园").says("数据库 正常").says("后台 要处理").says("启动 linli serve 或 linli worker");
        assert_eq!(page.texts("td[data-label='代码']"), ["JXHY"]);
        assert_eq!(page.texts("td[data-label='最近导入']").len(), 1);
        page.says("后台不做备份").says_nothing_of("还没有备份");

        let health = admin.see("/admin/health").says("附件存放处 正常").says("邮件 正常").says("DATABASE_URL");
        let row = |name: &str| health.texts("th[data-label='设置项']").iter().position(|one| one == name).unwrap();
        assert_eq!(health.texts("td[data-label='值']")[row("LINLI_SECRET_KEY")], "***");
        app.smtp.refuse();
        admin.see("/admin/health").says("邮件 要处理").says("连不上邮件服务器");
        app.smtp.listen();

        for other in ["manager", "steward", "resident"] {
            let other = app.visitor(other);
            for path in ["/admin", "/admin/health", "/admin/communities/JXHY", "/admin/communities/JXHY/imports"] {
                other.get(path).status(403);
            }
        }
        admin.get("/admin/communities/NONE").status(404);
    }

    fn a_community_is_added_filled_and_its_manager_let_in(app: App) {
        let admin = first_admin(&app);
        let form = admin.see("/admin").says("还没有小区");
        let form = admin.see(&form.attribute(".empty a", "href")).form_to("/communities");
        let wrong = admin.submit(form.clone().set("code", "海").set("name", "海棠苑")).status(422);
        let wrong = wrong.says("2 到 16 个字母、数字或短横线").form_to("/communities");
        assert_eq!(wrong.value("name"), Some("海棠苑"), "what was typed is lost");
        let form = wrong.set("code", "htyuan");
        let page = admin.submit(form.clone()).status(200).says("小区已添加").says("HTYUAN");
        assert_eq!(page.path(), "/admin/communities/HTYUAN?done=community_added");
        // The second click is the same community, another form with its code none.
        assert_eq!(admin.submit(form).path(), page.path());
        let taken = admin.see("/admin/communities/new").form_to("/communities").set("code", "HTYUAN").set("name", "x");
        admin.submit(taken).status(422).says("已经有人用了");

        for (kind, file) in [("homes", "homes.csv"), ("staff", "staff.csv")] {
            let form = admin.see("/admin/communities/HTYUAN/imports").form_to("/imports").set("kind", kind).set("mode", "all");
            let form = form.attach("file", file, "text/csv", &fs::read(register(file)).unwrap());
            let page = admin.submit(form).status(200).says("已导入");
            assert_eq!(page.attributes("main a[href$='/HTYUAN/imports']", "href").len(), 1, "the way back");
        }
        let page = admin.see("/admin/communities/HTYUAN").says("尚未开通").says("物业经理");
        let (posts, hrefs) = (page.texts("td[data-label='岗位']"), page.attributes("td a", "href"));
        let manager = hrefs[posts.iter().position(|post| post == "物业经理").unwrap()].clone();

        let letter = admin.submit(admin.see(&manager).form_to("/activation")).status(200);
        assert_eq!(letter.attribute("header.tools a", "href"), manager);
        let code = letter.texts(".code").remove(0);
        let guest = app.anon();
        let form = guest.see("/activate").form_to("/activate").set("code", &code).set("password", NEW);
        guest.submit(form).status(200);
        let seen = admin.see(&manager).says("缺动态验证码").says("登录中的设备");
        assert!(!seen.texts("td[data-label='设备']").is_empty(), "the manager's session");
        app.linli(&["check"]).ok();
    }

    fn who_lost_a_phone_is_signed_out_and_sets_it_up_anew(app: Community) {
        let (admin, steward, cashier) = (app.visitor("admin"), app.visitor("steward"), app.visitor("cashier"));
        let page = worker_of(&admin, &name_of(&steward));
        let form = admin.see(&page).says("可以登录").form_to("/end-sessions");
        admin.submit(form).status(200).says("已全部退出登录").says("现在没有登录");
        assert!(steward.get("/today").path().starts_with("/login"), "the steward's session goes on");
        admin.see(&page).says_nothing_of("清除动态验证码");

        let page = worker_of(&admin, &name_of(&cashier));
        let form = admin.see(&page).form_to("/forget-second-factor");
        admin.submit(form).status(200).says("动态验证码已清除").says("缺动态验证码");
        assert!(cashier.get("/cashier").path().starts_with("/login"), "the cashier's session goes on");
        let told = "SELECT COUNT(DISTINCT person_id) AS value FROM notifications WHERE code = 'account.second_factor_cleared'";
        assert_eq!(look_up(&app, told), "1", "whose it is is told");
        let again = app.anon();
        let form = again.see("/login").form("form:has([name=password])").set("login", "cashier").set("password", PASSWORD);
        again.submit(form).status(200);
        assert!(again.get("/cashier").path().starts_with("/account/second-factor"), "it is set up anew first");
        app.linli(&["check"]).ok();
    }

    fn a_backup_is_asked_for_once_and_stands_in_the_list(app: Community) {
        app.set("LINLI_BACKUP_KEEP", "3");
        app.restart();
        let admin = app.visitor("admin");
        let form = admin.see("/admin").form_to("/backups");
        admin.submit(form.clone()).status(200).says("已交给后台");
        admin.submit(form).status(200).says("已交给后台");
        app.worker_once();
        let page = admin.see("/admin");
        let files = page.texts("td[data-label='文件']");
        assert_eq!(files.len(), 1, "{files:?}");
        assert!(files[0].starts_with("asked-"), "{files:?}");
        page.says("最新的备份").says("备份 正常");

        app.set("LINLI_BACKUP_KEEP", "0");
        app.restart();
        let off = admin.see("/admin").says("后台不做备份");
        assert!(off.attributes("form[action$='/backups']", "action").is_empty(), "what is off is offered");
    }
}
