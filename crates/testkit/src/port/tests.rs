use std::cell::RefCell;

use super::*;

#[test]
fn a_port_that_another_took_is_exchanged() {
    let tried = RefCell::new(Vec::new());
    let started = on_free_port(|port| {
        tried.borrow_mut().push(port);
        if tried.borrow().len() < 3 {
            bail!("listen tcp: bind: Address already in use")
        } else {
            Ok(port)
        }
    });
    let tried = tried.into_inner();
    assert_eq!(started.unwrap(), tried[2]);
    assert!(tried[0] != tried[1] && tried[1] != tried[2]);
}

#[test]
fn any_other_failure_stands() {
    let started = on_free_port(|_| -> anyhow::Result<()> { bail!("no such luck") });
    assert_eq!(started.unwrap_err().to_string(), "no such luck");
}

#[test]
fn the_real_servers_say_that_their_port_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    std::thread::spawn(move || taken.incoming().for_each(drop));
    let error = crate::Sshd::start_on(port).unwrap_err();
    assert!(
        format!("{error:#}").to_lowercase().contains("address already in use"),
        "{error:#}"
    );
    let settings = crate::RegistrySettings::new();
    for start in [
        crate::RealRegistry::docker_registry_on,
        crate::RealRegistry::distribution_on,
    ] {
        let error = start(&settings, port).unwrap_err();
        assert!(
            format!("{error:#}").to_lowercase().contains("address already in use"),
            "{error:#}"
        );
    }
    let error = crate::GitHttp::start_on(&crate::GitHttpSettings::new(), port).unwrap_err();
    assert!(
        format!("{error:#}").to_lowercase().contains("address already in use"),
        "{error:#}"
    );
}
