import { once } from 'node:events';
import { createServer } from 'node:net';
import { Fault } from '@gatehouse/kernel';
import { type AppLink, AppsSetting, defaultPorts } from '@gatehouse/server/settings';

/** What `up` runs beside the sample organisation. */
export const programs = ['insights', 'site', 'vault', 'desk', 'ecm'] as const;
export type Program = (typeof programs)[number];
/** Those that people open in a browser. */
export type Served = Exclude<Program, 'ecm'>;

export const titles: Readonly<Record<Served, string>> = {
  ...{ insights: 'Insights', site: 'Remote access', vault: 'Vault', desk: 'Desk' },
};

/** Where people who work with a program begin. The site shows its first page to customers. */
export const firstPages: Readonly<Record<Served, string>> = {
  insights: '/',
  site: '/login',
  vault: '/',
  desk: '/cases',
};

/** Where the page of the first administrator is, as far from insights. */
const welcomeAfter = 1;

export type Ports = Readonly<Record<Served | 'welcome', number>>;

/** @throws Fault naming the flag */
export const choose = (only: string | undefined): ReadonlySet<Program> => {
  if (only === undefined) return new Set(programs);
  const words = only.split(',').map((word) => word.trim());
  const chosen = programs.filter((program) => words.includes(program));
  const unknown = words.filter((word) => !programs.some((program) => program === word));
  if (unknown.length > 0 || chosen.length === 0)
    throw new Fault('misconfigured', `--only ${only}: name some of ${programs.join(', ')}, joined by commas.`);
  if (chosen.includes('ecm') && !(chosen.includes('site') && chosen.includes('vault')))
    throw new Fault('misconfigured', '--only: the ecm stands between site and vault, so name these, too.');
  return new Set(chosen);
};

/** That of insights is given, and the others are as far from it as by themselves. 0 takes free ones. */
export const choosePorts = async (given: string, others: boolean): Promise<Ports> => {
  const base = /^\d{1,5}$/.test(given) ? Number(given) : -1;
  const last = others ? 65_500 : 65_535;
  if (base < 0 || base > last)
    throw new Fault(
      'misconfigured',
      `--port ${given}: give 0 to ${last}${others ? '; the other programs take ports after it' : ''}.`,
    );
  const from = async (port: number) => (base === 0 ? await freePort() : base + port - defaultPorts.insights);
  return {
    ...{ insights: await from(defaultPorts.insights), site: await from(defaultPorts.site) },
    ...{ vault: await from(defaultPorts.vault), desk: await from(defaultPorts.desk) },
    ...{ welcome: await from(defaultPorts.insights + welcomeAfter) },
  };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  server.close();
  await once(server, 'close');
  return typeof at === 'object' && at !== null ? at.port : 0;
};

/** Of your own PostgreSQL insights takes the database that is named, and the others those beside it. */
export const databaseBeside = (url: string, program: Served): string => {
  if (program === 'insights') return url;
  const beside = URL.parse(url);
  if (beside === null) return url;
  beside.pathname = `${beside.pathname.replace(/\/$/, '')}_${program}`;
  return beside.href;
};

/** The Apps menu: the programs beside one, and what else is set, which wins where both have an id. @throws Fault naming the flag */
export const chooseApps = (set: string | undefined, beside: readonly AppLink[]): readonly AppLink[] => {
  if (set === undefined || set === '') return beside;
  const read = AppsSetting.safeParse(set);
  if (!read.success)
    throw new Fault('misconfigured', `--apps (GATEHOUSE_APPS): ${read.error.issues[0]?.message ?? ''}`);
  return [...beside.filter(({ id }) => !read.data.some((app) => app.id === id)), ...read.data];
};
