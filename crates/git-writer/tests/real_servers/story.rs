//! What every server must give, told once.

use git_writer::{BranchName, Failure, PushOutcome, Remote};
use testkit::OtherCommit;

use crate::origin::{Origin, edit, fetch, go, push};

/// Fetch, commit, push, read back.
pub(crate) fn an_edit_lands<S>(origin: &Origin<S>) {
    let mut mirror = origin.mirror();
    let head = fetch(&mut mirror);
    assert_eq!(fetch(&mut mirror), head);
    let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");

    assert_eq!(push(&mut mirror, &head, &commit), PushOutcome::Landed);

    assert_eq!(origin.read("apps/api.yaml").unwrap(), "image: api:2\n");
    assert!(origin.diff().unwrap().ends_with("-image: api:1\n+image: api:2\n"));
    assert_eq!(origin.message().unwrap().trim_end(), "Update apps/api.yaml");
    // As if the answer had been lost: nothing more happens.
    assert_eq!(push(&mut mirror, &head, &commit), PushOutcome::Landed);
    assert_eq!(fetch(&mut mirror).commit, commit.id);
    assert_eq!(origin.commits().unwrap(), 2);
    origin.fsck().unwrap();
}

/// Others commit between fetch and push, and between the look at the branch and the push.
pub(crate) fn a_lost_race_is_moved<S>(origin: &Origin<S>) {
    let theirs = |n: u32| OtherCommit::new("Theirs").write("apps/web.yaml", format!("image: web:{n}+\n"));
    let mut mirror = origin.mirror();
    let head = fetch(&mut mirror);
    origin.commit(&theirs(0)).unwrap();
    let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
    assert_eq!(push(&mut mirror, &head, &commit), PushOutcome::Moved);

    origin
        .commit_before_pushes(&(1..7).map(theirs).collect::<Vec<_>>())
        .unwrap();
    for _ in 1..7 {
        let head = fetch(&mut mirror);
        let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
        assert_eq!(push(&mut mirror, &head, &commit), PushOutcome::Moved);
    }
    let head = fetch(&mut mirror);
    let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
    assert_eq!(push(&mut mirror, &head, &commit), PushOutcome::Landed);
    assert_eq!(origin.read("apps/web.yaml").unwrap(), "image: web:6+\n");
    assert_eq!((origin.commits().unwrap(), origin.is_linear().unwrap()), (9, true));
    origin.fsck().unwrap();
}

/// The server's own words come back, and no more than words.
pub(crate) fn a_protected_branch_refuses<S>(origin: &Origin<S>) {
    let mut mirror = origin.mirror();
    let head = fetch(&mut mirror);
    let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
    let secret = match &origin.remote.auth {
        git_writer::Auth::Basic { password, .. } => password.expose().to_owned(),
        _ => "nothing".to_owned(),
    };
    origin
        .install_hook(
            "pre-receive",
            &format!("printf 'use a \\033[31mpull\\nrequest, {secret}' >&2; exit 1"),
        )
        .unwrap();
    let PushOutcome::Refused { message } = push(&mut mirror, &head, &commit) else {
        panic!("it was not refused")
    };
    let shown = if secret == "nothing" { "nothing" } else { "[secret]" };
    assert_eq!(
        message,
        format!("pre-receive hook declined: use a [31mpull request, {shown}")
    );
    origin.remove_hook("pre-receive").unwrap();
    assert_eq!(push(&mut mirror, &head, &commit), PushOutcome::Landed);
}

/// Upstream took commits back: they must not come again with ours.
pub(crate) fn a_rewound_branch_is_followed<S>(origin: &Origin<S>) {
    let first = origin.head().unwrap();
    origin
        .commit(&OtherCommit::new("A slip").write("apps/web.yaml", "image: wbe:2\n"))
        .unwrap();
    let mut mirror = origin.mirror();
    let head = fetch(&mut mirror);
    let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
    origin.git(&["update-ref", "refs/heads/main", &first]).unwrap();
    assert_eq!(push(&mut mirror, &head, &commit), PushOutcome::Moved);
    assert_eq!(fetch(&mut mirror).commit.to_string(), first);
    assert_eq!(origin.head().unwrap(), first);
}

/// Branches are found, and never made.
pub(crate) fn a_missing_branch_is_not_made<S>(origin: &Origin<S>) {
    let branch = BranchName::parse("nope").unwrap();
    let mut mirror = origin
        .open(Remote {
            branch,
            ..origin.remote.clone()
        })
        .unwrap();
    assert_eq!(
        mirror.fetch(&go()).expect_err("no such branch").failure(),
        Failure::NoBranch
    );
    let mut mirror = origin.mirror();
    let head = fetch(&mut mirror);
    let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
    origin.git(&["update-ref", "-d", "refs/heads/main"]).unwrap();
    assert_eq!(push(&mut mirror, &head, &commit), PushOutcome::Moved);
    assert_eq!(origin.git(&["for-each-ref"]).unwrap(), "");
}

/// The server dies after it has moved the branch, or before: only reading back can tell.
pub(crate) fn a_lost_answer_is_unknown<S>(origin: &Origin<S>) {
    let mut mirror = origin.mirror();
    let head = fetch(&mut mirror);
    let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
    origin.install_hook("pre-receive", "kill -9 $PPID").unwrap();
    let outcome = push(&mut mirror, &head, &commit);
    assert!(matches!(outcome, PushOutcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(fetch(&mut mirror), head);

    origin.remove_hook("pre-receive").unwrap();
    origin.install_hook("post-receive", "kill -9 $PPID").unwrap();
    let outcome = push(&mut mirror, &head, &commit);
    assert!(matches!(outcome, PushOutcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(fetch(&mut mirror).commit, commit.id);
}

/// What a server sends is bounded.
pub(crate) fn a_pack_too_large_is_not_taken<S>(origin: &Origin<S>) {
    use git_writer::Limits;
    for limits in [
        Limits {
            pack_bytes: 100,
            ..Limits::default()
        },
        Limits {
            objects: 2,
            ..Limits::default()
        },
    ] {
        let mut mirror = origin
            .open(Remote {
                limits,
                ..origin.remote.clone()
            })
            .unwrap();
        assert_eq!(mirror.fetch(&go()).expect_err("too large").failure(), Failure::TooLarge);
    }
}
