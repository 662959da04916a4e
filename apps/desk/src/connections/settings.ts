import { secretNames } from '@gatehouse/fields';
import { Secret } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
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
  return whole;
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
