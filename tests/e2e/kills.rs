//! SIGKILL at every stage: each update lands exactly once.

mod held;
mod swept;
mod victim;

use self::victim::Victim;
