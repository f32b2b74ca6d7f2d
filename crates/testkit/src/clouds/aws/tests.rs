use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::{Answer, Aws, AwsAgent, AwsKeys, ask};

/// Asks for a token of ECR as the SDK does; the whole answer.
fn token(aws: &Aws) -> String {
    let mut stream = TcpStream::connect(aws.door.address()).unwrap();
    let body = r#"{"registryIds":["123456789012"]}"#;
    let head = "POST / HTTP/1.1\r\nhost: ecr\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n\
                authorization: AWS4-HMAC-SHA256 Credential=A/20261121/eu-west-1/ecr/aws4_request\r\n\
                x-amz-target: AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken\r\n";
    write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn ministack_gives_tokens_and_the_door_keeps_a_log() {
    let aws = Aws::ministack().unwrap();
    let answer = token(&aws);
    assert!(answer.contains("QVdTOm1pbmlzdGFjay1hdXRoLXRva2Vu"), "{answer}");
    assert_eq!(aws.asked(), ["ecr GetAuthorizationToken eu-west-1 123456789012"]);
}

#[test]
fn the_tokens_of_moto_have_expired_when_they_come() {
    let aws = Aws::moto().unwrap();
    let answer = token(&aws);
    assert!(answer.contains(&Aws::MOTO_EXPIRED.to_string()), "{answer}");
    aws.instead(Some(Answer::status(503)));
    assert_eq!(ask::status(&token(&aws)), 503);
    assert_eq!(aws.count("ecr GetAuthorizationToken"), 2);
}

#[test]
fn what_is_not_signed_is_told_by_its_form_and_can_be_answered_otherwise() {
    let aws = Aws::ministack().unwrap();
    let ask = || {
        let body = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpull\
                    &RoleSessionName=test&WebIdentityToken=eyJ";
        let mut stream = TcpStream::connect(aws.door.address()).unwrap();
        let head =
            "POST / HTTP/1.1\r\nhost: sts\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n";
        write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = ask();
    assert!(answer.contains("<SessionToken>"), "{answer}");
    aws.answers("sts AssumeRoleWithWebIdentity", Some(Answer::status(403)));
    assert_eq!(ask::status(&ask()), 403);
    aws.answers("sts AssumeRoleWithWebIdentity", None);
    assert_eq!(ask::status(&ask()), 200);
    assert_eq!(aws.asked(), ["sts AssumeRoleWithWebIdentity"; 3]);
}

#[test]
fn the_agent_gives_keys_to_whoever_shows_the_token() {
    let agent = AwsAgent::start(("127.0.0.1", 0), "/v1/credentials", None).unwrap();
    let address = agent.url().trim_start_matches("http://").parse().unwrap();
    let ask = |headers: &[&str]| ask::get(address, None, "/v1/credentials", headers).unwrap();
    assert_eq!(ask::status(&ask(&["Authorization: pod"])), 404, "nothing yet");
    let keys = AwsKeys {
        id: "ASIA".to_owned(),
        secret: "secret".to_owned(),
        session: "session".to_owned(),
        life: Duration::from_secs(3600),
    };
    agent.gives(&keys, Some("pod"));
    assert_eq!(ask::status(&ask(&[])), 400);
    assert_eq!(ask::status(&ask(&["Authorization: Bearer pod"])), 400);
    let answer = ask(&["Authorization: pod"]);
    assert!(
        answer.contains(r#""SecretAccessKey":"secret","Token":"session""#),
        "{answer}"
    );
}
