import { type Element, element } from '../xml-api/index.ts';

const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);

/** In the attribute by which programs read times. */
export const timestamp = (at: Date) => ({ timestamp: seconds(at) });

/** Empty for what has not happened. */
export const timeElement = (name: string, at: Date | null): Element =>
  at === null ? element(name) : element(name, `${at.toISOString().slice(0, 19)}+00:00`, timestamp(at));

/** `00:15:02`; a session of days has more hours. */
export const durationElement = (from: Date, until: Date): Element => {
  const total = secondsBetween(from, until);
  const parts = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
  return element('duration', parts.map((part) => String(part).padStart(2, '0')).join(':'));
};

export const secondsBetween = (from: Date, until: Date): number => Math.max(0, seconds(until) - seconds(from));

/** Programs expect a port; 0 where it is not kept. */
export const toAddress = (address: string): string =>
  address === '' ? '' : address.includes(':') ? `[${address}]:0` : `${address}:0`;

/** Somebody, or the site, as events name them. */
export interface Actor {
  readonly type: 'representative' | 'customer' | 'system';
  /** 0 is the site. */
  readonly gsnumber: number;
  readonly name: string;
}

export const actorElement = (name: string, { type, gsnumber, name: words }: Actor): Element =>
  element(name, words, { type, gsnumber });

/** Left out where there is nothing. */
export const dataElement = (values: readonly (readonly [string, string | number])[]): readonly Element[] =>
  values.length === 0
    ? []
    : [
        element(
          'data',
          values.map(([name, value]) => element('value', '', { name, value })),
        ),
      ];
