//! A server in front of the emulator that passes requests on, or fails them as the cloud would.

use crate::emulator;
use crate::services::http;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What happens to a request.
pub enum Fate {
    /// It is passed on.
    Pass,
    /// It is refused, with this status, content type and body.
    Refuse(u16, &'static str, Vec<u8>),
    /// It is passed on, and the answer is lost: the caller sees status 500.
    LoseAnswer,
}

type Decide = Arc<dyn Fn(&Method, &str, &[u8]) -> Fate + Send + Sync>;

/// Starts a front; `decide` sees method, path and body of each request. It ends with the test's runtime.
pub async fn start(decide: impl Fn(&Method, &str, &[u8]) -> Fate + Send + Sync + 'static) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let decide: Decide = Arc::new(decide);
    let router = axum::Router::new()
        .fallback(answer)
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state((decide, http()));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Starts a front that lets nobody publish notices that contain `part`.
pub async fn refusing_notices(part: &'static str) -> String {
    start(move |_, _, body| {
        let is_refused = body.starts_with(b"Action=Publish") && String::from_utf8_lossy(body).contains(part);
        let answer = "<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code>\
            <Message>not allowed</Message></Error><RequestId>1</RequestId></ErrorResponse>";
        if is_refused { Fate::Refuse(403, "text/xml", answer.into()) } else { Fate::Pass }
    })
    .await
}

/// Starts a server that is down: it ends every connection without an answer, and counts it.
pub fn down() -> (String, Arc<AtomicU64>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let attempts = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&attempts);
    std::thread::spawn(move || {
        for _connection in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    (url, attempts)
}

async fn answer(
    State((decide, client)): State<(Decide, reqwest::Client)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fate = decide(&method, uri.path(), &body);
    let respond = |status: u16, kind: &str, body: Vec<u8>| {
        let answer = Response::builder().status(status).header("content-type", kind);
        answer.body(Body::from(body)).unwrap()
    };
    if let Fate::Refuse(status, kind, body) = fate {
        return respond(status, kind, body);
    }
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = client.request(method, format!("{}{path}", emulator::url())).headers(headers).body(body);
    let passed = request.send().await.unwrap();
    let (status, headers) = (passed.status(), passed.headers().clone());
    let body = passed.bytes().await.unwrap();
    if matches!(fate, Fate::LoseAnswer) {
        return respond(StatusCode::INTERNAL_SERVER_ERROR.as_u16(), "text/plain", Vec::new());
    }
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    answer.headers_mut().remove("transfer-encoding");
    answer
}
