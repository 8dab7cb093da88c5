#!/usr/bin/env bash
# Install what the workflow needs without conda: a virtual environment with pinned packages, and bedtools.
#
#   bash envs/setup.sh workflow    what the workflow imports
#   bash envs/setup.sh test        that and what the tests need: Chromium for those of the site, Slurm for its profile's
#
# What is there already is left alone. System packages are installed only as root or with sudo; otherwise the script
# stops and names the one command to run.
set -euo pipefail

venv=${VENV:-.venv}
requirements=envs/pip/$1.txt
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
stop() {
    say "$1"
    say "please run:  $2"
    say "and start again."
    exit 1
}

# Debian and its relatives: install one system package if we may.
system_install() {
    local sudo=()
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; } || return 1
        sudo=(sudo)
    fi
    say "installing the system package(s) $*"
    export DEBIAN_FRONTEND=noninteractive
    { "${sudo[@]}" apt-get update -qq && "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null
}

python_is_usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in python3 python3.12 python3.11 python3.13; do
        if command -v "$candidate" >/dev/null && python_is_usable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    stop "Python 3.11, 3.12 or 3.13 is needed; python3 is $(python3 --version 2>/dev/null || echo missing)." \
        "sudo apt-get install python3 python3-venv   (Debian 12 or later, Ubuntu 24.04 or later)"
}

make_venv() {
    local python version
    python=$(find_python)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "making $venv with Python $version"
    if "$python" -c 'import ensurepip, venv' 2>/dev/null || system_install "python$version-venv"; then
        "$python" -m venv --clear "$venv"
    elif "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv --quiet --clear "$venv"
    else
        stop "Python's module for virtual environments is missing." "sudo apt-get install python$version-venv"
    fi
}

# Every pinned package has a wheel for Linux on x86_64; elsewhere py2bit is compiled.
ensure_compiler() {
    if [ "$(uname -sm)" != "Linux x86_64" ] && ! command -v cc >/dev/null; then
        system_install build-essential python3-dev zlib1g-dev \
            || stop "a C compiler is needed on this kind of machine." "sudo apt-get install build-essential python3-dev zlib1g-dev"
    fi
}

install_requirements() {
    ensure_compiler
    say "installing $requirements into $venv (about 3 GB on disk, one to three minutes)"
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$requirements"
    # test.txt holds everything that workflow.txt holds.
    cp envs/pip/workflow.txt "$venv/installed-workflow.txt"
    cp "$requirements" "$venv/installed-$1.txt"
}

ensure_bedtools() {
    local conda
    PATH="$venv/bin:$PATH" command -v bedtools >/dev/null && return
    system_install bedtools && return
    for conda in micromamba mamba conda; do
        if command -v "$conda" >/dev/null; then
            say "installing bedtools with $conda into $venv/bedtools"
            "$conda" create --yes --quiet --prefix "$(cd "$venv" && pwd)/bedtools" --override-channels \
                --channel conda-forge --channel bioconda bedtools=2.31.1 >&2
            ln -sf ../bedtools/bin/bedtools "$venv/bin/bedtools"
            return
        fi
    done
    stop "bedtools is missing." "sudo apt-get install bedtools   (or: conda install -c conda-forge -c bioconda bedtools)"
}

# The site's tests open it in a browser; without one they are skipped.
ensure_chromium() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return
    done
    system_install chromium || say "no Chromium here: the tests that open the site in a browser will be skipped."
}

# The tests of the profile for Slurm start one of their own; without its programs they are skipped.
ensure_slurm() {
    # Daemons are not on everybody's path.
    local path=$PATH:/usr/sbin
    PATH=$path command -v slurmctld >/dev/null && PATH=$path command -v munged >/dev/null && return
    system_install slurm-wlm munge || say "no Slurm here: its tests will be skipped."
}

# `python -m cisformula` and `cisformula` then run the command line from any folder, without an installed copy.
link_library() {
    local packages
    packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$PWD/workflow" >"$packages/cisformula.pth"
    printf '#!/bin/sh\nexec "%s" -m cisformula "$@"\n' "$(cd "$venv" && pwd)/bin/python" >"$venv/bin/cisformula"
    chmod +x "$venv/bin/cisformula"
}

python_is_usable "$venv/bin/python" || make_venv
cmp -s "$requirements" "$venv/installed-$1.txt" || install_requirements "$1"
link_library
ensure_bedtools
if [ "$1" = test ]; then
    ensure_chromium
    ensure_slurm
fi
