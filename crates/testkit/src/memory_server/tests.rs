use memory_registry::{Authentication, RequestKind, Rights, Users};

use super::*;
use crate::ask;

#[test]
fn it_is_served_over_http_and_tls() {
    let ca = Ca::new().unwrap();
    for (server, ca) in [
        (MemoryRegistry::start().unwrap(), None),
        (MemoryRegistry::start_tls(&ca).unwrap(), Some(&ca)),
    ] {
        server.registry.push_tag("acme/api", "1.0");
        server
            .registry
            .set_authentication(Authentication::bearer(Users::new().with_anonymous(Rights::all())));
        let answer = ask::get(server.host().parse().unwrap(), ca, "/v2/acme/api/tags/list", &[]).unwrap();
        assert_eq!(ask::status(&answer), 401);
        assert!(
            answer.contains(&format!("realm=\"{}/token\"", server.url())),
            "{answer}"
        );
        assert_eq!(server.registry.requests().count(RequestKind::TagList), 1);
        assert_eq!(server.connections(), 1);
    }
}
