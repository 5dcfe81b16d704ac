#!/usr/bin/env bash
# Everything `make check` looks at. Each step runs even when one before it failed; the end names the failures.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

failed=()

typed=(rules core incidents penalties insurance notifications config)

step() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

# Production's own start-up checks, with values that only have to be present.
check_production() {
    production make_application_key >/dev/null && production check --deploy --fail-level WARNING
}

production() {
    env BREACHDESK_DATA_DIR="$scratch/production" DJANGO_SETTINGS_MODULE=config.settings.production \
        SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w0)" \
        ALLOWED_HOSTS=breachdesk.example CSRF_TRUSTED_ORIGINS=https://breachdesk.example \
        DATABASE_URL=postgres://nobody:nothing@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
        SMTP_HOST=mail.example BREACHDESK_SITE_URL=https://breachdesk.example \
        python manage.py "$@"
}

# Migrations are compared with the models, not with a database, so none is touched.
check_migrations() {
    env -u DATABASE_URL DJANGO_SETTINGS_MODULE=config.settings.test BREACHDESK_DATA_DIR="$scratch" \
        python manage.py makemigrations --check --dry-run
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

step "format" ruff format --check .
step "lint" ruff check .
step "types" mypy "${typed[@]}"
step "import contract" lint-imports
step "missing migrations" check_migrations
step "production settings" check_production
step "translations" python -m config.translations
step "dependencies" python -m config.dependencies
step "tests" python -m config.testrun "$@"

echo
if [ ${#failed[@]} -eq 0 ]; then
    echo "check: everything passed"
    exit 0
fi
echo "check: FAILED: $(IFS=,; echo "${failed[*]}" | sed 's/,/, /g')"
exit 1
