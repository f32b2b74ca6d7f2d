//! What happens in the demo: files, tags, and what is pushed when.

/// The files of the repository, `REGISTRY` standing for the registry's address.
pub(super) const FILES: &[(&str, &str)] = &[
    ("clusters/shop/checkout.yaml", include_str!("services/checkout.yaml")),
    ("clusters/shop/frontend.yaml", include_str!("services/frontend.yaml")),
    ("clusters/shop/ledger.yaml", include_str!("services/ledger.yaml")),
    ("clusters/shop/report.yaml", include_str!("services/report.yaml")),
];

/// The tags that are in the registry when the curtain rises.
pub(super) const FIRST_TAGS: &[(&str, &[&str])] = &[
    ("shop/frontend", &["1.3.9", "1.4.0", "latest"]),
    ("shop/checkout", &["1.9.9", "2.2.0", "2.3.0", "main-4f2a9c1"]),
    ("platform/proxy", &["v0.9.0", "v0.9.1"]),
    ("shop/ledger", &["5.1.1", "5.1.2", "5.1.2-debug"]),
    ("shop/report", &["1.0.0", "1.1.0"]),
];

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// What is told before it.
    pub(super) words: &'static str,
    /// Tags that are pushed.
    pub(super) pushed: &'static [(&'static str, &'static str)],
    /// What is waited for.
    pub(super) then: Then,
}

/// What a step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// One more commit.
    Commit,
    /// No commit, but a complete scan of the image that was pushed; the reason is told.
    Reason,
}

/// The story, in order.
pub(super) const STORY: &[Step] = &[
    Step {
        words: "A patch release of the front page is pushed. Its policy is `semver:~1.4`.",
        pushed: &[("shop/frontend", "1.4.1")],
        then: Then::Commit,
    },
    Step {
        words: "A minor release, a release candidate and a build of the main branch are pushed: none of them is in the range.",
        pushed: &[
            ("shop/frontend", "1.5.0"),
            ("shop/frontend", "1.4.2-rc.1"),
            ("shop/frontend", "main-77aa01b"),
        ],
        then: Then::Reason,
    },
    Step {
        words: "Three images are released together: one commit.",
        pushed: &[
            ("shop/checkout", "2.4.0"),
            ("platform/proxy", "v0.10.0"),
            ("shop/ledger", "5.2.0"),
        ],
        then: Then::Commit,
    },
    Step {
        words: "The report is released, but somebody put a hold on it.",
        pushed: &[("shop/report", "1.2.0")],
        then: Then::Reason,
    },
    Step {
        words: "An old line gets a late patch, and the front page a real one. Nothing ever moves backwards.",
        pushed: &[("shop/checkout", "2.2.1"), ("shop/frontend", "1.4.3")],
        then: Then::Commit,
    },
];
