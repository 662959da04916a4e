import { describe, test } from 'vitest';
import { abortStops, deadHost, expiredToken, expiryInTheMiddle, strangeBody, wrongCredential } from './fault-checks.ts';
import {
  brokenConnection,
  crashAndAskAgain,
  crashWhileReleasing,
  crashWhileRetrieving,
  releasedTwice,
  releaseIsPrecise,
  retrievedOnce,
} from './lease-checks.ts';
import { hostileNames, listingsAreStable, secretsStaySecret, settingsAreExplained } from './listing-checks.ts';
import type { Check, Subject } from './trial.ts';

/** What every plugin promises, in the order of the contract. */
export const checks: readonly Check[] = [
  settingsAreExplained,
  listingsAreStable,
  secretsStaySecret,
  hostileNames,
  retrievedOnce,
  releasedTwice,
  releaseIsPrecise,
  crashWhileRetrieving,
  crashAndAskAgain,
  crashWhileReleasing,
  brokenConnection,
  wrongCredential,
  deadHost,
  strangeBody,
  expiredToken,
  expiryInTheMiddle,
  abortStops,
];

/** The contract as a Vitest suite. A plugin's test is one call. */
export const contract = (subject: Subject): void => {
  describe(`${subject.vault.name} keeps the contract of vault plugins`, () => {
    for (const { name, prove } of checks) test(name, () => prove(subject), 120_000);
  });
};
