#!/usr/bin/env bash
# Builds both images, hive-backend and hive-dashboard, with the first engine that works here: docker, podman or buildah.
#   ENGINE=podman scripts/images.sh         with this one
#   TAG=1.0.0 scripts/images.sh             tagged so (default: the version of package.json)
#   NODE_IMAGE=localhost/node scripts/images.sh
#                                           from this base, which is not looked for in a registry when it is called localhost/…
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "images: $1" >&2
  exit 1
}

engine() {
  if [ -n "${ENGINE:-}" ]; then
    command -v "$ENGINE" >/dev/null || fail "ENGINE=$ENGINE is not installed"
    echo "$ENGINE"
    return
  fi
  # A client without its daemon cannot build.
  for name in docker podman; do
    if command -v "$name" >/dev/null && timeout 10 "$name" info >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  command -v buildah >/dev/null || fail 'no engine works here: start docker, or install podman or buildah'
  echo buildah
}

build() {
  local target=$1
  echo "images: building hive-$target:$TAG with $ENGINE"
  local args=(--target "$target" --tag "hive-$target:$TAG" --file deploy/Dockerfile)
  [ -z "${NODE_IMAGE:-}" ] || args+=(--build-arg "NODE_IMAGE=$NODE_IMAGE")
  case "$(basename "$ENGINE")" in
  buildah)
    # Where nobody may make namespaces, as inside a container, a plain root directory does.
    [ -z "${BUILDAH_ISOLATION:-}" ] || args+=(--isolation "$BUILDAH_ISOLATION")
    [[ ${NODE_IMAGE:-} != localhost/* ]] || args+=(--pull-never)
    # Layers are shared by the two.
    buildah build --layers --format docker "${args[@]}" .
    ;;
  podman) podman build --format docker "${args[@]}" . ;;
  *) "$ENGINE" build "${args[@]}" . ;;
  esac
}

ENGINE=$(engine)
TAG=${TAG:-$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)}
build backend
build dashboard
