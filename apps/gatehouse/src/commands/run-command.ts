import { openAsBlob, readFileSync } from 'node:fs';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { table } from '../terminal.ts';
import { call, type Target } from './client.ts';
import type { ApiCommand, ApiOption } from './command.ts';

/** What was typed: option values by their name in the request, and the words of the path. */
export interface Typed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly words: Readonly<Record<string, string>>;
  /** The file of a command that uploads one. */
  readonly file?: string | undefined;
  readonly tenant: string | undefined;
  readonly connection: string | undefined;
  readonly limit: number;
  readonly all: boolean;
  readonly json: boolean;
}

const Named = z.looseObject({ name: z.string(), tenantId: z.string().optional(), connectionId: z.string().optional() });
/** Some programs answer these as a page. */
const Things = z.union([z.array(Named), z.looseObject({ items: z.array(Named) }).transform(({ items }) => items)]);
const Page = z.looseObject({ items: z.array(z.unknown()), next: z.string().nullable() });

/** Sends one command and prints its answer. */
export const runCommand = async (command: ApiCommand, typed: Typed, target: Target, print: (text: string) => void) => {
  const path = await fill(command.path, typed, target);
  const options = command.options ?? [];
  const query = options
    .filter((option) => option.in === 'query')
    .flatMap((option) => pairs(option, typed.values[option.flags]));
  const body = nested(
    options
      .filter((option) => option.in === 'body')
      .flatMap((option): (readonly [string, unknown])[] =>
        option.kind === 'fields'
          ? texts.parse(typed.values[option.flags] ?? []).map(field)
          : [[option.as, value(option, typed.values[option.flags])]],
      )
      .filter(([, sent]) => sent !== undefined),
  );
  const request = {
    method: command.method,
    path,
    ...(command.method === 'GET' || command.method === 'DELETE' || command.upload ? {} : { body }),
    ...(typed.file !== undefined && { csv: await openCsv(typed.file) }),
  };

  if (command.streamed) {
    const response = await call(target, { ...request, query });
    for await (const chunk of response.body ?? []) process.stdout.write(chunk);
    return;
  }
  if (command.paged) {
    for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
      const paging: [string, string][] = [
        ['limit', String(typed.limit)],
        ...(cursor === null ? [] : [['cursor', cursor] as [string, string]]),
      ];
      const page = Page.parse(await (await call(target, { ...request, query: [...query, ...paging] })).json());
      print(typed.json ? page.items.map((item) => JSON.stringify(item)).join('\n') : list(command, page.items));
      cursor = page.next;
      if (!typed.all) {
        if (cursor !== null && !typed.json) print('… more: use --all or a larger --limit');
        return;
      }
    }
    return;
  }
  const response = await call(target, { ...request, query });
  if (response.status === 204) return print(typed.json ? '{}' : 'Done.');
  const answer: unknown = await response.json();
  if (typed.json) return print(JSON.stringify(answer, null, 2));
  print(Array.isArray(answer) ? list(command, answer) : fieldsOf(answer));
};

/** Fills the words of a path; a tenant or connection may be given by name. */
const fill = async (path: string, typed: Typed, target: Target): Promise<string> => {
  let filled = path;
  for (const [, name = ''] of path.matchAll(/:(\w+)/g)) {
    const found =
      name === 'tenantId'
        ? await find(target, '/api/tenants', 'tenantId', typed.tenant, '--tenant')
        : name === 'connectionId'
          ? await find(
              target,
              // Other paths, such as those of sessions, name one of the program's own.
              filled.includes('/connections/')
                ? filled.replace(/\/connections\/.*/, '/connections')
                : '/api/connections',
              'connectionId',
              typed.connection,
              '--connection',
            )
          : typed.words[name];
    if (found === undefined) throw new Fault('misconfigured', `Say which ${name}.`);
    filled = filled.replace(`:${name}`, encodeURIComponent(found));
  }
  return filled;
};

const find = async (
  target: Target,
  path: string,
  id: 'tenantId' | 'connectionId',
  given: string | undefined,
  flag: string,
) => {
  const things = Things.parse(await (await call(target, { method: 'GET', path })).json());
  if (given === undefined) {
    const only = things.length === 1 ? things[0]?.[id] : undefined;
    if (only !== undefined) return only;
    throw new Fault(
      'misconfigured',
      `Say which one with ${flag}: ${things.map(({ name }) => name).join(', ') || 'there is none yet'}.`,
    );
  }
  const hits = things.filter((thing) => thing[id] === given || thing.name.toLowerCase() === given.toLowerCase());
  if (hits.length === 1) return hits[0]?.[id];
  throw new Fault(
    'misconfigured',
    hits.length === 0
      ? `There is no "${given}" (${flag}). There is: ${things.map(({ name }) => name).join(', ') || 'none yet'}.`
      : `"${given}" (${flag}) is the name of several; use the id.`,
  );
};

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const value = (option: ApiOption, given: unknown): unknown => {
  if (option.fixed !== undefined) return option.fixed;
  if (given === undefined) return undefined;
  switch (option.kind) {
    case 'list':
      // Nothing between quotes is a list of nothing.
      return texts.parse(given).filter((one) => one !== '');
    case 'number':
      return Number(given);
    case 'settings':
      return Object.fromEntries(texts.parse(given).map(setting));
    case 'boolean':
      return given === 'true' ? true : given === 'false' ? false : given;
    case 'file':
      return readText(option, String(given));
    case 'json':
      return parseJson(option, readText(option, String(given)));
    case 'secret':
      return { from: 'entered', value: readText(option, String(given)) };
    case 'random':
      return { from: 'random' };
    case 'addresses':
      return texts.parse(given).map((address) => {
        const [connection = '', stream = '', ...id] = address.split('/');
        return { connection, stream, id: id.join('/') };
      });
    case 'entries':
      return texts.parse(given).map(entry);
    default:
      return given;
  }
};

/** `port=22` is a number, `tag=blue` a text; JSON is taken as it is, so that `name="22"` is a text too. */
const field = (word: string): [string, unknown] => {
  const [name, text] = setting(word);
  if (typeof text !== 'string') return [name, text];
  try {
    return [name, JSON.parse(text)];
  } catch {
    return [name, text];
  }
};

/** `0 08:00 4 18:00`: from Monday morning to Friday evening. */
const entry = (words: string) => {
  const [, from, start, to, end] = /^([0-6]) (\d\d:\d\d) ([0-6]) (\d\d:\d\d)$/.exec(words.trim()) ?? [];
  if (from === undefined)
    throw new Fault('misconfigured', `--entry "${words.slice(0, 40)}": write "0 08:00 4 18:00"; 0 is Monday.`);
  return { start_day: Number(from), start_time: start, end_day: Number(to), end_time: end };
};

const setting = (word: string): [string, unknown] => {
  const at = word.indexOf('=');
  if (at < 1) throw new Fault('misconfigured', `--set ${word.slice(0, 40)}: write key=value, or key=@file.`);
  const text = word.slice(at + 1);
  if (text.startsWith('@')) {
    try {
      return [word.slice(0, at), readFileSync(text.slice(1), 'utf8')];
    } catch (cause) {
      throw new Fault(
        'misconfigured',
        `--set ${word.slice(0, at)}: the file ${text.slice(1)} cannot be read.`,
        undefined,
        { cause },
      );
    }
  }
  return [word.slice(0, at), text === 'true' ? true : text === 'false' ? false : text];
};

const pairs = (option: ApiOption, given: unknown): (readonly [string, string])[] =>
  given === undefined ? [] : texts.parse(given === true ? 'true' : given).map((one) => [option.as, one] as const);

/** `[['rights.spin', true]]` → `{ rights: { spin: true } }`. */
const nested = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> => {
  const body: Record<string, unknown> = {};
  for (const [path, sent] of entries) {
    const [name = '', member] = path.split('.');
    if (path === '') Object.assign(body, sent);
    else if (member === undefined) body[name] = sent;
    else body[name] = { ...(typeof body[name] === 'object' ? body[name] : {}), [member]: sent };
  }
  return body;
};

/** Without the line break that editors put at the end. */
const readText = ({ flags }: ApiOption, path: string): string => {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new Fault('misconfigured', `${flags.split(' ')[0]}: the file ${path} cannot be read.`, undefined, { cause });
  }
};

const parseJson = ({ flags }: ApiOption, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('misconfigured', `${flags.split(' ')[0]}: the file is not JSON.`, undefined, { cause });
  }
};

/** Read while it is sent. */
const openCsv = async (path: string): Promise<Blob> => {
  try {
    return await openAsBlob(path);
  } catch (cause) {
    throw new Fault('misconfigured', `The file ${path} cannot be read.`, undefined, { cause });
  }
};

const at = (item: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (thing, name) => (typeof thing === 'object' && thing !== null ? Reflect.get(thing, name) : undefined),
      item,
    );
const cell = (thing: unknown): string =>
  thing === null || thing === undefined ? '' : typeof thing === 'object' ? JSON.stringify(thing) : String(thing);

/** A table of the command's columns; columns that no item has are left out. */
const list = (command: ApiCommand, items: readonly unknown[]): string => {
  const columns = (command.columns ?? []).filter((column) => items.some((item) => at(item, column) !== undefined));
  return items.length === 0
    ? 'None.'
    : table(
        columns,
        items.map((item) => columns.map((column) => cell(at(item, column)))),
      );
};

const fieldsOf = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null
    ? Object.entries(answer)
        .map(([name, thing]) =>
          Array.isArray(thing) && typeof thing[0] === 'object'
            ? `${name}:\n${thing.map((one) => `  - ${cell(one)}`).join('\n')}`
            : `${name}: ${cell(thing)}`,
        )
        .join('\n')
    : cell(answer);
