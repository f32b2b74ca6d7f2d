//! What a name means that people ask after.

use domain::reference::Repository;
use status_api::view::{KnownProblemView, TargetView};
use transport::one_line;

use super::super::remote::counted;
use super::super::status::workload;

/// Targets that are named where none fits.
const NAMED: usize = 3;

/// The targets that `name` means: by id, else by workload, by place, by image, by policy, or by what opted them in.
pub(super) fn fitting<'a>(targets: &'a [TargetView], name: &str) -> Vec<&'a TargetView> {
    let image = Repository::parse(name).ok().map(|repository| repository.to_string());
    let place = Place::read(name);
    let nearest = place.nearest(targets);
    let tests: [&dyn Fn(&TargetView) -> bool; 8] = [
        &|target| target.id == name,
        &|target| target.workload == name || is_workload(target, name),
        &|target| target.path == place.whole,
        &|target| target.path == place.path && Some(target.line) == nearest,
        &|target| target.path == place.path,
        &|target| image.as_deref() == Some(target.image.as_str()),
        &|target| target.policy_name.as_deref() == Some(name),
        &|target| target.opted_in_by.name == name,
    ];
    let found = tests.iter().find(|test| targets.iter().any(test));
    found.map_or_else(Vec::new, |test| targets.iter().filter(|target| test(target)).collect())
}

/// Whether `name` is `NAMESPACE/KIND/NAME[/CONTAINER]` of the target; the case of the kind does not matter.
fn is_workload(target: &TargetView, name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let (namespace, kind, object, container) = match parts[..] {
        [namespace, kind, object] => (namespace, kind, object, None),
        [namespace, kind, object, container] => (namespace, kind, object, Some(container)),
        _ => return false,
    };
    let is_kind = |own: &String| own.eq_ignore_ascii_case(kind);
    target.namespace.as_deref() == Some(namespace)
        && target.kind.as_ref().is_some_and(is_kind)
        && target.name == object
        && container.is_none_or(|container| target.container.as_deref() == Some(container))
}

/// Whether the problem is one of the file or the key `name`, or of the object or thing that is called so.
pub(super) fn is_about(known: &KnownProblemView, name: &str) -> bool {
    let place = Place::read(name);
    let problem = &known.problem;
    if problem.path == place.whole || problem.path == place.path {
        return true;
    }
    let (message, name) = (problem.message.to_ascii_lowercase(), name.to_ascii_lowercase());
    message.starts_with(&format!("{name}: ")) || message.contains(&format!("`{name}`"))
}

/// What to say where nothing is called `name`.
pub(super) fn nothing(targets: &[TargetView], problems: usize, name: &str) -> String {
    let name = one_line(name, 200);
    let mut text = format!(
        "nothing that is opted in is called `{name}`; a name is NAMESPACE/KIND/NAME[/CONTAINER], the path of a file or an image's, and \
         opted in is what an annotation `tidemark.dev/policy`, a marker or a rule is for"
    );
    let such = examples(targets, &name);
    text += &match targets.len() {
        0 => ". No image is opted in yet".to_owned(),
        count => format!(". There {}, {such}", are(count, "image")),
    };
    if problems > 0 {
        text += &format!(
            ". There {} too; `tidemark explain` lists them",
            are(problems, "problem")
        );
    }
    text
}

fn are(count: usize, one: &str) -> String {
    format!("{} {}", if count == 1 { "is" } else { "are" }, counted(count, one))
}

/// Some targets, those first that have the last word of the name in theirs.
fn examples(targets: &[TargetView], name: &str) -> String {
    let word = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let (alike, others): (Vec<String>, Vec<String>) = targets
        .iter()
        .map(workload)
        .partition(|workload| workload.to_ascii_lowercase().contains(&word));
    let named = alike.into_iter().chain(others).take(NAMED);
    let named: Vec<String> = named.map(|workload| format!("`{workload}`")).collect();
    match targets.len() > named.len() {
        true => format!("such as {}", named.join(", ")),
        false => named.join(", "),
    }
}

/// `PATH[:LINE[:COLUMN]]`, as editors and the commands here write it.
struct Place<'a> {
    whole: &'a str,
    path: &'a str,
    line: Option<u32>,
}

impl<'a> Place<'a> {
    fn read(name: &'a str) -> Self {
        let whole = name.strip_prefix("./").unwrap_or(name);
        let (mut path, mut line) = (whole, None);
        for _ in 0..2 {
            let Some((before, number)) = path.rsplit_once(':') else {
                break;
            };
            let Ok(number) = number.parse() else { break };
            (path, line) = (before, Some(number));
        }
        Self { whole, path, line }
    }

    /// The line of the target that begins on the line or last before it: an image may have a line for its name, and another for its tag.
    fn nearest(&self, targets: &[TargetView]) -> Option<u32> {
        let asked = self.line?;
        let here = targets.iter().filter(|target| target.path == self.path);
        here.map(|target| target.line).filter(|&line| line <= asked).max()
    }
}
