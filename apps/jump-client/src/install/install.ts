import { join } from 'node:path';
import { describe } from '@gatehouse/fields';
import {
  type Answers,
  answerTo,
  exists,
  makeDeviceKey,
  openSeal,
  type Question,
  questionsOf,
  realDisk,
  replaceFile,
  type Value,
} from '@gatehouse/host/agent';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { jumpClient } from '../agent.ts';
import { aboutMachine, wrongIn } from '../machine/index.ts';
import { Allowances, fileOf, SiteUrl, type SiteWay, writeSettings } from '../settings/index.ts';
import { enrol } from './enrol.ts';

const question = (of: Pick<Question, 'name' | 'title' | 'description'> & Partial<Question>): Question => ({
  ...{ kind: 'text', isSecret: false, choices: [], isRequired: true, standard: null },
  ...of,
});

const siteQuestion = question({
  ...{ name: 'site', title: 'Site' },
  description: 'The name of the site, such as support.example.',
});
const keyQuestion = question({
  ...{ name: 'key', title: 'Key of the installer', kind: 'secret', isSecret: true },
  description: 'Shown once when an installer is added in Jump > Jump Clients of the site.',
});
const authorityQuestion = question({
  ...{ name: 'ca', title: 'Certificate authority of the site', kind: 'file', isRequired: false },
  description: 'PEM; where the site has a certificate of your own authority.',
});
const own = (name: string, title: string, description: string) =>
  question({ name, title, description, isRequired: false });
/** What the installer may let be chosen. */
const chosen = [
  own('name', 'Name', 'What the site calls this machine.'),
  own('tag', 'Tag', 'For finding it.'),
  own('comments', 'Comments', 'For finding it.'),
  own('jumpGroup', 'Jump Group', 'Its code name.'),
];
const allowances = questionsOf(describe(Allowances));

/** Everything that can be said as a flag or a variable. */
export const installQuestions: readonly Question[] = [
  siteQuestion,
  keyQuestion,
  authorityQuestion,
  ...chosen,
  ...allowances,
];

export interface InstallOptions {
  readonly home: string;
  readonly answers: Answers;
  readonly signal: AbortSignal;
}

/**
 * Asks what is missing, pins this machine and writes the settings.
 * @throws Fault with a sentence; nothing is pinned then, unless the sentence says so.
 */
export const install = async ({ home, answers, signal }: InstallOptions): Promise<void> => {
  const { dialogue } = answers;
  if (await exists(fileOf(home)))
    throw new Fault(
      'misconfigured',
      `A Jump Client is installed in ${home} already. Uninstall it first, or choose another folder with --home.`,
    );
  const site = await askSite(answers);
  const key = new Secret(String(await answerTo(keyQuestion, answers)));
  // Only the site and the key are asked for; the rest has values that most want.
  const silent: Answers = { ...answers, dialogue: { ...dialogue, ask: async () => null } };
  const allows = await readAllowances(silent);
  const said: Record<string, string> = {};
  for (const one of chosen) {
    const value = await answerTo(one, silent);
    if (value !== undefined) said[one.name] = String(value);
  }
  await realDisk.makeFolder(home);
  const deviceKey = await openDeviceKey(home);
  const keys = { installer: key, device: deviceKey };
  const { clientKey, name, releaseKey } = await enrol(site, keys, { ...said, about: aboutMachine(allows) }, signal);
  await writeSettings(realDisk, home, {
    ...{ site, clientKey, name, deviceKey, releaseKey, allows },
    ...{ installedAt: new Date().toISOString(), logLevel: 'info' },
  });
  await realDisk.remove(pendingFile(home));
  dialogue.say(`\n  Pinned as "${name}" at ${site.url}.`);
  dialogue.say(`  Settings: ${fileOf(home)}, readable by its owner only.`);
};

const askSite = async (answers: Answers): Promise<SiteWay> => {
  const wrong = (value: Value) => SiteUrl.safeParse(value).error?.issues[0]?.message ?? null;
  const url = SiteUrl.parse(await answerTo(siteQuestion, answers, wrong));
  const { flags, environment, dialogue } = answers;
  const proxy = z
    .url({ protocol: /^http$/ })
    .nullable()
    .safeParse(flags.proxy ?? environment.GATEHOUSE_JUMP_CLIENT_PROXY ?? null);
  if (!proxy.success) throw new Fault('misconfigured', '--proxy: Enter an address such as http://proxy.example:3128.');
  const silent = { ...answers, dialogue: { ...dialogue, ask: async () => null } };
  const authorities = await answerTo(authorityQuestion, silent);
  return { url, certificateAuthorities: authorities === undefined ? null : String(authorities), proxy: proxy.data };
};

const readAllowances = async (answers: Answers): Promise<Allowances> => {
  const given: Record<string, Value> = {};
  for (const one of allowances) {
    const value = await answerTo({ ...one, isRequired: false }, answers);
    if (value !== undefined) given[one.name] = value;
  }
  const parsed = Allowances.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Fault('misconfigured', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const wrong = parsed.data.hosts.map(wrongIn).find((one) => one !== null);
  if (wrong !== undefined) throw new Fault('misconfigured', `--hosts: ${wrong}`);
  return parsed.data;
};

const pendingFile = (home: string) => join(home, 'device.key');

/** Kept until the site's answer was written down: where it was lost, the next attempt is made with the same key. */
const openDeviceKey = async (home: string): Promise<Secret> => {
  const seal = await openSeal(realDisk, home, jumpClient);
  const kept = await realDisk.read(pendingFile(home));
  if (kept !== null) return seal.open(new TextDecoder().decode(kept), 'deviceKey');
  const made = await makeDeviceKey();
  await replaceFile(realDisk, pendingFile(home), seal.close(made, 'deviceKey'));
  return made;
};
