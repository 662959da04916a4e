/** The account of the sample server. It exists nowhere else: the machine's own accounts are neither used nor seen. */
export const account = { name: 'deploy', home: '/home/deploy' } as const;

/** What people call the sample server. */
export const machineName = 'web1';

/**
 * Whom everything of it runs as, inside. No account of a machine has this number, and as root it is the number outside,
 * too: then what the account may do is what a stranger may.
 */
export const uid = 61_022;

/** What is put into its `/etc` at each start. */
export const filesOf = (shell: string, port: number, hostKey: string): Readonly<Record<string, string>> => ({
  passwd: `root:x:0:0:root:/:/usr/sbin/nologin\n${account.name}:x:${uid}:${uid}:Sample:${account.home}:${shell}\n`,
  group: `root:x:0:\n${account.name}:x:${uid}:\n`,
  motd: `\n  ${machineName}, a Linux server of the sample organisation. What you type here is recorded.\n\n`,
  profile: "export PS1='\\u@\\h:\\w\\$ '\n",
  'nsswitch.conf': 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n',
  hosts: `127.0.0.1 localhost ${machineName}\n`,
  'login.defs': 'ENCRYPT_METHOD SHA512\n',
  'pam.d/passwd': 'password required pam_unix.so obscure minlen=12 sha512\n',
  'pam.d/chpasswd': 'password required pam_unix.so sha512\n',
  'pam.d/other': 'auth required pam_deny.so\naccount required pam_deny.so\npassword required pam_deny.so\n',
  'ssh/host_ed25519': hostKey,
  'ssh/sshd_config': `
Port ${port}
ListenAddress 127.0.0.1
HostKey /etc/ssh/host_ed25519
PidFile none
LogLevel VERBOSE
AllowUsers ${account.name}
PasswordAuthentication yes
KbdInteractiveAuthentication no
PubkeyAuthentication no
UseDNS no
PrintMotd yes
SetEnv LANG=C.UTF-8
AllowTcpForwarding no
AllowStreamLocalForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
PermitUserRC no
Subsystem sftp internal-sftp
`,
});

/** Takes all privileges away that the first process has: as root by becoming somebody, else by being nobody but oneself. */
export const dropping = (isRoot: boolean): string =>
  isRoot
    ? `setpriv --reuid=${uid} --regid=${uid} --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs`
    : `unshare --user --map-user=${uid} --map-group=${uid} setpriv --no-new-privs`;
