/** TLS only, with the desktop of whoever signs in by the Client Info of the protocol. */
export const xrdpConfiguration = (port: number): string => `
[Globals]
ini_version=1
fork=true
port=tcp://127.0.0.1:${port}
tcp_nodelay=true
security_layer=tls
crypt_level=high
certificate=/etc/xrdp/own.pem
key_file=/etc/xrdp/own.key
ssl_protocols=TLSv1.2, TLSv1.3
autorun=Xorg
allow_channels=true
bitmap_cache=true
bitmap_compression=true
bulk_compression=true
max_bpp=32
new_cursors=true
use_fastpath=both

[Logging]
LogFile=/var/log/xrdp.log
LogLevel=INFO
EnableSyslog=false
EnableConsole=true
ConsoleLevel=INFO

[Channels]
rdpdr=true
rdpsnd=true
drdynvc=true
cliprdr=true

[Xorg]
name=Xorg
lib=libxup.so
username=ask
password=ask
ip=127.0.0.1
port=-1
code=20
`;

export const sesmanConfiguration = (port: number): string => `
[Globals]
ListenAddress=127.0.0.1
ListenPort=${port}
EnableUserWindowManager=false
DefaultWindowManager=/etc/xrdp/startwm.sh
ReconnectScript=/bin/true

[Security]
AllowRootLogin=false
MaxLoginRetry=4
AlwaysGroupCheck=false
RestrictOutboundClipboard=none
RestrictInboundClipboard=none

[Sessions]
X11DisplayOffset=10
MaxSessions=10
KillDisconnected=true
DisconnectedTimeLimit=0
IdleTimeLimit=0
Policy=Default

[Logging]
LogFile=/var/log/xrdp-sesman.log
LogLevel=INFO
EnableSyslog=false
EnableConsole=true
ConsoleLevel=INFO

[Xorg]
param=/usr/lib/xorg/Xorg
param=-config
param=xrdp/xorg.conf
param=-noreset
param=-nolisten
param=tcp
param=-nolisten
param=local
param=-logfile
param=.xorgxrdp.%s.log

[Chansrv]
FuseMountName=thinclient_drives
FileUmask=077

[ChansrvLogging]
LogLevel=INFO
EnableSyslog=false
`;

/** A picture that is easy to tell from an empty one, and a client that writes down the keys that reach it. */
export const session = `#!/bin/sh
export LC_ALL=C.UTF-8
xsetroot -fg '#d04020' -bg '#2060a0' -mod 16 16
echo started > "$HOME/started"
exec stdbuf -oL xev -root -event keyboard > "$HOME/keys"
`;

export const pam: Readonly<Record<string, string>> = {
  'xrdp-sesman':
    'auth required pam_unix.so nodelay\naccount required pam_unix.so\nsession required pam_unix.so\npassword required pam_deny.so\n',
  chpasswd: 'password required pam_unix.so sha512 rounds=1000\n',
  other: 'auth required pam_deny.so\naccount required pam_deny.so\n',
};

/**
 * Runs in namespaces of its own, before anything else in them: everything that accounts and displays are made of is a
 * copy in memory that goes away with the last process. The first line of stdin counts files, which follow as path and
 * Base64; then accounts, as name and password; no secret is an argument.
 */
export const script = `
set -eu
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir -p /mnt/etc/pam.d /mnt/etc/ssl
for name in ld.so.cache ld.so.conf ld.so.conf.d nsswitch.conf security login.defs alternatives localtime skel shells environment host.conf hosts xrdp X11 fonts ssl; do
  [ -e "/etc/$name" ] && cp -a "/etc/$name" /mnt/etc/
done
mount --bind /mnt/etc /etc
for folder in /home /run /var/log; do mkdir -p "$folder"; mount -t tmpfs -o mode=0755 tmpfs "$folder"; done
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p /run/xrdp/sockdir
mkdir -m 1777 /tmp/.X11-unix
chmod 3777 /run/xrdp/sockdir
printf 'root:x:0:0:root:/root:/usr/sbin/nologin\\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\\n' > /etc/passwd
printf 'root:*:19000:0:99999:7:::\\nnobody:*:19000:0:99999:7:::\\n' > /etc/shadow
printf 'root:x:0:\\nshadow:x:42:\\nusers:x:100:\\ntty:x:5:\\nvideo:x:44:\\nnogroup:x:65534:\\n' > /etc/group
printf 'root:*::\\n' > /etc/gshadow
chmod 0640 /etc/shadow /etc/gshadow
chgrp shadow /etc/shadow /etc/gshadow
read -r count
for file in $(seq "$count"); do
  read -r path
  read -r encoded
  printf '%s' "$encoded" | base64 -d > "$path"
done
chmod 0755 /etc/xrdp/startwm.sh
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=desktop.example' -keyout /etc/xrdp/own.key -out /etc/xrdp/own.pem 2>/dev/null
read -r count
for account in $(seq "$count"); do
  read -r name
  read -r password
  useradd --create-home --user-group --shell /bin/sh "$name"
  printf '%s:%s\\n' "$name" "$password" | chpasswd
done
xrdp-sesman --nodaemon >&2 2>&1 &
exec xrdp --nodaemon
`;
