#!/usr/bin/env bash
# Reads the import lines of Sources: an import of the C library in a pure module would compile.
set -eu
cd "$(dirname "$0")/.."
status=0
allow() {
  local module=$1 pattern
  shift
  pattern=$(printf '%s|' "$@")
  local found
  found=$(grep -rnE '^ *(@[a-z_]+ )*(package |public |internal |private )?import ' "Sources/$module" |
    grep -vE "import (${pattern%|})$" || true)
  if [ -n "$found" ]; then
    echo "lint: $module may import only: ${*:-nothing}" >&2
    echo "$found" >&2
    status=1
  fi
}
allow MQTTProtocol
allow OptionTable
allow StreamProtocols
allow SASL COpenSSL
allow MQTTSession MQTTProtocol
allow Transport StreamProtocols CStartUp CLinux CResolver COpenSSL Glibc Synchronization
allow MQTTClient Glibc MQTTProtocol MQTTSession Transport
allow Outbox Glibc MQTTProtocol CSQLite
allow Rendering Glibc MQTTProtocol
allow Sealing COpenSSL
allow LoadTest Glibc Synchronization CLinux Histogram MQTTProtocol MQTTSession Transport Rendering
allow LineEditing Glibc Synchronization CEditLine Transport Rendering
allow Commands Glibc MQTTProtocol MQTTSession MQTTClient StreamProtocols SASL Transport Rendering Sealing Outbox LineEditing LoadTest OptionTable
allow apus Commands
exit $status
