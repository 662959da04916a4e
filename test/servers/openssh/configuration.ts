/** An account of the server; none of them exists outside of it. */
export interface Account {
  readonly name: string;
  readonly password: string;
  /** Another name of root (uid 0). */
  readonly isRoot?: boolean;
  /** May run chpasswd through sudo without a password. */
  readonly maySudo?: boolean;
  /** Which ways of signing in the server offers it. Default: `password`, as Debian does. */
  readonly offers?: 'password' | 'keyboard-interactive' | 'both' | 'publickey';
}

/** `usual` makes new keys as rarely as a server does that nobody has set up; left out, every 4 MB, so that tests meet it. */
export type Rekeying = 'often' | 'usual';

export const sshdConfiguration = (accounts: readonly Account[], rekeying: Rekeying): string => `
ListenAddress 127.0.0.1
HostKey /etc/ssh/host_ed25519
HostKey /etc/ssh/host_rsa
PidFile none
UsePAM yes
PermitRootLogin yes
UseDNS no
PrintMotd no
MaxStartups 100
MaxSessions 100
LogLevel VERBOSE
${rekeying === 'often' ? 'RekeyLimit 4M' : ''}
AuthorizedKeysFile .ssh/authorized_keys
StrictModes yes
Banner /etc/ssh/banner
TrustedUserCAKeys /etc/ssh/user_ca.pub
Subsystem sftp internal-sftp
PasswordAuthentication yes
KbdInteractiveAuthentication no
${accounts
  .map(({ name, offers = 'password' }) =>
    [
      `Match User ${name}`,
      `  PasswordAuthentication ${offers === 'password' || offers === 'both' ? 'yes' : 'no'}`,
      `  KbdInteractiveAuthentication ${offers === 'keyboard-interactive' || offers === 'both' ? 'yes' : 'no'}`,
    ].join('\n'),
  )
  .join('\n')}
`;

/** Cheap hashes, three wrong passwords lock, passwords of at least twelve characters, and chpasswd refuses an old one. */
export const pam: Readonly<Record<string, string>> = {
  sshd: `
auth required pam_faillock.so preauth nodelay deny=3 unlock_time=600
auth sufficient pam_unix.so nodelay
auth [default=die] pam_faillock.so authfail nodelay deny=3 unlock_time=600
account required pam_faillock.so
account required pam_unix.so
session required pam_unix.so
password required pam_unix.so obscure minlen=12 sha512 rounds=1000
`,
  passwd: 'password required pam_unix.so obscure minlen=12 sha512 rounds=1000\n',
  chpasswd: `
password required pam_pwhistory.so remember=5 enforce_for_root
password required pam_unix.so use_authtok sha512 rounds=1000
`,
  other:
    'auth required pam_unix.so\naccount required pam_unix.so\npassword required pam_deny.so\nsession required pam_permit.so\n',
  su: 'auth sufficient pam_rootok.so\naccount required pam_permit.so\nsession required pam_permit.so\n',
  sudo: 'auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_permit.so\n',
};

/**
 * Runs in namespaces of its own, before anything else in them: everything that accounts are made of is a copy in memory
 * that goes away with the last process. `$1` is a port. The first line of stdin counts the accounts, which follow as
 * name, password and uid, each on a line; no secret is an argument.
 */
export const script = `
set -eu
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir -p /mnt/etc/ssh /mnt/etc/pam.d
for name in ld.so.cache ld.so.conf ld.so.conf.d nsswitch.conf security login.defs alternatives localtime skel shells environment host.conf hosts; do
  [ -e "/etc/$name" ] && cp -a "/etc/$name" /mnt/etc/
done
mount --bind /mnt/etc /etc
for folder in /home /run /var/log /var/lib/sudo; do mkdir -p "$folder"; mount -t tmpfs -o mode=0755 tmpfs "$folder"; done
mkdir -p /run/sshd /run/faillock /run/sudo
printf 'root:x:0:0:root:/root:/usr/sbin/nologin\\nsshd:x:103:65534::/run/sshd:/usr/sbin/nologin\\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\\n' > /etc/passwd
printf 'root:*:19000:0:99999:7:::\\nsshd:*:19000:0:99999:7:::\\nnobody:*:19000:0:99999:7:::\\n' > /etc/shadow
printf 'root:x:0:\\nshadow:x:42:\\nusers:x:100:\\ntty:x:5:\\nnogroup:x:65534:\\n' > /etc/group
printf 'root:*::\\n' > /etc/gshadow
chmod 0640 /etc/shadow /etc/gshadow
chgrp shadow /etc/shadow /etc/gshadow
printf 'Accounts are locked after three wrong passwords. An account is locked for ten minutes.\\n' > /etc/ssh/banner
read -r count
for file in $(seq "$count"); do
  read -r path
  read -r encoded
  printf '%s' "$encoded" | base64 -d > "$path"
done
chmod 0440 /etc/sudoers
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/host_ed25519
ssh-keygen -q -t rsa -b 2048 -N '' -f /etc/ssh/host_rsa
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/user_ca
read -r count
for account in $(seq "$count"); do
  read -r name
  read -r password
  read -r root
  if [ "$root" = root ]; then
    mkdir -m 0700 "/home/$name"
    printf '%s:x:0:0::/home/%s:/bin/bash\\n' "$name" "$name" >> /etc/passwd
    printf '%s:*:19000:0:99999:7:::\\n' "$name" >> /etc/shadow
  else
    useradd --create-home --user-group --shell /bin/bash "$name"
  fi
  printf '%s:%s\\n' "$name" "$password" | chpasswd
done
echo ready
cat /etc/ssh/host_ed25519.pub /etc/ssh/host_rsa.pub
exec /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config -p "$1"
`;
