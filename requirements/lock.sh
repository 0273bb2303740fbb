#!/bin/sh
# Pin every dependency with its hashes, one version of each in all sets. Needs uv.
set -eu
cd "$(dirname "$0")/.."
all=$(mktemp)
trap 'rm -f "$all"' EXIT
compile() {
    uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links pyproject.toml "$@"
}
compile --extra dev --extra ray --extra evaluation --upgrade -o "$all"
compile --constraint "$all" -o requirements/runtime.txt
compile --constraint "$all" --extra dev -o requirements/dev.txt
compile --constraint "$all" --extra ray -o requirements/ray.txt
compile --constraint "$all" --extra evaluation -o requirements/evaluation.txt
for set in build postgresql training atlas; do
    uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
        --constraint "$all" "requirements/$set.in" -o "requirements/$set.txt"
done
