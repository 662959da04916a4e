import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { freePort } from '../free-port.ts';
import { cacheFolder } from '../samba/image.ts';
import { withLock } from '../samba/lock.ts';
import { run } from '../samba/run.ts';

/** A running Redmine with a database of its own. */
export interface Redmine extends AsyncDisposable {
  readonly origin: string;
  /** Keys of the API by the logins of their accounts: admin, ann, carol, gatehouse, without-<permission> … */
  readonly keys: Readonly<Record<string, string>>;
  /** Has `rails runner` run a file; gives what was printed, errors too. */
  runner(fileName: string, text: string): Promise<string>;
  stop(): Promise<void>;
}

const root = '/usr/share/redmine';
// 65534 is nobody: a web server has no business to be root.
const runAs = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : null;

/** Starts one in a scratch folder, on loopback. Tests that use it are named `*.redmine.test.ts`. */
export const startRedmine = async (): Promise<Redmine> => {
  const image = await preparedImage();
  const port = await freePort();
  const place = makePlace();
  const { folder, env } = place;
  copyFileSync(join(image, 'redmine.sqlite'), join(folder, 'redmine.sqlite'));
  own(join(folder, 'redmine.sqlite'));
  const server = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'puma', '-q', '-t', '1:4', '-b', `tcp://127.0.0.1:${port}`, 'config.ru'],
    { ...runAs, cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(server, 'close');
  let log = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (part) => {
      log += String(part);
    });
  const stop = async () => {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + deadlineMs;
  while (!(await answers(`${origin}/issues.json`))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`Redmine did not start. ${log.slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ...{ origin, stop, keys: JSON.parse(readFileSync(join(image, 'keys.json'), 'utf8')) },
    async runner(fileName, text) {
      const path = join(folder, fileName);
      writeFileSync(path, text);
      own(path);
      return inside(place, ['rails', 'runner', path]);
    },
    [Symbol.asyncDispose]: stop,
  };
};

const deadlineMs = 120_000;

interface Place {
  readonly folder: string;
  readonly env: Record<string, string>;
}

/** A folder that Debian's Redmine takes for an instance: the machine's own is neither read nor written. */
const makePlace = (): Place => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-redmine-'));
  chmodSync(folder, 0o700);
  for (const name of ['config', 'tmp', 'log', 'files', 'home']) {
    mkdirSync(join(folder, name));
    own(join(folder, name));
  }
  const database = ['production:', '  adapter: sqlite3', `  database: ${folder}/redmine.sqlite`, '  encoding: utf8'];
  writeFileSync(join(folder, 'config/database.yml'), [...database, '  timeout: 20000', ''].join('\n'));
  writeFileSync(join(folder, 'config/secret_key.txt'), randomBytes(40).toString('hex'));
  for (const name of ['config/database.yml', 'config/secret_key.txt', '.']) own(join(folder, name));
  const instance = relative(join(root, 'instances'), folder);
  const env = {
    ...{ PATH: '/usr/sbin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp') },
    ...{ REDMINE_INSTANCE: instance, X_DEBIAN_SITEID: instance, RAILS_ENV: 'production', REDMINE_LANG: 'en' },
    // Where a migration writes what the tables are.
    SCHEMA: join(folder, 'schema.rb'),
  };
  return { folder, env };
};

const own = (path: string): void => {
  if (runAs !== null) chownSync(path, runAs.uid, runAs.gid);
};

const inside = async ({ env }: Place, [command = '', ...args]: readonly string[]): Promise<string> => {
  const child = spawn(command, args, { ...runAs, cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      out += String(part);
    });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}. ${out.slice(-2_000)}`);
  return out;
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).status < 500;
  } catch {
    return false;
  }
};

/**
 * The folder of a database that is ready to be copied, with the keys in it. It is kept in the user's cache under a
 * digest of what it is made from; making it takes half a minute.
 */
const preparedImage = async (): Promise<string> => {
  const seed = join(import.meta.dirname, 'seed.rb');
  const hash = createHash('sha256').update(await run('dpkg-query', ['-W', 'redmine']));
  for (const path of [seed, import.meta.filename]) hash.update(readFileSync(path));
  const images = join(dirname(cacheFolder()), 'redmine');
  const image = join(images, hash.digest('hex').slice(0, 24));
  if (existsSync(image)) return image;
  return withLock(`${images}.lock`, async () => {
    if (existsSync(image)) return image;
    rmSync(images, { recursive: true, force: true });
    mkdirSync(images, { recursive: true });
    const place = makePlace();
    try {
      await inside(place, ['rake', 'db:migrate']);
      await inside(place, ['rake', 'redmine:load_default_data']);
      copyFileSync(seed, join(place.folder, 'seed.rb'));
      own(join(place.folder, 'seed.rb'));
      const said = await inside(place, ['rails', 'runner', join(place.folder, 'seed.rb')]);
      const keys = /^KEYS (.*)$/m.exec(said)?.[1];
      if (keys === undefined) throw new Error(`Redmine was not seeded. ${said.slice(-2_000)}`);
      const scratch = mkdtempSync(join(images, 'making-'));
      copyFileSync(join(place.folder, 'redmine.sqlite'), join(scratch, 'redmine.sqlite'));
      writeFileSync(join(scratch, 'keys.json'), keys);
      renameSync(scratch, image);
      return image;
    } finally {
      rmSync(place.folder, { recursive: true, force: true });
    }
  });
};
