import { afterAll, beforeAll, describe, test } from 'vitest';
import {
  abortStops,
  checkGoesOn,
  checkTells,
  deadHost,
  oddCredentials,
  secretsStaySecret,
  strangeAnswers,
  wrongCredential,
} from './fault-checks.ts';
import {
  absentTickets,
  fieldsAreFound,
  mergesAreFollowed,
  peopleAreFound,
  removedTickets,
  settingsAreExplained,
  ticketsAreFound,
} from './reading-checks.ts';
import type { Check, DeskUnderTest, Subject } from './subject.ts';
import {
  deniedFields,
  fieldsAreSet,
  markersAreOurs,
  notesAreWhole,
  notesStandOnce,
  oneOfTwo,
  revisionsAreKept,
  staleVersions,
  unknownFields,
} from './writing-checks.ts';

/** What every adapter promises, in the order of the contract. */
export const checks: readonly Check[] = [
  settingsAreExplained,
  ticketsAreFound,
  absentTickets,
  mergesAreFollowed,
  removedTickets,
  fieldsAreFound,
  peopleAreFound,
  fieldsAreSet,
  unknownFields,
  deniedFields,
  staleVersions,
  oneOfTwo,
  notesStandOnce,
  revisionsAreKept,
  markersAreOurs,
  notesAreWhole,
  wrongCredential,
  deadHost,
  strangeAnswers,
  abortStops,
  checkTells,
  checkGoesOn,
  secretsStaySecret,
  oddCredentials,
];

/** The contract as a Vitest suite, on one desk that is opened for it. An adapter's test is one call. */
export const contract = (subject: Subject): void => {
  describe(`${subject.desk.name} keeps the contract of desks`, () => {
    const opened: { under: DeskUnderTest | null } = { under: null };
    beforeAll(async () => {
      opened.under = await subject.open();
    });
    afterAll(() => opened.under?.[Symbol.asyncDispose]());
    for (const { name, prove } of checks) {
      test(name, async () => {
        if (opened.under === null) throw new Error('the desk did not open');
        await prove(subject, opened.under);
      });
    }
  });
};
