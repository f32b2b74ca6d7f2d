use super::*;

#[test]
fn a_path_is_one_word_for_any_shell() {
    assert_eq!(quoted("/fleet.git"), "'/fleet.git'");
    assert_eq!(quoted("/a'; rm -rf /; '!"), r"'/a'\''; rm -rf /; '\'''\!''");
}
