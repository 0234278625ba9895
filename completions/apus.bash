# Completion of apus for bash.
# Written by 'make generate' from the option table: change that instead.

# An option opens its value.
_apus_open() {
  case $command:$1 in
    'pub:-h'|'pub:--host') state='pub/host' ;;
    'pub:-p'|'pub:--port') state='pub/port' ;;
    'pub:-L'|'pub:--url') state='pub/url' ;;
    'pub:--unix') state='pub/unix' ;;
    'pub:-A') state='pub/A' ;;
    'pub:--connect-timeout') state='pub/connect-timeout' ;;
    'pub:--server-order') state='pub/server-order' ;;
    'pub:-u'|'pub:--username') state='pub/username' ;;
    'pub:-P'|'pub:--pw') state='pub/pw' ;;
    'pub:--pw-file') state='pub/pw-file' ;;
    'pub:--pw-env') state='pub/pw-env' ;;
    'pub:--pw-fd') state='pub/pw-fd' ;;
    'pub:--pw-cmd') state='pub/pw-cmd' ;;
    'pub:--auth-method') state='pub/auth-method' ;;
    'pub:--auth-cmd') state='pub/auth-cmd' ;;
    'pub:--reauth') state='pub/reauth' ;;
    'pub:-V'|'pub:--protocol-version') state='pub/protocol-version' ;;
    'pub:-q'|'pub:--qos') state='pub/qos' ;;
    'pub:-i'|'pub:--id') state='pub/id' ;;
    'pub:-I'|'pub:--id-prefix') state='pub/id-prefix' ;;
    'pub:-x'|'pub:--session-expiry') state='pub/session-expiry' ;;
    'pub:-k'|'pub:--keepalive') state='pub/keepalive' ;;
    'pub:-M'|'pub:--max-inflight') state='pub/max-inflight' ;;
    'pub:-D'|'pub:--property') state='pub/property' ;;
    'pub:-W'|'pub:--timeout') state='pub/timeout' ;;
    'pub:--on-loss') state='pub/on-loss' ;;
    'pub:--retries') state='pub/retries' ;;
    'pub:--reconnect-delay') state='pub/reconnect-delay' ;;
    'pub:--reconnect-max') state='pub/reconnect-max' ;;
    'pub:-t'|'pub:--topic') state='pub/topic' ;;
    'pub:-m'|'pub:--message') state='pub/message' ;;
    'pub:-f'|'pub:--file') state='pub/file' ;;
    'pub:--topic-separator') state='pub/topic-separator' ;;
    'pub:--repeat') state='pub/repeat' ;;
    'pub:--repeat-delay') state='pub/repeat-delay' ;;
    'pub:--template') state='pub/template' ;;
    'pub:--set') state='pub/set' ;;
    'pub:--outbox') state='pub/outbox' ;;
    'pub:--max-size') state='pub/max-size' ;;
    'pub:--max-age') state='pub/max-age' ;;
    'pub:--will-topic') state='pub/will-topic' ;;
    'pub:--will-payload') state='pub/will-payload' ;;
    'pub:--will-qos') state='pub/will-qos' ;;
    'pub:--seal') state='pub/seal' ;;
    'pub:--sign') state='pub/sign' ;;
    'pub:--cafile') state='pub/cafile' ;;
    'pub:--capath') state='pub/capath' ;;
    'pub:--cert') state='pub/cert' ;;
    'pub:--key') state='pub/key' ;;
    'pub:--keyform') state='pub/keyform' ;;
    'pub:--tls-engine') state='pub/tls-engine' ;;
    'pub:--tls-version') state='pub/tls-version' ;;
    'pub:--ciphers') state='pub/ciphers' ;;
    'pub:--tls-alpn') state='pub/tls-alpn' ;;
    'pub:--crl') state='pub/crl' ;;
    'pub:--ocsp') state='pub/ocsp' ;;
    'pub:--pin') state='pub/pin' ;;
    'pub:--psk') state='pub/psk' ;;
    'pub:--psk-identity') state='pub/psk-identity' ;;
    'pub:--tls-keylog') state='pub/tls-keylog' ;;
    'pub:--key-pass-file') state='pub/key-pass-file' ;;
    'pub:--key-pass-env') state='pub/key-pass-env' ;;
    'pub:--key-pass-fd') state='pub/key-pass-fd' ;;
    'pub:--key-pass-cmd') state='pub/key-pass-cmd' ;;
    'pub:--psk-file') state='pub/psk-file' ;;
    'pub:--psk-env') state='pub/psk-env' ;;
    'pub:--psk-fd') state='pub/psk-fd' ;;
    'pub:--psk-cmd') state='pub/psk-cmd' ;;
    'pub:--ws-path') state='pub/ws-path' ;;
    'pub:--ws-header') state='pub/ws-header' ;;
    'pub:--proxy') state='pub/proxy' ;;
    'pub:--proxy-pw') state='pub/proxy-pw' ;;
    'pub:--proxy-cafile') state='pub/proxy-cafile' ;;
    'pub:--proxy-pw-file') state='pub/proxy-pw-file' ;;
    'pub:--proxy-pw-env') state='pub/proxy-pw-env' ;;
    'pub:--proxy-pw-fd') state='pub/proxy-pw-fd' ;;
    'pub:--proxy-pw-cmd') state='pub/proxy-pw-cmd' ;;
    'pub:-o'|'pub:--options') state='pub/options' ;;
    'pub:--profile') state='pub/profile' ;;
    'sub:-h'|'sub:--host') state='sub/host' ;;
    'sub:-p'|'sub:--port') state='sub/port' ;;
    'sub:-L'|'sub:--url') state='sub/url' ;;
    'sub:--unix') state='sub/unix' ;;
    'sub:-A') state='sub/A' ;;
    'sub:--connect-timeout') state='sub/connect-timeout' ;;
    'sub:--server-order') state='sub/server-order' ;;
    'sub:-u'|'sub:--username') state='sub/username' ;;
    'sub:-P'|'sub:--pw') state='sub/pw' ;;
    'sub:--pw-file') state='sub/pw-file' ;;
    'sub:--pw-env') state='sub/pw-env' ;;
    'sub:--pw-fd') state='sub/pw-fd' ;;
    'sub:--pw-cmd') state='sub/pw-cmd' ;;
    'sub:--auth-method') state='sub/auth-method' ;;
    'sub:--auth-cmd') state='sub/auth-cmd' ;;
    'sub:--reauth') state='sub/reauth' ;;
    'sub:-V'|'sub:--protocol-version') state='sub/protocol-version' ;;
    'sub:-q'|'sub:--qos') state='sub/qos' ;;
    'sub:-i'|'sub:--id') state='sub/id' ;;
    'sub:-I'|'sub:--id-prefix') state='sub/id-prefix' ;;
    'sub:-x'|'sub:--session-expiry') state='sub/session-expiry' ;;
    'sub:-k'|'sub:--keepalive') state='sub/keepalive' ;;
    'sub:-M'|'sub:--max-inflight') state='sub/max-inflight' ;;
    'sub:-D'|'sub:--property') state='sub/property' ;;
    'sub:-W'|'sub:--timeout') state='sub/timeout' ;;
    'sub:--on-loss') state='sub/on-loss' ;;
    'sub:--retries') state='sub/retries' ;;
    'sub:--reconnect-delay') state='sub/reconnect-delay' ;;
    'sub:--reconnect-max') state='sub/reconnect-max' ;;
    'sub:-t'|'sub:--topic') state='sub/topic' ;;
    'sub:--subscription') state='sub/subscription' ;;
    'sub:-U'|'sub:--unsubscribe') state='sub/unsubscribe' ;;
    'sub:--retain-handling') state='sub/retain-handling' ;;
    'sub:-C'|'sub:--count') state='sub/count' ;;
    'sub:--ack') state='sub/ack' ;;
    'sub:--idle-timeout') state='sub/idle-timeout' ;;
    'sub:-T'|'sub:--filter-out') state='sub/filter-out' ;;
    'sub:--random-filter') state='sub/random-filter' ;;
    'sub:-F') state='sub/F' ;;
    'sub:--exec') state='sub/exec' ;;
    'sub:--jobs') state='sub/jobs' ;;
    'sub:--will-topic') state='sub/will-topic' ;;
    'sub:--will-payload') state='sub/will-payload' ;;
    'sub:--will-qos') state='sub/will-qos' ;;
    'sub:--open') state='sub/open' ;;
    'sub:--verify') state='sub/verify' ;;
    'sub:--state') state='sub/state' ;;
    'sub:--cafile') state='sub/cafile' ;;
    'sub:--capath') state='sub/capath' ;;
    'sub:--cert') state='sub/cert' ;;
    'sub:--key') state='sub/key' ;;
    'sub:--keyform') state='sub/keyform' ;;
    'sub:--tls-engine') state='sub/tls-engine' ;;
    'sub:--tls-version') state='sub/tls-version' ;;
    'sub:--ciphers') state='sub/ciphers' ;;
    'sub:--tls-alpn') state='sub/tls-alpn' ;;
    'sub:--crl') state='sub/crl' ;;
    'sub:--ocsp') state='sub/ocsp' ;;
    'sub:--pin') state='sub/pin' ;;
    'sub:--psk') state='sub/psk' ;;
    'sub:--psk-identity') state='sub/psk-identity' ;;
    'sub:--tls-keylog') state='sub/tls-keylog' ;;
    'sub:--key-pass-file') state='sub/key-pass-file' ;;
    'sub:--key-pass-env') state='sub/key-pass-env' ;;
    'sub:--key-pass-fd') state='sub/key-pass-fd' ;;
    'sub:--key-pass-cmd') state='sub/key-pass-cmd' ;;
    'sub:--psk-file') state='sub/psk-file' ;;
    'sub:--psk-env') state='sub/psk-env' ;;
    'sub:--psk-fd') state='sub/psk-fd' ;;
    'sub:--psk-cmd') state='sub/psk-cmd' ;;
    'sub:--ws-path') state='sub/ws-path' ;;
    'sub:--ws-header') state='sub/ws-header' ;;
    'sub:--proxy') state='sub/proxy' ;;
    'sub:--proxy-pw') state='sub/proxy-pw' ;;
    'sub:--proxy-cafile') state='sub/proxy-cafile' ;;
    'sub:--proxy-pw-file') state='sub/proxy-pw-file' ;;
    'sub:--proxy-pw-env') state='sub/proxy-pw-env' ;;
    'sub:--proxy-pw-fd') state='sub/proxy-pw-fd' ;;
    'sub:--proxy-pw-cmd') state='sub/proxy-pw-cmd' ;;
    'sub:-o'|'sub:--options') state='sub/options' ;;
    'sub:--profile') state='sub/profile' ;;
    'rr:-h'|'rr:--host') state='rr/host' ;;
    'rr:-p'|'rr:--port') state='rr/port' ;;
    'rr:-L'|'rr:--url') state='rr/url' ;;
    'rr:--unix') state='rr/unix' ;;
    'rr:-A') state='rr/A' ;;
    'rr:--connect-timeout') state='rr/connect-timeout' ;;
    'rr:--server-order') state='rr/server-order' ;;
    'rr:-u'|'rr:--username') state='rr/username' ;;
    'rr:-P'|'rr:--pw') state='rr/pw' ;;
    'rr:--pw-file') state='rr/pw-file' ;;
    'rr:--pw-env') state='rr/pw-env' ;;
    'rr:--pw-fd') state='rr/pw-fd' ;;
    'rr:--pw-cmd') state='rr/pw-cmd' ;;
    'rr:--auth-method') state='rr/auth-method' ;;
    'rr:--auth-cmd') state='rr/auth-cmd' ;;
    'rr:--reauth') state='rr/reauth' ;;
    'rr:-V'|'rr:--protocol-version') state='rr/protocol-version' ;;
    'rr:-q'|'rr:--qos') state='rr/qos' ;;
    'rr:-i'|'rr:--id') state='rr/id' ;;
    'rr:-I'|'rr:--id-prefix') state='rr/id-prefix' ;;
    'rr:-x'|'rr:--session-expiry') state='rr/session-expiry' ;;
    'rr:-k'|'rr:--keepalive') state='rr/keepalive' ;;
    'rr:-D'|'rr:--property') state='rr/property' ;;
    'rr:--on-loss') state='rr/on-loss' ;;
    'rr:--retries') state='rr/retries' ;;
    'rr:--reconnect-delay') state='rr/reconnect-delay' ;;
    'rr:--reconnect-max') state='rr/reconnect-max' ;;
    'rr:-t'|'rr:--topic') state='rr/topic' ;;
    'rr:-e') state='rr/e' ;;
    'rr:--timeout') state='rr/timeout' ;;
    'rr:-W') state='rr/W' ;;
    'rr:-M'|'rr:--max-inflight') state='rr/max-inflight' ;;
    'rr:-m'|'rr:--message') state='rr/message' ;;
    'rr:-f'|'rr:--file') state='rr/file' ;;
    'rr:-C'|'rr:--count') state='rr/count' ;;
    'rr:--exec') state='rr/exec' ;;
    'rr:--jobs') state='rr/jobs' ;;
    'rr:--retain-handling') state='rr/retain-handling' ;;
    'rr:-F') state='rr/F' ;;
    'rr:--will-topic') state='rr/will-topic' ;;
    'rr:--will-payload') state='rr/will-payload' ;;
    'rr:--will-qos') state='rr/will-qos' ;;
    'rr:--seal') state='rr/seal' ;;
    'rr:--sign') state='rr/sign' ;;
    'rr:--open') state='rr/open' ;;
    'rr:--verify') state='rr/verify' ;;
    'rr:--state') state='rr/state' ;;
    'rr:--cafile') state='rr/cafile' ;;
    'rr:--capath') state='rr/capath' ;;
    'rr:--cert') state='rr/cert' ;;
    'rr:--key') state='rr/key' ;;
    'rr:--keyform') state='rr/keyform' ;;
    'rr:--tls-engine') state='rr/tls-engine' ;;
    'rr:--tls-version') state='rr/tls-version' ;;
    'rr:--ciphers') state='rr/ciphers' ;;
    'rr:--tls-alpn') state='rr/tls-alpn' ;;
    'rr:--crl') state='rr/crl' ;;
    'rr:--ocsp') state='rr/ocsp' ;;
    'rr:--pin') state='rr/pin' ;;
    'rr:--psk') state='rr/psk' ;;
    'rr:--psk-identity') state='rr/psk-identity' ;;
    'rr:--tls-keylog') state='rr/tls-keylog' ;;
    'rr:--key-pass-file') state='rr/key-pass-file' ;;
    'rr:--key-pass-env') state='rr/key-pass-env' ;;
    'rr:--key-pass-fd') state='rr/key-pass-fd' ;;
    'rr:--key-pass-cmd') state='rr/key-pass-cmd' ;;
    'rr:--psk-file') state='rr/psk-file' ;;
    'rr:--psk-env') state='rr/psk-env' ;;
    'rr:--psk-fd') state='rr/psk-fd' ;;
    'rr:--psk-cmd') state='rr/psk-cmd' ;;
    'rr:--ws-path') state='rr/ws-path' ;;
    'rr:--ws-header') state='rr/ws-header' ;;
    'rr:--proxy') state='rr/proxy' ;;
    'rr:--proxy-pw') state='rr/proxy-pw' ;;
    'rr:--proxy-cafile') state='rr/proxy-cafile' ;;
    'rr:--proxy-pw-file') state='rr/proxy-pw-file' ;;
    'rr:--proxy-pw-env') state='rr/proxy-pw-env' ;;
    'rr:--proxy-pw-fd') state='rr/proxy-pw-fd' ;;
    'rr:--proxy-pw-cmd') state='rr/proxy-pw-cmd' ;;
    'rr:-o'|'rr:--options') state='rr/options' ;;
    'rr:--profile') state='rr/profile' ;;
    'repl:-c'|'repl:--commands') state='repl/commands' ;;
    'bench:-h'|'bench:--host') state='bench/host' ;;
    'bench:-p'|'bench:--port') state='bench/port' ;;
    'bench:-L'|'bench:--url') state='bench/url' ;;
    'bench:--unix') state='bench/unix' ;;
    'bench:--connect-timeout') state='bench/connect-timeout' ;;
    'bench:-u'|'bench:--username') state='bench/username' ;;
    'bench:-P'|'bench:--pw') state='bench/pw' ;;
    'bench:--pw-file') state='bench/pw-file' ;;
    'bench:--pw-env') state='bench/pw-env' ;;
    'bench:--pw-fd') state='bench/pw-fd' ;;
    'bench:--pw-cmd') state='bench/pw-cmd' ;;
    'bench:--auth-method') state='bench/auth-method' ;;
    'bench:--auth-cmd') state='bench/auth-cmd' ;;
    'bench:--reauth') state='bench/reauth' ;;
    'bench:-V'|'bench:--protocol-version') state='bench/protocol-version' ;;
    'bench:-q'|'bench:--qos') state='bench/qos' ;;
    'bench:-i'|'bench:--id') state='bench/id' ;;
    'bench:-I'|'bench:--id-prefix') state='bench/id-prefix' ;;
    'bench:-x'|'bench:--session-expiry') state='bench/session-expiry' ;;
    'bench:-k'|'bench:--keepalive') state='bench/keepalive' ;;
    'bench:-M'|'bench:--max-inflight') state='bench/max-inflight' ;;
    'bench:-D'|'bench:--property') state='bench/property' ;;
    'bench:--on-loss') state='bench/on-loss' ;;
    'bench:--retries') state='bench/retries' ;;
    'bench:--reconnect-delay') state='bench/reconnect-delay' ;;
    'bench:--reconnect-max') state='bench/reconnect-max' ;;
    'bench:--clients') state='bench/clients' ;;
    'bench:--publishers') state='bench/publishers' ;;
    'bench:--subscribers') state='bench/subscribers' ;;
    'bench:-t'|'bench:--topic') state='bench/topic' ;;
    'bench:--filter') state='bench/filter' ;;
    'bench:--size') state='bench/size' ;;
    'bench:-m'|'bench:--message') state='bench/message' ;;
    'bench:--payload-file') state='bench/payload-file' ;;
    'bench:--rate') state='bench/rate' ;;
    'bench:--client-rate') state='bench/client-rate' ;;
    'bench:--client-table') state='bench/client-table' ;;
    'bench:-A') state='bench/A' ;;
    'bench:--count') state='bench/count' ;;
    'bench:--duration') state='bench/duration' ;;
    'bench:--warmup') state='bench/warmup' ;;
    'bench:--ramp') state='bench/ramp' ;;
    'bench:--scenario') state='bench/scenario' ;;
    'bench:--threads') state='bench/threads' ;;
    'bench:--shard') state='bench/shard' ;;
    'bench:--start-at') state='bench/start-at' ;;
    'bench:--broker-pid') state='bench/broker-pid' ;;
    'bench:--json') state='bench/json' ;;
    'bench:--csv') state='bench/csv' ;;
    'bench:--hdr') state='bench/hdr' ;;
    'bench:--html') state='bench/html' ;;
    'bench:--prometheus') state='bench/prometheus' ;;
    'bench:--expect') state='bench/expect' ;;
    'bench:--will-topic') state='bench/will-topic' ;;
    'bench:--will-payload') state='bench/will-payload' ;;
    'bench:--will-qos') state='bench/will-qos' ;;
    'bench:--cafile') state='bench/cafile' ;;
    'bench:--capath') state='bench/capath' ;;
    'bench:--cert') state='bench/cert' ;;
    'bench:--key') state='bench/key' ;;
    'bench:--keyform') state='bench/keyform' ;;
    'bench:--tls-engine') state='bench/tls-engine' ;;
    'bench:--tls-version') state='bench/tls-version' ;;
    'bench:--ciphers') state='bench/ciphers' ;;
    'bench:--tls-alpn') state='bench/tls-alpn' ;;
    'bench:--crl') state='bench/crl' ;;
    'bench:--ocsp') state='bench/ocsp' ;;
    'bench:--pin') state='bench/pin' ;;
    'bench:--psk') state='bench/psk' ;;
    'bench:--psk-identity') state='bench/psk-identity' ;;
    'bench:--tls-keylog') state='bench/tls-keylog' ;;
    'bench:--key-pass-file') state='bench/key-pass-file' ;;
    'bench:--key-pass-env') state='bench/key-pass-env' ;;
    'bench:--key-pass-fd') state='bench/key-pass-fd' ;;
    'bench:--key-pass-cmd') state='bench/key-pass-cmd' ;;
    'bench:--psk-file') state='bench/psk-file' ;;
    'bench:--psk-env') state='bench/psk-env' ;;
    'bench:--psk-fd') state='bench/psk-fd' ;;
    'bench:--psk-cmd') state='bench/psk-cmd' ;;
    'bench:--ws-path') state='bench/ws-path' ;;
    'bench:--ws-header') state='bench/ws-header' ;;
    'bench:--proxy') state='bench/proxy' ;;
    'bench:--proxy-pw') state='bench/proxy-pw' ;;
    'bench:--proxy-cafile') state='bench/proxy-cafile' ;;
    'bench:--proxy-pw-file') state='bench/proxy-pw-file' ;;
    'bench:--proxy-pw-env') state='bench/proxy-pw-env' ;;
    'bench:--proxy-pw-fd') state='bench/proxy-pw-fd' ;;
    'bench:--proxy-pw-cmd') state='bench/proxy-pw-cmd' ;;
    'bench:--seal') state='bench/seal' ;;
    'bench:--sign') state='bench/sign' ;;
    'bench:--open') state='bench/open' ;;
    'bench:--verify') state='bench/verify' ;;
    'bench:-o'|'bench:--options') state='bench/options' ;;
    'bench:--profile') state='bench/profile' ;;
    'outbox:--outbox') state='outbox/outbox' ;;
    'outbox:-h'|'outbox:--host') state='outbox/host' ;;
    'outbox:-p'|'outbox:--port') state='outbox/port' ;;
    'outbox:-L'|'outbox:--url') state='outbox/url' ;;
    'outbox:--unix') state='outbox/unix' ;;
    'outbox:-A') state='outbox/A' ;;
    'outbox:--connect-timeout') state='outbox/connect-timeout' ;;
    'outbox:--server-order') state='outbox/server-order' ;;
    'outbox:-u'|'outbox:--username') state='outbox/username' ;;
    'outbox:-P'|'outbox:--pw') state='outbox/pw' ;;
    'outbox:--pw-file') state='outbox/pw-file' ;;
    'outbox:--pw-env') state='outbox/pw-env' ;;
    'outbox:--pw-cmd') state='outbox/pw-cmd' ;;
    'outbox:--auth-method') state='outbox/auth-method' ;;
    'outbox:--auth-cmd') state='outbox/auth-cmd' ;;
    'outbox:--reauth') state='outbox/reauth' ;;
    'outbox:-V'|'outbox:--protocol-version') state='outbox/protocol-version' ;;
    'outbox:-i'|'outbox:--id') state='outbox/id' ;;
    'outbox:-x'|'outbox:--session-expiry') state='outbox/session-expiry' ;;
    'outbox:-k'|'outbox:--keepalive') state='outbox/keepalive' ;;
    'outbox:-M'|'outbox:--max-inflight') state='outbox/max-inflight' ;;
    'outbox:-D'|'outbox:--property') state='outbox/property' ;;
    'outbox:-W'|'outbox:--timeout') state='outbox/timeout' ;;
    'outbox:--retries') state='outbox/retries' ;;
    'outbox:--reconnect-delay') state='outbox/reconnect-delay' ;;
    'outbox:--reconnect-max') state='outbox/reconnect-max' ;;
    'outbox:--will-topic') state='outbox/will-topic' ;;
    'outbox:--will-payload') state='outbox/will-payload' ;;
    'outbox:--will-qos') state='outbox/will-qos' ;;
    'outbox:--cafile') state='outbox/cafile' ;;
    'outbox:--capath') state='outbox/capath' ;;
    'outbox:--cert') state='outbox/cert' ;;
    'outbox:--key') state='outbox/key' ;;
    'outbox:--keyform') state='outbox/keyform' ;;
    'outbox:--tls-engine') state='outbox/tls-engine' ;;
    'outbox:--tls-version') state='outbox/tls-version' ;;
    'outbox:--ciphers') state='outbox/ciphers' ;;
    'outbox:--tls-alpn') state='outbox/tls-alpn' ;;
    'outbox:--crl') state='outbox/crl' ;;
    'outbox:--ocsp') state='outbox/ocsp' ;;
    'outbox:--pin') state='outbox/pin' ;;
    'outbox:--psk') state='outbox/psk' ;;
    'outbox:--psk-identity') state='outbox/psk-identity' ;;
    'outbox:--tls-keylog') state='outbox/tls-keylog' ;;
    'outbox:--key-pass-file') state='outbox/key-pass-file' ;;
    'outbox:--key-pass-env') state='outbox/key-pass-env' ;;
    'outbox:--key-pass-cmd') state='outbox/key-pass-cmd' ;;
    'outbox:--psk-file') state='outbox/psk-file' ;;
    'outbox:--psk-env') state='outbox/psk-env' ;;
    'outbox:--psk-cmd') state='outbox/psk-cmd' ;;
    'outbox:--ws-path') state='outbox/ws-path' ;;
    'outbox:--ws-header') state='outbox/ws-header' ;;
    'outbox:--proxy') state='outbox/proxy' ;;
    'outbox:--proxy-pw') state='outbox/proxy-pw' ;;
    'outbox:--proxy-cafile') state='outbox/proxy-cafile' ;;
    'outbox:--proxy-pw-file') state='outbox/proxy-pw-file' ;;
    'outbox:--proxy-pw-env') state='outbox/proxy-pw-env' ;;
    'outbox:--proxy-pw-cmd') state='outbox/proxy-pw-cmd' ;;
    'outbox:-o'|'outbox:--options') state='outbox/options' ;;
    'outbox:--profile') state='outbox/profile' ;;
    'tls:-h'|'tls:--host') state='tls/host' ;;
    'tls:-p'|'tls:--port') state='tls/port' ;;
    'tls:-L'|'tls:--url') state='tls/url' ;;
    'tls:--unix') state='tls/unix' ;;
    'tls:-A') state='tls/A' ;;
    'tls:--connect-timeout') state='tls/connect-timeout' ;;
    'tls:--server-order') state='tls/server-order' ;;
    'tls:-u'|'tls:--username') state='tls/username' ;;
    'tls:-P'|'tls:--pw') state='tls/pw' ;;
    'tls:--pw-file') state='tls/pw-file' ;;
    'tls:--pw-env') state='tls/pw-env' ;;
    'tls:--pw-fd') state='tls/pw-fd' ;;
    'tls:--pw-cmd') state='tls/pw-cmd' ;;
    'tls:--auth-method') state='tls/auth-method' ;;
    'tls:--auth-cmd') state='tls/auth-cmd' ;;
    'tls:--reauth') state='tls/reauth' ;;
    'tls:-V'|'tls:--protocol-version') state='tls/protocol-version' ;;
    'tls:-q'|'tls:--qos') state='tls/qos' ;;
    'tls:-i'|'tls:--id') state='tls/id' ;;
    'tls:-I'|'tls:--id-prefix') state='tls/id-prefix' ;;
    'tls:-x'|'tls:--session-expiry') state='tls/session-expiry' ;;
    'tls:-k'|'tls:--keepalive') state='tls/keepalive' ;;
    'tls:-D'|'tls:--property') state='tls/property' ;;
    'tls:-W'|'tls:--timeout') state='tls/timeout' ;;
    'tls:--cafile') state='tls/cafile' ;;
    'tls:--capath') state='tls/capath' ;;
    'tls:--cert') state='tls/cert' ;;
    'tls:--key') state='tls/key' ;;
    'tls:--keyform') state='tls/keyform' ;;
    'tls:--tls-engine') state='tls/tls-engine' ;;
    'tls:--tls-version') state='tls/tls-version' ;;
    'tls:--ciphers') state='tls/ciphers' ;;
    'tls:--tls-alpn') state='tls/tls-alpn' ;;
    'tls:--crl') state='tls/crl' ;;
    'tls:--ocsp') state='tls/ocsp' ;;
    'tls:--pin') state='tls/pin' ;;
    'tls:--psk') state='tls/psk' ;;
    'tls:--psk-identity') state='tls/psk-identity' ;;
    'tls:--tls-keylog') state='tls/tls-keylog' ;;
    'tls:--key-pass-file') state='tls/key-pass-file' ;;
    'tls:--key-pass-env') state='tls/key-pass-env' ;;
    'tls:--key-pass-fd') state='tls/key-pass-fd' ;;
    'tls:--key-pass-cmd') state='tls/key-pass-cmd' ;;
    'tls:--psk-file') state='tls/psk-file' ;;
    'tls:--psk-env') state='tls/psk-env' ;;
    'tls:--psk-fd') state='tls/psk-fd' ;;
    'tls:--psk-cmd') state='tls/psk-cmd' ;;
    'tls:--ws-path') state='tls/ws-path' ;;
    'tls:--ws-header') state='tls/ws-header' ;;
    'tls:--proxy') state='tls/proxy' ;;
    'tls:--proxy-pw') state='tls/proxy-pw' ;;
    'tls:--proxy-cafile') state='tls/proxy-cafile' ;;
    'tls:--proxy-pw-file') state='tls/proxy-pw-file' ;;
    'tls:--proxy-pw-env') state='tls/proxy-pw-env' ;;
    'tls:--proxy-pw-fd') state='tls/proxy-pw-fd' ;;
    'tls:--proxy-pw-cmd') state='tls/proxy-pw-cmd' ;;
    'tls:-o'|'tls:--options') state='tls/options' ;;
    'tls:--profile') state='tls/profile' ;;
    'key:--type') state='key/type' ;;
    'config:-o'|'config:--options') state='config/options' ;;
    'config:--profile') state='config/profile' ;;
    *) state=$command ;;
  esac
}

# A word is a value, and perhaps opens another.
_apus_step() {
  case $state:$1 in
    --:*) ;;
    'pub/property:''connect') state='pub/property/connect' ;;
    'pub/property/connect:''session-expiry-interval') state='pub/property/connect/session-expiry-interval' ;;
    'pub/property/connect:''authentication-method') state='pub/property/connect/authentication-method' ;;
    'pub/property/connect:''authentication-data') state='pub/property/connect/authentication-data' ;;
    'pub/property/connect:''request-problem-information') state='pub/property/connect/request-problem-information' ;;
    'pub/property/connect:''request-response-information') state='pub/property/connect/request-response-information' ;;
    'pub/property/connect:''receive-maximum') state='pub/property/connect/receive-maximum' ;;
    'pub/property/connect:''topic-alias-maximum') state='pub/property/connect/topic-alias-maximum' ;;
    'pub/property/connect:''user-property') state='pub/property/connect/user-property' ;;
    'pub/property/connect/user-property:'*) state='pub/property/connect/user-property/*' ;;
    'pub/property/connect:''maximum-packet-size') state='pub/property/connect/maximum-packet-size' ;;
    'pub/property:''publish') state='pub/property/publish' ;;
    'pub/property/publish:''payload-format-indicator') state='pub/property/publish/payload-format-indicator' ;;
    'pub/property/publish:''message-expiry-interval') state='pub/property/publish/message-expiry-interval' ;;
    'pub/property/publish:''content-type') state='pub/property/publish/content-type' ;;
    'pub/property/publish:''response-topic') state='pub/property/publish/response-topic' ;;
    'pub/property/publish:''correlation-data') state='pub/property/publish/correlation-data' ;;
    'pub/property/publish:''topic-alias') state='pub/property/publish/topic-alias' ;;
    'pub/property/publish:''user-property') state='pub/property/publish/user-property' ;;
    'pub/property/publish/user-property:'*) state='pub/property/publish/user-property/*' ;;
    'pub/property:''subscribe') state='pub/property/subscribe' ;;
    'pub/property/subscribe:''subscription-identifier') state='pub/property/subscribe/subscription-identifier' ;;
    'pub/property/subscribe:''user-property') state='pub/property/subscribe/user-property' ;;
    'pub/property/subscribe/user-property:'*) state='pub/property/subscribe/user-property/*' ;;
    'pub/property:''unsubscribe') state='pub/property/unsubscribe' ;;
    'pub/property/unsubscribe:''user-property') state='pub/property/unsubscribe/user-property' ;;
    'pub/property/unsubscribe/user-property:'*) state='pub/property/unsubscribe/user-property/*' ;;
    'pub/property:''disconnect') state='pub/property/disconnect' ;;
    'pub/property/disconnect:''session-expiry-interval') state='pub/property/disconnect/session-expiry-interval' ;;
    'pub/property/disconnect:''reason-string') state='pub/property/disconnect/reason-string' ;;
    'pub/property/disconnect:''user-property') state='pub/property/disconnect/user-property' ;;
    'pub/property/disconnect/user-property:'*) state='pub/property/disconnect/user-property/*' ;;
    'pub/property:''will') state='pub/property/will' ;;
    'pub/property/will:''payload-format-indicator') state='pub/property/will/payload-format-indicator' ;;
    'pub/property/will:''message-expiry-interval') state='pub/property/will/message-expiry-interval' ;;
    'pub/property/will:''content-type') state='pub/property/will/content-type' ;;
    'pub/property/will:''response-topic') state='pub/property/will/response-topic' ;;
    'pub/property/will:''correlation-data') state='pub/property/will/correlation-data' ;;
    'pub/property/will:''will-delay-interval') state='pub/property/will/will-delay-interval' ;;
    'pub/property/will:''user-property') state='pub/property/will/user-property' ;;
    'pub/property/will/user-property:'*) state='pub/property/will/user-property/*' ;;
    'sub/property:''connect') state='sub/property/connect' ;;
    'sub/property/connect:''session-expiry-interval') state='sub/property/connect/session-expiry-interval' ;;
    'sub/property/connect:''authentication-method') state='sub/property/connect/authentication-method' ;;
    'sub/property/connect:''authentication-data') state='sub/property/connect/authentication-data' ;;
    'sub/property/connect:''request-problem-information') state='sub/property/connect/request-problem-information' ;;
    'sub/property/connect:''request-response-information') state='sub/property/connect/request-response-information' ;;
    'sub/property/connect:''receive-maximum') state='sub/property/connect/receive-maximum' ;;
    'sub/property/connect:''topic-alias-maximum') state='sub/property/connect/topic-alias-maximum' ;;
    'sub/property/connect:''user-property') state='sub/property/connect/user-property' ;;
    'sub/property/connect/user-property:'*) state='sub/property/connect/user-property/*' ;;
    'sub/property/connect:''maximum-packet-size') state='sub/property/connect/maximum-packet-size' ;;
    'sub/property:''publish') state='sub/property/publish' ;;
    'sub/property/publish:''payload-format-indicator') state='sub/property/publish/payload-format-indicator' ;;
    'sub/property/publish:''message-expiry-interval') state='sub/property/publish/message-expiry-interval' ;;
    'sub/property/publish:''content-type') state='sub/property/publish/content-type' ;;
    'sub/property/publish:''response-topic') state='sub/property/publish/response-topic' ;;
    'sub/property/publish:''correlation-data') state='sub/property/publish/correlation-data' ;;
    'sub/property/publish:''topic-alias') state='sub/property/publish/topic-alias' ;;
    'sub/property/publish:''user-property') state='sub/property/publish/user-property' ;;
    'sub/property/publish/user-property:'*) state='sub/property/publish/user-property/*' ;;
    'sub/property:''subscribe') state='sub/property/subscribe' ;;
    'sub/property/subscribe:''subscription-identifier') state='sub/property/subscribe/subscription-identifier' ;;
    'sub/property/subscribe:''user-property') state='sub/property/subscribe/user-property' ;;
    'sub/property/subscribe/user-property:'*) state='sub/property/subscribe/user-property/*' ;;
    'sub/property:''unsubscribe') state='sub/property/unsubscribe' ;;
    'sub/property/unsubscribe:''user-property') state='sub/property/unsubscribe/user-property' ;;
    'sub/property/unsubscribe/user-property:'*) state='sub/property/unsubscribe/user-property/*' ;;
    'sub/property:''disconnect') state='sub/property/disconnect' ;;
    'sub/property/disconnect:''session-expiry-interval') state='sub/property/disconnect/session-expiry-interval' ;;
    'sub/property/disconnect:''reason-string') state='sub/property/disconnect/reason-string' ;;
    'sub/property/disconnect:''user-property') state='sub/property/disconnect/user-property' ;;
    'sub/property/disconnect/user-property:'*) state='sub/property/disconnect/user-property/*' ;;
    'sub/property:''will') state='sub/property/will' ;;
    'sub/property/will:''payload-format-indicator') state='sub/property/will/payload-format-indicator' ;;
    'sub/property/will:''message-expiry-interval') state='sub/property/will/message-expiry-interval' ;;
    'sub/property/will:''content-type') state='sub/property/will/content-type' ;;
    'sub/property/will:''response-topic') state='sub/property/will/response-topic' ;;
    'sub/property/will:''correlation-data') state='sub/property/will/correlation-data' ;;
    'sub/property/will:''will-delay-interval') state='sub/property/will/will-delay-interval' ;;
    'sub/property/will:''user-property') state='sub/property/will/user-property' ;;
    'sub/property/will/user-property:'*) state='sub/property/will/user-property/*' ;;
    'rr/property:''connect') state='rr/property/connect' ;;
    'rr/property/connect:''session-expiry-interval') state='rr/property/connect/session-expiry-interval' ;;
    'rr/property/connect:''authentication-method') state='rr/property/connect/authentication-method' ;;
    'rr/property/connect:''authentication-data') state='rr/property/connect/authentication-data' ;;
    'rr/property/connect:''request-problem-information') state='rr/property/connect/request-problem-information' ;;
    'rr/property/connect:''request-response-information') state='rr/property/connect/request-response-information' ;;
    'rr/property/connect:''receive-maximum') state='rr/property/connect/receive-maximum' ;;
    'rr/property/connect:''topic-alias-maximum') state='rr/property/connect/topic-alias-maximum' ;;
    'rr/property/connect:''user-property') state='rr/property/connect/user-property' ;;
    'rr/property/connect/user-property:'*) state='rr/property/connect/user-property/*' ;;
    'rr/property/connect:''maximum-packet-size') state='rr/property/connect/maximum-packet-size' ;;
    'rr/property:''publish') state='rr/property/publish' ;;
    'rr/property/publish:''payload-format-indicator') state='rr/property/publish/payload-format-indicator' ;;
    'rr/property/publish:''message-expiry-interval') state='rr/property/publish/message-expiry-interval' ;;
    'rr/property/publish:''content-type') state='rr/property/publish/content-type' ;;
    'rr/property/publish:''response-topic') state='rr/property/publish/response-topic' ;;
    'rr/property/publish:''correlation-data') state='rr/property/publish/correlation-data' ;;
    'rr/property/publish:''topic-alias') state='rr/property/publish/topic-alias' ;;
    'rr/property/publish:''user-property') state='rr/property/publish/user-property' ;;
    'rr/property/publish/user-property:'*) state='rr/property/publish/user-property/*' ;;
    'rr/property:''subscribe') state='rr/property/subscribe' ;;
    'rr/property/subscribe:''subscription-identifier') state='rr/property/subscribe/subscription-identifier' ;;
    'rr/property/subscribe:''user-property') state='rr/property/subscribe/user-property' ;;
    'rr/property/subscribe/user-property:'*) state='rr/property/subscribe/user-property/*' ;;
    'rr/property:''unsubscribe') state='rr/property/unsubscribe' ;;
    'rr/property/unsubscribe:''user-property') state='rr/property/unsubscribe/user-property' ;;
    'rr/property/unsubscribe/user-property:'*) state='rr/property/unsubscribe/user-property/*' ;;
    'rr/property:''disconnect') state='rr/property/disconnect' ;;
    'rr/property/disconnect:''session-expiry-interval') state='rr/property/disconnect/session-expiry-interval' ;;
    'rr/property/disconnect:''reason-string') state='rr/property/disconnect/reason-string' ;;
    'rr/property/disconnect:''user-property') state='rr/property/disconnect/user-property' ;;
    'rr/property/disconnect/user-property:'*) state='rr/property/disconnect/user-property/*' ;;
    'rr/property:''will') state='rr/property/will' ;;
    'rr/property/will:''payload-format-indicator') state='rr/property/will/payload-format-indicator' ;;
    'rr/property/will:''message-expiry-interval') state='rr/property/will/message-expiry-interval' ;;
    'rr/property/will:''content-type') state='rr/property/will/content-type' ;;
    'rr/property/will:''response-topic') state='rr/property/will/response-topic' ;;
    'rr/property/will:''correlation-data') state='rr/property/will/correlation-data' ;;
    'rr/property/will:''will-delay-interval') state='rr/property/will/will-delay-interval' ;;
    'rr/property/will:''user-property') state='rr/property/will/user-property' ;;
    'rr/property/will/user-property:'*) state='rr/property/will/user-property/*' ;;
    'bench/property:''connect') state='bench/property/connect' ;;
    'bench/property/connect:''session-expiry-interval') state='bench/property/connect/session-expiry-interval' ;;
    'bench/property/connect:''authentication-method') state='bench/property/connect/authentication-method' ;;
    'bench/property/connect:''authentication-data') state='bench/property/connect/authentication-data' ;;
    'bench/property/connect:''request-problem-information') state='bench/property/connect/request-problem-information' ;;
    'bench/property/connect:''request-response-information') state='bench/property/connect/request-response-information' ;;
    'bench/property/connect:''receive-maximum') state='bench/property/connect/receive-maximum' ;;
    'bench/property/connect:''topic-alias-maximum') state='bench/property/connect/topic-alias-maximum' ;;
    'bench/property/connect:''user-property') state='bench/property/connect/user-property' ;;
    'bench/property/connect/user-property:'*) state='bench/property/connect/user-property/*' ;;
    'bench/property/connect:''maximum-packet-size') state='bench/property/connect/maximum-packet-size' ;;
    'bench/property:''publish') state='bench/property/publish' ;;
    'bench/property/publish:''payload-format-indicator') state='bench/property/publish/payload-format-indicator' ;;
    'bench/property/publish:''message-expiry-interval') state='bench/property/publish/message-expiry-interval' ;;
    'bench/property/publish:''content-type') state='bench/property/publish/content-type' ;;
    'bench/property/publish:''response-topic') state='bench/property/publish/response-topic' ;;
    'bench/property/publish:''correlation-data') state='bench/property/publish/correlation-data' ;;
    'bench/property/publish:''topic-alias') state='bench/property/publish/topic-alias' ;;
    'bench/property/publish:''user-property') state='bench/property/publish/user-property' ;;
    'bench/property/publish/user-property:'*) state='bench/property/publish/user-property/*' ;;
    'bench/property:''subscribe') state='bench/property/subscribe' ;;
    'bench/property/subscribe:''subscription-identifier') state='bench/property/subscribe/subscription-identifier' ;;
    'bench/property/subscribe:''user-property') state='bench/property/subscribe/user-property' ;;
    'bench/property/subscribe/user-property:'*) state='bench/property/subscribe/user-property/*' ;;
    'bench/property:''unsubscribe') state='bench/property/unsubscribe' ;;
    'bench/property/unsubscribe:''user-property') state='bench/property/unsubscribe/user-property' ;;
    'bench/property/unsubscribe/user-property:'*) state='bench/property/unsubscribe/user-property/*' ;;
    'bench/property:''disconnect') state='bench/property/disconnect' ;;
    'bench/property/disconnect:''session-expiry-interval') state='bench/property/disconnect/session-expiry-interval' ;;
    'bench/property/disconnect:''reason-string') state='bench/property/disconnect/reason-string' ;;
    'bench/property/disconnect:''user-property') state='bench/property/disconnect/user-property' ;;
    'bench/property/disconnect/user-property:'*) state='bench/property/disconnect/user-property/*' ;;
    'bench/property:''will') state='bench/property/will' ;;
    'bench/property/will:''payload-format-indicator') state='bench/property/will/payload-format-indicator' ;;
    'bench/property/will:''message-expiry-interval') state='bench/property/will/message-expiry-interval' ;;
    'bench/property/will:''content-type') state='bench/property/will/content-type' ;;
    'bench/property/will:''response-topic') state='bench/property/will/response-topic' ;;
    'bench/property/will:''correlation-data') state='bench/property/will/correlation-data' ;;
    'bench/property/will:''will-delay-interval') state='bench/property/will/will-delay-interval' ;;
    'bench/property/will:''user-property') state='bench/property/will/user-property' ;;
    'bench/property/will/user-property:'*) state='bench/property/will/user-property/*' ;;
    'outbox/property:''connect') state='outbox/property/connect' ;;
    'outbox/property/connect:''session-expiry-interval') state='outbox/property/connect/session-expiry-interval' ;;
    'outbox/property/connect:''authentication-method') state='outbox/property/connect/authentication-method' ;;
    'outbox/property/connect:''authentication-data') state='outbox/property/connect/authentication-data' ;;
    'outbox/property/connect:''request-problem-information') state='outbox/property/connect/request-problem-information' ;;
    'outbox/property/connect:''request-response-information') state='outbox/property/connect/request-response-information' ;;
    'outbox/property/connect:''receive-maximum') state='outbox/property/connect/receive-maximum' ;;
    'outbox/property/connect:''topic-alias-maximum') state='outbox/property/connect/topic-alias-maximum' ;;
    'outbox/property/connect:''user-property') state='outbox/property/connect/user-property' ;;
    'outbox/property/connect/user-property:'*) state='outbox/property/connect/user-property/*' ;;
    'outbox/property/connect:''maximum-packet-size') state='outbox/property/connect/maximum-packet-size' ;;
    'outbox/property:''publish') state='outbox/property/publish' ;;
    'outbox/property/publish:''payload-format-indicator') state='outbox/property/publish/payload-format-indicator' ;;
    'outbox/property/publish:''message-expiry-interval') state='outbox/property/publish/message-expiry-interval' ;;
    'outbox/property/publish:''content-type') state='outbox/property/publish/content-type' ;;
    'outbox/property/publish:''response-topic') state='outbox/property/publish/response-topic' ;;
    'outbox/property/publish:''correlation-data') state='outbox/property/publish/correlation-data' ;;
    'outbox/property/publish:''topic-alias') state='outbox/property/publish/topic-alias' ;;
    'outbox/property/publish:''user-property') state='outbox/property/publish/user-property' ;;
    'outbox/property/publish/user-property:'*) state='outbox/property/publish/user-property/*' ;;
    'outbox/property:''subscribe') state='outbox/property/subscribe' ;;
    'outbox/property/subscribe:''subscription-identifier') state='outbox/property/subscribe/subscription-identifier' ;;
    'outbox/property/subscribe:''user-property') state='outbox/property/subscribe/user-property' ;;
    'outbox/property/subscribe/user-property:'*) state='outbox/property/subscribe/user-property/*' ;;
    'outbox/property:''unsubscribe') state='outbox/property/unsubscribe' ;;
    'outbox/property/unsubscribe:''user-property') state='outbox/property/unsubscribe/user-property' ;;
    'outbox/property/unsubscribe/user-property:'*) state='outbox/property/unsubscribe/user-property/*' ;;
    'outbox/property:''disconnect') state='outbox/property/disconnect' ;;
    'outbox/property/disconnect:''session-expiry-interval') state='outbox/property/disconnect/session-expiry-interval' ;;
    'outbox/property/disconnect:''reason-string') state='outbox/property/disconnect/reason-string' ;;
    'outbox/property/disconnect:''user-property') state='outbox/property/disconnect/user-property' ;;
    'outbox/property/disconnect/user-property:'*) state='outbox/property/disconnect/user-property/*' ;;
    'outbox/property:''will') state='outbox/property/will' ;;
    'outbox/property/will:''payload-format-indicator') state='outbox/property/will/payload-format-indicator' ;;
    'outbox/property/will:''message-expiry-interval') state='outbox/property/will/message-expiry-interval' ;;
    'outbox/property/will:''content-type') state='outbox/property/will/content-type' ;;
    'outbox/property/will:''response-topic') state='outbox/property/will/response-topic' ;;
    'outbox/property/will:''correlation-data') state='outbox/property/will/correlation-data' ;;
    'outbox/property/will:''will-delay-interval') state='outbox/property/will/will-delay-interval' ;;
    'outbox/property/will:''user-property') state='outbox/property/will/user-property' ;;
    'outbox/property/will/user-property:'*) state='outbox/property/will/user-property/*' ;;
    'tls/property:''connect') state='tls/property/connect' ;;
    'tls/property/connect:''session-expiry-interval') state='tls/property/connect/session-expiry-interval' ;;
    'tls/property/connect:''authentication-method') state='tls/property/connect/authentication-method' ;;
    'tls/property/connect:''authentication-data') state='tls/property/connect/authentication-data' ;;
    'tls/property/connect:''request-problem-information') state='tls/property/connect/request-problem-information' ;;
    'tls/property/connect:''request-response-information') state='tls/property/connect/request-response-information' ;;
    'tls/property/connect:''receive-maximum') state='tls/property/connect/receive-maximum' ;;
    'tls/property/connect:''topic-alias-maximum') state='tls/property/connect/topic-alias-maximum' ;;
    'tls/property/connect:''user-property') state='tls/property/connect/user-property' ;;
    'tls/property/connect/user-property:'*) state='tls/property/connect/user-property/*' ;;
    'tls/property/connect:''maximum-packet-size') state='tls/property/connect/maximum-packet-size' ;;
    'tls/property:''publish') state='tls/property/publish' ;;
    'tls/property/publish:''payload-format-indicator') state='tls/property/publish/payload-format-indicator' ;;
    'tls/property/publish:''message-expiry-interval') state='tls/property/publish/message-expiry-interval' ;;
    'tls/property/publish:''content-type') state='tls/property/publish/content-type' ;;
    'tls/property/publish:''response-topic') state='tls/property/publish/response-topic' ;;
    'tls/property/publish:''correlation-data') state='tls/property/publish/correlation-data' ;;
    'tls/property/publish:''topic-alias') state='tls/property/publish/topic-alias' ;;
    'tls/property/publish:''user-property') state='tls/property/publish/user-property' ;;
    'tls/property/publish/user-property:'*) state='tls/property/publish/user-property/*' ;;
    'tls/property:''subscribe') state='tls/property/subscribe' ;;
    'tls/property/subscribe:''subscription-identifier') state='tls/property/subscribe/subscription-identifier' ;;
    'tls/property/subscribe:''user-property') state='tls/property/subscribe/user-property' ;;
    'tls/property/subscribe/user-property:'*) state='tls/property/subscribe/user-property/*' ;;
    'tls/property:''unsubscribe') state='tls/property/unsubscribe' ;;
    'tls/property/unsubscribe:''user-property') state='tls/property/unsubscribe/user-property' ;;
    'tls/property/unsubscribe/user-property:'*) state='tls/property/unsubscribe/user-property/*' ;;
    'tls/property:''disconnect') state='tls/property/disconnect' ;;
    'tls/property/disconnect:''session-expiry-interval') state='tls/property/disconnect/session-expiry-interval' ;;
    'tls/property/disconnect:''reason-string') state='tls/property/disconnect/reason-string' ;;
    'tls/property/disconnect:''user-property') state='tls/property/disconnect/user-property' ;;
    'tls/property/disconnect/user-property:'*) state='tls/property/disconnect/user-property/*' ;;
    'tls/property:''will') state='tls/property/will' ;;
    'tls/property/will:''payload-format-indicator') state='tls/property/will/payload-format-indicator' ;;
    'tls/property/will:''message-expiry-interval') state='tls/property/will/message-expiry-interval' ;;
    'tls/property/will:''content-type') state='tls/property/will/content-type' ;;
    'tls/property/will:''response-topic') state='tls/property/will/response-topic' ;;
    'tls/property/will:''correlation-data') state='tls/property/will/correlation-data' ;;
    'tls/property/will:''will-delay-interval') state='tls/property/will/will-delay-interval' ;;
    'tls/property/will:''user-property') state='tls/property/will/user-property' ;;
    'tls/property/will/user-property:'*) state='tls/property/will/user-property/*' ;;
    *) state=$command ;;
  esac
}

# Offers an operand, by those before it.
_apus_operands() {
  case $place in
    'repl') _apus_names 'file' ;;
    'bench') ((last == 2)) && _apus_words 'conn' 'pub' 'sub' 'pubsub' 'rr' 'compare' 'merge' ;;
    'bench/compare'|'bench/compare/'*) _apus_names 'file' ;;
    'bench/merge'|'bench/merge/'*) _apus_names 'file' ;;
    'outbox') ((last == 2)) && _apus_words 'ls' 'flush' 'show' 'drop' 'stats' ;;
    'key') ((last == 2)) && _apus_words 'new' 'public' 'show' ;;
    'key/new') _apus_names 'file' ;;
    'key/public') _apus_names 'file' ;;
    'key/show') _apus_names 'file' ;;
  esac
}

_apus_offer() {
  case $state in
    'pub/host') _apus_names 'hostname' ;;
    'pub/unix') _apus_names 'file' ;;
    'pub/A') _apus_names 'hostname' ;;
    'pub/server-order') _apus_words 'listed' 'random' ;;
    'pub/pw-file') _apus_names 'file' ;;
    'pub/auth-method') _apus_words 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'SCRAM-SHA-512' 'SCRAM-SHA-512-PLUS' ;;
    'pub/protocol-version') _apus_words '5' '311' '31' 'mqttv5' 'mqttv311' 'mqttv31' ;;
    'pub/qos') _apus_words '0' '1' '2' ;;
    'pub/property') _apus_words 'connect' 'publish' 'subscribe' 'unsubscribe' 'disconnect' 'will' ;;
    'pub/property/connect') _apus_words 'session-expiry-interval' 'authentication-method' 'authentication-data' 'request-problem-information' 'request-response-information' 'receive-maximum' 'topic-alias-maximum' 'user-property' 'maximum-packet-size' ;;
    'pub/property/publish') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'topic-alias' 'user-property' ;;
    'pub/property/subscribe') _apus_words 'subscription-identifier' 'user-property' ;;
    'pub/property/unsubscribe') _apus_words 'user-property' ;;
    'pub/property/disconnect') _apus_words 'session-expiry-interval' 'reason-string' 'user-property' ;;
    'pub/property/will') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'will-delay-interval' 'user-property' ;;
    'pub/on-loss') _apus_words 'wait' 'exit' ;;
    'pub/file') _apus_names 'file' ;;
    'pub/outbox') _apus_names 'directory' ;;
    'pub/will-qos') _apus_words '0' '1' '2' ;;
    'pub/seal') _apus_names 'file' ;;
    'pub/sign') _apus_names 'file' ;;
    'pub/cafile') _apus_names 'file' ;;
    'pub/capath') _apus_names 'directory' ;;
    'pub/cert') _apus_names 'file' ;;
    'pub/key') _apus_names 'file' ;;
    'pub/keyform') _apus_words 'pem' 'engine' ;;
    'pub/tls-version') _apus_words 'tlsv1.2' 'tlsv1.3' ;;
    'pub/crl') _apus_names 'file' ;;
    'pub/ocsp') _apus_words 'require' ;;
    'pub/tls-keylog') _apus_names 'file' ;;
    'pub/key-pass-file') _apus_names 'file' ;;
    'pub/psk-file') _apus_names 'file' ;;
    'pub/proxy-cafile') _apus_names 'file' ;;
    'pub/proxy-pw-file') _apus_names 'file' ;;
    'pub/options') _apus_names 'file' ;;
    'pub/profile') _apus_profiles ;;
    'pub') _apus_words '-h' '--host' '-p' '--port' '-L' '--url' '--unix' '-S' '--srv' '-A' '--connect-timeout' '--nodelay' '--server-order' '--follow-redirect' '-u' '--username' '-P' '--pw' '--pw-file' '--pw-env' '--pw-fd' '--pw-cmd' '--auth-method' '--auth-cmd' '--reauth' '--explain' '-V' '--protocol-version' '-q' '--qos' '-i' '--id' '-I' '--id-prefix' '-c' '--disable-clean-session' '-x' '--session-expiry' '-k' '--keepalive' '-M' '--max-inflight' '-D' '--property' '--binary' '-W' '--timeout' '--allow-control-characters' '-d' '--debug' '--quiet' '--on-loss' '--retries' '--reconnect-delay' '--reconnect-max' '-t' '--topic' '-m' '--message' '-f' '--file' '-n' '--null-message' '-s' '--stdin-file' '-l' '--stdin-line' '-0' '--stdin-null' '--topic-separator' '--json-lines' '-r' '--retain' '--repeat' '--repeat-delay' '--eager' '--template' '--set' '--outbox' '--no-wait' '--require-delivery' '--max-size' '--max-age' '--will-topic' '--will-payload' '--will-qos' '--will-retain' '--seal' '--sign' '--cafile' '--capath' '--tls-use-os-certs' '--tls' '--cert' '--key' '--keyform' '--tls-engine' '--tls-version' '--ciphers' '--tls-alpn' '--crl' '--ocsp' '--pin' '--insecure' '--psk' '--psk-identity' '--tls-keylog' '--no-tls' '--key-pass-file' '--key-pass-env' '--key-pass-fd' '--key-pass-cmd' '--psk-file' '--psk-env' '--psk-fd' '--psk-cmd' '--ws' '--ws-path' '--ws-header' '--proxy' '--proxy-pw' '--no-proxy' '--proxy-cafile' '--proxy-pw-file' '--proxy-pw-env' '--proxy-pw-fd' '--proxy-pw-cmd' '-o' '--options' '--profile' '--help' '--version' ;;
    'sub/host') _apus_names 'hostname' ;;
    'sub/unix') _apus_names 'file' ;;
    'sub/A') _apus_names 'hostname' ;;
    'sub/server-order') _apus_words 'listed' 'random' ;;
    'sub/pw-file') _apus_names 'file' ;;
    'sub/auth-method') _apus_words 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'SCRAM-SHA-512' 'SCRAM-SHA-512-PLUS' ;;
    'sub/protocol-version') _apus_words '5' '311' '31' 'mqttv5' 'mqttv311' 'mqttv31' ;;
    'sub/qos') _apus_words '0' '1' '2' ;;
    'sub/property') _apus_words 'connect' 'publish' 'subscribe' 'unsubscribe' 'disconnect' 'will' ;;
    'sub/property/connect') _apus_words 'session-expiry-interval' 'authentication-method' 'authentication-data' 'request-problem-information' 'request-response-information' 'receive-maximum' 'topic-alias-maximum' 'user-property' 'maximum-packet-size' ;;
    'sub/property/publish') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'topic-alias' 'user-property' ;;
    'sub/property/subscribe') _apus_words 'subscription-identifier' 'user-property' ;;
    'sub/property/unsubscribe') _apus_words 'user-property' ;;
    'sub/property/disconnect') _apus_words 'session-expiry-interval' 'reason-string' 'user-property' ;;
    'sub/property/will') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'will-delay-interval' 'user-property' ;;
    'sub/on-loss') _apus_words 'wait' 'exit' ;;
    'sub/retain-handling') _apus_words 'always' 'new' 'never' ;;
    'sub/ack') _apus_words 'write' 'read' 'exec' ;;
    'sub/will-qos') _apus_words '0' '1' '2' ;;
    'sub/open') _apus_names 'file' ;;
    'sub/verify') _apus_names 'file' ;;
    'sub/state') _apus_names 'file' ;;
    'sub/cafile') _apus_names 'file' ;;
    'sub/capath') _apus_names 'directory' ;;
    'sub/cert') _apus_names 'file' ;;
    'sub/key') _apus_names 'file' ;;
    'sub/keyform') _apus_words 'pem' 'engine' ;;
    'sub/tls-version') _apus_words 'tlsv1.2' 'tlsv1.3' ;;
    'sub/crl') _apus_names 'file' ;;
    'sub/ocsp') _apus_words 'require' ;;
    'sub/tls-keylog') _apus_names 'file' ;;
    'sub/key-pass-file') _apus_names 'file' ;;
    'sub/psk-file') _apus_names 'file' ;;
    'sub/proxy-cafile') _apus_names 'file' ;;
    'sub/proxy-pw-file') _apus_names 'file' ;;
    'sub/options') _apus_names 'file' ;;
    'sub/profile') _apus_profiles ;;
    'sub') _apus_words '-h' '--host' '-p' '--port' '-L' '--url' '--unix' '-S' '--srv' '-A' '--connect-timeout' '--nodelay' '--server-order' '--follow-redirect' '-u' '--username' '-P' '--pw' '--pw-file' '--pw-env' '--pw-fd' '--pw-cmd' '--auth-method' '--auth-cmd' '--reauth' '--explain' '-V' '--protocol-version' '-q' '--qos' '-i' '--id' '-I' '--id-prefix' '-c' '--disable-clean-session' '-x' '--session-expiry' '-k' '--keepalive' '-M' '--max-inflight' '-D' '--property' '--binary' '-W' '--timeout' '--allow-control-characters' '-d' '--debug' '--quiet' '--on-loss' '--retries' '--reconnect-delay' '--reconnect-max' '-t' '--topic' '--subscription' '-U' '--unsubscribe' '--retain-handling' '--retain-as-published' '--no-local' '-E' '-C' '--count' '--ack' '--idle-timeout' '-T' '--filter-out' '-R' '--retained-only' '--remove-retained' '--random-filter' '-v' '--verbose' '-F' '--pretty' '--json' '-w' '--watch' '--message-rate' '--raw' '-N' '--exec' '--jobs' '--will-topic' '--will-payload' '--will-qos' '--will-retain' '--open' '--verify' '--allow-plain' '--strict' '--state' '--cafile' '--capath' '--tls-use-os-certs' '--tls' '--cert' '--key' '--keyform' '--tls-engine' '--tls-version' '--ciphers' '--tls-alpn' '--crl' '--ocsp' '--pin' '--insecure' '--psk' '--psk-identity' '--tls-keylog' '--no-tls' '--key-pass-file' '--key-pass-env' '--key-pass-fd' '--key-pass-cmd' '--psk-file' '--psk-env' '--psk-fd' '--psk-cmd' '--ws' '--ws-path' '--ws-header' '--proxy' '--proxy-pw' '--no-proxy' '--proxy-cafile' '--proxy-pw-file' '--proxy-pw-env' '--proxy-pw-fd' '--proxy-pw-cmd' '-o' '--options' '--profile' '--help' '--version' ;;
    'rr/host') _apus_names 'hostname' ;;
    'rr/unix') _apus_names 'file' ;;
    'rr/A') _apus_names 'hostname' ;;
    'rr/server-order') _apus_words 'listed' 'random' ;;
    'rr/pw-file') _apus_names 'file' ;;
    'rr/auth-method') _apus_words 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'SCRAM-SHA-512' 'SCRAM-SHA-512-PLUS' ;;
    'rr/protocol-version') _apus_words '5' '311' '31' 'mqttv5' 'mqttv311' 'mqttv31' ;;
    'rr/qos') _apus_words '0' '1' '2' ;;
    'rr/property') _apus_words 'connect' 'publish' 'subscribe' 'unsubscribe' 'disconnect' 'will' ;;
    'rr/property/connect') _apus_words 'session-expiry-interval' 'authentication-method' 'authentication-data' 'request-problem-information' 'request-response-information' 'receive-maximum' 'topic-alias-maximum' 'user-property' 'maximum-packet-size' ;;
    'rr/property/publish') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'topic-alias' 'user-property' ;;
    'rr/property/subscribe') _apus_words 'subscription-identifier' 'user-property' ;;
    'rr/property/unsubscribe') _apus_words 'user-property' ;;
    'rr/property/disconnect') _apus_words 'session-expiry-interval' 'reason-string' 'user-property' ;;
    'rr/property/will') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'will-delay-interval' 'user-property' ;;
    'rr/on-loss') _apus_words 'wait' 'exit' ;;
    'rr/file') _apus_names 'file' ;;
    'rr/retain-handling') _apus_words 'always' 'new' 'never' ;;
    'rr/will-qos') _apus_words '0' '1' '2' ;;
    'rr/seal') _apus_names 'file' ;;
    'rr/sign') _apus_names 'file' ;;
    'rr/open') _apus_names 'file' ;;
    'rr/verify') _apus_names 'file' ;;
    'rr/state') _apus_names 'file' ;;
    'rr/cafile') _apus_names 'file' ;;
    'rr/capath') _apus_names 'directory' ;;
    'rr/cert') _apus_names 'file' ;;
    'rr/key') _apus_names 'file' ;;
    'rr/keyform') _apus_words 'pem' 'engine' ;;
    'rr/tls-version') _apus_words 'tlsv1.2' 'tlsv1.3' ;;
    'rr/crl') _apus_names 'file' ;;
    'rr/ocsp') _apus_words 'require' ;;
    'rr/tls-keylog') _apus_names 'file' ;;
    'rr/key-pass-file') _apus_names 'file' ;;
    'rr/psk-file') _apus_names 'file' ;;
    'rr/proxy-cafile') _apus_names 'file' ;;
    'rr/proxy-pw-file') _apus_names 'file' ;;
    'rr/options') _apus_names 'file' ;;
    'rr/profile') _apus_profiles ;;
    'rr') _apus_words '-h' '--host' '-p' '--port' '-L' '--url' '--unix' '-S' '--srv' '-A' '--connect-timeout' '--nodelay' '--server-order' '--follow-redirect' '-u' '--username' '-P' '--pw' '--pw-file' '--pw-env' '--pw-fd' '--pw-cmd' '--auth-method' '--auth-cmd' '--reauth' '--explain' '-V' '--protocol-version' '-q' '--qos' '-i' '--id' '-I' '--id-prefix' '-c' '--disable-clean-session' '-x' '--session-expiry' '-k' '--keepalive' '-D' '--property' '--binary' '--allow-control-characters' '-d' '--debug' '--quiet' '--on-loss' '--retries' '--reconnect-delay' '--reconnect-max' '-t' '--topic' '-e' '--any' '--timeout' '-W' '-M' '--max-inflight' '--latency' '-m' '--message' '-f' '--file' '-n' '--null-message' '-s' '--stdin-file' '-l' '--stdin-line' '-0' '--stdin-null' '--serve' '-C' '--count' '--exec' '--jobs' '--retain-handling' '--retain-as-published' '-R' '-v' '--verbose' '-F' '--pretty' '--raw' '-N' '--will-topic' '--will-payload' '--will-qos' '--will-retain' '--seal' '--sign' '--open' '--verify' '--allow-plain' '--strict' '--state' '--cafile' '--capath' '--tls-use-os-certs' '--tls' '--cert' '--key' '--keyform' '--tls-engine' '--tls-version' '--ciphers' '--tls-alpn' '--crl' '--ocsp' '--pin' '--insecure' '--psk' '--psk-identity' '--tls-keylog' '--no-tls' '--key-pass-file' '--key-pass-env' '--key-pass-fd' '--key-pass-cmd' '--psk-file' '--psk-env' '--psk-fd' '--psk-cmd' '--ws' '--ws-path' '--ws-header' '--proxy' '--proxy-pw' '--no-proxy' '--proxy-cafile' '--proxy-pw-file' '--proxy-pw-env' '--proxy-pw-fd' '--proxy-pw-cmd' '-o' '--options' '--profile' '--help' '--version' ;;
    'repl') _apus_words '-c' '--commands' '--keep-going' '--help' '--version' ;;
    'bench/host') _apus_names 'hostname' ;;
    'bench/unix') _apus_names 'file' ;;
    'bench/pw-file') _apus_names 'file' ;;
    'bench/auth-method') _apus_words 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'SCRAM-SHA-512' 'SCRAM-SHA-512-PLUS' ;;
    'bench/protocol-version') _apus_words '5' '311' '31' 'mqttv5' 'mqttv311' 'mqttv31' ;;
    'bench/qos') _apus_words '0' '1' '2' ;;
    'bench/property') _apus_words 'connect' 'publish' 'subscribe' 'unsubscribe' 'disconnect' 'will' ;;
    'bench/property/connect') _apus_words 'session-expiry-interval' 'authentication-method' 'authentication-data' 'request-problem-information' 'request-response-information' 'receive-maximum' 'topic-alias-maximum' 'user-property' 'maximum-packet-size' ;;
    'bench/property/publish') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'topic-alias' 'user-property' ;;
    'bench/property/subscribe') _apus_words 'subscription-identifier' 'user-property' ;;
    'bench/property/unsubscribe') _apus_words 'user-property' ;;
    'bench/property/disconnect') _apus_words 'session-expiry-interval' 'reason-string' 'user-property' ;;
    'bench/property/will') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'will-delay-interval' 'user-property' ;;
    'bench/on-loss') _apus_words 'wait' 'exit' ;;
    'bench/payload-file') _apus_names 'file' ;;
    'bench/client-table') _apus_names 'file' ;;
    'bench/A') _apus_names 'hostname' ;;
    'bench/scenario') _apus_names 'file' ;;
    'bench/json') _apus_names 'file' ;;
    'bench/csv') _apus_names 'file' ;;
    'bench/hdr') _apus_names 'file' ;;
    'bench/html') _apus_names 'file' ;;
    'bench/will-qos') _apus_words '0' '1' '2' ;;
    'bench/cafile') _apus_names 'file' ;;
    'bench/capath') _apus_names 'directory' ;;
    'bench/cert') _apus_names 'file' ;;
    'bench/key') _apus_names 'file' ;;
    'bench/keyform') _apus_words 'pem' 'engine' ;;
    'bench/tls-version') _apus_words 'tlsv1.2' 'tlsv1.3' ;;
    'bench/crl') _apus_names 'file' ;;
    'bench/ocsp') _apus_words 'require' ;;
    'bench/tls-keylog') _apus_names 'file' ;;
    'bench/key-pass-file') _apus_names 'file' ;;
    'bench/psk-file') _apus_names 'file' ;;
    'bench/proxy-cafile') _apus_names 'file' ;;
    'bench/proxy-pw-file') _apus_names 'file' ;;
    'bench/seal') _apus_names 'file' ;;
    'bench/sign') _apus_names 'file' ;;
    'bench/open') _apus_names 'file' ;;
    'bench/verify') _apus_names 'file' ;;
    'bench/options') _apus_names 'file' ;;
    'bench/profile') _apus_profiles ;;
    'bench') _apus_words '-h' '--host' '-p' '--port' '-L' '--url' '--unix' '-S' '--srv' '--connect-timeout' '--nodelay' '-u' '--username' '-P' '--pw' '--pw-file' '--pw-env' '--pw-fd' '--pw-cmd' '--auth-method' '--auth-cmd' '--reauth' '-V' '--protocol-version' '-q' '--qos' '-i' '--id' '-I' '--id-prefix' '-c' '--disable-clean-session' '-x' '--session-expiry' '-k' '--keepalive' '-M' '--max-inflight' '-D' '--property' '--binary' '--allow-control-characters' '-d' '--debug' '--quiet' '--on-loss' '--retries' '--reconnect-delay' '--reconnect-max' '--clients' '--publishers' '--subscribers' '-t' '--topic' '--filter' '-r' '--retain' '--size' '-m' '--message' '--payload-file' '--rate' '--client-rate' '--poisson' '--client-table' '-A' '--count' '--duration' '--warmup' '--ramp' '--scenario' '--threads' '--shard' '--start-at' '--broker-pid' '--broker-sys' '--json' '--csv' '--hdr' '--html' '--prometheus' '--expect' '--will-topic' '--will-payload' '--will-qos' '--will-retain' '--cafile' '--capath' '--tls-use-os-certs' '--tls' '--cert' '--key' '--keyform' '--tls-engine' '--tls-version' '--ciphers' '--tls-alpn' '--crl' '--ocsp' '--pin' '--insecure' '--psk' '--psk-identity' '--tls-keylog' '--no-tls' '--key-pass-file' '--key-pass-env' '--key-pass-fd' '--key-pass-cmd' '--psk-file' '--psk-env' '--psk-fd' '--psk-cmd' '--ws' '--ws-path' '--ws-header' '--proxy' '--proxy-pw' '--no-proxy' '--proxy-cafile' '--proxy-pw-file' '--proxy-pw-env' '--proxy-pw-fd' '--proxy-pw-cmd' '--seal' '--sign' '--open' '--verify' '-o' '--options' '--profile' '--help' '--version' ;;
    'outbox/outbox') _apus_names 'directory' ;;
    'outbox/host') _apus_names 'hostname' ;;
    'outbox/unix') _apus_names 'file' ;;
    'outbox/A') _apus_names 'hostname' ;;
    'outbox/server-order') _apus_words 'listed' 'random' ;;
    'outbox/pw-file') _apus_names 'file' ;;
    'outbox/auth-method') _apus_words 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'SCRAM-SHA-512' 'SCRAM-SHA-512-PLUS' ;;
    'outbox/protocol-version') _apus_words '5' '311' '31' 'mqttv5' 'mqttv311' 'mqttv31' ;;
    'outbox/property') _apus_words 'connect' 'publish' 'subscribe' 'unsubscribe' 'disconnect' 'will' ;;
    'outbox/property/connect') _apus_words 'session-expiry-interval' 'authentication-method' 'authentication-data' 'request-problem-information' 'request-response-information' 'receive-maximum' 'topic-alias-maximum' 'user-property' 'maximum-packet-size' ;;
    'outbox/property/publish') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'topic-alias' 'user-property' ;;
    'outbox/property/subscribe') _apus_words 'subscription-identifier' 'user-property' ;;
    'outbox/property/unsubscribe') _apus_words 'user-property' ;;
    'outbox/property/disconnect') _apus_words 'session-expiry-interval' 'reason-string' 'user-property' ;;
    'outbox/property/will') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'will-delay-interval' 'user-property' ;;
    'outbox/will-qos') _apus_words '0' '1' '2' ;;
    'outbox/cafile') _apus_names 'file' ;;
    'outbox/capath') _apus_names 'directory' ;;
    'outbox/cert') _apus_names 'file' ;;
    'outbox/key') _apus_names 'file' ;;
    'outbox/keyform') _apus_words 'pem' 'engine' ;;
    'outbox/tls-version') _apus_words 'tlsv1.2' 'tlsv1.3' ;;
    'outbox/crl') _apus_names 'file' ;;
    'outbox/ocsp') _apus_words 'require' ;;
    'outbox/tls-keylog') _apus_names 'file' ;;
    'outbox/key-pass-file') _apus_names 'file' ;;
    'outbox/psk-file') _apus_names 'file' ;;
    'outbox/proxy-cafile') _apus_names 'file' ;;
    'outbox/proxy-pw-file') _apus_names 'file' ;;
    'outbox/options') _apus_names 'file' ;;
    'outbox/profile') _apus_profiles ;;
    'outbox') _apus_words '--outbox' '--all' '--json' '-h' '--host' '-p' '--port' '-L' '--url' '--unix' '-S' '--srv' '-A' '--connect-timeout' '--nodelay' '--server-order' '--follow-redirect' '-u' '--username' '-P' '--pw' '--pw-file' '--pw-env' '--pw-cmd' '--auth-method' '--auth-cmd' '--reauth' '-V' '--protocol-version' '-i' '--id' '-x' '--session-expiry' '-k' '--keepalive' '-M' '--max-inflight' '-D' '--property' '--binary' '-W' '--timeout' '-d' '--debug' '--quiet' '--retries' '--reconnect-delay' '--reconnect-max' '--will-topic' '--will-payload' '--will-qos' '--will-retain' '--cafile' '--capath' '--tls-use-os-certs' '--tls' '--cert' '--key' '--keyform' '--tls-engine' '--tls-version' '--ciphers' '--tls-alpn' '--crl' '--ocsp' '--pin' '--insecure' '--psk' '--psk-identity' '--tls-keylog' '--no-tls' '--key-pass-file' '--key-pass-env' '--key-pass-cmd' '--psk-file' '--psk-env' '--psk-cmd' '--ws' '--ws-path' '--ws-header' '--proxy' '--proxy-pw' '--no-proxy' '--proxy-cafile' '--proxy-pw-file' '--proxy-pw-env' '--proxy-pw-cmd' '-o' '--options' '--profile' '--help' '--version' ;;
    'tls/host') _apus_names 'hostname' ;;
    'tls/unix') _apus_names 'file' ;;
    'tls/A') _apus_names 'hostname' ;;
    'tls/server-order') _apus_words 'listed' 'random' ;;
    'tls/pw-file') _apus_names 'file' ;;
    'tls/auth-method') _apus_words 'SCRAM-SHA-1' 'SCRAM-SHA-1-PLUS' 'SCRAM-SHA-256' 'SCRAM-SHA-256-PLUS' 'SCRAM-SHA-512' 'SCRAM-SHA-512-PLUS' ;;
    'tls/protocol-version') _apus_words '5' '311' '31' 'mqttv5' 'mqttv311' 'mqttv31' ;;
    'tls/qos') _apus_words '0' '1' '2' ;;
    'tls/property') _apus_words 'connect' 'publish' 'subscribe' 'unsubscribe' 'disconnect' 'will' ;;
    'tls/property/connect') _apus_words 'session-expiry-interval' 'authentication-method' 'authentication-data' 'request-problem-information' 'request-response-information' 'receive-maximum' 'topic-alias-maximum' 'user-property' 'maximum-packet-size' ;;
    'tls/property/publish') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'topic-alias' 'user-property' ;;
    'tls/property/subscribe') _apus_words 'subscription-identifier' 'user-property' ;;
    'tls/property/unsubscribe') _apus_words 'user-property' ;;
    'tls/property/disconnect') _apus_words 'session-expiry-interval' 'reason-string' 'user-property' ;;
    'tls/property/will') _apus_words 'payload-format-indicator' 'message-expiry-interval' 'content-type' 'response-topic' 'correlation-data' 'will-delay-interval' 'user-property' ;;
    'tls/cafile') _apus_names 'file' ;;
    'tls/capath') _apus_names 'directory' ;;
    'tls/cert') _apus_names 'file' ;;
    'tls/key') _apus_names 'file' ;;
    'tls/keyform') _apus_words 'pem' 'engine' ;;
    'tls/tls-version') _apus_words 'tlsv1.2' 'tlsv1.3' ;;
    'tls/crl') _apus_names 'file' ;;
    'tls/ocsp') _apus_words 'require' ;;
    'tls/tls-keylog') _apus_names 'file' ;;
    'tls/key-pass-file') _apus_names 'file' ;;
    'tls/psk-file') _apus_names 'file' ;;
    'tls/proxy-cafile') _apus_names 'file' ;;
    'tls/proxy-pw-file') _apus_names 'file' ;;
    'tls/options') _apus_names 'file' ;;
    'tls/profile') _apus_profiles ;;
    'tls') _apus_words '--json' '-h' '--host' '-p' '--port' '-L' '--url' '--unix' '-S' '--srv' '-A' '--connect-timeout' '--nodelay' '--server-order' '--follow-redirect' '-u' '--username' '-P' '--pw' '--pw-file' '--pw-env' '--pw-fd' '--pw-cmd' '--auth-method' '--auth-cmd' '--reauth' '-V' '--protocol-version' '-q' '--qos' '-i' '--id' '-I' '--id-prefix' '-c' '--disable-clean-session' '-x' '--session-expiry' '-k' '--keepalive' '-D' '--property' '--binary' '-W' '--timeout' '-d' '--debug' '--quiet' '--cafile' '--capath' '--tls-use-os-certs' '--tls' '--cert' '--key' '--keyform' '--tls-engine' '--tls-version' '--ciphers' '--tls-alpn' '--crl' '--ocsp' '--pin' '--insecure' '--psk' '--psk-identity' '--tls-keylog' '--no-tls' '--key-pass-file' '--key-pass-env' '--key-pass-fd' '--key-pass-cmd' '--psk-file' '--psk-env' '--psk-fd' '--psk-cmd' '--ws' '--ws-path' '--ws-header' '--proxy' '--proxy-pw' '--no-proxy' '--proxy-cafile' '--proxy-pw-file' '--proxy-pw-env' '--proxy-pw-fd' '--proxy-pw-cmd' '-o' '--options' '--profile' '--help' '--version' ;;
    'key/type') _apus_words 'aes-256-gcm' 'chacha20-poly1305' 'x25519' 'ed25519' 'hmac-sha256' ;;
    'key') _apus_words '--type' '--help' '--version' ;;
    'config/options') _apus_names 'file' ;;
    'config/profile') _apus_profiles ;;
    'config') _apus_words '-o' '--options' '--profile' '--help' '--version' ;;
  esac
}

_apus_words() {
  local word
  for word; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$prefix$word")
  done
}

# Names that compgen knows: files, directories, hosts.
_apus_names() {
  local word
  # In quotation marks only bash itself leaves a variable one.
  if [[ $1 != hostname && $cur == *'$'* ]]; then
    compopt -o "$([[ $1 == file ]] && echo default || echo dirnames)" 2>/dev/null
    return
  fi
  while IFS= read -r word; do
    COMPREPLY+=("$prefix$word")
  done < <(compgen -A "$1" -- "$cur")
  [[ $1 == hostname ]] || compopt -o filenames 2>/dev/null
}

_apus_profiles() {
  local path word
  for path in "${XDG_CONFIG_HOME:-${HOME-}/.config}/apus/profiles"/*; do
    printf -v word %q "${path##*/}"
    [[ -f $path ]] && _apus_words "$word"
  done
}

# Bash cuts words at = and : too, and puts what is offered in the place of the last piece.
_apus_join() {
  local rest=${COMP_LINE-} piece i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=${COMP_WORDS[i]}
    if ((i > 0)) && [[ -n $piece && $rest == "$piece"* ]]; then
      cut=${words[-1]}
      words[-1]+=$piece
      [[ $piece == [=:] ]] && cut=${words[-1]}
    else
      words+=("$piece")
      cut=
      rest=${rest#"${rest%%[![:space:]]*}"}
    fi
    rest=${rest#"$piece"}
  done
}

# Reads one word.
_apus_read() {
  local i
  if [[ $state != "$command" ]]; then
    [[ $state == -- ]] && place+=/$1
    _apus_step "$1"
    return
  fi
  case $1 in
    --) state=-- ;;
    --*=*)
      _apus_open "${1%%=*}"
      _apus_step "${1#*=}"
      ;;
    --*) _apus_open "$1" ;;
    -*)
      for ((i = 1; i < ${#1}; i++)); do
        _apus_open "-${1:i:1}"
        [[ $state == "$command" ]] && continue
        ((i + 1 < ${#1})) && _apus_step "${1:i+1}"
        return
      done
      ;;
    *) place+=/$1 ;;
  esac
}

_apus() {
  local words=() cut= last i
  _apus_join
  last=$((${#words[@]} - 1))
  COMPREPLY=()
  _apus_complete
  for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$cut"}; done
}

_apus_complete() {
  local cur=${words[last]} command=${words[1]} first=2 prefix= state place i
  if ((last == 1)); then
    _apus_words 'pub' 'sub' 'rr' 'repl' 'bench' 'outbox' 'tls' 'key' 'config' help --help --version
    return
  fi
  if [[ $command == help ]]; then
    ((last == 2)) && _apus_words 'pub' 'sub' 'rr' 'repl' 'bench' 'outbox' 'tls' 'key' 'config'
    return
  fi
  if [[ $command == config ]]; then
    ((last == 2)) && _apus_words 'pub' 'sub' 'rr' 'repl' 'bench' 'outbox' 'tls' 'key'
    case ${words[2]} in
      'pub'|'sub'|'rr'|'repl'|'bench'|'outbox'|'tls'|'key') ((last > 2)) && command=${words[2]} first=3 ;;
    esac
  fi
  state=$command place=$command
  for ((i = first; i < last; i++)); do
    _apus_read "${words[i]}"
  done
  if [[ $state == "$command" && $cur == --*=* ]]; then
    _apus_open "${cur%%=*}"
    [[ $state == "$command" ]] && return
    prefix=${cur%%=*}=
    cur=${cur#*=}
  elif ((first == 2)) && [[ $state == "$command" || $state == -- ]] && [[ $cur != -* ]]; then
    _apus_operands
    ((${#COMPREPLY[@]})) && return
  fi
  _apus_offer
}

complete -F _apus apus
