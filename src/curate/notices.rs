//! Notices of visitors to the editors: taken, listed, done, and forgotten in time.
//!
//! Nothing of a notice is ever public. An e-mail address is kept only to answer: it goes when the notice is done, or
//! after some time; a notice that is done goes some time later as a whole.

use jiff::{SignedDuration, Timestamp};

use super::{Curate, CurateError, durable, new_id, require};
use crate::{
    auth::{Principal, Role},
    model::{
        notice::{Notice, NoticeEntry, NoticeId, NoticeKind, NoticeState},
        problem::Problem,
        vocabulary::Language,
    },
};

/// Bounds of notices.
#[derive(Clone, Debug)]
pub struct NoticeLimits {
    /// Characters of a notice: two pages. The JSON of so many stays below what the store takes, whatever they are.
    pub text_chars_max: usize,
    /// Characters of an e-mail address; RFC 5321 leaves no room for more.
    pub email_chars_max: usize,
    /// Notices in the store, done ones included: far more than editors can read, and 100 MB at
    /// the very worst.
    pub stored_max: usize,
    /// Days after which the e-mail address of an open notice is deleted.
    pub email_days: u32,
    /// Days after which a notice that is done is deleted.
    pub done_days: u32,
    /// Writes of one sweep, each with a sync of its own; what is left is done by the next.
    pub sweep_writes_max: usize,
}

impl Default for NoticeLimits {
    fn default() -> Self {
        Self {
            text_chars_max: 5_000,
            email_chars_max: 254,
            stored_max: 5_000,
            email_days: 180,
            done_days: 365,
            sweep_writes_max: 500,
        }
    }
}

/// A notice as a visitor hands it in.
#[derive(Clone, Debug, Default)]
pub struct NewNotice {
    /// What it is about; must be there.
    pub kind: Option<NoticeKind>,
    /// What the visitor wrote.
    pub text: String,
    /// Where an answer may go; empty for nowhere.
    pub email: String,
    /// The entry it is about.
    pub entry: Option<NoticeEntry>,
    /// Language of the form.
    pub language: Language,
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// E-mail addresses deleted.
    pub emails: usize,
    /// Notices deleted.
    pub notices: usize,
}

impl Curate {
    /// Looks at a notice without taking it.
    ///
    /// # Errors
    /// [`CurateError::Invalid`] with a problem at `/kind`, `/text` or `/email`.
    pub fn check_notice(&self, new: &NewNotice) -> Result<(), CurateError> {
        checked(new, &self.0.limits.notices).map(|_| ())
    }

    /// Takes a notice; it is on the disk when this returns.
    ///
    /// # Errors
    /// Those of [`Curate::check_notice`]; [`CurateError::Full`] where the store holds as many as it may.
    pub async fn submit_notice(&self, new: NewNotice) -> Result<Notice, CurateError> {
        let limits = &self.0.limits.notices;
        let (kind, text, email) = checked(&new, limits)?;
        let _one_at_a_time = self.0.notices.lock().await;
        if self.0.store.notice_count()? >= limits.stored_max {
            return Err(CurateError::Full);
        }
        let notice = Notice {
            id: NoticeId(new_id(&self.0.clock)),
            created_at: self.0.clock.now(),
            kind,
            text,
            email,
            entry: new.entry,
            language: new.language,
            state: NoticeState::Open,
            done_at: None,
            done_by: None,
        };
        self.0.store.notice_put(&notice).await?;
        Ok(notice)
    }

    /// Notices, newest first, beginning below `after`; of one state, or all.
    pub async fn notices(
        &self,
        who: &Principal,
        state: Option<NoticeState>,
        after: Option<NoticeId>,
        limit: usize,
    ) -> Result<Vec<Notice>, CurateError> {
        require(who, Role::Editor)?;
        let limit = limit.min(self.0.limits.page_rows_max);
        let wanted = |notice: &Notice| state.is_none_or(|state| notice.state == state);
        durable(&self.0.store, || Ok(self.0.store.notices(after, limit, wanted)?)).await
    }

    /// Says that somebody has dealt with a notice; its e-mail address is deleted. Nothing changes the second time.
    pub async fn close_notice(&self, who: &Principal, id: NoticeId) -> Result<Notice, CurateError> {
        require(who, Role::Editor)?;
        let _one_at_a_time = self.0.notices.lock().await;
        let mut notice = self.0.store.notice(id)?.ok_or(CurateError::Unknown)?;
        if notice.state == NoticeState::Done {
            return Ok(notice);
        }
        notice.state = NoticeState::Done;
        notice.email = None;
        notice.done_at = Some(self.0.clock.now());
        notice.done_by = Some(who.name.clone());
        self.0.store.notice_put(&notice).await?;
        Ok(notice)
    }

    /// Deletes e-mail addresses and done notices whose time is over; at most so many as the bound of a sweep says.
    pub async fn sweep_notices(&self) -> Result<Swept, CurateError> {
        let limits = &self.0.limits.notices;
        let now = self.0.clock.now();
        let (emails_end, done_end) = (days_before(now, limits.email_days), days_before(now, limits.done_days));
        let overdue = |notice: &Notice| is_over(notice, done_end) || has_old_email(notice, emails_end);
        let mut swept = Swept::default();
        let found = self.0.store.notices(None, limits.sweep_writes_max, overdue)?;
        for Notice { id, .. } in found {
            let _one_at_a_time = self.0.notices.lock().await;
            // Somebody may have dealt with it since it was found.
            match self.0.store.notice(id)? {
                Some(notice) if is_over(&notice, done_end) => {
                    self.0.store.notice_delete(notice.id).await?;
                    swept.notices += 1;
                }
                Some(notice) if has_old_email(&notice, emails_end) => {
                    self.0.store.notice_put(&Notice { email: None, ..notice }).await?;
                    swept.emails += 1;
                }
                _ => {}
            }
        }
        Ok(swept)
    }
}

fn is_over(notice: &Notice, done_end: Timestamp) -> bool {
    notice.done_at.is_some_and(|done_at| done_at <= done_end)
}

fn has_old_email(notice: &Notice, emails_end: Timestamp) -> bool {
    notice.email.is_some() && notice.created_at <= emails_end
}

fn days_before(now: Timestamp, days: u32) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN)
}

/// What is stored of a new notice, or all that is wrong with it.
fn checked(new: &NewNotice, limits: &NoticeLimits) -> Result<(NoticeKind, String, Option<String>), CurateError> {
    let mut problems = Vec::new();
    if new.kind.is_none() {
        problems.push(Problem::new(
            "/kind",
            "field_missing",
            "Bitte wählen Sie aus, worum es geht.",
            "Please choose what it is about.",
        ));
    }
    let text = plain_text(&new.text);
    let (length, max) = (text.chars().count(), limits.text_chars_max);
    if text.is_empty() {
        problems.push(Problem::new(
            "/text",
            "field_missing",
            "Bitte schreiben Sie, was Ihnen aufgefallen ist.",
            "Please write what you noticed.",
        ));
    } else if length > max {
        problems.push(Problem::new(
            "/text",
            "too_long",
            format!("Ihr Text hat {length} Zeichen. Möglich sind {max}. Bitte kürzen Sie ihn."),
            format!("Your text has {length} characters. {max} are possible. Please shorten it."),
        ));
    }
    let email = new.email.trim();
    if !email.is_empty() && !is_email(email, limits.email_chars_max) {
        problems.push(Problem::new(
            "/email",
            "bad_email",
            "Das ist keine vollständige E-Mail-Adresse. Sie sieht so aus: name@example.org",
            "This is not a complete e-mail address. It looks like this: name@example.org",
        ));
    }
    match new.kind {
        Some(kind) if problems.is_empty() => Ok((kind, text, Some(email.to_owned()).filter(|email| !email.is_empty()))),
        _ => Err(CurateError::Invalid(problems)),
    }
}

/// Lines end in `\n`, as browsers do not send them; no other control characters, nothing around it.
fn plain_text(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = lines.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    kept.trim().to_owned()
}

/// Whether mail could get there: what is before and after the one `@`, and a dot in the domain. More says only an
/// attempt.
fn is_email(email: &str, chars_max: usize) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    let legal = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '@' | '<' | '>' | '"' | ',' | ';');
    let labels = domain.split('.').collect::<Vec<_>>();
    email.chars().count() <= chars_max
        && !local.is_empty()
        && local.chars().all(legal)
        && domain.chars().all(legal)
        && labels.len() >= 2
        && labels.iter().all(|label| !label.is_empty())
}
