//! Something that must happen when the test process is gone, however it went: a shell that waits for the end of
//! its standard input, which the kernel closes for us even after `kill -9`.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Runs a shell script whose `read -r _` returns when the keeper is dropped or this process ends.
pub(crate) struct Keeper(Child);

impl Keeper {
    /// Starts `script` with `args` as `$1…`; `prepare` may set a user or a folder.
    pub(crate) fn start(script: &str, args: &[&str], prepare: impl FnOnce(&mut Command)) -> Self {
        let mut sh = Command::new("sh");
        sh.args(["-c", script, "keeper"]).args(args);
        sh.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // Away from the terminal's group, so that Ctrl-C leaves it time to tidy up.
        sh.process_group(0);
        prepare(&mut sh);
        Self(sh.spawn().expect("sh starts"))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A folder that lives as long as this process, for what several tests share.
pub(crate) fn process_folder() -> &'static Path {
    use std::sync::OnceLock;
    static FOLDER: OnceLock<(PathBuf, Keeper)> = OnceLock::new();
    let (folder, _) = FOLDER.get_or_init(|| {
        let folder =
            tempfile::Builder::new().prefix("linli-test-").tempdir().expect("a temporary folder").keep();
        let keeper =
            Keeper::start("read -r _; rm -rf \"$1\"", &[folder.to_str().expect("a UTF-8 path")], |_| {});
        (folder, keeper)
    });
    folder
}
