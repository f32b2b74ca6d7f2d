//! Manifests as people write them.

/// A Deployment with one container, a comment on the image's line, and a policy for it.
pub(crate) fn deployment(name: &str, image: &str, policy: &str) -> String {
    format!(
        "\
# {name}: deployed by hand for years.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: shop
  annotations:
    tidemark.dev/policy: \"{policy}\"
spec:
  template:
    spec:
      containers:
        - name: {name}
          image: {image}   # keep me
          args: [--verbose]
"
    )
}
