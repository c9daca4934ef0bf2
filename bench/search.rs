//! Searches in process: the function that HTTP runs, without a cache of results.

use std::{
    fmt::Write as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use mitmachbox::{
    index::{
        current::Current,
        generation::{Generation, Mark, fingerprint},
        snapshot::Snapshot,
        writer::Writer,
    },
    model::{id::PublicSeq, vocabulary::Language},
    search::{
        request::{FacetChoice, SearchRequest},
        service::{Search, SearchLimits},
    },
    text::Analyser,
};

use crate::{
    corpus::{Corpus, Rng},
    data::{SEED, Shipped},
    floor::Floor,
    measure::{Samples, cpu_time},
    queries::{self, NamedQuery},
};

/// An index made by the program's own writer.
pub(crate) struct Indexed {
    /// Its directory.
    pub(crate) generation: Arc<Generation>,
    /// Its only state.
    pub(crate) snapshot: Arc<Snapshot>,
    /// Entries in it.
    pub(crate) count: usize,
    /// Time from the first entry to the end of the last merge.
    pub(crate) took: Duration,
}

/// Entries between two commits, as a rebuild makes them.
const COMMIT_EVERY: usize = 5_000;

/// Indexes the first `count` entries of the collection.
pub(crate) fn index(shipped: &Shipped, corpus: &Corpus, count: usize, root: &Path) -> anyhow::Result<Indexed> {
    let analyser = Analyser::bundled();
    let generation = Generation::create(root, analyser, shipped.reference()?, &fingerprint(analyser, "bench"))?;
    let generation = Arc::new(generation);
    let mut writer = Writer::open(generation.clone())?;
    let mut took = Duration::ZERO;
    let mut seq = PublicSeq(0);
    let mut entries = shipped.collection(corpus, count).peekable();
    while entries.peek().is_some() {
        let batch: Vec<_> = entries.by_ref().take(COMMIT_EVERY).map(|(id, entry)| shipped.public(id, entry)).collect();
        let started = Instant::now();
        for public in &batch {
            writer.insert(public)?;
        }
        seq.0 += batch.len() as u64;
        writer.commit(&Mark { seq, log_hash: String::new() })?;
        took += started.elapsed();
    }
    let started = Instant::now();
    // As the follower leaves an index when nothing changes.
    writer.merge_all()?;
    writer.close()?;
    let snapshot = Arc::new(generation.snapshot(seq)?);
    took += started.elapsed();
    Ok(Indexed { generation, snapshot, count, took })
}

/// Times that the whole set is run; the order is the same each time, so that no query follows itself.
const ROUNDS: usize = 40;

/// Searches of the set and of the never repeated ones before anything is measured.
const WARM_UP_ROUNDS: usize = 3;

/// Never repeated queries.
const FRESH_QUERIES: u64 = 3_000;

/// Figures of one query of the set.
pub(crate) struct QueryFigures {
    /// The query.
    pub(crate) query: NamedQuery,
    /// Hits.
    pub(crate) total: u64,
    /// Strict ones among them.
    pub(crate) total_strict: u64,
    /// The answer as serialised JSON, every facet counted.
    pub(crate) full: Samples,
    /// Plain tantivy with the same stems; none where there is nothing to look up.
    pub(crate) floor: Option<Samples>,
}

/// Everything that searches of one index cost.
pub(crate) struct Figures {
    /// Entries in the index.
    pub(crate) count: usize,
    /// Segments of the index.
    pub(crate) segments: usize,
    /// By query of the set.
    pub(crate) queries: Vec<QueryFigures>,
    /// The set without facets.
    pub(crate) without_facets: Samples,
    /// Queries that nobody asked before.
    pub(crate) fresh: Samples,
    /// Processor time of one of them, on average.
    pub(crate) fresh_cpu: Duration,
    /// Processor time of one search of the set with all facets, on average.
    pub(crate) full_cpu: Duration,
    /// Suggestions for every beginning of the words of the set.
    pub(crate) suggest: Samples,
}

/// Runs the set, the never repeated queries and the suggestions.
pub(crate) fn measure(indexed: &Indexed, corpus: &Corpus) -> anyhow::Result<Figures> {
    let search = service(indexed);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let json = |request: SearchRequest| -> anyhow::Result<(Duration, Arc<[u8]>)> {
        let started = Instant::now();
        let answer = runtime.block_on(search.search_json(request))?;
        Ok((started.elapsed(), answer))
    };
    let floor = Floor::open(&indexed.generation.directory)?;
    let mut queries = Vec::new();
    for query in queries::set()? {
        let response = runtime.block_on(search.search(query.request()?))?;
        let floor = floor.search(query.q)?.1 > 0;
        queries.push(QueryFigures {
            query,
            total: response.total,
            total_strict: response.total_strict,
            full: Samples::default(),
            floor: floor.then(Samples::default),
        });
    }
    let mut without_facets = Samples::default();
    let mut full_cpu = Duration::ZERO;
    for round in 0..WARM_UP_ROUNDS + ROUNDS {
        let before = cpu_time()?;
        for figures in &mut queries {
            let took = json(figures.query.request()?)?.0;
            if round >= WARM_UP_ROUNDS {
                figures.full.push(took);
            }
        }
        if round >= WARM_UP_ROUNDS {
            full_cpu += cpu_time()?.saturating_sub(before);
        }
    }
    for round in 0..WARM_UP_ROUNDS + ROUNDS / 2 {
        for figures in &mut queries {
            let bare = SearchRequest { facets: FacetChoice::Only(Vec::new()), ..figures.query.request()? };
            let (bare, floor) = (json(bare)?.0, floor.search(figures.query.q)?.0);
            if round >= WARM_UP_ROUNDS {
                without_facets.push(bare);
                figures.floor.iter_mut().for_each(|samples| samples.push(floor));
            }
        }
    }
    let mut fresh = Samples::default();
    let mut rng = Rng::of(SEED, u64::MAX);
    let asked: Vec<String> = (0..FRESH_QUERIES)
        .map(|number| queries::query_about(&corpus.entry(number % indexed.count as u64), &mut rng))
        .collect();
    let before = cpu_time()?;
    for q in &asked {
        fresh.push(json(queries::request(q))?.0);
    }
    let fresh_cpu = cpu_time()?.saturating_sub(before) / asked.len() as u32;
    let full_cpu = full_cpu / (ROUNDS * queries.len()) as u32;
    let mut suggest = Samples::default();
    for round in 0..3 {
        for beginning in beginnings(&queries) {
            let started = Instant::now();
            runtime.block_on(search.suggest(beginning, Language::German))?;
            if round > 0 {
                suggest.push(started.elapsed());
            }
        }
    }
    let segments = indexed.snapshot.segments.len();
    Ok(Figures { count: indexed.count, segments, queries, without_facets, fresh, fresh_cpu, full_cpu, suggest })
}

/// The readers' door as HTTP has it, but with no room for finished answers.
pub(crate) fn service(indexed: &Indexed) -> Search {
    let current = Current::default();
    current.publish(indexed.generation.snapshot(indexed.snapshot.seq).expect("it was just opened"));
    let limits = SearchLimits { answers_bytes_max: 0, ..SearchLimits::default() };
    Search::new(current, limits, "", Arc::new(|_, _| {}))
}

/// What somebody has typed after each letter of the queries of the set.
fn beginnings(queries: &[QueryFigures]) -> Vec<String> {
    let queries = queries.iter().map(|figures| figures.query.q).filter(|q| q.chars().count() <= 30);
    let typed = queries.flat_map(|q| (1..=q.chars().count()).map(|count| q.chars().take(count).collect()));
    typed.collect()
}

impl QueryFigures {
    /// For machines.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "group": self.query.group, "name": self.query.name, "q": self.query.q, "filters": self.query.filters,
            "total": self.total, "total_strict": self.total_strict,
            "p50_ms": self.full.percentile_ms(50.0), "p99_ms": self.full.percentile_ms(99.0),
            "floor_p50_ms": self.floor.as_ref().map(|samples| samples.percentile_ms(50.0)),
        })
    }
}

impl Figures {
    /// All searches of the set.
    pub(crate) fn full(&self) -> Samples {
        let mut all = Samples::default();
        self.queries.iter().for_each(|figures| all.extend(&figures.full));
        all
    }

    /// Mean time of our search against that of plain tantivy, over the queries for which both look something up.
    pub(crate) fn against_floor(&self) -> f64 {
        let (mut ours, mut floor) = (0.0, 0.0);
        for figures in &self.queries {
            if let Some(samples) = &figures.floor {
                ours += figures.full.mean_ms();
                floor += samples.mean_ms();
            }
        }
        ours / floor
    }

    /// A line for each query and each group.
    pub(crate) fn report(&self) -> String {
        let mut text = format!("{} entries, {} segments; times in ms\n", self.count, self.segments);
        let mut group = "";
        for figures in &self.queries {
            if figures.query.group != group {
                group = figures.query.group;
                let mut samples = Samples::default();
                let of_group = self.queries.iter().filter(|figures| figures.query.group == group);
                of_group.for_each(|figures| samples.extend(&figures.full));
                let _ = writeln!(text, "{}", line(group, &samples, None, "hits  strict  query"));
            }
            let query = &figures.query;
            let shown: String = query.q.chars().take(48).collect();
            let counts = format!("{:>5} {:>6}  {shown} {}", figures.total, figures.total_strict, query.filters);
            let _ = writeln!(
                text,
                "{}",
                line(&format!("  {}", query.name), &figures.full, figures.floor.as_ref(), &counts)
            );
        }
        for (name, samples) in [
            ("all", &self.full()),
            ("all, without facets", &self.without_facets),
            ("never repeated", &self.fresh),
            ("suggestions", &self.suggest),
        ] {
            let _ = writeln!(text, "{}", line(name, samples, None, &format!("{} samples", samples.len())));
        }
        let (full, fresh) = (self.full_cpu.as_secs_f64() * 1e3, self.fresh_cpu.as_secs_f64() * 1e3);
        let _ = writeln!(text, "processor time of a search: {full:.3} ms in the set, {fresh:.3} ms never repeated");
        let _ = writeln!(text, "times as long as plain tantivy with the same stems: {:.1}", self.against_floor());
        text
    }
}

fn line(name: &str, samples: &Samples, floor: Option<&Samples>, rest: &str) -> String {
    let floor = floor.map_or_else(String::new, |floor| format!("{:.3}", floor.percentile_ms(50.0)));
    let (p50, p99) = (samples.percentile_ms(50.0), samples.percentile_ms(99.0));
    format!("{name:<34} p50 {p50:>7.3}  p99 {p99:>7.3}  floor {floor:>6}  {rest}")
}
