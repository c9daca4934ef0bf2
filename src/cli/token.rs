//! `token`: who may write.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::ToSpan;

use super::data::Where;
use super::output;
use crate::auth::{self, Auth, Role};
use crate::clock::Clock;

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Make a token and print it, this once
    Create(Create),
    /// List all tokens, revoked and expired ones too
    List(Where),
    /// End a token at once
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// What its bearer may do
    #[arg(long, value_parser = role)]
    role: Role,
    /// Name of its bearer in the audit log
    #[arg(long)]
    name: String,
    /// Days until it ends; without it, it does not
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3_650))]
    expires_in_days: Option<u16>,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// Id as `token list` prints it, or name
    token: String,
    #[command(flatten)]
    place: Where,
}

pub(super) fn run(command: Token) -> anyhow::Result<()> {
    match command {
        Token::Create(create) => with(&create.place, |auth, clock| {
            let end = create.expires_in_days.map(|days| clock.now().checked_add((i64::from(days) * 24).hours()));
            let end = end.transpose().context("the end lies beyond all calendars")?;
            let new = auth.create_token(&create.name, create.role, end)?;
            // The secret stands alone on standard output, for scripts.
            output::complain(format_args!("Token of {} ({}), shown this once:", new.token.name, new.token.role));
            output::say(new.secret)?;
            Ok(())
        }),
        Token::List(place) => with(&place, |auth, clock| {
            let tokens = auth.tokens()?;
            for token in &tokens {
                output::say(line(token, clock))?;
            }
            if tokens.is_empty() {
                output::complain(format_args!("There are no tokens."));
            }
            Ok(())
        }),
        Token::Revoke(revoke) => with(&revoke.place, |auth, _| {
            let token = auth.revoke(&revoke.token)?;
            output::say(format_args!("The token {} of {} opens nothing any more.", token.id, token.name))?;
            Ok(())
        }),
    }
}

fn with(place: &Where, act: impl FnOnce(&Auth, &Clock) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let clock = Clock::system();
    let (store, _) = place.open()?;
    let done = act(&Auth::new(store.clone(), clock.clone()), &clock);
    store.close();
    done
}

fn line(token: &auth::Token, clock: &Clock) -> String {
    let state = match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(end)) if end <= clock.now() => format!("expired {end}"),
        (None, Some(end)) => format!("until {end}"),
        (None, None) => "without end".into(),
    };
    format!("{}  {:<10} {:<24} {state}", token.id, token.role.id(), token.name)
}

fn role(id: &str) -> Result<Role, String> {
    let ids = || Role::ALL.iter().map(|role| role.id()).collect::<Vec<_>>().join(", ");
    Role::from_id(id).ok_or_else(|| format!("possible: {}", ids()))
}
