import { readFile } from 'node:fs/promises';
import { type Answers, answerTo, type Question, type Value } from '@gatehouse/host/agent';
import { type Clock, Fault } from '@gatehouse/kernel';
import type { AnyVault } from '@gatehouse/vault-kit';
import { findPlugins, pluginFolder } from '../plugins/index.ts';
import {
  type EcmSettings,
  type Entered,
  type FormField,
  formOf,
  SiteUrl,
  valueAt,
  withValue,
} from '../settings/index.ts';
import { openConfiguratorLog, pluginById } from './configurator.ts';
import { accountOf, type Draft, draftOf, openStored, saveAccount, savePlugin, withStoredSecrets } from './draft.ts';
import { testConnection } from './test-connection.ts';

export interface TerminalOptions {
  readonly home: string;
  readonly vaults: readonly AnyVault[];
  readonly answers: Answers;
  /** `path=value` and `path=file`, from the command line. */
  readonly set: readonly string[];
  readonly setFile: readonly string[];
  readonly isTested: boolean;
  readonly clock: Clock;
}

const question = (of: Pick<Question, 'name' | 'title' | 'description'> & Partial<Question>): Question => ({
  ...{ kind: 'text', isSecret: false, choices: [], isRequired: true, standard: null },
  ...of,
});

/** What the first screen asks; each is a flag and a variable, too. */
export const accountQuestions = {
  site: question({ name: 'site', title: 'Site', description: 'The name of the site, such as access.example.' }),
  clientId: question({
    name: 'clientId',
    title: 'Client id',
    description: 'Of an API account with the ECM permission.',
  }),
  clientSecret: question({
    ...{ name: 'clientSecret', title: 'Client secret', description: 'Shown once when the account was made.' },
    ...{ kind: 'secret', isSecret: true },
  }),
  plugin: question({ name: 'plugin', title: 'Plugin', description: 'Which vault this ECM asks.' }),
} as const;

/** Asks for what no flag and no variable says, tests the connection, and stores all of it. @throws Fault */
export const configureInTerminal = async (options: TerminalOptions): Promise<void> => {
  const { home, answers, clock, isTested } = options;
  const { dialogue } = answers;
  const { log, hide } = await openConfiguratorLog(home);
  const stored = await openStored(home);
  const draft = await askAccount(answers, stored);
  hide([draft.clientSecret]);
  if (isTested) {
    dialogue.say('\n  Testing the connection to the site …');
    const { ok, sentence } = await testConnection(accountOf(draft, stored), clock);
    log.write('info', `Test connection: ${sentence}`);
    dialogue.say(`  ${ok ? 'ok' : 'failed'}: ${sentence}`);
    if (!ok) throw new Fault('misconfigured', 'Nothing was saved. Mend this, or add --no-test to save all the same.');
  }
  const vault = await askPlugin(options, stored);
  const kept = vault.id === stored?.plugin?.id ? stored.plugin.values : {};
  const values = await askPluginSettings(vault, options, kept);
  const parsed = vault.config.safeParse(withStoredSecrets(vault, values, stored));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Fault('misconfigured', `${issue?.path.map(String).join('.')}: ${issue?.message} Nothing was saved.`);
  }
  await saveAccount(home, draft);
  await savePlugin(home, vault, values);
  log.write('info', 'The settings were saved.', { plugin: vault.id });
  dialogue.say(
    `\n  Saved in ${home}, readable by its owner only. Secrets are sealed with machine.key beside them: a copy of`,
  );
  dialogue.say('  the one file tells nothing; who can read the whole folder can read all of it.');
  dialogue.say('  Restart the service of the ECM, if it runs.');
};

const askAccount = async (answers: Answers, stored: EcmSettings | null): Promise<Draft> => {
  const before = draftOf(stored);
  const { flags, environment } = answers;
  const wrongSite = (value: Value) => SiteUrl.safeParse(value).error?.issues[0]?.message ?? null;
  const standard = (text: string) => (text === '' ? null : text);
  const ask = async (one: Question, was: string, complain?: (value: Value) => string | null) =>
    String((await answerTo({ ...one, standard: standard(was) }, answers, complain)) ?? was);
  const site = await ask(accountQuestions.site, before.site, wrongSite);
  const clientId = await ask(accountQuestions.clientId, before.clientId);
  const isKept = SiteUrl.safeParse(site).data === before.site && clientId === before.clientId && stored !== null;
  const secret = await answerTo({ ...accountQuestions.clientSecret, isRequired: !isKept }, answers);
  const file = flags.caFile ?? environment.GATEHOUSE_ECM_CA;
  const certificateAuthorities =
    typeof file === 'string' ? await textOf(file, '--ca-file') : before.certificateAuthorities;
  const proxy = (flag: unknown, variable: string | undefined, was: string): string => {
    const said = typeof flag === 'string' ? flag : (variable ?? was);
    return said === 'none' ? '' : said;
  };
  const level = flags.logLevel ?? before.logLevel;
  if (level !== 'info' && level !== 'debug') throw new Fault('misconfigured', '--log-level: Enter info or debug.');
  return {
    ...{ name: typeof flags.name === 'string' ? flags.name : before.name, site, clientId, logLevel: level },
    ...{ clientSecret: secret === undefined ? '' : String(secret), certificateAuthorities },
    siteProxy: proxy(flags.siteProxy, environment.GATEHOUSE_ECM_SITE_PROXY, before.siteProxy),
    vaultProxy: proxy(flags.vaultProxy, environment.GATEHOUSE_ECM_VAULT_PROXY, before.vaultProxy),
  };
};

const askPlugin = async ({ home, vaults, answers }: TerminalOptions, stored: EcmSettings | null): Promise<AnyVault> => {
  const { found, unusable } = await findPlugins(vaults, pluginFolder(home));
  for (const { file, reason } of unusable) answers.dialogue.say(`\n  ${file} cannot be used: ${reason}`);
  const ids = found.map(({ vault }) => vault.id);
  const [only = null, ...others] = ids;
  const standard = stored?.plugin?.id ?? (others.length === 0 ? only : null);
  const description = found.map(({ vault: { id, name } }) => `${id}: ${name}`).join('; ');
  const asked = { ...accountQuestions.plugin, kind: 'choice', choices: ids, standard, description } as const;
  return await pluginById(home, vaults, String(await answerTo(asked, answers)));
};

/** Values of the command line, else what was stored, else what a person says. */
const askPluginSettings = async (vault: AnyVault, options: TerminalOptions, kept: Entered): Promise<Entered> => {
  const fields = formOf(vault.config);
  const given = await givenValues(fields, options);
  const { dialogue } = options.answers;
  let values: Entered = {};
  for (const field of fields) {
    const { path, when } = field;
    if (when !== null && valueAt(values, when.path) !== when.value) continue;
    const said = valueAt(given, path);
    if (said !== undefined) values = withValue(values, path, said);
    else if (!dialogue.isPerson) values = withValue(values, path, valueAt(kept, path));
    else values = withValue(values, path, await askField(field, options.answers, valueAt(kept, path)));
  }
  return values;
};

const askField = async (field: FormField, answers: Answers, kept: Entered[string] | undefined) => {
  const { path, title, description, kind, isSecret, choices, standard, isRequired, group } = field;
  const was = isSecret ? undefined : (kept ?? standard);
  const isKept = isSecret && kept !== undefined;
  const one: Question = {
    ...{ name: path, title: [...group, title].join(': '), isSecret, choices: choices.map(({ value }) => value) },
    description: isKept ? `${description} Leave it out to keep the one that is set.` : description,
    ...{ kind: kind === 'lines' ? 'file' : kind, isRequired: isRequired && !isKept },
    standard: was === undefined || was === null || was === '' ? null : String(was),
  };
  // What was a text of several lines is kept by leaving it out: a prompt takes the path of a file.
  const asked = kind === 'lines' ? { ...one, standard: null, isRequired: one.isRequired && was === undefined } : one;
  const value = await answerTo(asked, { ...answers, flags: {}, environment: {} });
  return value === undefined || Array.isArray(value) ? kept : value;
};

const givenValues = async (fields: readonly FormField[], { set, setFile }: TerminalOptions): Promise<Entered> => {
  let values: Entered = {};
  for (const [flag, pair] of [
    ...set.map((one) => ['--set', one] as const),
    ...setFile.map((one) => ['--set-file', one] as const),
  ]) {
    const [, path = '', text = ''] = /^([\w.]+)=([\s\S]*)$/.exec(pair) ?? [];
    const field = fields.find((one) => one.path === path);
    if (field === undefined)
      throw new Fault(
        'misconfigured',
        `${flag}: There is no setting "${path}". There are: ${fields.map((one) => one.path).join(', ')}.`,
      );
    if (flag === '--set' && field.isSecret)
      throw new Fault(
        'misconfigured',
        `--set ${path}: Every user of the machine sees the command line. Use --set-file ${path}=<file>.`,
      );
    const said = flag === '--set' ? text : await textOf(text, `--set-file ${path}`);
    values = withValue(values, path, toValue(field, said, flag));
  }
  return values;
};

const toValue = ({ kind, path }: FormField, text: string, flag: string): string | number | boolean => {
  if (kind === 'number') {
    if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
    throw new Fault('misconfigured', `${flag} ${path}: Enter a number.`);
  }
  if (kind !== 'toggle') return text;
  if (/^(y|yes|true|on)$/i.test(text)) return true;
  if (/^(n|no|false|off)$/i.test(text)) return false;
  throw new Fault('misconfigured', `${flag} ${path}: Enter yes or no.`);
};

const textOf = async (path: string, flag: string): Promise<string> => {
  try {
    // The end of the line is the editor's, not part of a password.
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch {
    throw new Fault('misconfigured', `${flag}: ${path} cannot be read.`);
  }
};
