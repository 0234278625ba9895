#!/usr/bin/env bash
# Installs the brokers that `make interop` tries, without letting them start as services.
# With --installed it only tells by its status whether all of them are there.
set -eu
cd "$(dirname "$0")/.."
# What tells that a package is there, and its name.
packages='/usr/lib/rabbitmq/bin/rabbitmq-server:rabbitmq-server /usr/sbin/ejabberdctl:ejabberd
  /usr/share/activemq/bin/activemq.jar:activemq /usr/share/java/mqtt-client.jar:libmqtt-client-java'
missing=
for package in $packages; do
  [ -e "${package%%:*}" ] || missing="$missing ${package##*:}"
done
if [ "${1:-}" = --installed ]; then
  [ -z "$missing" ] && [ -x .build/amqtt/bin/amqtt ] && [ -x /usr/sbin/mosquitto ]
  exit
fi
scripts/deps.sh
if [ -n "$missing" ]; then
  as_root=
  [ "$(id -u)" = 0 ] || as_root=sudo
  echo "interop: installing with ${as_root:+sudo }apt-get:$missing"
  # Debian asks this program whether a service may be started.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
    $as_root chmod 755 $policy
    trap '$as_root rm -f $policy' EXIT
  fi
  $as_root apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
[ -x .build/amqtt/bin/amqtt ] ||
  { python3 -m venv .build/amqtt && .build/amqtt/bin/pip install --quiet amqtt==0.12.1; }
