use jiff::ToSpan;
use mitmachbox::auth::{Auth, AuthError, Principal, Role};
use mitmachbox::clock::Clock;

use super::support::{now, open};

fn with_auth(test: impl FnOnce(&Auth, &Clock)) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(now());
    let store = open(dir.path(), clock.clone());
    test(&Auth::new(store.clone(), clock.clone()), &clock);
    store.close();
}

#[test]
fn a_token_says_who_somebody_is_until_it_ends() {
    with_auth(|auth, clock| {
        let end = now() + 1.hour();
        let new = auth.create_token(" Frau X ", Role::Editor, Some(end)).unwrap();
        assert!(new.secret.starts_with("mb_") && new.secret.len() == 67, "{}", new.secret);
        let somebody = Principal { name: "Frau X".into(), role: Role::Editor };
        assert_eq!(auth.bearer(&new.secret).unwrap(), Some(somebody));
        clock.set(end);
        assert_eq!(auth.bearer(&new.secret).unwrap(), None, "expired at its end, not after it");
    });
}

#[test]
fn a_revocation_holds_at_once() {
    with_auth(|auth, _| {
        let one = auth.create_token("one", Role::Reader, None).unwrap();
        let two = auth.create_token("two", Role::Publisher, None).unwrap();
        auth.revoke("one").unwrap();
        assert_eq!(auth.bearer(&one.secret).unwrap(), None);
        assert!(auth.bearer(&two.secret).unwrap().is_some());
        auth.revoke(&two.token.id).unwrap();
        assert_eq!(auth.bearer(&two.secret).unwrap(), None);
        assert!(matches!(auth.revoke("one"), Err(AuthError::Unknown(_))), "by name only valid ones");
        assert_eq!(auth.tokens().unwrap().len(), 2, "revoked ones stay listed");
        auth.create_token("one", Role::Reader, None).unwrap();
    });
}

#[test]
fn nothing_but_the_secret_opens() {
    with_auth(|auth, _| {
        let new = auth.create_token("one", Role::Reader, None).unwrap();
        let digit = if new.secret.ends_with('0') { '1' } else { '0' };
        let near = format!("{}{digit}", &new.secret[..66]);
        for wrong in ["", "mb_", near.as_str(), new.token.id.as_str(), &new.secret.to_uppercase(), &new.secret[3..]] {
            assert_eq!(auth.bearer(wrong).unwrap(), None, "{wrong}");
        }
    });
}

#[test]
fn a_stored_token_holds_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Clock::fixed(now()));
    let new = Auth::new(store.clone(), Clock::fixed(now())).create_token("one", Role::Reader, None).unwrap();
    let rows = store.tokens("", None, 10).unwrap();
    assert_eq!(rows.len(), 1);
    let stored = format!("{rows:?}");
    assert!(!stored.contains(&new.secret[3..]) && stored.contains("sha256"), "{stored}");
}

#[test]
fn unusable_tokens_are_refused() {
    with_auth(|auth, _| {
        assert!(matches!(auth.create_token("  ", Role::Reader, None), Err(AuthError::Name)));
        assert!(matches!(auth.create_token("a\nb", Role::Reader, None), Err(AuthError::Name)));
        assert!(matches!(auth.create_token(&"a".repeat(81), Role::Reader, None), Err(AuthError::Name)));
        assert!(matches!(auth.create_token("a", Role::Reader, Some(now())), Err(AuthError::Expired)));
        auth.create_token("a", Role::Reader, None).unwrap();
        assert!(matches!(auth.create_token("a", Role::Reader, None), Err(AuthError::NameTaken(_))));
    });
}
