//! `/hinweis`: a visitor tells the editors what is missing or wrong, without an account and without a script.
//!
//! Whatever is wrong is said beside its field, and everything typed is still there. Against programs that fill in every
//! form there is a field that people do not see, and the few seconds that a person needs to type.

use askama::Template;
use axum::{
    Extension,
    extract::RawQuery,
    response::{IntoResponse, Redirect, Response},
};
use hyper::{
    HeaderMap, StatusCode,
    header::{CACHE_CONTROL, HeaderValue},
};
use jiff::Timestamp;

use super::page::{Frame, PageContext, html_response, rendered};
use crate::{
    curate::{CurateError, notices::NewNotice},
    http::{
        body::FormBody,
        client::Cost,
        edge::Call,
        origin::from_own_page,
        params::{Params, Reader},
        problem::{Problem, RATE_LIMITED},
    },
    model::{
        notice::{NoticeEntry, NoticeKind},
        problem::Problem as Fault,
    },
    telemetry,
};

/// Where a visitor is led who has sent a notice.
pub const THANKS: &str = "/hinweis/danke";

/// The kinds of notices: value in addresses, label German and English.
const KINDS: &[(NoticeKind, &str, &str, &str)] = &[
    (NoticeKind::Error, "fehler", "Etwas stimmt nicht", "Something is wrong"),
    (NoticeKind::Outdated, "veraltet", "Etwas ist veraltet", "Something is out of date"),
    (NoticeKind::Missing, "fehlt", "Etwas fehlt", "Something is missing"),
    (
        NoticeKind::Barrier,
        "barriere",
        "Ich komme wegen einer Barriere nicht weiter",
        "A barrier keeps me from going on",
    ),
    (NoticeKind::Other, "sonstiges", "Etwas anderes", "Something else"),
];

/// The form.
#[derive(Template)]
#[template(path = "notice.html")]
pub struct NoticePage {
    /// Shared.
    pub frame: Frame,
    /// The entry it is about.
    pub entry: Option<AboutEntry>,
    /// Kinds: value, label, whether it is chosen.
    pub kinds: Vec<(&'static str, &'static str, bool)>,
    /// What was typed.
    pub typed: Typed,
    /// When the form was made, in seconds since 1970.
    pub shown_at: i64,
    /// What is wrong.
    pub faults: Faults,
    /// Longest text in characters, in words.
    pub text_chars_max: String,
    /// Days that an e-mail address is kept.
    pub email_days: u32,
    /// Mailbox of the editors.
    pub mailbox: Option<String>,
}

/// The entry that a notice is about.
#[derive(Clone, Debug)]
pub struct AboutEntry {
    /// What is stored of it.
    stored: NoticeEntry,
    /// Title.
    pub title: String,
    /// Language of the title, where it is not that of the page.
    pub language: Option<String>,
    /// Last part of its address.
    pub slug: String,
    /// Address of its page.
    pub url: String,
}

/// What somebody typed, as it came.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Value of the kind.
    pub kind: String,
    /// Text.
    pub text: String,
    /// E-mail address.
    pub email: String,
    /// Slug of the entry.
    entry: String,
    /// The field that people do not see.
    pub trap: String,
    /// When the form was made.
    shown_at: Option<i64>,
}

/// What is wrong with a notice, by field, in the language of the page.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// No kind.
    pub kind: Option<String>,
    /// No text, or too much.
    pub text: Option<String>,
    /// No e-mail address.
    pub email: Option<String>,
    /// Something in the field that people do not see.
    pub trap: Option<String>,
    /// About no field.
    pub whole: Option<String>,
}

/// The page after a notice was sent.
#[derive(Template)]
#[template(path = "thanks.html")]
pub struct ThanksPage {
    /// Shared.
    pub frame: Frame,
    /// The entry it was about.
    pub entry: Option<AboutEntry>,
}

/// `GET /hinweis?eintrag=…&art=…`.
///
/// # Errors
/// When the page cannot be written.
pub async fn form(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let typed = typed(&page, &params_of(&page, query));
    // Without the index the form does without the entry.
    let entry = about(&page, &typed.entry).unwrap_or_default();
    answer(&page, StatusCode::OK, entry, typed, Faults::default())
}

/// `POST /hinweis`.
///
/// # Errors
/// Where another site sends the form, or what was sent is none. Everything else is said in the form.
pub async fn submit(
    page: PageContext,
    Extension(call): Extension<Call>,
    headers: HeaderMap,
    FormBody(params): FormBody,
) -> Result<Response, Problem> {
    from_own_page(&headers, &page.state.config)?;
    let typed = typed(&page, &params);
    let entry = match about(&page, &typed.entry) {
        Ok(entry) => entry,
        Err(problem) => return refused(&page, None, typed, problem),
    };
    let new = NewNotice {
        kind: KINDS.iter().find(|(_, id, ..)| *id == typed.kind).map(|(kind, ..)| *kind),
        text: typed.text.clone(),
        email: typed.email.clone(),
        entry: entry.as_ref().map(|entry| entry.stored.clone()),
        language: page.ui.language,
    };
    let faults = faults(&page, &new, &typed);
    if faults.any() {
        return answer(&page, StatusCode::UNPROCESSABLE_ENTITY, entry, typed, faults);
    }
    // Only what would be taken counts: who corrects a mistake has lost nothing.
    if let Err(problem) = page.state.rates.check(call.client, Cost::Notice) {
        return refused(&page, entry, typed, problem);
    }
    let curate = page.state.curate.clone();
    match page.state.writes.to_the_end(async move { curate.submit_notice(new).await }).await {
        Ok(_) => {
            telemetry::noticed();
            let path = match &entry {
                Some(entry) => format!("{THANKS}?eintrag={}", entry.slug),
                None => THANKS.to_owned(),
            };
            Ok(Redirect::to(&page.links.to(&path)).into_response())
        }
        Err(problem) => refused(&page, entry, typed, problem),
    }
}

/// `GET /hinweis/danke`.
///
/// # Errors
/// When the page cannot be written.
pub async fn thanks(page: PageContext, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let slug = typed(&page, &params_of(&page, query)).entry;
    let entry = about(&page, &slug).unwrap_or_default();
    let title = page.ui.say("Danke für Ihren Hinweis", "Thank you for telling us");
    let mut frame = page.frame(title, "");
    frame.hidden = true;
    page.html(&ThanksPage { frame, entry })
}

impl Faults {
    /// Whether there are any.
    pub fn any(&self) -> bool {
        self.whole.is_some() || !self.listed().is_empty()
    }

    /// Those of fields, in the order of the form: id of the field, what is wrong.
    pub fn listed(&self) -> Vec<(&'static str, &str)> {
        let fields = [("art", &self.kind), ("text", &self.text), ("email", &self.email), ("homepage", &self.trap)];
        fields.into_iter().filter_map(|(id, fault)| Some((id, fault.as_deref()?))).collect()
    }
}

fn params_of(page: &PageContext, query: Option<String>) -> Params {
    // What is wrong with an address that somebody made is no reason to keep them from writing.
    Params::parse(&query.unwrap_or_default(), &page.state.config.limits).unwrap_or_default()
}

fn typed(page: &PageContext, params: &Params) -> Typed {
    let mut reader = Reader::new(params, &page.state.config.limits);
    let mut text = |name| reader.text(name).unwrap_or_default();
    Typed {
        kind: text("art"),
        text: text("text"),
        email: text("email"),
        entry: text("eintrag"),
        trap: text("homepage"),
        shown_at: text("seit").parse().ok(),
    }
}

/// The public entry with this slug, also an old one; none where there is no such entry.
fn about(page: &PageContext, slug: &str) -> Result<Option<AboutEntry>, Problem> {
    if slug.is_empty() {
        return Ok(None);
    }
    let Some(view) = page.state.search.public_entry(slug, page.ui.language)? else { return Ok(None) };
    let common = &view.public.entry.common;
    Ok(Some(AboutEntry {
        stored: NoticeEntry { id: view.public.id, slug: common.slug.clone() },
        title: common.title.clone(),
        language: page.ui.foreign(&common.language),
        slug: common.slug.clone(),
        url: page.links.entry(&common.slug),
    }))
}

fn faults(page: &PageContext, new: &NewNotice, typed: &Typed) -> Faults {
    let ui = page.ui;
    let mut faults = Faults::default();
    if let Err(CurateError::Invalid(problems)) = page.state.curate.check_notice(new) {
        for Fault { pointer, detail, detail_en, .. } in &problems {
            let text = Some(ui.say(detail, detail_en).to_owned());
            match pointer.as_str() {
                "/kind" => faults.kind = text,
                "/text" => faults.text = text,
                "/email" => faults.email = text,
                _ => faults.whole = text,
            }
        }
    }
    if !typed.trap.is_empty() {
        let text = ui.say("Bitte leeren Sie dieses Feld.", "Please empty this field.");
        faults.trap = Some(text.to_owned());
    }
    let waited = typed.shown_at.map(|shown_at| now(page).as_second().saturating_sub(shown_at));
    let typing_min = i64::try_from(page.state.config.limits.notice_typing_min.as_secs()).unwrap_or(i64::MAX);
    if !faults.any() && waited.is_none_or(|waited| waited < typing_min) {
        let text = ui.say(
            "Das ging sehr schnell. Bitte senden Sie Ihren Hinweis noch einmal ab.",
            "That was very quick. Please send your notice once more.",
        );
        faults.whole = Some(text.to_owned());
    }
    faults
}

/// The form again, with what the service has to say against taking it.
fn refused(page: &PageContext, entry: Option<AboutEntry>, typed: Typed, problem: Problem) -> Result<Response, Problem> {
    let ui = page.ui;
    let why = if problem.kind == &RATE_LIMITED {
        ui.say(
            "Aus Ihrem Netz kamen in der letzten Stunde sehr viele Hinweise. Bitte versuchen Sie es später noch einmal.",
            "Very many notices came from your network in the last hour. Please try again later.",
        )
    } else {
        ui.say(problem.kind.title, problem.kind.title_en)
    };
    let kept = ui.say(
        "Ihr Hinweis ist noch nicht bei uns; alles, was Sie geschrieben haben, steht unten.",
        "We have not received your notice yet; everything you wrote is below.",
    );
    let faults = Faults { whole: Some(format!("{why} {kept}")), ..Faults::default() };
    let mut response = answer(page, problem.kind.status, entry, typed, faults)?;
    response.headers_mut().extend(problem.headers);
    Ok(response)
}

fn answer(
    page: &PageContext,
    status: StatusCode,
    entry: Option<AboutEntry>,
    typed: Typed,
    faults: Faults,
) -> Result<Response, Problem> {
    let (ui, config) = (page.ui, &page.state.config);
    let title = ui.say("Hinweis an die Redaktion", "Tell the editors");
    let mut frame = page.frame(title, "");
    if faults.any() {
        // A screen reader reads the title first.
        frame.title = format!("{}: {title}", ui.say("Fehler", "Error"));
    }
    frame.hidden = true;
    let form = NoticePage {
        kinds: KINDS.iter().map(|(_, id, label, label_en)| (*id, ui.say(label, label_en), *id == typed.kind)).collect(),
        shown_at: typed.shown_at.unwrap_or_else(|| now(page).as_second()),
        text_chars_max: ui.number(page.state.curate.notice_limits().text_chars_max as u64),
        email_days: config.limits.notice_email_days,
        mailbox: config.site.feedback_email.clone(),
        frame,
        entry,
        typed,
        faults,
    };
    let mut response = html_response(rendered(&form)?);
    *response.status_mut() = status;
    // No cache may hand out the form's time, or what somebody typed.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn now(page: &PageContext) -> Timestamp {
    page.state.curate.clock().now()
}
