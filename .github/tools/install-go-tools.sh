#!/usr/bin/env bash
# Builds command line tools at one version each and puts them on the PATH of later steps: install-go-tools.sh NAME …
# Go checks what it loads against the public checksum database, so a version says exactly which sources these are.
set -euo pipefail

module() {
  case "$1" in
    actionlint) echo github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 ;;
    gitleaks) echo github.com/zricethezav/gitleaks/v8@v8.30.1 ;;
    # The golden templates were rendered by this version.
    helm) echo helm.sh/helm/v3/cmd/helm@v3.22.0 ;;
    kind) echo sigs.k8s.io/kind@v0.33.0 ;;
    kubeconform) echo github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0 ;;
    kubelogin) echo github.com/Azure/kubelogin@v0.2.22 ;;
    setup-envtest) echo sigs.k8s.io/controller-runtime/tools/setup-envtest@v0.25.1 ;;
    *) echo "no tool \"$1\" is known here" >&2; return 1 ;;
  esac
}

folder="${RUNNER_TEMP:?only on a runner}/go-tools"
mkdir -p "$folder"
for name in "$@"; do
  wanted="$(module "$name")"
  echo "$name: $wanted"
  # The runner's Go may be older than a tool asks for; auto fetches the one that it names.
  GOBIN="$folder" GOTOOLCHAIN=auto CGO_ENABLED=0 go install "$wanted"
done
echo "$folder" >> "${GITHUB_PATH:?only on a runner}"
