fn main() {
    let mut all = vec![];
    for f in std::env::args().skip(1) {
        let d = tempfile::tempdir().unwrap();
        let (fig, _) = mitmachbox::search::eval::measure(std::path::Path::new(&f), d.path()).unwrap();
        all.push(fig);
    }
    println!("{}", mitmachbox::search::eval::table(&all));
}
