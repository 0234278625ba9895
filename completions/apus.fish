# Completion of apus for fish.
# Written by 'make generate' from the option table: change that instead.

# True while the command is still to be named.
function __apus_needs_command
    test (count (commandline -opc)) -eq 1
end

# True in the command named.
function __apus_command
    set -l words (commandline -opc)
    if test "$words[2]" = config; and contains -- "$words[3]" pub sub
        set -e words[2]
    end
    test (count $words) -ge 2; and test "$words[2]" = $argv[1]
end

# True when the words before the cursor end in an option, one of the names in the first
# argument, and the words in the others; * is any word.
function __apus_after
    set -l words (commandline -opc)
    set -l start (math (count $words) - (count $argv) + 1)
    test $start -ge 2; or return 1
    contains -- $words[$start] (string split ' ' -- $argv[1]); or return 1
    for i in (seq 2 (count $argv))
        set -l word $words[(math $start + $i - 1)]
        test "$argv[$i]" = '*'; or test "$argv[$i]" = "$word"; or return 1
    end
end

function __apus_profiles
    set -l folder $XDG_CONFIG_HOME
    test -n "$folder"; or set folder $HOME/.config
    for path in $folder/apus/profiles/*
        string replace -r '.*/' '' -- $path
    end
end

complete -c apus -f
complete -c apus -n __apus_needs_command -a 'pub' -d 'Publish messages.'
complete -c apus -n __apus_needs_command -a 'sub' -d 'Subscribe to topics and print messages.'
complete -c apus -n __apus_needs_command -a 'config' -d 'Print the options in force, and where each comes from.'
complete -c apus -n __apus_needs_command -a help -d 'Explain a command.'
complete -c apus -n __apus_needs_command -l help -d 'Print help and exit.'
complete -c apus -n __apus_needs_command -l version -d 'Print the version and exit.'
complete -c apus -n '__apus_after help' -a 'pub sub config'
complete -c apus -n '__apus_after config' -a 'pub sub'

complete -c apus -n '__apus_command pub' -s h -l host -x -a '(__fish_print_hostnames)' -d 'Name or address of the broker (default localhost).'
complete -c apus -n '__apus_command pub' -s p -l port -x -d 'Port of the broker (default 1883; with TLS 8883).'
complete -c apus -n '__apus_command pub' -s L -l url -x -d 'User, password, broker and topic at once: mqtt://[USER[:PW]@]HOST[:PORT][/TOPIC].'
complete -c apus -n '__apus_command pub' -l unix -r -F -d 'Connect to a Unix domain socket instead of --host and --port.'
complete -c apus -n '__apus_command pub' -s S -l srv -d 'Look up the broker in the SRV records of --host.'
complete -c apus -n '__apus_command pub' -s A -x -a '(__fish_print_hostnames)' -d 'Local address to connect from.'
complete -c apus -n '__apus_command pub' -l connect-timeout -x -d 'Give up when the broker has not accepted within SECONDS (default 30).'
complete -c apus -n '__apus_command pub' -l nodelay -d 'Accepted for mosquitto\'s sake: apus always sets TCP_NODELAY.'
complete -c apus -n '__apus_command pub' -s u -l username -x -d 'User name to log in with.'
complete -c apus -n '__apus_command pub' -s P -l pw -x -d 'Password to log in with.'
complete -c apus -n '__apus_command pub' -s V -l protocol-version -x -a '5 311 31 mqttv5 mqttv311 mqttv31' -d 'Version of MQTT: 5, 311 or 31 (default 311).'
complete -c apus -n '__apus_command pub' -s q -l qos -x -a '0 1 2' -d 'Quality of service, 0 to 2 (default 0).'
complete -c apus -n '__apus_command pub' -s i -l id -x -d 'Client identifier (default: the broker assigns one).'
complete -c apus -n '__apus_command pub' -s I -l id-prefix -x -d 'Make the client identifier of PREFIX and the process id.'
complete -c apus -n '__apus_command pub' -s c -l disable-clean-session -d 'Keep the session: the broker holds subscriptions and messages while we are away.'
complete -c apus -n '__apus_command pub' -s x -l session-expiry -x -d 'Seconds the broker keeps the session after the connection; -1 for ever.'
complete -c apus -n '__apus_command pub' -s k -l keepalive -x -d 'Seconds of silence after which to ask whether the broker is there (default 60).'
complete -c apus -n '__apus_command pub' -s M -l max-inflight -x -d 'Most unacknowledged messages on the wire (default 1000).'
complete -c apus -n '__apus_command pub' -s D -l property -x -a 'connect publish subscribe unsubscribe disconnect will' -d 'Add an MQTT 5 property to packets of one kind; repeatable.'
complete -c apus -n '__apus_command pub; and __apus_after \'-D --property\' \'connect\'' -a 'session-expiry-interval authentication-method authentication-data request-problem-information request-response-information receive-maximum topic-alias-maximum user-property maximum-packet-size'
complete -c apus -n '__apus_command pub; and __apus_after \'-D --property\' \'publish\'' -a 'payload-format-indicator message-expiry-interval content-type response-topic correlation-data topic-alias user-property'
complete -c apus -n '__apus_command pub; and __apus_after \'-D --property\' \'subscribe\'' -a 'subscription-identifier user-property'
complete -c apus -n '__apus_command pub; and __apus_after \'-D --property\' \'unsubscribe\'' -a 'user-property'
complete -c apus -n '__apus_command pub; and __apus_after \'-D --property\' \'disconnect\'' -a 'session-expiry-interval reason-string user-property'
complete -c apus -n '__apus_command pub; and __apus_after \'-D --property\' \'will\'' -a 'payload-format-indicator message-expiry-interval content-type response-topic correlation-data will-delay-interval user-property'
complete -c apus -n '__apus_command pub' -l binary -d 'Values of correlation-data and authentication-data may be any bytes.'
complete -c apus -n '__apus_command pub' -s W -l timeout -x -d 'End after SECONDS, such as 0.5, with status 27 when not everything was done.'
complete -c apus -n '__apus_command pub' -l allow-control-characters -d 'Allow control characters in --topic and --will-topic.'
complete -c apus -n '__apus_command pub' -s d -l debug -d 'Show every packet on standard error.'
complete -c apus -n '__apus_command pub' -l quiet -d 'Say nothing on standard error once the arguments are right.'
complete -c apus -n '__apus_command pub' -l on-loss -x -a 'wait exit' -d 'When the connection is lost: wait and connect again (default), or exit.'
complete -c apus -n '__apus_command pub' -l retries -x -d 'Give up after N attempts in a row to connect again (default: never).'
complete -c apus -n '__apus_command pub' -l reconnect-delay -x -d 'Wait up to SECONDS before connecting again, twice that the next time (default 1).'
complete -c apus -n '__apus_command pub' -l reconnect-max -x -d 'Never wait longer than SECONDS before connecting again (default 60).'
complete -c apus -n '__apus_command pub' -s t -l topic -x -d 'Topic to publish to.'
complete -c apus -n '__apus_command pub' -s m -l message -x -d 'Publish PAYLOAD.'
complete -c apus -n '__apus_command pub' -s f -l file -r -F -d 'Publish what is in FILE as one message.'
complete -c apus -n '__apus_command pub' -s n -l null-message -d 'Publish an empty message; with --retain it removes the retained one.'
complete -c apus -n '__apus_command pub' -s s -l stdin-file -d 'Publish all of standard input as one message.'
complete -c apus -n '__apus_command pub' -s l -l stdin-line -d 'Publish each line of standard input as a message.'
complete -c apus -n '__apus_command pub' -s 0 -l stdin-null -d 'Like --stdin-line, but messages end with a NUL byte (find -print0).'
complete -c apus -n '__apus_command pub' -l topic-separator -x -d 'Each line begins with its topic, which the first CHAR ends (\'\\t\' for a tab).'
complete -c apus -n '__apus_command pub' -l json-lines -d 'Publish each line of standard input, a JSON object as \'apus sub --json\' prints it.'
complete -c apus -n '__apus_command pub' -s r -l retain -d 'Have the broker keep the message for later subscribers.'
complete -c apus -n '__apus_command pub' -l repeat -x -d 'Publish the message N times (default 1).'
complete -c apus -n '__apus_command pub' -l repeat-delay -x -d 'Pause between repetitions, such as 0.5 (default 0).'
complete -c apus -n '__apus_command pub' -l eager -d 'Publish without waiting for the broker to accept the connection.'
complete -c apus -n '__apus_command pub' -l will-topic -x -d 'Topic of the message that the broker publishes if this client vanishes.'
complete -c apus -n '__apus_command pub' -l will-payload -x -d 'Its payload (default empty).'
complete -c apus -n '__apus_command pub' -l will-qos -x -a '0 1 2' -d 'Its quality of service (default 0).'
complete -c apus -n '__apus_command pub' -l will-retain -d 'Have the broker keep it for later subscribers.'
complete -c apus -n '__apus_command pub' -l cafile -r -F -d 'Trust the certificate authorities in FILE (PEM), and no others.'
complete -c apus -n '__apus_command pub' -l capath -x -a '(__fish_complete_directories (commandline -ct))' -d 'Trust the authorities in DIR, whose names \'openssl rehash\' has made.'
complete -c apus -n '__apus_command pub' -l tls-use-os-certs -l tls -d 'Trust the system\'s authorities: the default without --cafile and --capath.'
complete -c apus -n '__apus_command pub' -l cert -r -F -d 'Our own certificate, with its chain (PEM).  Needs --key.'
complete -c apus -n '__apus_command pub' -l key -r -F -d 'The key of --cert (PEM).'
complete -c apus -n '__apus_command pub' -l key-pass-file -r -F -d 'Read the passphrase of --key from FILE, which others must not be able to read.'
complete -c apus -n '__apus_command pub' -l key-pass-env -x -d 'Take the passphrase of --key from the environment variable NAME.'
complete -c apus -n '__apus_command pub' -l tls-version -x -a 'tlsv1.2 tlsv1.3' -d 'Oldest version of TLS to accept (default tlsv1.2).'
complete -c apus -n '__apus_command pub' -l ciphers -x -d 'Ciphers to offer, as OpenSSL names them, with \':\' between.'
complete -c apus -n '__apus_command pub' -l tls-alpn -x -d 'Name the protocol in the handshake (ALPN), such as mqtt.'
complete -c apus -n '__apus_command pub' -l crl -r -F -d 'Refuse what the revocation lists in FILE name (PEM).'
complete -c apus -n '__apus_command pub' -l insecure -d 'Do not check the server\'s certificate: anybody may be at the other end.'
complete -c apus -n '__apus_command pub' -l psk -x -d 'Use a pre-shared key instead of certificates.  Needs --psk-identity.'
complete -c apus -n '__apus_command pub' -l psk-identity -x -d 'The name by which the server knows --psk.'
complete -c apus -n '__apus_command pub' -l tls-keylog -r -F -d 'Append the connection\'s secrets to FILE, for Wireshark and the like.'
complete -c apus -n '__apus_command pub' -l no-tls -d 'Connect without TLS whatever the other options say.'
complete -c apus -n '__apus_command pub' -s o -l options -r -F -d 'Read options from FILE instead of the default files.'
complete -c apus -n '__apus_command pub' -l profile -x -a '(__apus_profiles)' -d 'Read options from apus/profiles/NAME in the configuration folder as well.'
complete -c apus -n '__apus_command pub' -l help -d 'Print this help and exit.'
complete -c apus -n '__apus_command pub' -l version -d 'Print the version and exit.'
complete -c apus -n '__apus_command sub' -s h -l host -x -a '(__fish_print_hostnames)' -d 'Name or address of the broker (default localhost).'
complete -c apus -n '__apus_command sub' -s p -l port -x -d 'Port of the broker (default 1883; with TLS 8883).'
complete -c apus -n '__apus_command sub' -s L -l url -x -d 'User, password, broker and topic at once: mqtt://[USER[:PW]@]HOST[:PORT][/TOPIC].'
complete -c apus -n '__apus_command sub' -l unix -r -F -d 'Connect to a Unix domain socket instead of --host and --port.'
complete -c apus -n '__apus_command sub' -s S -l srv -d 'Look up the broker in the SRV records of --host.'
complete -c apus -n '__apus_command sub' -s A -x -a '(__fish_print_hostnames)' -d 'Local address to connect from.'
complete -c apus -n '__apus_command sub' -l connect-timeout -x -d 'Give up when the broker has not accepted within SECONDS (default 30).'
complete -c apus -n '__apus_command sub' -l nodelay -d 'Accepted for mosquitto\'s sake: apus always sets TCP_NODELAY.'
complete -c apus -n '__apus_command sub' -s u -l username -x -d 'User name to log in with.'
complete -c apus -n '__apus_command sub' -s P -l pw -x -d 'Password to log in with.'
complete -c apus -n '__apus_command sub' -s V -l protocol-version -x -a '5 311 31 mqttv5 mqttv311 mqttv31' -d 'Version of MQTT: 5, 311 or 31 (default 311).'
complete -c apus -n '__apus_command sub' -s q -l qos -x -a '0 1 2' -d 'Quality of service, 0 to 2 (default 0).'
complete -c apus -n '__apus_command sub' -s i -l id -x -d 'Client identifier (default: the broker assigns one).'
complete -c apus -n '__apus_command sub' -s I -l id-prefix -x -d 'Make the client identifier of PREFIX and the process id.'
complete -c apus -n '__apus_command sub' -s c -l disable-clean-session -d 'Keep the session: the broker holds subscriptions and messages while we are away.'
complete -c apus -n '__apus_command sub' -s x -l session-expiry -x -d 'Seconds the broker keeps the session after the connection; -1 for ever.'
complete -c apus -n '__apus_command sub' -s k -l keepalive -x -d 'Seconds of silence after which to ask whether the broker is there (default 60).'
complete -c apus -n '__apus_command sub' -s M -l max-inflight -x -d 'Most unacknowledged messages on the wire (default 1000).'
complete -c apus -n '__apus_command sub' -s D -l property -x -a 'connect publish subscribe unsubscribe disconnect will' -d 'Add an MQTT 5 property to packets of one kind; repeatable.'
complete -c apus -n '__apus_command sub; and __apus_after \'-D --property\' \'connect\'' -a 'session-expiry-interval authentication-method authentication-data request-problem-information request-response-information receive-maximum topic-alias-maximum user-property maximum-packet-size'
complete -c apus -n '__apus_command sub; and __apus_after \'-D --property\' \'publish\'' -a 'payload-format-indicator message-expiry-interval content-type response-topic correlation-data topic-alias user-property'
complete -c apus -n '__apus_command sub; and __apus_after \'-D --property\' \'subscribe\'' -a 'subscription-identifier user-property'
complete -c apus -n '__apus_command sub; and __apus_after \'-D --property\' \'unsubscribe\'' -a 'user-property'
complete -c apus -n '__apus_command sub; and __apus_after \'-D --property\' \'disconnect\'' -a 'session-expiry-interval reason-string user-property'
complete -c apus -n '__apus_command sub; and __apus_after \'-D --property\' \'will\'' -a 'payload-format-indicator message-expiry-interval content-type response-topic correlation-data will-delay-interval user-property'
complete -c apus -n '__apus_command sub' -l binary -d 'Values of correlation-data and authentication-data may be any bytes.'
complete -c apus -n '__apus_command sub' -s W -l timeout -x -d 'End after SECONDS, such as 0.5, with status 27 when not everything was done.'
complete -c apus -n '__apus_command sub' -l allow-control-characters -d 'Allow control characters in --topic and --will-topic.'
complete -c apus -n '__apus_command sub' -s d -l debug -d 'Show every packet on standard error.'
complete -c apus -n '__apus_command sub' -l quiet -d 'Say nothing on standard error once the arguments are right.'
complete -c apus -n '__apus_command sub' -l on-loss -x -a 'wait exit' -d 'When the connection is lost: wait and connect again (default), or exit.'
complete -c apus -n '__apus_command sub' -l retries -x -d 'Give up after N attempts in a row to connect again (default: never).'
complete -c apus -n '__apus_command sub' -l reconnect-delay -x -d 'Wait up to SECONDS before connecting again, twice that the next time (default 1).'
complete -c apus -n '__apus_command sub' -l reconnect-max -x -d 'Never wait longer than SECONDS before connecting again (default 60).'
complete -c apus -n '__apus_command sub' -s t -l topic -x -d 'Topic filter to subscribe to; repeatable.'
complete -c apus -n '__apus_command sub' -l subscription -x -d 'Topic filter with options of its own, such as \'a/#;qos=2;no-local\'; repeatable.'
complete -c apus -n '__apus_command sub' -s U -l unsubscribe -x -d 'Topic filter to unsubscribe from; repeatable.'
complete -c apus -n '__apus_command sub' -l retain-handling -x -a 'always new never' -d 'Ask for retained messages always, for a new subscription, or never (MQTT 5).'
complete -c apus -n '__apus_command sub' -l retain-as-published -d 'Keep the retain flag as the publisher set it (MQTT 5).'
complete -c apus -n '__apus_command sub' -l no-local -d 'Leave out messages that this client published itself (MQTT 5).'
complete -c apus -n '__apus_command sub' -s E -d 'Exit once the broker has acknowledged the subscriptions.'
complete -c apus -n '__apus_command sub' -s C -l count -x -d 'Exit after N messages.'
complete -c apus -n '__apus_command sub' -l idle-timeout -x -d 'Exit when no message has come for SECONDS, such as 0.5.'
complete -c apus -n '__apus_command sub' -s T -l filter-out -x -d 'Leave out messages whose topic matches FILTER; repeatable.'
complete -c apus -n '__apus_command sub' -s R -d 'Leave out retained messages.'
complete -c apus -n '__apus_command sub' -l retained-only -d 'Show only retained messages and exit at the first other one.'
complete -c apus -n '__apus_command sub' -l remove-retained -d 'Remove each retained message from the broker after it was shown.'
complete -c apus -n '__apus_command sub' -l random-filter -x -d 'Show only PERCENT of the messages, chosen by chance (0.1 to 100).'
complete -c apus -n '__apus_command sub' -s v -l verbose -d 'Print the topic before the payload.'
complete -c apus -n '__apus_command sub' -s F -x -d 'Print each message as FORMAT says, such as \'%t %p\'; goes before --verbose.'
complete -c apus -n '__apus_command sub' -l pretty -d 'Print JSON on several lines.'
complete -c apus -n '__apus_command sub' -l json -d 'Print each message as a line of JSON, which \'apus pub --json-lines\' reads.'
complete -c apus -n '__apus_command sub' -s w -l watch -d 'Clear the screen and keep each topic\'s last message in a line of its own.'
complete -c apus -n '__apus_command sub' -l message-rate -d 'Print how many messages came in each second, instead of the messages.'
complete -c apus -n '__apus_command sub' -l raw -d 'Let payloads act on a terminal: don\'t show their control characters escaped.'
complete -c apus -n '__apus_command sub' -s N -d 'Print no newline after the payload.'
complete -c apus -n '__apus_command sub' -l will-topic -x -d 'Topic of the message that the broker publishes if this client vanishes.'
complete -c apus -n '__apus_command sub' -l will-payload -x -d 'Its payload (default empty).'
complete -c apus -n '__apus_command sub' -l will-qos -x -a '0 1 2' -d 'Its quality of service (default 0).'
complete -c apus -n '__apus_command sub' -l will-retain -d 'Have the broker keep it for later subscribers.'
complete -c apus -n '__apus_command sub' -l cafile -r -F -d 'Trust the certificate authorities in FILE (PEM), and no others.'
complete -c apus -n '__apus_command sub' -l capath -x -a '(__fish_complete_directories (commandline -ct))' -d 'Trust the authorities in DIR, whose names \'openssl rehash\' has made.'
complete -c apus -n '__apus_command sub' -l tls-use-os-certs -l tls -d 'Trust the system\'s authorities: the default without --cafile and --capath.'
complete -c apus -n '__apus_command sub' -l cert -r -F -d 'Our own certificate, with its chain (PEM).  Needs --key.'
complete -c apus -n '__apus_command sub' -l key -r -F -d 'The key of --cert (PEM).'
complete -c apus -n '__apus_command sub' -l key-pass-file -r -F -d 'Read the passphrase of --key from FILE, which others must not be able to read.'
complete -c apus -n '__apus_command sub' -l key-pass-env -x -d 'Take the passphrase of --key from the environment variable NAME.'
complete -c apus -n '__apus_command sub' -l tls-version -x -a 'tlsv1.2 tlsv1.3' -d 'Oldest version of TLS to accept (default tlsv1.2).'
complete -c apus -n '__apus_command sub' -l ciphers -x -d 'Ciphers to offer, as OpenSSL names them, with \':\' between.'
complete -c apus -n '__apus_command sub' -l tls-alpn -x -d 'Name the protocol in the handshake (ALPN), such as mqtt.'
complete -c apus -n '__apus_command sub' -l crl -r -F -d 'Refuse what the revocation lists in FILE name (PEM).'
complete -c apus -n '__apus_command sub' -l insecure -d 'Do not check the server\'s certificate: anybody may be at the other end.'
complete -c apus -n '__apus_command sub' -l psk -x -d 'Use a pre-shared key instead of certificates.  Needs --psk-identity.'
complete -c apus -n '__apus_command sub' -l psk-identity -x -d 'The name by which the server knows --psk.'
complete -c apus -n '__apus_command sub' -l tls-keylog -r -F -d 'Append the connection\'s secrets to FILE, for Wireshark and the like.'
complete -c apus -n '__apus_command sub' -l no-tls -d 'Connect without TLS whatever the other options say.'
complete -c apus -n '__apus_command sub' -s o -l options -r -F -d 'Read options from FILE instead of the default files.'
complete -c apus -n '__apus_command sub' -l profile -x -a '(__apus_profiles)' -d 'Read options from apus/profiles/NAME in the configuration folder as well.'
complete -c apus -n '__apus_command sub' -l help -d 'Print this help and exit.'
complete -c apus -n '__apus_command sub' -l version -d 'Print the version and exit.'
complete -c apus -n '__apus_command config' -s o -l options -r -F -d 'Read options from FILE instead of the default files.'
complete -c apus -n '__apus_command config' -l profile -x -a '(__apus_profiles)' -d 'Read options from apus/profiles/NAME in the configuration folder as well.'
complete -c apus -n '__apus_command config' -l help -d 'Print this help and exit.'
complete -c apus -n '__apus_command config' -l version -d 'Print the version and exit.'
