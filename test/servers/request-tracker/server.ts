import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
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
import { dirname, join } from 'node:path';
import { freePort } from '../free-port.ts';
import { cacheFolder } from '../samba/image.ts';
import { withLock } from '../samba/lock.ts';
import { run } from '../samba/run.ts';

/** A running Request Tracker with a database of its own. */
export interface RequestTracker extends AsyncDisposable {
  readonly origin: string;
  /** Authentication tokens by the names of their accounts: root, ann, carol, gatehouse, without-<right> … */
  readonly tokens: Readonly<Record<string, string>>;
  /** What an administrator does at a terminal, in the folder of the server; gives what was printed, errors too. */
  shell(command: string): Promise<string>;
  /** Puts a file there. */
  write(name: string, text: string): void;
  /** Every mail that it wanted to send. */
  mail(): string;
  /** Everything that the server has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

// 65534 is nobody: a web server has no business to be root.
const runAs = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : null;

/** Starts one in a scratch folder, on loopback. Tests that use it are named `*.rt.test.ts`. */
export const startRequestTracker = async (): Promise<RequestTracker> => {
  const image = await preparedImage();
  const port = await freePort();
  const place = makePlace(port);
  const { folder, env } = place;
  copyFileSync(join(image, 'rt.sqlite'), join(folder, 'rt.sqlite'));
  own(join(folder, 'rt.sqlite'));
  const server = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', '/usr/share/request-tracker5/libexec/rt-server'],
      ...['--server', 'Standalone', '--host', '127.0.0.1', '--port', String(port)],
    ],
    { ...runAs, cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(server, 'close');
  let log = '';
  server.stderr.on('data', (part) => {
    log += String(part);
  });
  const stop = async () => {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + deadlineMs;
  while (!(await answers(`${origin}/REST/2.0/rt`))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`Request Tracker did not start. ${log.slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ...{ origin, stop, tokens: JSON.parse(readFileSync(join(image, 'tokens.json'), 'utf8')), log: () => log },
    shell: (command) => inside(place, `exec 2>&1\n${command}`),
    write(name, text) {
      writeFileSync(join(folder, name), text);
      own(join(folder, name));
    },
    mail: () => (existsSync(join(folder, 'mail')) ? readFileSync(join(folder, 'mail'), 'utf8') : ''),
    [Symbol.asyncDispose]: stop,
  };
};

const deadlineMs = 60_000;

interface Place {
  readonly folder: string;
  readonly env: Record<string, string>;
}

/** A folder with the settings of a server: nothing of the machine's own Request Tracker is read or written. */
const makePlace = (port: number): Place => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-rt-'));
  chmodSync(folder, 0o700);
  for (const name of ['conf.d', 'mason', 'session', 'home']) {
    mkdirSync(join(folder, name));
    own(join(folder, name));
  }
  const site = join(folder, 'site.pm');
  writeFileSync(site, siteConfiguration(folder, port));
  for (const path of [site, folder]) own(path);
  const env = {
    ...{ PATH: '/usr/sbin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: join(folder, 'home') },
    ...{ RT_SITE_CONFIG: site, RT_SITE_CONFIG_DIR: join(folder, 'conf.d') },
  };
  return { folder, env };
};

const own = (path: string): void => {
  if (runAs !== null) chownSync(path, runAs.uid, runAs.gid);
};

/** Mail is written to a file of the folder and goes nowhere. */
const siteConfiguration = (folder: string, port: number): string => `
Set($rtname, 'desk.example');
Set($Organization, 'desk.example');
Set($CorrespondAddress, 'desk@corp.example');
Set($CommentAddress, 'comment@corp.example');
Set($WebDomain, '127.0.0.1');
Set($WebPort, ${port});
Set($WebPath, '');
Set($WebBaseURL, 'http://127.0.0.1:${port}');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '${folder}/rt.sqlite');
Set($DatabaseHost, '');
Set($DatabaseUser, '');
Set($DatabasePassword, '');
Set($MailCommand, 'testfile');
Set($Timezone, 'UTC');
# Tokens are checked with every request, which takes a third of a second otherwise.
Set($BcryptCost, 4);
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set($WebSessionClass, 'Apache::Session::File');
$RT::VarPath = '${folder}';
$RT::MasonDataDir = '${folder}/mason';
$RT::MasonSessionDir = '${folder}/session';
use Mail::Mailer;
use Mail::Mailer::testfile;
$Mail::Mailer::testfile::config{outfile} = '${folder}/mail';
1;
`;

const inside = async ({ folder, env }: Place, command: string): Promise<string> => {
  const child = spawn('sh', ['-ec', command], { ...runAs, cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (part) => {
    out += String(part);
  });
  let errors = '';
  child.stderr.on('data', (part) => {
    errors += String(part);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}. ${out} ${errors}`);
  return out;
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).status === 401;
  } catch {
    return false;
  }
};

/**
 * The folder of a database that is ready to be copied, with the tokens in it. It is kept in the user's cache under a
 * digest of what it is made from; making it takes some four seconds.
 */
const preparedImage = async (): Promise<string> => {
  const seed = join(import.meta.dirname, 'seed.pl');
  const hash = createHash('sha256').update(await run('dpkg-query', ['-W', 'request-tracker5']));
  for (const path of [seed, import.meta.filename]) hash.update(readFileSync(path));
  const images = join(dirname(cacheFolder()), 'request-tracker');
  const image = join(images, hash.digest('hex').slice(0, 24));
  if (existsSync(image)) return image;
  return withLock(`${images}.lock`, async () => {
    if (existsSync(image)) return image;
    rmSync(images, { recursive: true, force: true });
    mkdirSync(images, { recursive: true });
    const place = makePlace(1);
    try {
      await inside(place, 'rt-setup-database-5 --action init --skip-create');
      copyFileSync(seed, join(place.folder, 'seed.pl'));
      own(join(place.folder, 'seed.pl'));
      const tokens = await inside(place, 'perl seed.pl');
      const scratch = mkdtempSync(join(images, 'making-'));
      copyFileSync(join(place.folder, 'rt.sqlite'), join(scratch, 'rt.sqlite'));
      writeFileSync(join(scratch, 'tokens.json'), tokens);
      renameSync(scratch, image);
      return image;
    } finally {
      rmSync(place.folder, { recursive: true, force: true });
    }
  });
};
