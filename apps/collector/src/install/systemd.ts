import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@gatehouse/kernel';

export const unitPath = '/etc/systemd/system/gatehouse-collector.service';
const unit = 'gatehouse-collector.service';
const user = 'gatehouse-collector';

export interface Started {
  readonly node: string;
  readonly program: string;
  readonly home: string;
}

/**
 * The unit: its own user, nothing of the system writable but its folder, no privilege to gain. V8 compiles while it
 * runs, so memory that is written and executed cannot be forbidden.
 */
export const systemdUnit = ({ node, program, home }: Started): string => `[Unit]
Description=Gatehouse collector
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${[node, program, 'run', '--home', home].map(quote).join(' ')}
User=${user}
Group=${user}
WorkingDirectory=${quote(home)}
ReadWritePaths=${quote(home)}
UMask=0077
Restart=always
RestartSec=5
RestartPreventExitStatus=78
TimeoutStopSec=10
KillMode=mixed
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;

/** Words of a unit are quoted like strings of C, and `%` and `$` mean something. */
const quote = (word: string): string => {
  const plain = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./:@+-]+$/.test(word) ? word : `"${plain}"`;
};

/** True where this process may make services and systemd runs this machine. */
export const hasSystemd = (): boolean => process.getuid?.() === 0 && existsSync('/run/systemd/system');

/** Makes the user and the service, hands the folder over, and starts it. @throws Fault with what did not work. */
export const installUnit = (started: Started): void => {
  try {
    execFileSync('id', ['-u', user], { stdio: 'ignore' });
  } catch {
    run('useradd', ['--system', '--home-dir', started.home, '--shell', '/usr/sbin/nologin', user]);
  }
  const [uid, gid] = [Number(run('id', ['-u', user])), Number(run('id', ['-g', user]))];
  const handOver = (path: string) => {
    chownSync(path, uid, gid);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) handOver(inside);
      else if (entry.isFile()) chownSync(inside, uid, gid);
    }
  };
  handOver(started.home);
  writeFileSync(unitPath, systemdUnit(started), { mode: 0o644 });
  run('systemctl', ['daemon-reload']);
  run('systemctl', ['enable', '--now', unit]);
};

/** False where there was none. */
export const removeUnit = (): boolean => {
  if (!hasSystemd() || !existsSync(unitPath)) return false;
  run('systemctl', ['disable', '--now', unit]);
  rmSync(unitPath, { force: true });
  run('systemctl', ['daemon-reload']);
  return true;
};

const run = (command: string, args: readonly string[]): string => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new Fault('misconfigured', `"${command} ${args.join(' ')}" did not work: ${said}`, undefined, { cause });
  }
};
