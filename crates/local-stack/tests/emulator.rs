//! The emulator starts, is known to be ours, and is gone when we are.

#![allow(clippy::unwrap_used)]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use local_stack::emulator::Emulator;
use local_stack::environment::Environment;

fn answers(port: u16) -> bool {
    TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Duration::from_secs(1)).is_ok()
}

fn port(emulator: &Emulator) -> u16 {
    emulator.url().rsplit_once(':').unwrap().1.parse().unwrap()
}

/// Addresses that processes of the group listen on, in the kernel's notation; Linux only.
fn listens_on_every_interface(port: u16) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    table.lines().any(|line| line.contains(&format!(" 00000000:{port:04X} 00000000:0000 0A")))
}

fn is_running(process: u32) -> bool {
    // A zombie has ended; it is only not yet collected.
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    status.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).is_some_and(|state| state != "Z")
}

#[tokio::test]
async fn it_starts_and_ends_with_its_owner() {
    let environment = Environment::prepare().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut emulator = Emulator::start(&environment, folder.path(), None).await.unwrap();
    emulator.check_alive().unwrap();
    let (port, process) = (port(&emulator), emulator.id());
    assert!(answers(port));
    assert!(!listens_on_every_interface(port), "the emulator listens beyond the loopback interface");
    drop(emulator);
    assert!(!answers(port));
    if Path::new("/proc/self/stat").exists() {
        assert!(!is_running(process));
    }
}

#[tokio::test]
async fn a_taken_port_is_an_error_and_not_somebody_elses_emulator() {
    let environment = Environment::prepare().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    // Answers like a healthy emulator, but is not the one that was started.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 1024]);
            let body = r#"{"edition": "light"}"#;
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    let error = Emulator::start(&environment, folder.path(), Some(port)).await.unwrap_err();
    let said = format!("{error:#}");
    assert!(said.contains("already in use") && said.contains(&port.to_string()), "{said}");
}

#[tokio::test]
async fn its_death_is_noticed() {
    let environment = Environment::prepare().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut emulator = Emulator::start(&environment, folder.path(), None).await.unwrap();
    let killed = std::process::Command::new("kill").args(["-9", &emulator.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let limit = Instant::now() + Duration::from_secs(600);
    while emulator.check_alive().is_ok() {
        assert!(Instant::now() < limit, "nobody noticed that the emulator is gone");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let said = emulator.check_alive().unwrap_err().to_string();
    assert!(said.contains("ended by itself") && said.contains("emulator.log"), "{said}");
}
