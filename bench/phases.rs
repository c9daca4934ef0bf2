//! Where the time of a search goes, step by step.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use mitmachbox::{
    index::{execute::execute, ranking::WEIGHTS},
    query::{self, QueryLimits},
    search::{
        request::{FacetChoice, SearchRequest, Verbatim},
        understand::understand,
    },
};

use crate::{measure::Samples, queries, search};

/// Times that the whole set is run.
const ROUNDS: usize = 20;

/// Runs the set without its filters and prints what each step takes.
pub(crate) fn report(indexed: &search::Indexed) -> anyhow::Result<String> {
    let service = search::service(indexed);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let timed = |request: SearchRequest| -> anyhow::Result<Duration> {
        let started = Instant::now();
        runtime.block_on(service.search_json(request))?;
        Ok(started.elapsed())
    };
    let mut understood = Samples::default();
    let mut executed = Samples::default();
    let mut bare = Samples::default();
    let mut with_facets = Samples::default();
    let mut full = Samples::default();
    for round in 0..ROUNDS + 2 {
        for query in queries::set()?.iter().filter(|query| !query.q.is_empty()) {
            let (parsed, _) =
                query::parse(query.q, &QueryLimits::default()).map_err(|_| anyhow::anyhow!("too long: {}", query.q))?;
            let started = Instant::now();
            let plan = understand(&indexed.snapshot, &parsed, Verbatim::default(), &WEIGHTS)?.plan;
            let to_understand = started.elapsed();
            let started = Instant::now();
            execute(&indexed.snapshot, &plan, &WEIGHTS, started + Duration::from_secs(10))?;
            let to_execute = started.elapsed();
            let request = queries::request(query.q);
            let none = FacetChoice::Only(Vec::new());
            let to_find = timed(SearchRequest { per_page: 0, facets: none, ..request.clone() })?;
            let to_count = timed(SearchRequest { per_page: 0, ..request.clone() })?;
            let to_answer = timed(request)?;
            if round >= 2 {
                understood.push(to_understand);
                executed.push(to_execute);
                bare.push(to_find);
                with_facets.push(to_count);
                full.push(to_answer);
            }
        }
    }
    let mut text = String::new();
    for (step, samples) in [
        ("understand", &understood),
        ("execute", &executed),
        ("… and collect, without facets and hits", &bare),
        ("… with facets", &with_facets),
        ("… with 20 hits shown", &full),
    ] {
        let (p50, p99, mean) = (samples.percentile_ms(50.0), samples.percentile_ms(99.0), samples.mean_ms());
        writeln!(text, "{step:45} p50 {p50:7.3}  p99 {p99:7.3}  mean {mean:7.3} ms")?;
    }
    Ok(text)
}
