//! What `/readyz` and `/metrics` say while the index cannot be kept.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::host::{Service, content};

/// How long the follower may fail here before the service is not ready.
const DOWN: Duration = Duration::from_secs(2);

fn ready(service: &Service) -> (u16, Value) {
    let answer = service.get("/readyz");
    (answer.status, answer.json())
}

fn wait_for(service: &Service, what: &str, done: impl Fn(u16, &Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let (status, ready) = ready(service);
        if done(status, &ready) {
            return ready;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{what}: {status} {ready}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn readiness_ends_when_the_follower_stays_down_and_comes_back_with_it() {
    let service = Service::with(|config| config.limits.follower_down_ready = DOWN);
    let (status, before) = ready(&service);
    assert_eq!((status, &before["follower"]["state"]), (200, &"following".into()), "{before}");
    assert_eq!(before["follower"]["down_seconds"], Value::Null);

    // A file where the directory of the index should be.
    let (index, away) = (service.data_dir().join("index"), service.data_dir().join("away"));
    fs::rename(&index, &away).unwrap();
    while fs::write(&index, "in the way").is_err() {
        fs::remove_dir_all(&index).unwrap();
    }
    let retrying = wait_for(&service, "the follower fails", |_, ready| ready["follower"]["state"] == "retrying");
    assert!(retrying["follower"]["restarts"].as_u64() >= Some(1), "{retrying}");
    let down = wait_for(&service, "not ready for ever", |status, _| status == 503);
    assert!(down["follower"]["down_seconds"].as_u64() >= Some(DOWN.as_secs()), "not at once: {down}");
    assert_eq!((&down["ready"], &down["lag"]), (&false.into(), &0.into()), "the lag alone would not tell");
    assert_eq!(service.get("/api/v1/search?q=fishbowl").status, 200, "searches go on");
    let (id, slug) = service.create(&content("Wartet auf den Index"));
    service.write("POST", &format!("/{id}/publish"), Some(1), &Value::Null);

    fs::remove_file(&index).unwrap();
    let again = wait_for(&service, "does not come back", |status, ready| status == 200 && ready["lag"] == 0);
    assert_eq!(again["follower"]["state"], "following");
    assert_eq!(service.get(&format!("/api/v1/entries/{slug}")).status, 200);
    let metrics = service.get("/metrics").text();
    for name in ["mitmachbox_follower_up 1", "mitmachbox_follower_restarts_total{cause=\"error\"}"] {
        // Another test of this process may have been the first to count; its service has all the metrics then.
        assert!(metrics.is_empty() || metrics.contains(name), "{name} is missing in\n{metrics}");
    }
}
