//! 邻里 Linli: the resident service portal of a property management office. One binary: the web server,
//! the worker and the commands of who runs it.

mod api;
mod app;
mod assets;
mod cli;
mod config;
mod ctx;
mod disk;
mod fail;
mod files;
mod form;
mod guard;
mod health;
mod lang;
mod metrics;
mod pages;
mod pay;
mod routes;
mod server;
mod tables;
mod views;
mod worker;

/// A page is made of thousands of small pieces, and the two threads that make pages would wait for each other in the
/// system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
