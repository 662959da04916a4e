import { createHash, type Hash } from 'node:crypto';
import type { Embedded } from '@gatehouse/database';
import { WebSocket } from '@gatehouse/host/testing';
import { ok, type TestClient } from '@gatehouse/server/testing';
import { noOpenSsh, type OpenSsh, startOpenSsh } from '../../test/servers/openssh/server.ts';
import { type Figure, median } from './figure.ts';
import { type NestedSsh, openNested } from './nested-ssh.ts';
import { type Program, signIn, startProgram } from './programs.ts';

/** What is printed. Both are letters, as everything is that people look at. */
const texts = ['compressible', 'incompressible'] as const;
type Text = (typeof texts)[number];

interface Round {
  readonly text: Text;
  /** Megabytes of the file in a second. */
  readonly ours: number;
  readonly floor: number;
}

const account = { name: 'ops', password: 'a planted password of a bench' };
const last = 'the-end';

/**
 * (c) A page of a session looks at a large file on a real server while the site records it, against `ssh -tt jump ssh
 * -tt target cat` into nothing, through two real servers. What opening and signing in takes counts in neither. After each
 * round the recording is read back, and has to hold every byte that the page got.
 */
export const measureTerminal = async (
  server: Embedded,
  scratch: string,
  plan: { readonly megabytes: number; readonly rounds: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  const reason = noOpenSsh();
  if (reason !== null) {
    say(`terminal: left out, ${reason}`);
    return [];
  }
  await using target = await startOpenSsh([account], { rekeying: 'usual' });
  await using nested = await openNested(target, account.name, scratch);
  await using site = await startProgram('site', server, scratch);
  await fill(target, plan.megabytes);
  const console = await openConsole(site, target);
  const rounds: Round[] = [];
  // A first round that is not counted warms everything up.
  for (let round = 0; round <= plan.rounds; round++)
    for (const text of texts) {
      const one = { text, ...(await measureRound(console, nested, text, plan.megabytes)) };
      say(
        `terminal, ${text}: ${round === 0 ? 'warm-up' : `round ${round}`}: ${Math.round(one.ours)} MB/s, nested ssh ${Math.round(one.floor)} MB/s`,
      );
      if (round > 0) rounds.push(one);
    }
  return texts.map((text) =>
    figure(
      text,
      plan.megabytes,
      rounds.filter((one) => one.text === text),
    ),
  );
};

const pathOf = (text: Text) => `/home/${account.name}/${text}`;

/** Letters that say nothing twice, and lines of a log. */
const fill = async (target: OpenSsh, megabytes: number): Promise<void> => {
  const bytes = megabytes * 1_000_000;
  const into = (text: Text) => `| head -c ${bytes} > ${pathOf(text)}; printf '\\n${last}\\n' >> ${pathOf(text)}`;
  await target.asRoot(
    `base64 -w 100 /dev/urandom ${into('incompressible')}
     seq -f 'Nov 28 10:08:44 web1 app[4711]: GET /orders/%08.0f answered 200 in 12 ms' 1 99999999 ${into('compressible')}`,
  );
};

interface Console {
  readonly person: TestClient;
  /** Opens a session, and resolves when its terminal waits for what is typed. */
  open(): Promise<{ readonly id: string; readonly socket: WebSocket }>;
}

const openConsole = async (site: Program, target: OpenSsh): Promise<Console> => {
  const { operator, url } = site;
  const person = await signIn(site);
  const group = (await ok(operator.post('/api/jump-groups', { name: 'Servers' }))).body.id;
  const item = await ok(
    operator.post('/api/jump-items/shell-jump', {
      ...{ name: 'web1', hostname: target.address, port: target.port, protocol: 'ssh', jumpoint_id: 1 },
      jump_group_id: group,
    }),
  );
  const headers = { cookie: [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; '), origin: url };
  return {
    person,
    async open() {
      const { body } = await ok(
        person.post('/api/console/sessions', {
          item: { type: 'shell-jump', id: item.body.id },
          credential: { from: 'person', username: account.name, password: account.password },
        }),
      );
      const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/console/sessions/${body.id}/socket`, { headers });
      await promptOf(socket);
      return { id: body.id, socket };
    },
  };
};

const promptOf = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    let shown = '';
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      const text = data.toString('utf8');
      if (isBinary) shown += text;
      else if (text.includes('"ended"')) reject(new Error(`The session did not open. ${text}`));
      if (!/[$#] $/.test(shown)) return;
      socket.removeAllListeners('message');
      resolve();
    });
    socket.once('error', reject);
  });

const measureRound = async (
  console: Console,
  nested: NestedSsh,
  text: Text,
  megabytes: number,
): Promise<Omit<Round, 'text'>> => {
  const { id, socket } = await console.open();
  const frames: Buffer[] = [];
  const shown = Promise.withResolvers<void>();
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) return;
    frames.push(data);
    if (data.includes(last) || (data.length < 40 && tailOf(frames).includes(last))) shown.resolve();
  });
  socket.once('close', () => shown.reject(new Error('The session ended while it was measured.')));
  const began = performance.now();
  socket.send(Buffer.from(`cat ${pathOf(text)}\n`));
  await shown.promise;
  const ours = performance.now() - began;
  const floor = await nested.read(pathOf(text));
  await ok(console.person.post(`/api/console/sessions/${id}/end`, {}));
  await compareRecording(console.person, id, frames);
  return { ours: (megabytes * 1_000) / ours, floor: (megabytes * 1_000) / floor };
};

const tailOf = (frames: readonly Buffer[]): string => Buffer.concat(frames.slice(-2)).toString('latin1');

/** Whether what is replayed ends with exactly what the page got, byte by byte. */
const compareRecording = async (person: TestClient, id: string, frames: readonly Buffer[]): Promise<void> => {
  const got = createHash('sha256');
  for (const frame of frames) got.update(frame);
  const length = frames.reduce((sum, frame) => sum + frame.length, 0);
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(new URL(`/api/sessions/${id}/recording`, person.url), { headers: { cookie } });
  if (!answer.ok || answer.body === null) throw new Error(`The recording cannot be read: ${answer.status}`);
  const outputs: Buffer[] = [];
  for await (const line of linesOf(answer.body)) {
    const event: unknown = JSON.parse(line);
    if (Array.isArray(event) && event[1] === 'o') outputs.push(Buffer.from(String(event[2])));
  }
  // What the terminal said before anything was typed is in the recording, and was not measured.
  const replayed = hashOfLast(outputs, length);
  if (replayed.digest('hex') !== got.digest('hex'))
    throw new Error(`The recording is not what the page got: ${length} bytes.`);
};

const hashOfLast = (parts: readonly Buffer[], length: number): Hash => {
  const hash = createHash('sha256');
  let before = parts.reduce((sum, part) => sum + part.length, 0) - length;
  for (const part of parts) {
    if (before < part.length) hash.update(part.subarray(Math.max(0, before)));
    before -= part.length;
  }
  return hash;
};

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const part of body) {
    const lines = (rest + Buffer.from(part).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

const figure = (text: Text, megabytes: number, rounds: readonly Round[]): Figure => ({
  ...{ name: `${megabytes} MB of ${text} text through a recorded session`, unit: 'MB/s', limit: null },
  ours: median(rounds.map(({ ours }) => ours)),
  floor: { name: 'ssh jump ssh target', value: median(rounds.map(({ floor }) => floor)), atLeast: 0.7 },
});
