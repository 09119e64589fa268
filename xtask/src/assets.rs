//! Third-party files for the browser: few, kept in the repository, each with its version, licence and SHA-256 in
//! `static/vendor/manifest.toml`. `refresh` fetches them anew from npm; `check` holds what is there against the manifest.

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::run::{output, program};
use crate::{Result, root, say};

#[derive(Deserialize)]
struct Manifest {
    package: Vec<Package>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    name: String,
    version: String,
    licence: String,
    #[serde(default)]
    file: Vec<File>,
    sprite: Option<Sprite>,
}

/// One file of the package, taken as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    from: String,
    to: String,
    sha256: String,
}

/// Icons of the package, drawn together into one file of symbols.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sprite {
    to: String,
    sha256: String,
    icons: Vec<String>,
}

impl Package {
    /// Every file that this package puts into the folder, with its sum.
    fn targets(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.file.iter().map(|file| (file.to.as_str(), file.sha256.as_str()));
        files.chain(self.sprite.iter().map(|sprite| (sprite.to.as_str(), sprite.sha256.as_str())))
    }
}

/// Fetches every package and writes its files; a sum that differs from the manifest's stops it, unless it is empty.
pub(crate) fn refresh() -> Result<()> {
    for package in manifest()?.package {
        let folder = tempfile::tempdir()?;
        unpack(&package, folder.path())?;
        let inside = folder.path().join("package");
        for file in &package.file {
            write(&file.to, &std::fs::read(inside.join(&file.from))?)?;
        }
        if let Some(sprite) = &package.sprite {
            write(&sprite.to, draw(&package, sprite, &inside)?.as_bytes())?;
        }
        say(&format!("{} {} ({})", package.name, package.version, package.licence));
    }
    check()
}

/// Every file is what the manifest says, and the manifest knows every file.
pub(crate) fn check() -> Result<()> {
    let manifest = manifest()?;
    let mut wrong = Vec::new();
    for (name, expected) in manifest.package.iter().flat_map(Package::targets) {
        let found = hex::encode(Sha256::digest(std::fs::read(vendor().join(name))?));
        if found != expected {
            wrong.push(format!("{name}: the manifest says {expected:?}, the file has {found:?}"));
        }
    }
    for entry in std::fs::read_dir(vendor())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let known = manifest.package.iter().flat_map(Package::targets).any(|(target, _)| target == name);
        if !known && name != "manifest.toml" {
            wrong.push(format!("{name}: not in the manifest"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn vendor() -> std::path::PathBuf {
    root().join("static/vendor")
}

fn manifest() -> Result<Manifest> {
    Ok(toml::from_str(&std::fs::read_to_string(vendor().join("manifest.toml"))?)?)
}

fn write(name: &str, content: &[u8]) -> Result<()> {
    Ok(std::fs::write(vendor().join(name), content)?)
}

fn unpack(package: &Package, folder: &Path) -> Result<()> {
    let exact = format!("{}@{}", package.name, package.version);
    let packed = output(program("npm").args(["pack", "--silent", &exact]).current_dir(folder))?;
    output(program("tar").args(["--extract", "--gzip", "--file", packed.trim()]).current_dir(folder))
        .map(drop)
}

/// One SVG whose symbols are the icons, each under its own name.
fn draw(package: &Package, sprite: &Sprite, inside: &Path) -> Result<String> {
    let mut drawn = format!(
        "<!-- {} {}, {}: see {} -->\n<svg xmlns=\"http://www.w3.org/2000/svg\">\n",
        package.name, package.version, package.licence, "lucide.LICENSE"
    );
    for name in &sprite.icons {
        let path = inside.join("icons").join(format!("{name}.svg"));
        let icon = std::fs::read_to_string(&path).map_err(|error| format!("icon {name}: {error}"))?;
        drawn.push_str(&symbol(name, &icon).ok_or_else(|| format!("icon {name} is no SVG"))?);
    }
    drawn.push_str("</svg>\n");
    Ok(drawn)
}

fn symbol(name: &str, icon: &str) -> Option<String> {
    let (_, rest) = icon.split_once("<svg")?;
    let (_, rest) = rest.split_once('>')?;
    let (shapes, _) = rest.split_once("</svg>")?;
    let shapes: String = shapes.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(format!(
        "<symbol id=\"{name}\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\">{shapes}</symbol>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_keeps_the_shapes_and_drops_the_frame() {
        let icon = "<!-- @license -->\n<svg\n  width=\"24\"\n>\n  <path d=\"M1 2\" />\n  <circle r=\"3\" />\n</svg>\n";
        let symbol = symbol("dot", icon).unwrap();
        assert!(symbol.starts_with("<symbol id=\"dot\" viewBox=\"0 0 24 24\""));
        assert!(symbol.ends_with("><path d=\"M1 2\" /> <circle r=\"3\" /></symbol>\n"));
    }
}
