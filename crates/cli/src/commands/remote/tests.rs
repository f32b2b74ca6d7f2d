use expect_test::expect;

use super::*;

#[test]
fn a_table_is_aligned_and_bare() {
    let rows = [["fleet", "main"], ["a-longer-name", "trunk"]].map(|row| row.map(str::to_owned));
    expect![[r#"
        NAME           BRANCH
        fleet          main
        a-longer-name  trunk
    "#]]
    .assert_eq(&table(["name", "branch"], rows));
}

#[test]
fn a_cell_cannot_steer_the_terminal() {
    let rows = [["\x1b[2Jgone\r\nnext\u{202e}".to_owned()]];
    expect![[r#"
        TEXT
        [2Jgone next
    "#]]
    .assert_eq(&table(["text"], rows));
}

#[test]
fn times_are_told_from_the_server_s_now() {
    let now = "2027-01-15T09:00:00Z";
    let told: Vec<String> = [
        "2027-01-15T09:00:00Z",
        "2027-01-15T08:59:01Z",
        "2027-01-15T08:30:00Z",
        "2027-01-15T01:00:00Z",
        "2026-01-15T09:00:00Z",
        "2027-01-15T09:05:00Z",
        "soon",
    ]
    .iter()
    .map(|time| ago(time, now))
    .collect();
    expect!["now, 59 s ago, 30 min ago, 8 h ago, 365 days ago, in 5 min, soon"].assert_eq(&told.join(", "));
}
