//! Files that hold a secret of a cloud: read each time, and not to their end if they are no such thing.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use transport::Secret;

/// Tokens of Kubernetes have a thousand bytes, keys of Google 2,500.
const MAX_BYTES: u64 = 64 * 1024;

/// The whole text; blocks.
///
/// # Errors
///
/// What is wrong with the file, never what stands in it.
pub(super) fn read(path: &Path) -> Result<Secret, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    let read = file.take(MAX_BYTES + 1).read_to_string(&mut text);
    let text = Secret::new(text);
    read.map_err(|error| error.to_string())?;
    if text.expose().len() as u64 > MAX_BYTES {
        return Err("it is larger than 64 KiB".to_owned());
    }
    Ok(text)
}
