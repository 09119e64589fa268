//! The year of the demo, made anew by the portal itself and kept in the repository: `demo/year.gz`.

use std::fs;

use crate::run::{cargo, run};
use crate::{Result, root};

/// Makes the year and keeps it. It takes some minutes; the next build of `linli` carries it.
pub(crate) fn keep() -> Result<()> {
    let folder = root().join("target/demo-year");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let kept = folder.with_extension("gz");
    let words = ["run", "--quiet", "--package", "linli", "--", "demo", "--dir"];
    run(cargo().args(words).arg(&folder).arg("--keep").arg(&kept))?;
    fs::copy(&kept, root().join("demo/year.gz"))?;
    fs::remove_dir_all(&folder)?;
    Ok(fs::remove_file(&kept)?)
}
