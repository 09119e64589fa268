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
mod lang;
mod metrics;
mod pages;
mod routes;
mod server;
mod views;
mod worker;

fn main() -> std::process::ExitCode {
    cli::run()
}
