import type { z } from 'zod';
import type {
  Approvals,
  ConsoleItem,
  ConsoleItemDetail,
  CredentialList,
  FileList,
  HostKeys,
  Session,
  SessionRules,
} from '../../src/api/console.ts';

type Item = z.output<typeof ConsoleItem>;
type Conditions = z.output<typeof ConsoleItemDetail>['conditions'];

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const item = (type: Item['type'], id: number, name: string, more: Partial<Item> = {}): Item => ({
  ...{ type, id, name, hostname: `${name}.acme.example`, port: null, tag: '', comments: '' },
  ...{ jumpGroup: { id: 1, name: 'Linux servers' }, obstacle: null, isFavourite: false, lastUsedAt: null, live: 0 },
  ...more,
});

export const items = (): Item[] => [
  item('shell-jump', 1, 'web-1', {
    ...{ port: 22, tag: 'web', isFavourite: true, lastUsedAt: minutesAgo(35), live: 1 },
    comments: 'The shop. Tell the shop team before you restart anything.',
  }),
  item('shell-jump', 2, 'db-1', { port: 22, tag: 'database', lastUsedAt: minutesAgo(2_900) }),
  item('shell-jump', 3, 'mail-1', { port: 22 }),
  item('shell-jump', 7, 'backup-1', { port: 2222, tag: 'storage' }),
  item('remote-vnc', 4, 'desk-7', { port: 5900, jumpGroup: { id: 2, name: 'Workstations' } }),
  item('remote-rdp', 5, 'dc-1', { jumpGroup: { id: 3, name: 'Windows servers' }, lastUsedAt: minutesAgo(10_000) }),
  item('remote-rdp', 6, 'hr-1', { jumpGroup: { id: 3, name: 'Windows servers' }, obstacle: 'schedule' }),
  item('shell-jump', 8, 'cache-1', { port: 22, live: 1 }),
];

const free: Conditions = {
  ...{ reasonRequired: false, ticketRequired: false, secondFactorRequired: false },
  approval: { state: 'not-needed', approvers: '', until: null },
  ...{ isRecorded: true, idleMinutes: 15, limitMinutes: 240 },
};

export const conditionsOf = (name: string): Conditions => {
  if (name === 'web-1') return { ...free, reasonRequired: true };
  if (name === 'db-1')
    return {
      ...free,
      ...{ ticketRequired: true, secondFactorRequired: true },
      approval: { state: 'needed', approvers: 'The database team', until: null },
    };
  return free;
};

export const credentialsOf = (name: string): z.output<typeof CredentialList>['credentials'] => {
  if (name === 'mail-1') return [];
  const one = { needsApproval: false, isRecommended: false };
  return [
    { ...one, id: 'c1', kind: 'password', username: 'ada', label: 'ada on the shop', isRecommended: true },
    { ...one, id: 'c2', kind: 'ssh-key', username: 'deploy', label: 'deployment' },
    { ...one, id: 'c3', kind: 'password', username: 'root', label: 'root', needsApproval: true },
  ];
};

export const session = (of: Item, more: Partial<Session> = {}): Session => ({
  ...{ id: crypto.randomUUID(), correlationId: `gh-${crypto.randomUUID().slice(0, 8)}`, state: 'open' },
  item: { type: of.type, id: of.id, name: of.name, hostname: of.hostname },
  ...{ jumpGroup: of.jumpGroup?.name ?? null, person: { userId: 1, username: 'bea', name: 'Bea Lindqvist' } },
  participants: [],
  ...{ credential: 'c1', account: 'ada', reason: 'Certificate runs out', ticket: 'CHG-1042' },
  ...{ requestedAt: minutesAgo(4), openedAt: minutesAgo(4), endedAt: null, ending: null, endedBy: null },
  ...{ problem: null, hostKey: 'SHA256:hX3Vq0Qm2kqg1n9l4uXn2o2Y0Wv7Vb1mJr5bqzqv8lE', hostKeyIsNew: true },
  ...{ recording: 'running', recordedBytes: 1_200, limitAt: new Date(Date.now() + 3 * 3_600_000).toISOString() },
  rules: { upload: true, download: true, clipboard: true, idleMinutes: 15 },
  ...more,
});

export const ended = (of: Item, ending: NonNullable<Session['ending']>, more: Partial<Session> = {}): Session =>
  session(of, {
    ...{ state: 'ended', ending, endedAt: minutesAgo(1), recording: 'kept', limitAt: null },
    ...more,
  });

export const approvals = (): z.output<typeof Approvals>['items'] => [
  {
    ...{ id: 'a1', item: { type: 'shell-jump', id: 2, name: 'db-1' }, person: 'Ada Byron' },
    ...{ reason: 'The nightly copy is stuck, and its lock has to be removed.', ticket: 'INC-77', state: 'waiting' },
    ...{ askedAt: minutesAgo(3), decidedBy: null, decidedAt: null, comment: '', until: null, mayDecide: true },
  },
  {
    ...{ id: 'a2', item: { type: 'shell-jump', id: 2, name: 'db-1' }, person: 'Bea Lindqvist' },
    ...{ reason: 'To look at the slow queries.', ticket: '', state: 'denied' },
    ...{ askedAt: minutesAgo(300), decidedBy: 'Cleo Moreau', decidedAt: minutesAgo(280) },
    ...{ comment: 'Use the copy for that.', until: null, mayDecide: false },
  },
];

export const files = (path: string): z.output<typeof FileList> => {
  const entry = { mode: 0o100644, modifiedAt: minutesAgo(900) };
  const here = path === '' ? '/home/ada' : path;
  if (here !== '/home/ada') return { path: here, entries: [], truncated: false };
  return {
    path: here,
    entries: [
      { ...entry, name: 'logs', kind: 'folder', bytes: 4_096, mode: 0o40755 },
      { ...entry, name: 'notes.txt', kind: 'file', bytes: 1_834 },
      { ...entry, name: 'shop.tar.gz', kind: 'file', bytes: 48_318_382 },
    ],
    truncated: false,
  };
};

export const rules = (): z.output<typeof SessionRules> => ({
  ...{ reasonRequired: true, idleMinutes: 15, limitMinutes: null, upload: true, download: true },
  ...{ fileMegabytes: 512, clipboard: true, recordInput: false },
});

export const hostKeys = (): z.output<typeof HostKeys>['items'] => [
  {
    ...{ id: 'k1', endpoint: 'web-1.acme.example:22', protocol: 'ssh' },
    ...{ fingerprint: 'SHA256:hX3Vq0Qm2kqg1n9l4uXn2o2Y0Wv7Vb1mJr5bqzqv8lE' },
    ...{ firstSeenAt: minutesAgo(9_000), lastSeenAt: minutesAgo(4) },
  },
];

/** Twenty seconds at a terminal, as asciicast v2. */
export const cast = (): string => {
  const events: (readonly [number, string, string])[] = [
    [0.2, 'o', '\u001b[32mada@web-1\u001b[0m:~$ '],
    [2.1, 'o', 'systemctl status shop\r\n'],
    [
      2.3,
      'o',
      '\u001b[1;32m●\u001b[0m shop.service - The shop\r\n     Active: \u001b[32mactive (running)\u001b[0m\r\n',
    ],
    [8.5, 'o', '\u001b[32mada@web-1\u001b[0m:~$ '],
    [11, 'o', 'openssl x509 -enddate -noout -in shop.pem\r\n'],
    [11.4, 'o', 'notAfter=Dec  1 12:00:00 2026 GMT\r\n'],
    [20, 'o', '\u001b[32mada@web-1\u001b[0m:~$ exit\r\n'],
  ];
  const header = { version: 2, width: 100, height: 24, timestamp: 1_790_000_000, title: 'web-1' };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
};

/** The live session of a colleague with cache-1. */
export const sessionOfAda = '0198c7a0-0000-7000-8000-000000000001';

export const othersOf = (name: string): z.output<typeof ConsoleItemDetail>['others'] => {
  const one = { id: sessionOfAda, person: 'Ada Byron', state: 'open' as const, since: minutesAgo(12) };
  if (name === 'cache-1') return { rule: 'join', sessions: [one] };
  if (name === 'dc-1') return { rule: 'disallow', sessions: [one] };
  return { rule: 'own', sessions: [] };
};
