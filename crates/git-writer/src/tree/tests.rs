use super::*;

fn raw(entries: &[(&str, &str, u8)]) -> Vec<u8> {
    let line = |&(mode, name, id): &(&str, &str, u8)| {
        [mode.as_bytes(), b" ", name.as_bytes(), b"\0", &[id; ID_BYTES]].concat()
    };
    entries.iter().flat_map(line).collect()
}

#[test]
fn a_tree_is_taken_apart_by_mode() {
    let bytes = raw(&[
        ("100644", "a", 1),
        ("100755", "b", 2),
        ("40000", "c", 3),
        ("120000", "d", 4),
        ("160000", "e", 5),
        ("100664", "f", 6),
    ]);
    let kinds: Vec<_> = entries(&bytes).unwrap().iter().map(|entry| entry.kind).collect();
    assert_eq!(
        kinds,
        [
            EntryKind::File,
            EntryKind::File,
            EntryKind::Tree,
            EntryKind::Symlink,
            EntryKind::Submodule,
            EntryKind::Other
        ]
    );
}

#[test]
fn only_the_id_changes() {
    let mut bytes = raw(&[("100664", "a", 1), ("100644", "b", 2), ("040000", "c", 3)]);
    let at = entries(&bytes).unwrap()[1].id_at();
    replace_id(&mut bytes, at, Oid::from_bytes(&[9; ID_BYTES]).unwrap());
    assert_eq!(
        bytes,
        raw(&[("100664", "a", 1), ("100644", "b", 9), ("040000", "c", 3)])
    );
}

#[test]
fn malformed_trees_are_errors() {
    let good = raw(&[("100644", "a", 1), ("100644", "b", 2)]);
    for end in (1..good.len()).filter(|&end| end != good.len() / 2) {
        entries(&good[..end]).expect_err("cut off");
    }
    entries(b"no tree at all, only text\0").expect_err("text");
    assert_eq!(entries(b"").unwrap(), []);
}
