import { join } from 'node:path';
import { parseSettings } from '@gatehouse/connector-kit';
import { describe } from '@gatehouse/fields';
import { createHost } from '@gatehouse/host';
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
import { collector } from '../agent.ts';
import type { Plugin } from '../plugin.ts';
import type { Way } from '../sending/index.ts';
import { readSettings, ServerUrl, type SourceSettings, writeSettings } from '../settings/index.ts';
import { askEvents } from './ask-events.ts';
import { permissionLines, tryPermissions } from './permissions.ts';
import { register } from './register.ts';

export interface InstallOptions {
  readonly home: string;
  readonly plugins: readonly Plugin[];
  readonly answers: Answers;
  /** Go on though something cannot be read. */
  readonly acceptsMissing: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks for everything, tries every permission, and only then uses the installation key and writes the settings.
 * @throws Fault with a sentence; nothing is registered then, unless the sentence says so.
 */
export const install = async (options: InstallOptions): Promise<void> => {
  const { home, plugins, answers, signal } = options;
  const { dialogue } = answers;
  await refuseSecond(home);
  const server = await askServer(answers);
  const key = await answerTo(installationKey, answers);
  const { plugin, settings } = await askSource(plugins, answers);
  const events = plugin.kind === 'active-directory' ? await askEvents(answers) : {};

  dialogue.say(`\n  Testing what may be read from ${plugin.connector.name} …`);
  const permissions = await tryPermissions(plugin, settings, signal, events);
  for (const line of permissionLines(permissions)) dialogue.say(line);
  if (permissions.works === null)
    throw new Fault(
      'misconfigured',
      'Nothing was registered. Mend this and install again; the installation key can still be used.',
    );
  if (permissions.works === 'some' && !(options.acceptsMissing || (await goOn(answers))))
    throw new Fault(
      'misconfigured',
      'Nothing was registered. Grant what is missing and install again, or add --accept-missing.',
    );

  const host = createHost({ signal, attempts: 2, retryMs: 20_000 });
  const source = { kind: plugin.kind, ...(await plugin.identify(settings, host)) };

  await realDisk.makeFolder(home);
  const deviceKey = await openDeviceKey(home);
  const registered = await register(server, new Secret(String(key)), deviceKey, signal);
  await writeSettings(
    realDisk,
    home,
    {
      ...{ server, registered, deviceKey, sources: [{ source, settings }], events },
      ...{ installedAt: new Date().toISOString(), spoolBytes: 1_000_000_000, logLevel: 'info' },
    },
    plugins,
  );
  await realDisk.remove(pendingFile(home));
  dialogue.say(`\n  Registered as "${registered.name}", to read ${source.name}.`);
  dialogue.say(
    `  Settings: ${join(home, 'collector.json')}, readable by its owner only. Secrets in it are sealed with the`,
  );
  dialogue.say(
    '  key in machine.key beside it: a copy of the one file tells nothing; who can read the whole folder can read',
  );
  dialogue.say('  all of it.');
};

const refuseSecond = async (home: string): Promise<void> => {
  const there = await exists(join(home, 'collector.json'));
  if (!there) return;
  const settings = await readSettings(realDisk, home).catch(() => null);
  const name = settings === null ? '' : `, "${settings.registered.name}"`;
  throw new Fault(
    'misconfigured',
    `A collector is installed in ${home} already${name}. Uninstall it first, or choose another folder with --home.`,
  );
};

const question = (of: Pick<Question, 'name' | 'title' | 'description'> & Partial<Question>): Question => ({
  ...{ kind: 'text', isSecret: false, choices: [], isRequired: true, standard: null },
  ...of,
});

export const serverQuestion = question({
  name: 'server',
  title: 'Server',
  description: 'The address of Gatehouse Insights, such as https://insights.example.',
});
export const installationKey = question({
  ...{ name: 'key', title: 'Installation key', kind: 'secret', isSecret: true },
  description: 'Shown once on the page of the connector; it works once, for 24 hours.',
});
export const sourceQuestion = (plugins: readonly Plugin[]): Question =>
  question({
    ...{ name: 'source', title: 'What to read', kind: 'choice', choices: plugins.map(({ kind }) => kind) },
    description: plugins.map(({ kind, connector }) => `${kind}: ${connector.name}`).join('; '),
  });

const askServer = async (answers: Answers): Promise<Way> => {
  const wrongIn = (value: Value) => ServerUrl.safeParse(value).error?.issues[0]?.message ?? null;
  const url = ServerUrl.parse(await answerTo(serverQuestion, answers, wrongIn));
  const { flags, environment } = answers;
  const proxy = flags.proxy ?? environment.GATEHOUSE_COLLECTOR_PROXY ?? null;
  const parsed = z
    .url({ protocol: /^http$/ })
    .nullable()
    .safeParse(proxy);
  if (!parsed.success) throw new Fault('misconfigured', '--proxy: Enter an address such as http://proxy.example:3128.');
  const authorities = await answerTo(
    { ...serverAuthority, isRequired: false },
    { ...answers, dialogue: silent(answers) },
  );
  return { url, certificateAuthorities: authorities === undefined ? null : String(authorities), proxy: parsed.data };
};

/** Given as `--ca-file` or a variable where it is needed, and not asked for. */
const serverAuthority = question({
  ...{ name: 'ca', title: 'Certificate authority of the server', kind: 'file', isRequired: false },
  description: 'PEM; where the server has a certificate of your own authority.',
});

const silent = ({ dialogue }: Answers): Answers['dialogue'] => ({ ...dialogue, ask: async () => null });

const askSource = async (
  plugins: readonly Plugin[],
  answers: Answers,
): Promise<{ readonly plugin: Plugin; readonly settings: SourceSettings['settings'] }> => {
  const kind = await answerTo(sourceQuestion(plugins), answers);
  const plugin = plugins.find((one) => one.kind === kind);
  if (plugin === undefined) throw new Fault('misconfigured', `--source: There is no ${kind}.`);
  const { config } = plugin.connector;
  const shapes: Readonly<Record<string, z.ZodType>> = config instanceof z.ZodObject ? config.shape : {};
  const settings: Record<string, Value> = {};
  for (const one of questionsOf(describe(config))) {
    const wrongIn = (value: Value) => {
      const issue = shapes[one.name]?.safeParse(value).error?.issues[0];
      return issue === undefined ? null : issue.message;
    };
    const value = await answerTo(one, answers, wrongIn);
    if (value !== undefined) settings[one.name] = value;
  }
  // What the fields say together; the words name them.
  parseSettings(config, settings);
  return { plugin, settings };
};

const goOn = async ({ dialogue }: Answers): Promise<boolean> => {
  const answer = await dialogue.ask('\n  Something is missing. Install all the same? (yes or no)');
  return /^y(es)?$/i.test(answer?.trim() ?? '');
};

const pendingFile = (home: string) => join(home, 'device.key');

/**
 * Kept until the registration was written down: where its answer was lost, the next attempt is made with the same
 * device.
 */
const openDeviceKey = async (home: string): Promise<Secret> => {
  const seal = await openSeal(realDisk, home, collector);
  const kept = await realDisk.read(pendingFile(home));
  if (kept !== null) return seal.open(new TextDecoder().decode(kept), 'deviceKey');
  const made = await makeDeviceKey();
  await replaceFile(realDisk, pendingFile(home), seal.close(made, 'deviceKey'));
  return made;
};
