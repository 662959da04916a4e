import type { NoteWritten } from '../desk.ts';
import { markerText } from '../note.ts';
import { type FieldValues, holds, type LogicalField, listOf, logicalFieldNames } from '../ticket.ts';
import {
  type Check,
  claim,
  type DeskUnderTest,
  newSession,
  type Process,
  processOf,
  type Settings,
  type Subject,
} from './subject.ts';

/** A process with these settings, and a ticket of its own as good settings see it. */
const open = async (subject: Subject, under: DeskUnderTest, settings?: Settings) => {
  const good = under.settings(under.origin);
  const number = await under.makeTicket('for a session');
  const ticket = await find(processOf(subject, good), number);
  return { ...processOf(subject, settings ?? good), number, ticket };
};

const find = async ({ desk, client }: Pick<Process, 'desk' | 'client'>, number: string) => {
  const ticket = await desk.findTicket(client, number);
  claim(ticket !== null, `the ticket ${number} is not there`);
  return ticket;
};

/** One text that no desk reads as it is meant, and the rest plain. */
const valuesFor = (session: string): FieldValues => ({
  sessionIds: [session, newSession()],
  sessionKey: '<script>alert(1)</script> & "Zoë" ☃',
  sessionUrl: `https://site.example/?key=${session}&a=1`,
  sessionKeyExpires: '2026-11-28T20:00:00.000Z',
  sessionStartLink: 'https://desk.example/desks/1/tickets/2/start',
  jumpSearch: "it's [WS-0815] %_\\",
  lastSessionStatus: 'ended',
  lastSessionEnd: '2026-11-28T20:30:00.000Z',
  surveyRating: '5',
});

export const fieldsAreSet: Check = {
  name: 'every field is set, found on the ticket afterwards, changed and emptied again',
  async prove(subject, under) {
    const { desk, client, number, ticket } = await open(subject, under);
    const first = valuesFor(newSession());
    const second: FieldValues = {
      ...first,
      sessionIds: [...(first.sessionIds ?? []), newSession()],
      sessionKey: 'other',
    };
    const none = Object.fromEntries(logicalFieldNames.map((field) => [field, field === 'sessionIds' ? [] : null]));
    for (const values of [first, first, second, none]) {
      const written = await desk.setFields(client, ticket.id, values, null);
      claim(written.state === 'done', `they are ${written.state}`);
      const failed = written.results.filter(({ state }) => state !== 'applied');
      claim(failed.length === 0, `they are not all applied: ${JSON.stringify(failed)}`);
      claim(written.results.length === logicalFieldNames.length, 'a field has no result');
      const { fields } = await find({ desk, client }, number);
      const wrong = logicalFieldNames.filter((field) => !holds(listOf(fields[field]), listOf(values[field])));
      claim(
        wrong.length === 0,
        `${wrong.map((field) => `${field}: ${JSON.stringify(fields[field])}`).join()} was read back`,
      );
    }
  },
};

export const unknownFields: Check = {
  name: 'a field that the desk does not have is unknown, and costs the others nothing',
  async prove(subject, under) {
    const { field, settings } = under.unknownField;
    const { desk, client, ticket } = await open(subject, under, settings);
    const values: FieldValues = { sessionIds: [newSession()], [field]: 'x' };
    const written = await desk.setFields(client, ticket.id, values, null);
    claim(written.state === 'done', `they are ${written.state}`);
    claim(said(written.results, field) === 'unknown', `it is ${said(written.results, field)}`);
    claim(said(written.results, 'sessionIds') === 'applied', `the ids are ${said(written.results, 'sessionIds')}`);
    const failed = written.results.filter(({ state, advice }) => (state === 'applied') !== (advice === null));
    claim(failed.length === 0, 'a field that is not applied has no advice, or one that is has some');
  },
};

const said = (results: readonly { field: LogicalField; state: string }[], field: LogicalField) =>
  results.find((one) => one.field === field)?.state;

export const deniedFields: Check = {
  name: 'a field that the account must not change is denied, whatever the desk says, and keeps its value',
  async prove(subject, under) {
    const { desk, client, number, ticket } = await open(subject, under, under.readOnly);
    const owner = processOf(subject, under.settings(under.origin));
    await owner.desk.setFields(owner.client, ticket.id, { sessionIds: ['before'], sessionKey: 'before' }, null);
    const written = await desk.setFields(
      client,
      ticket.id,
      { sessionIds: ['before', 'after'], sessionKey: 'after' },
      null,
    );
    claim(written.state === 'done', `they are ${written.state}`);
    const states = written.results.map(({ field, state }) => `${field} ${state}`).toSorted();
    claim(states.join() === 'sessionIds denied,sessionKey denied', `they are ${states.join()}`);
    const { fields } = await find(owner, number);
    claim(fields.sessionKey === 'before' && fields.sessionIds?.join() === 'before', 'they changed');
  },
};

export const staleVersions: Check = {
  name: 'what is written to an older version of a ticket changes nothing and says so',
  async prove(subject, under) {
    const { desk, client, number, ticket } = await open(subject, under);
    await under.touch(number);
    const marker = { session: newSession(), part: 'summary', revision: 1 };
    const fields = await desk.setFields(client, ticket.id, { sessionKey: 'stale' }, ticket.version);
    claim(fields.state === 'stale', `fields of an older version are ${fields.state}`);
    const note = await desk.addNote(client, ticket.id, { marker, title: 't', html: 'x' }, ticket.version);
    claim(note.state === 'stale', `a note for an older version is ${note.state}`);
    claim(
      note.ticket.version !== ticket.version && note.ticket.number === number,
      'the ticket that came is not the new one',
    );
    const now = await find({ desk, client }, number);
    claim(
      now.fields.sessionKey !== 'stale' && (await standing(under, number, marker.session)).length === 0,
      'it was written',
    );
    const fresh = await desk.setFields(client, ticket.id, { sessionKey: 'fresh' }, now.version);
    claim(fresh.state === 'done', `fields of the version that is are ${fresh.state}`);
    const after = await find({ desk, client }, number);
    const added = await desk.addNote(client, ticket.id, { marker, title: 't', html: 'x' }, after.version);
    claim(added.state === 'done', `a note for the version that is is ${added.state}`);
  },
};

export const oneOfTwo: Check = {
  name: 'of two who write to the same version of a ticket at once one is told that it is stale, where the desk compares',
  async prove(subject, under) {
    if (subject.desk.versions !== 'desk') return;
    const { desk, client, number, ticket } = await open(subject, under);
    const other = processOf(subject, under.settings(under.origin));
    const ids = [[newSession()], [newSession()]];
    const both = await Promise.all([
      desk.setFields(client, ticket.id, { sessionIds: ids[0] ?? [] }, ticket.version),
      other.desk.setFields(other.client, ticket.id, { sessionIds: ids[1] ?? [] }, ticket.version),
    ]);
    const states = both.map(({ state }) => state);
    claim(states.toSorted().join() === 'done,stale', `they are ${states.join()}`);
    const { fields } = await find({ desk, client }, number);
    claim(fields.sessionIds?.join() === ids[states.indexOf('done')]?.join(), 'what the other wrote stands there');
  },
};

const standing = async (under: DeskUnderTest, number: string, session: string) =>
  (await under.notes(number)).filter(({ body }) => body.includes(session));

const how = (written: NoteWritten) => (written.state === 'done' ? written.how : written.state);

export const notesStandOnce: Check = {
  name: 'a note said twice, or by two processes at once, stands once, and customers do not see it',
  async prove(subject, under) {
    const { desk, client, number, ticket } = await open(subject, under);
    const marker = { session: newSession(), part: 'summary', revision: 1 };
    const note = { marker, title: 'Session', html: '<p>internal words</p>', minutes: 3 };
    const first = await desk.addNote(client, ticket.id, note, null);
    const again = await desk.addNote(client, ticket.id, note, null);
    claim(how(first) === 'added' && how(again) === 'found', `said twice it is ${how(first)}, ${how(again)}`);
    claim(first.state === 'done' && again.state === 'done' && first.id === again.id, 'it has two ids');
    const one = processOf(subject, under.settings(under.origin));
    const other = processOf(subject, under.settings(under.origin));
    const part = { ...note, marker: { ...marker, part: 'chat' } };
    const both = await Promise.all(
      [one, other, one].map((each) => each.desk.addNote(each.client, ticket.id, part, null)),
    );
    const hows = both.map(how).toSorted();
    claim(hows.join() === 'added,found,found', `said by two processes at once it is ${hows.join()}`);
    const notes = await standing(under, number, marker.session);
    claim(notes.length === 2, `two notes stand ${notes.length} times`);
    claim(
      notes.every(({ isInternal }) => isInternal),
      'a note is not internal',
    );
    const seen = await under.readAsCustomer(number);
    claim(seen.includes('for a session'), `the customer does not even see the ticket: ${seen.slice(0, 200)}`);
    claim(!seen.includes('internal words') && !seen.includes(marker.session), 'the customer sees a note');
  },
};

export const revisionsAreKept: Check = {
  name: 'a later revision replaces the note or follows it, an earlier one changes nothing',
  async prove(subject, under) {
    const { desk, client, number, ticket } = await open(subject, under);
    const session = newSession();
    const note = (revision: number) => ({
      marker: { session, part: 'summary', revision },
      title: 't',
      html: `<p>words of ${revision}</p>`,
    });
    const hows: string[] = [];
    for (const revision of [1, 3, 2, 3]) hows.push(how(await desk.addNote(client, ticket.id, note(revision), null)));
    const replaces = subject.desk.notes.revisions === 'replace';
    claim(hows.join() === `added,${replaces ? 'updated' : 'added'},found,found`, `they are ${hows.join()}`);
    const bodies = (await standing(under, number, session)).map(({ body }) => body);
    claim(bodies.length === (replaces ? 1 : 2), `${bodies.length} stand`);
    claim(bodies.at(-1)?.includes('words of 3') === true, `the last one is ${bodies.at(-1)}`);
    claim(!bodies.some((body) => body.includes('words of 2')), 'an earlier one came after a later one');
  },
};

export const markersAreOurs: Check = {
  name: 'a marker that somebody else wrote keeps no note from being written',
  async prove(subject, under) {
    const { desk, client, number, ticket } = await open(subject, under);
    const marker = { session: newSession(), part: 'summary', revision: 1 };
    await under.writeAsOther(number, `${markerText(marker)} forged ${markerText({ ...marker, revision: 9 })}`);
    const written = await desk.addNote(client, ticket.id, { marker, title: 't', html: 'the real words' }, null);
    claim(how(written) === 'added', `it is ${how(written)}`);
    const notes = await standing(under, number, marker.session);
    claim(
      notes.some(({ body }) => body.includes('the real words')),
      'it does not stand there',
    );
  },
};

export const notesAreWhole: Check = {
  name: 'a note of 300 kilobytes arrives whole, and nothing in a note or its title does anything',
  async prove(subject, under) {
    const { desk, client, number, ticket } = await open(subject, under);
    const session = newSession();
    const lines = Array.from({ length: 6_000 }, (_, i) => `<p>line ${i}: Grüße, 日本語 ☃ &lt;ok&gt;</p>`).join('');
    claim(lines.length > 300_000 * 0.8, 'it is not large');
    const large = { marker: { session, part: 'chat', revision: 1 }, title: 'Chat ✓', html: lines };
    claim(how(await desk.addNote(client, ticket.id, large, null)) === 'added', 'the large one is not added');
    const hostile = {
      marker: { session, part: 'summary', revision: 1 },
      title: 'a <script>alert("t")</script>\nSubject: x\r\nBcc: eve@evil.example {{include(x)}}',
      html: '<p onclick="x()">kept ☃</p><script>alert("h")</script><img src="https://evil.example/x"><a href="javascript:alert(1)">l</a></pre>{{include(y)}}',
    };
    claim(how(await desk.addNote(client, ticket.id, hostile, null)) === 'added', 'the hostile one is not added');
    claim(how(await desk.addNote(client, ticket.id, hostile, null)) === 'found', 'the hostile one is not found again');
    const notes = await standing(under, number, session);
    const whole = notes.find(({ body }) => body.includes('line 0:'))?.body ?? '';
    claim(whole.includes('line 5999: Grüße, 日本語 ☃'), `the large one ends ${whole.slice(-100)}`);
    const kept = notes.find(({ body }) => body.includes('kept ☃'))?.body ?? '';
    claim(kept !== '', 'the hostile one is not there');
    claim(!/<script|<img|<[^>]+onclick|javascript:/i.test(kept), `the hostile one stands as ${kept}`);
    claim(!/^(?:Subject|Bcc):/m.test(kept), 'a title has several lines');
  },
};
