//! One's own account: the sessions, the password, the second factor.

pub(crate) mod data;
mod device;
pub(crate) mod residents;
pub(crate) mod second_factor;

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::sessions::{self, Session};
use domain::access::{account as domain_account, homes as ties};
use domain::access::{password as passwords, second_factor as factor};
use domain::{Error, SessionId};

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::views::access::{AccountView, SessionRow};

/// `GET /account`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx, Form::new("account.form")).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> domain::Result<AccountView> {
    let session = ctx.signed_in()?.clone();
    let real_now = ctx.real_now();
    ctx.read(move |db, _, now| {
        let running = sessions::running(db, session.account, real_now)?;
        let logins = domain_account::credentials(db, session.account)?.logins;
        let second_factor = factor::is_enrolled(db, session.account)?;
        let sessions = running.into_iter().map(|one| row(one, session.id)).collect();
        let owns_home = ties::of(db, session.person, now)?.iter().any(|tie| tie.kind == "owner");
        Ok(AccountView { logins, sessions, second_factor, owns_home, form })
    })
    .await
}

fn row(session: Session, current: SessionId) -> SessionRow {
    SessionRow {
        id: session.id.0,
        current: session.id == current,
        agent: device::of(&session.agent),
        seen_at: session.seen_at,
        created_at: session.created_at,
    }
}

/// `POST /account/sessions/{id}/end`
pub(crate) async fn end_session(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    posted.form("account.form").done(Some(()))?;
    let (account, id, real_now) = (ctx.signed_in()?.account, SessionId(*id), ctx.real_now());
    ctx.write(move |tx, _, _| sessions::end(tx, account, id, real_now)).await?;
    Ok(see_other("/account?done=session_ended"))
}

/// `POST /account/password`
pub(crate) async fn password(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("account.form");
    let read = form.secret("current").zip(form.secret("password"));
    let done = match form.done(read) {
        Ok((current, new)) => change(&ctx, current, new).await,
        Err(error) => Err(error),
    };
    let page = view(&ctx, Form::new("account.form")).await?;
    ctx.outcome(done, form, |form| AccountView { form, ..page })
}

async fn change(ctx: &Ctx, current: String, new: String) -> domain::Result<HttpResponse> {
    let session = ctx.signed_in()?.clone();
    let (account, session) = (session.account, session.id);
    let kept = ctx.read(move |db, _, _| domain_account::credentials(db, account)).await?;
    let mut names: Vec<&str> = kept.logins.iter().map(String::as_str).collect();
    names.extend(
        ctx.community.iter().flat_map(|community| [community.name.as_str(), community.code.as_str()]),
    );
    domain_account::check_password("password", &new, &names)?;
    let hashed = ctx.app.hashing(move || {
        if passwords::is_right(&current, kept.password_hash.as_deref()) {
            passwords::hash(&new)
        } else {
            Err(Error::field("current", "password_wrong"))
        }
    });
    let (hash, real_now) = (hashed.await?, ctx.real_now());
    ctx.write(move |tx, actor, now| {
        domain_account::set_password(tx, actor, (account, Some(session)), &hash, (now, real_now))
    })
    .await?;
    Ok(see_other("/account?done=password_changed"))
}
