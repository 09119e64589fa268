//! The headers of every answer, errors included (quality.md §2).

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Adds what is missing; what a handler set itself stays (an attachment has a stricter policy).
pub(super) fn add(headers: &mut HeaderMap, nonce: &str, hsts: Option<u32>, request_id: &str) {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(self), microphone=()"),
    ];
    for (name, value) in fixed {
        default(headers, name, HeaderValue::from_static(value));
    }
    let mut written = |name, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            default(headers, name, value);
        }
    };
    written(header::CONTENT_SECURITY_POLICY, &policy);
    written(HeaderName::from_static("x-request-id"), request_id);
    if let Some(secs) = hsts {
        written(header::STRICT_TRANSPORT_SECURITY, &format!("max-age={secs}; includeSubDomains"));
    }
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}
