import { inspect } from 'node:util';

/** Everything printed on the way, whoever prints it, until the returned function is called. */
export const overhear = (printed: string[]): (() => void) => {
  const names = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
  const before = names.map((name) => console[name]);
  for (const name of names) console[name] = (...parts: unknown[]) => void printed.push(inspect(parts, { depth: 12 }));
  return () => {
    for (const [i, name] of names.entries()) console[name] = before[i] ?? console[name];
  };
};

/** Values as JSON, and as a logger prints them: with causes and properties that JSON leaves out. */
export const textsOf = (seen: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(seen).flatMap(([name, value]) => [
      [`${name} as JSON`, JSON.stringify(value) ?? ''],
      [`${name} as printed`, inspect(value, { depth: 12, maxArrayLength: null, maxStringLength: null })],
    ]),
  );
