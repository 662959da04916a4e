import { describe, test } from 'vitest';
import type { AnyConnector } from '../connector.ts';
import {
  abortStops,
  deadHost,
  forbiddenStream,
  foreignLink,
  strangeBody,
  throttled,
  wrongCredential,
} from './fault-checks.ts';
import { everyCursorResumes, everyStreamYields, expiredCursor, flatMemory } from './reading-checks.ts';
import { secretsStaySecret, settingsAreExplained } from './settings-checks.ts';
import type { Check, Subject } from './trial.ts';

/** What every connector promises, in the order of the contract. */
export const checks: readonly Check[] = [
  settingsAreExplained,
  secretsStaySecret,
  wrongCredential,
  deadHost,
  forbiddenStream,
  throttled,
  strangeBody,
  everyCursorResumes,
  foreignLink,
  abortStops,
  flatMemory,
  everyStreamYields,
  expiredCursor,
];

/**
 * The contract as a Vitest suite. A connector's test is one call:
 *
 *     contract(okta, { fake: fakeOkta, settings: (origin) => ({ orgUrl: origin, … }) });
 */
export const contract = (connector: AnyConnector, { fake, settings }: Omit<Subject, 'connector'>): void => {
  describe(`${connector.name} keeps the contract of connectors`, () => {
    for (const { name, prove } of checks) test(name, () => prove({ connector, fake, settings }), 120_000);
  });
};
