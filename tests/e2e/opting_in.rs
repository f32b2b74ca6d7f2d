//! How images are opted in: every place by what it can carry, and every mistake shown wherever people look.

mod mistakes;
mod rows;

use testkit::{BareRepository, RealRegistry, RegistrySettings};

use crate::world::World;

/// What the files here call the registry.
const HOST: &str = "registry.example.com";

/// A real registry, a repository, and a world that knows both.
struct Stage {
    world: World,
    registry: RealRegistry,
    repository: BareRepository,
}

impl Stage {
    /// `images` of `acme` at 1.4.0 and 1.5.0, the files in one repository, and the rest of the configuration.
    fn new(images: &[&str], files: &[(&str, &str)], config: &str) -> Self {
        let registry = RealRegistry::docker_registry(&RegistrySettings::new()).unwrap();
        for image in images {
            registry
                .push_tags(&format!("acme/{image}"), &["1.4.0", "1.5.0"])
                .unwrap();
        }
        let repository = BareRepository::new().unwrap();
        let acted = |text: &str| text.replace(HOST, &registry.host());
        let files = files.iter().map(|(path, text)| (*path, acted(text)));
        repository.seed(files.collect::<Vec<_>>()).unwrap();
        let world = World::new()
            .registry(&format!(
                "host: \"{}\", plainHttp: true, interval: 1s, minInterval: 1s",
                registry.host()
            ))
            .repository(&format!("url: \"{}\"", repository.file_url()))
            .with(&acted(config));
        Self {
            world,
            registry,
            repository,
        }
    }

    /// A text of Tidemark or git, with the registry called as the files here call it.
    fn named(&self, text: &str) -> String {
        text.replace(&self.registry.host(), HOST)
    }

    /// The lines that the last commit took away and brought, below the files that they are in.
    fn changed(&self) -> String {
        let diff = self.repository.diff().unwrap();
        let lines = diff
            .lines()
            .filter(|line| line.starts_with(['-', '+']) && !line.starts_with("--- "));
        self.named(&lines.map(|line| format!("{line}\n")).collect::<String>())
    }
}
