use std::io::{Read, Write};
use std::net::TcpStream;

use super::{Answer, Aws, ask};

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
