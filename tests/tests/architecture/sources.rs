//! The sources of a crate as its modules and what each of them imports, read by a parser and not by a search for text.
//!
//! Tests inside the sources (`#[cfg(test)]`) do not count: they may import whatever they test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Item, UseTree, Visibility};

/// A path as it is written, one segment after the other.
pub(crate) type Segments = Vec<String>;

/// The sources of one crate.
pub(crate) struct Sources {
    /// The files by the path of their module; the root has none.
    files: BTreeMap<Segments, File>,
}

#[derive(Default)]
struct File {
    path: String,
    /// What it names: `use` items with their trees taken apart, and paths in code.
    named: BTreeSet<Segments>,
    /// The names that `use` items give, and where they lead.
    given: BTreeMap<String, Segments>,
    /// Those of them that other crates can see.
    exported: BTreeSet<String>,
    /// The code, one space between tokens.
    code: String,
}

/// One import: which file names something of which other file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    /// The file that imports, below `src`.
    pub from: String,
    /// The file in which the imported item is defined.
    pub to: String,
}

impl Sources {
    /// Reads the crate in `folder`.
    pub(crate) fn read(folder: &Path) -> Self {
        let src = folder.join("src");
        let mut files = BTreeMap::new();
        for path in rust_files(&src) {
            let below = path.strip_prefix(&src).expect("a file below `src`").to_owned();
            // A binary beside a library is a crate of its own, which reaches the library by its name.
            let is_binary = below == Path::new("main.rs") && src.join("lib.rs").exists() || below.starts_with("bin");
            if is_binary || below.ends_with("tests.rs") || below.iter().any(|part| part == "tests") {
                continue;
            }
            files.insert(module_of(&below), File::read(&path, &below));
        }
        Self { files }
    }

    /// The names that the crate's modules show to other crates.
    pub(crate) fn exported(&self) -> BTreeSet<String> {
        self.files.values().flat_map(|file| file.exported.iter().cloned()).collect()
    }

    /// The files whose code has one of these texts, with one space between tokens.
    pub(crate) fn containing(&self, texts: &[&str]) -> Vec<&str> {
        let has = |file: &&File| texts.iter().any(|text| file.code.contains(text));
        self.files.values().filter(has).map(|file| file.path.as_str()).collect()
    }

    /// Every import between two files of the crate.
    pub(crate) fn imports(&self) -> BTreeSet<Import> {
        let mut imports = BTreeSet::new();
        for (module, file) in &self.files {
            for named in &file.named {
                let Some(target) = self.absolute(module, named).and_then(|path| self.file_of(&path, 0)) else {
                    continue;
                };
                if target != file.path {
                    imports.insert(Import { from: file.path.clone(), to: target });
                }
            }
        }
        imports
    }

    /// The files that name one of these crates, by the beginning of its name.
    pub(crate) fn naming(&self, crates: &[&str]) -> Vec<&str> {
        let names = |file: &&File| file.named.iter().any(|path| crates.iter().any(|name| path[0].starts_with(name)));
        self.files.values().filter(names).map(|file| file.path.as_str()).collect()
    }

    /// The path from the crate's root; none for a path into another crate.
    fn absolute(&self, module: &[String], named: &[String]) -> Option<Segments> {
        let (mut base, mut rest) = (module.to_vec(), named);
        match named[0].as_str() {
            "crate" => (base, rest) = (Vec::new(), &named[1..]),
            "self" => rest = &named[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    base.pop()?;
                    rest = &rest[1..];
                }
            }
            child => {
                let path: Segments = module.iter().cloned().chain([child.to_owned()]).collect();
                if !self.files.contains_key(&path) {
                    return None;
                }
            }
        }
        Some(base.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// The file that defines what stands at `path`; re-exports are followed to their end.
    fn file_of(&self, path: &[String], depth: usize) -> Option<String> {
        let end = (0..=path.len()).rev().find(|end| self.files.contains_key(&path[..*end]))?;
        let file = &self.files[&path[..end]];
        let reexported = path.get(end).and_then(|name| file.given.get(name));
        if let Some(target) = reexported.filter(|_| depth < 8) {
            let whole: Segments = target.iter().chain(&path[end + 1..]).cloned().collect();
            let target = self.absolute(&path[..end], &whole);
            if let Some(found) = target.and_then(|target| self.file_of(&target, depth + 1)) {
                return Some(found);
            }
        }
        Some(file.path.clone())
    }
}

impl File {
    fn read(path: &Path, below: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a source file");
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut file = Self { path: below.display().to_string(), ..Self::default() };
        file.take(parsed.items);
        file
    }

    fn take(&mut self, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Use(item) if !is_for_tests(&item.attrs) => {
                    let is_private = matches!(item.vis, Visibility::Inherited);
                    for (path, name) in leaves(&item.tree, &[]) {
                        if matches!(item.vis, Visibility::Public(_)) {
                            self.exported.insert(name.clone());
                        }
                        // What a module shows of its children it does not need itself.
                        if is_private || matches!(path[0].as_str(), "crate" | "super") {
                            self.named.insert(path.clone());
                        }
                        // Private imports are followed too: a child may take them from its parent.
                        self.given.insert(name, path);
                    }
                }
                Item::Mod(item) if is_for_tests(&item.attrs) => {}
                Item::Mod(item) => self.take(item.content.map(|(_, items)| items).unwrap_or_default()),
                item if attributes(&item).is_some_and(is_for_tests) => {}
                item => {
                    let tokens = item.into_token_stream();
                    self.code.push_str(&tokens.to_string());
                    paths(tokens, &mut self.named);
                }
            }
        }
    }
}

fn attributes(item: &Item) -> Option<&[Attribute]> {
    match item {
        Item::Fn(item) => Some(&item.attrs),
        Item::Impl(item) => Some(&item.attrs),
        Item::Struct(item) => Some(&item.attrs),
        Item::Const(item) => Some(&item.attrs),
        _ => None,
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string().replace(' ', "") == "#[cfg(test)]")
}

/// Each path of a `use` tree, and the name that it gives.
fn leaves(tree: &UseTree, before: &[String]) -> Vec<(Segments, String)> {
    let with = |name: &dyn ToString| -> Segments { before.iter().cloned().chain([name.to_string()]).collect() };
    let last = |path: &Segments| path.last().cloned().unwrap_or_default();
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(&path.ident)),
        UseTree::Group(group) => group.items.iter().flat_map(|tree| leaves(tree, before)).collect(),
        UseTree::Name(name) if name.ident == "self" => vec![(before.to_vec(), last(&before.to_vec()))],
        UseTree::Name(name) => vec![(with(&name.ident), name.ident.to_string())],
        UseTree::Rename(rename) if rename.ident == "self" => vec![(before.to_vec(), rename.rename.to_string())],
        UseTree::Rename(rename) => vec![(with(&rename.ident), rename.rename.to_string())],
        UseTree::Glob(_) => vec![(before.to_vec(), "*".to_owned())],
    }
}

/// The paths of more than one segment in code, those in the arguments of macros among them.
fn paths(tokens: TokenStream, found: &mut BTreeSet<Segments>) {
    let mut path: Segments = Vec::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Ident(ident) => {
                if colons != 2 {
                    keep(&mut path, found);
                }
                (colons, path) = (0, std::mem::take(&mut path).into_iter().chain([ident.to_string()]).collect());
            }
            other => {
                keep(&mut path, found);
                colons = 0;
                if let TokenTree::Group(group) = other {
                    paths(group.stream(), found);
                }
            }
        }
    }
    keep(&mut path, found);
}

fn keep(path: &mut Segments, found: &mut BTreeSet<Segments>) {
    let path = std::mem::take(path);
    if path.len() > 1 {
        found.insert(path);
    }
}

fn module_of(below: &Path) -> Segments {
    let mut module: Segments =
        below.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

/// Every Rust file below `folder`, in order.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
