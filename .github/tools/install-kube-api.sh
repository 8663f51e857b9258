#!/usr/bin/env bash
# Fetches etcd, kube-apiserver and kube-controller-manager and tells later steps where they lie (KUBEBUILDER_ASSETS).
set -euo pipefail
version=1.34.1

assets="$(setup-envtest use "$version" --print path)"
# Not among envtest's programs; with it Jobs and owner references are looked after by the real controllers.
url="https://dl.k8s.io/v$version/bin/linux/$(go env GOARCH)/kube-controller-manager"
chmod u+w "$assets"
curl --fail --silent --show-error --location --retry 5 --output "$assets/kube-controller-manager" "$url"
echo "$(curl --fail --silent --show-error --location --retry 5 "$url.sha256")  $assets/kube-controller-manager" | sha256sum --check
chmod 755 "$assets/kube-controller-manager"
echo "KUBEBUILDER_ASSETS=$assets" >> "${GITHUB_ENV:?only on a runner}"
