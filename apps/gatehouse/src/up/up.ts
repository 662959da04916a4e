import { Fault, Secret } from '@gatehouse/kernel';
import type { Lab } from '@gatehouse/lab';
import { defaultPorts } from '@gatehouse/server/settings';
import { Command } from 'commander';
import { keepAgent } from '../agents/index.ts';
import { buildAgent, buildPages } from '../built.ts';
import { findTarget, type Target } from '../commands/index.ts';
import { commonSettings, type ProgramOptions, type Running } from '../program.ts';
import { type Host, runPrograms } from '../run-programs.ts';
import {
  connectSample,
  ecmFolder,
  isConnected,
  startSampleCollector,
  wireDesk,
  wireEcm,
  wirePerson,
  wireSite,
  wireVault,
} from '../sample/index.ts';
import {
  choose,
  chooseApps,
  choosePorts,
  databaseBeside,
  firstPages,
  type Ports,
  type Program,
  type Served,
  titles,
} from './programs.ts';
import { openWelcome, type Welcoming } from './welcome.ts';

interface UpOptions extends ProgramOptions {
  readonly lab: boolean;
  readonly only?: string;
  readonly apps?: string;
}

/** `gatehouse up`: every program on loopback, wired to each other, with a sample organisation. */
export const upCommand = (root: string): Command =>
  new Command('up')
    .summary('start everything on this machine, wired to each other, with a sample organisation')
    .option('--home <folder>', 'where everything is kept (default: .gatehouse beside the project, or GATEHOUSE_HOME)')
    .option('--port <port>', 'port of insights; the other programs follow', String(defaultPorts.insights))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--public-url <url>', 'the address people use for insights, when a proxy stands before it')
    .option(
      '--database-url <url>',
      'your PostgreSQL; the other programs take the databases <name>_site, <name>_vault and <name>_desk',
    )
    .option('--only <programs>', 'some of insights, site, vault, desk, ecm, joined by commas')
    .option('--apps <list>', 'more programs of the Apps menu: id=name=url, joined by commas (or GATEHOUSE_APPS)')
    .option('--lab', 'serve the sample organisation: Okta, GitHub, a domain and a Linux server', true)
    .option('--no-lab', 'leave it out')
    .addHelpText(
      'after',
      '\nExamples:\n  gatehouse up\n  gatehouse up --home /srv/gatehouse --port 9000 --no-lab\n  gatehouse up --only insights',
    )
    .action((options: UpOptions) => up(root, options));

/** Everything that runs, as far as the table shows it. */
interface Begun {
  readonly running: ReadonlyMap<Served, Running>;
  readonly targets: ReadonlyMap<Served, Target>;
  readonly lab: Lab | null;
}

/** Starts, wires, announces, waits for Ctrl-C, stops. */
export const up = (root: string, options: UpOptions): Promise<void> =>
  runPrograms(root, options, async (host) => {
    const chosen = choose(options.only);
    const ports = await choosePorts(options.port, chosen.size > 1);
    const begun = await begin(host, chosen, ports, options);
    const { lab, running, targets } = begun;
    const [insights, site, vault] = [targets.get('insights'), targets.get('site'), targets.get('vault')];
    const desk = targets.get('desk');
    const notes: string[] = [];
    const attempt = async (what: string, work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        notes.push(`${what}: ${error.advice}`);
      }
    };
    const rows: (readonly [string, string, string])[] = [...running].map(([program, { url }]) => [
      program,
      url,
      'ready',
    ]);

    if (insights && lab !== null)
      await attempt('Insights does not show the sample organisation', () =>
        connectSample(insights, lab, host.home, host.progress),
      );
    const server = lab?.ssh;
    if (server && 'whyNot' in server) notes.push(server.whyNot);
    const sample = server && 'port' in server ? server : null;
    if (sample !== null)
      await attempt('The sample server is not wired', async () => {
        host.progress('Wiring the sample server …');
        if (vault) await wireVault(vault, sample, host.progress);
        if (site) await wireSite(site, sample);
      });
    if (site && vault) {
      const ends = chosen.has('ecm') ? await startEcm(root, host, site, vault, notes) : null;
      if (ends !== null) rows.push(['ecm', `${ends.from} → ${ends.to}`, ends.state]);
      if (sample !== null)
        await attempt('The first administrator has no account on the sample server', () => wirePerson(site, vault));
    }
    if (site && desk) await attempt('The desk is not wired to the site', () => wireDesk(site, desk));
    if (lab !== null) rows.push(...lab.programs.map(({ name, url }) => [name, url, 'ready'] as const));
    if (server)
      rows.push([
        'lab: Linux server',
        sample === null ? '' : `ssh://${sample.address}:${sample.port}`,
        sample === null ? 'not running: see below' : 'ready',
      ]);
    if (insights && lab !== null) {
      rows.push(['collector', `lab: Active Directory → ${insights.url}`, 'starting']);
      // Nobody has to wait for it: what it reads comes in while people look around.
      const ending = new AbortController();
      const collecting = startSampleCollector(root, host.home, insights, lab, ending.signal);
      host.atEnd(async () => {
        ending.abort();
        await (await collecting.catch(() => null))?.stop();
      });
    }
    const links = await welcome(host, options, ports, begun, async () => {
      if (!site || !vault || sample === null) return null;
      try {
        await wirePerson(site, vault);
        return null;
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return `You have no account on the sample server yet: ${error.advice} The next start tries again.`;
      }
    });
    host.announce({ rows, links, notes });
  });

/** Builds what is missing, and starts all of it: what people only wait for goes on beside. */
const begin = async (host: Host, chosen: ReadonlySet<Program>, ports: Ports, options: UpOptions): Promise<Begun> => {
  const served = (['desk', 'vault', 'site', 'insights'] as const).filter((program) => chosen.has(program));
  const apps = chooseApps(
    options.apps ?? process.env.GATEHOUSE_APPS,
    served.toReversed().map((id) => ({
      ...{ id, name: titles[id] },
      url: new URL(firstPages[id], urlOf(id, ports, options)).href,
    })),
  );
  const databaseUrls = Promise.all(served.map((program) => databaseOf(host, program, options)));
  const labStarting = options.lab ? openLab(host, chosen.has('vault') || chosen.has('site')) : Promise.resolve(null);
  const pagesBuilding = buildAll(host, served);
  const collectorBuilding = chosen.has('insights') ? buildAgent('collector') : Promise.resolve('');
  const jumpClientBuilding = chosen.has('site') ? buildAgent('jump-client') : Promise.resolve('');
  await Promise.allSettled([databaseUrls, labStarting, pagesBuilding, collectorBuilding, jumpClientBuilding]);
  const [urls, pages] = [await databaseUrls, await pagesBuilding];
  const releases = { collector: await collectorBuilding, jumpClient: await jumpClientBuilding };
  host.progress(`Starting ${served.toReversed().join(', ')} …`);
  const running = new Map<Served, Running>();
  const startOne = async (program: Served, index: number) => {
    const settings = {
      ...commonSettings(urls[index] ?? new Secret(''), { ...options, port: String(ports[program]) }),
      GATEHOUSE_PUBLIC_URL: program === 'insights' ? options.publicUrl : undefined,
      GATEHOUSE_PAGES: pages[index],
      GATEHOUSE_APPS: JSON.stringify(apps.filter(({ id }) => id !== program)),
      GATEHOUSE_ROLE: options.role ?? 'all',
      // The desk hears of sessions on this machine.
      ...(program === 'site' && chosen.has('desk') && { GATEHOUSE_PRIVATE_WEBHOOKS: 'true' }),
      ...(program === 'site' && {
        GATEHOUSE_JUMP_CLIENT_RELEASE: process.env.GATEHOUSE_JUMP_CLIENT_RELEASE ?? releases.jumpClient,
      }),
      ...(program === 'insights' && {
        GATEHOUSE_COLLECTOR_RELEASE: process.env.GATEHOUSE_COLLECTOR_RELEASE ?? releases.collector,
      }),
    };
    running.set(program, await host.start(program, settings));
  };
  // Insights last: it looks at once which of the others are there.
  await Promise.all(served.map((program, index) => (program === 'insights' ? null : startOne(program, index))));
  if (chosen.has('insights')) await startOne('insights', served.indexOf('insights'));
  const ordered = new Map(
    served.toReversed().flatMap((program) => {
      const one = running.get(program);
      return one === undefined ? [] : [[program, one] as const];
    }),
  );
  const targets = new Map(
    served.map((program) => [program, findTarget(host.home, undefined, undefined, program)] as const),
  );
  return { running: ordered, targets, lab: await labStarting };
};

const databaseOf = async (host: Host, program: Served, { databaseUrl }: UpOptions): Promise<Secret> =>
  databaseUrl === undefined ? await host.database(program) : new Secret(databaseBeside(databaseUrl, program));

const buildAll = async (host: Host, served: readonly Served[]): Promise<readonly string[]> => {
  const folders: string[] = [];
  // One after the other: a build takes all cores.
  for (const program of served) folders.push(await buildPages(host.progress, program));
  return folders;
};

/** Before it runs; the programs say the same once they do. */
const urlOf = (program: Served, ports: Ports, { host = '127.0.0.1', publicUrl }: UpOptions): string => {
  if (program === 'insights' && publicUrl !== undefined) return publicUrl;
  const name = isLoopback(host) || host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${ports[program]}`;
};

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

const startEcm = async (root: string, host: Host, site: Target, vault: Target, notes: string[]) => {
  const log = `${host.home}/logs/ecm.log says why`;
  const between = { from: site.url, to: vault.url };
  host.progress('Connecting the ECM …');
  if (!(await wireEcm({ root, home: host.home }, site, vault))) {
    notes.push(`The ECM could not be configured; ${log}.`);
    return { ...between, state: 'not running: see below' };
  }
  const args = ['run', '--home', ecmFolder(host.home)];
  const keeping = keepAgent({ root, home: host.home, name: 'ecm', args, env: {} });
  host.atEnd(() => keeping.stop());
  if (await isConnected(site)) return { ...between, state: 'connected' };
  notes.push(`The ECM is not connected to the site yet; ${log}.`);
  return { ...between, state: 'connecting' };
};

/**
 * The links of those programs that have no administrator yet: one for all of them where the browser is on this machine, as
 * the programs are.
 */
const welcome = async (
  host: Host,
  options: UpOptions,
  ports: Ports,
  { running, lab }: Begun,
  onWelcome: () => Promise<string | null>,
): Promise<readonly string[]> => {
  const programs = [...running].map(
    ([program, { url, firstAdministratorLink: link }]): Welcoming => ({
      ...{ title: titles[program], link },
      url: new URL(firstPages[program], url).href,
    }),
  );
  const waiting = programs.flatMap(({ title, link }) => (link === null ? [] : [{ title, link }]));
  const each = waiting.map(({ title, link }) => (waiting.length === 1 ? link : `${title}: ${link}`));
  const isHere = isLoopback(options.host ?? '127.0.0.1') && options.publicUrl === undefined;
  if (waiting.length < 2 || !isHere) return each;
  const isWhole = running.has('site') && running.has('vault') && lab?.ssh !== undefined && 'port' in lab.ssh;
  try {
    const door = await openWelcome({ port: ports.welcome, programs, tour: isWhole ? tour : [], onWelcome });
    host.atEnd(() => door.close());
    return [door.link];
  } catch (error) {
    // Somebody has its port: each program has a page of its own.
    if (error instanceof Fault) return each;
    throw error;
  }
};

const tour = [
  'Open Remote access, and in its console a session with web1: you are in, and have seen no password.',
  'End the session, and watch its recording.',
  'Open Desk: generate a session key in a case, enter it on the support page in another window, and talk.',
  'Open Vault: the password was changed when the session was over, and the audit says so.',
];

const openLab = async (host: Host, withSsh: boolean): Promise<Lab> => {
  const { startLab } = await import('@gatehouse/lab');
  const lab = await startLab({ home: host.home, withSsh });
  host.atEnd(() => lab.close());
  return lab;
};
