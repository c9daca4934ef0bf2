//! The program.
fn main() -> anyhow::Result<()> {
    mitmachbox::app::run(mitmachbox::config::Config {
        data_dir: std::env::args().nth(1).unwrap_or("./data".into()).into(),
        ..Default::default()
    })
}
