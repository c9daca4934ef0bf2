//! The kinds of problems: code, status, words.

use hyper::StatusCode;

use super::ProblemType;

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:ident $code:literal, $title:literal, $title_en:literal;)+) => {
        $($(#[$doc])* pub static $name: ProblemType =
            ProblemType { code: $code, status: StatusCode::$status, title: $title, title_en: $title_en };)+

        /// All kinds; for a status with several, the one that says least comes first.
        pub static PROBLEMS: &[&ProblemType] = &[$(&$name),+];
    };
}

problems! {
    /// Nothing more is known.
    BAD_REQUEST = BAD_REQUEST "bad_request",
        "Diese Anfrage ist nicht zu verstehen.", "This request cannot be understood.";
    /// A parameter that the route does not have.
    UNKNOWN_PARAMETER = BAD_REQUEST "unknown_parameter",
        "Diesen Parameter gibt es hier nicht.", "There is no such parameter here.";
    /// A value that the parameter does not have.
    UNKNOWN_VALUE = BAD_REQUEST "unknown_value",
        "Diesen Wert gibt es hier nicht.", "There is no such value here.";
    /// A value of the wrong form.
    BAD_PARAMETER = BAD_REQUEST "bad_parameter",
        "Ein Parameter hat nicht die richtige Form.", "A parameter is not of the right form.";
    /// A cursor that no page gave.
    INVALID_CURSOR = BAD_REQUEST "invalid_cursor",
        "Diese Liste lässt sich von hier aus nicht fortsetzen.", "The listing cannot be continued from here.";
    /// More parameters or values than allowed.
    TOO_MANY_PARAMETERS = BAD_REQUEST "too_many_parameters",
        "Die Adresse hat zu viele Parameter.", "The address has too many parameters.";
    /// A query over the limits.
    QUERY_TOO_LONG = BAD_REQUEST "query_too_long",
        "Die Suchanfrage ist zu lang.", "The query is too long.";
    /// A body that is no JSON.
    BAD_JSON = BAD_REQUEST "bad_json",
        "Der Inhalt ist kein gültiges JSON.", "The body is not valid JSON.";
    /// A header of the wrong form.
    BAD_HEADER = BAD_REQUEST "bad_header",
        "Eine Kopfzeile hat nicht die richtige Form.", "A header is not of the right form.";
    /// No token, or one that does not hold.
    UNAUTHORIZED = UNAUTHORIZED "unauthorized",
        "Dafür brauchen Sie ein gültiges Zugangs-Token.", "This needs a valid access token.";
    /// The role does not suffice.
    FORBIDDEN = FORBIDDEN "forbidden",
        "Dafür reicht Ihre Rolle nicht aus.", "Your role does not allow this.";
    /// A form that another site sent.
    CROSS_SITE = FORBIDDEN "cross_site",
        "Dieses Formular nimmt nur an, was von seiner eigenen Seite kommt.",
        "This form takes only what comes from its own page.";
    /// No such thing.
    NOT_FOUND = NOT_FOUND "not_found",
        "Das gibt es hier nicht.", "There is nothing here.";
    /// No such method.
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED "method_not_allowed",
        "Diese Methode gibt es hier nicht.", "This method is not allowed here.";
    /// No representation that the client takes.
    NOT_ACCEPTABLE = NOT_ACCEPTABLE "not_acceptable",
        "In dieser Form gibt es das nicht.", "This is not available in that form.";
    /// The body was too slow.
    REQUEST_TIMEOUT = REQUEST_TIMEOUT "request_timeout",
        "Die Anfrage kam zu langsam an.", "The request arrived too slowly.";
    /// The state does not allow it.
    CONFLICT = CONFLICT "conflict",
        "Der Zustand des Eintrags lässt das nicht zu.", "The state of the entry does not allow this.";
    /// The slug belongs to another entry.
    SLUG_TAKEN = CONFLICT "slug_taken",
        "Diese Adresse ist schon vergeben.", "This slug is taken.";
    /// No longer public.
    ARCHIVED = GONE "archived",
        "Dieser Eintrag ist nicht mehr öffentlich.", "This entry is no longer public.";
    /// Somebody else was faster.
    STALE_REVISION = PRECONDITION_FAILED "stale_revision",
        "Jemand anderes hat den Eintrag inzwischen geändert.", "Somebody else has changed the entry.";
    /// Body over the limit.
    TOO_LARGE = PAYLOAD_TOO_LARGE "too_large",
        "Das ist zu groß.", "This is too large.";
    /// Another media type is needed.
    UNSUPPORTED_MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE "unsupported_media_type",
        "Dieses Format wird hier nicht angenommen.", "This media type is not accepted here.";
    /// The content has faults.
    INVALID_ENTRY = UNPROCESSABLE_ENTITY "invalid_entry",
        "Der Eintrag enthält Fehler.", "The entry has errors.";
    /// `If-Match` is missing.
    REVISION_REQUIRED = PRECONDITION_REQUIRED "revision_required",
        "Es fehlt, auf welcher Revision die Änderung beruht (If-Match).",
        "Say which revision the change is based on (If-Match).";
    /// Too many requests of one address block.
    RATE_LIMITED = TOO_MANY_REQUESTS "rate_limited",
        "Das waren zu viele Anfragen in kurzer Zeit.", "Too many requests in a short time.";
    /// Header over the limit.
    HEADER_TOO_LARGE = REQUEST_HEADER_FIELDS_TOO_LARGE "header_too_large",
        "Die Kopfzeilen sind zu groß.", "The request header is too large.";
    /// Something broke.
    INTERNAL = INTERNAL_SERVER_ERROR "internal",
        "Das hat nicht geklappt. Der Fehler liegt bei uns.", "Something broke on our side.";
    /// Too much to do.
    OVERLOADED = SERVICE_UNAVAILABLE "overloaded",
        "Gerade ist sehr viel los. Bitte gleich noch einmal versuchen.", "The service is busy. Try again soon.";
    /// The search took too long.
    SEARCH_TIMEOUT = SERVICE_UNAVAILABLE "search_timeout",
        "Die Suche hat zu lange gedauert.", "The search took too long.";
    /// The answer took too long.
    TIMEOUT = SERVICE_UNAVAILABLE "timeout",
        "Die Antwort hat zu lange gedauert.", "The answer took too long.";
    /// There is no index yet.
    NOT_READY = SERVICE_UNAVAILABLE "not_ready",
        "Der Dienst startet gerade.", "The service is starting.";
    /// `min_seq` is not reached.
    NOT_YET = SERVICE_UNAVAILABLE "not_yet",
        "Die Suche ist noch nicht auf diesem Stand.", "The search has not reached this state yet.";
    /// The store takes no writes.
    READ_ONLY = SERVICE_UNAVAILABLE "read_only",
        "Zurzeit kann nichts gespeichert werden.", "Nothing can be saved at the moment.";
    /// As many notices wait as may.
    NOTICES_FULL = SERVICE_UNAVAILABLE "notices_full",
        "Zurzeit können wir keine weiteren Hinweise annehmen.", "We cannot take any more notices at the moment.";
    /// The disk is full.
    NO_SPACE = INSUFFICIENT_STORAGE "no_space",
        "Der Speicherplatz ist voll.", "There is no space left.";
}
