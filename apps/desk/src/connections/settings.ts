import { describe, secretNames } from '@gatehouse/fields';
import { Secret } from '@gatehouse/kernel';
import { problems, type Sealer } from '@gatehouse/server';
import type { z } from 'zod';
import { accept } from '../parse.ts';
import type { Connection } from './store.ts';

export type Settings = Readonly<Record<string, unknown>>;

const contextOf = (connectionId: string) => ['desk-connection', connectionId];

/** All of them are sealed: which of them tell something about a desk is its adapter's to know. */
export const sealSettings = (sealer: Sealer, connectionId: string, settings: Settings): string =>
  sealer.seal(new Secret(JSON.stringify(settings)), contextOf(connectionId));

/** As entered, secrets in the clear. */
export const openSettings = (
  sealer: Sealer,
  { connectionId, sealedSettings }: Pick<Connection, 'connectionId' | 'sealedSettings'>,
): Settings => JSON.parse(sealer.open(sealedSettings, contextOf(connectionId)).reveal());

/** For an answer: each secret says only whether it is set. */
export const showSettings = (config: z.ZodType, settings: Settings): Settings => {
  const shown = structuredClone(settings) as Record<string, unknown>; // it is JSON
  for (const path of secretNames(config)) {
    const [place, name] = placeOf(shown, path);
    if (place !== null && name in place) place[name] = { isSet: place[name] !== '' };
  }
  return shown;
};

/** Entered settings with the secrets that were left out, or sent back as they were shown. @throws Problem that names fields */
export const acceptSettings = (config: z.ZodType, entered: Settings, previous: Settings | null): Settings => {
  const whole = structuredClone(entered) as Record<string, unknown>; // it is JSON
  for (const path of previous === null ? [] : secretNames(config)) {
    const [place, name] = placeOf(whole, path);
    const [before] = placeOf(previous as Record<string, unknown>, path);
    if (place !== null && typeof place[name] !== 'string' && before !== null && name in before)
      place[name] = before[name];
  }
  accept(config, whole, 'settings');
  if (previous !== null && isElsewhere(config, whole, previous)) refuseKept(config, entered, previous);
  return whole;
};

/** Whether an address leads to another place than before. */
const isElsewhere = (config: z.ZodType, whole: Settings, previous: Settings): boolean =>
  Object.entries(describe(config).properties ?? {}).some(
    ([name, field]) =>
      typeof field === 'object' && field.format === 'uri' && originOf(whole[name]) !== originOf(previous[name]),
  );
const originOf = (url: unknown): string | null => URL.parse(String(url))?.origin ?? null;

/** A secret is for the place it was given for. @throws Problem that names each that is to be entered again */
const refuseKept = (config: z.ZodType, entered: Settings, previous: Settings): void => {
  const isText = (of: Settings, path: string) => {
    const [place, name] = placeOf(of as Record<string, unknown>, path);
    return typeof place?.[name] === 'string' && place[name] !== '';
  };
  const isGiven = (path: string) => {
    const [place, name] = placeOf(entered as Record<string, unknown>, path);
    return typeof place?.[name] === 'string';
  };
  const kept = secretNames(config).filter((path) => !isGiven(path) && isText(previous, path));
  if (kept.length > 0)
    throw problems.invalid(
      kept.map((path) => ({
        field: `settings.${path}`,
        message: 'Enter it again, or empty it: it was given for another address.',
      })),
    );
};

const placeOf = (
  settings: Record<string, unknown>,
  path: string,
): readonly [place: Record<string, unknown> | null, name: string] => {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place: unknown = settings;
  for (const name of names) place = typeof place === 'object' && place !== null ? Reflect.get(place, name) : null;
  return [typeof place === 'object' && place !== null ? (place as Record<string, unknown>) : null, last]; // checked
};
