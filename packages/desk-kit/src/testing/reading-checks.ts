import { secretNames } from '@gatehouse/fields';
import { unexplained } from '@gatehouse/fields/testing';
import { isSecretName } from '@gatehouse/host';
import { logicalFieldNames } from '../ticket.ts';
import { type Check, claim, newSession, processOf } from './subject.ts';

export const settingsAreExplained: Check = {
  name: 'every setting has a title and a sentence, every secret is a secret, and every field can be mapped',
  async prove({ desk }) {
    const [problem] = unexplained(desk.config, isSecretName);
    claim(problem === undefined, problem ?? '');
    claim(/^[a-z][a-z0-9-]*$/.test(desk.id) && desk.summary.endsWith('.'), 'id or summary are missing');
    claim(secretNames(desk.config).length > 0, 'no setting is secret');
  },
};

export const ticketsAreFound: Check = {
  name: 'a ticket is found by its number, with who asks, where it is and every mapped field',
  async prove(subject, under) {
    const { desk, client } = processOf(subject, under.settings(under.origin));
    const number = await under.makeTicket('Printer <b>is</b> on fire: ✓ Zoë');
    const ticket = await desk.findTicket(client, number);
    claim(ticket !== null, `the ticket ${number} is not found`);
    claim(ticket.subject === 'Printer <b>is</b> on fire: ✓ Zoë', `its subject became ${ticket.subject}`);
    claim(ticket.number === number && ticket.isOpen && ticket.status !== '', `it is ${JSON.stringify(ticket)}`);
    claim(ticket.url.startsWith(`${under.origin}/`), `its address is ${ticket.url}`);
    claim(ticket.requester !== null && ticket.requester.login !== '', 'nobody asks');
    claim(ticket.group !== null, 'it is in no group');
    const missing = logicalFieldNames.filter((field) => ticket.fields[field] === undefined);
    claim(missing.length === 0, `it has no ${missing.join(', ')}`);
    const again = await desk.findTicket(client, ticket.id);
    claim(again?.version === ticket.version, 'reading it changed its version, or it is not found by its id');
    await under.touch(number);
    const later = await desk.findTicket(client, number);
    claim(later !== null && later.version !== ticket.version, 'somebody changed it, and its version stayed');
  },
};

const strange = [
  '999999999',
  'no-such-ticket',
  '',
  ' ',
  '0',
  '-1',
  '1e3',
  '../1',
  '1/../2',
  "1' or '1'='1",
  '%',
  '*',
  '☃',
  '1\n2',
  '9'.repeat(400),
];

export const absentTickets: Check = {
  name: 'a number that no ticket has finds none, whatever is in it',
  async prove(subject, under) {
    const { desk, client } = processOf(subject, under.settings(under.origin));
    for (const key of strange) {
      const found = await desk.findTicket(client, key);
      claim(found === null, `${JSON.stringify(key)} finds ${found?.number}`);
    }
  },
};

export const mergesAreFollowed: Check = {
  name: 'a ticket that was merged into another is that other, for reading and for writing',
  async prove(subject, under) {
    if (under.merge === undefined) return;
    const { desk, client } = processOf(subject, under.settings(under.origin));
    const [from, into] = [await under.makeTicket('twice'), await under.makeTicket('once')];
    const before = await desk.findTicket(client, from);
    claim(before !== null, 'it was not there before');
    const earlier = { session: newSession(), part: 'summary', revision: 1 };
    await desk.addNote(client, before.id, { marker: earlier, title: 't', html: '<p>earlier</p>' }, null);
    await under.merge(from, into);
    const after = await desk.findTicket(client, from);
    claim(after?.number === into, `it leads to ${after?.number} instead of ${into}`);
    const marker = { session: newSession(), part: 'summary', revision: 1 };
    const written = await desk.addNote(client, before.id, { marker, title: 't', html: '<p>merged</p>' }, null);
    claim(written.state === 'done', `a note for the merged ticket is ${written.state}`);
    const again = await desk.addNote(client, after.id, { marker, title: 't', html: '<p>merged</p>' }, null);
    claim(again.state === 'done' && again.how === 'found', 'the same note for the other one is another note');
    const once = await desk.addNote(client, after.id, { marker: earlier, title: 't', html: '<p>earlier</p>' }, null);
    claim(once.state === 'done' && once.how === 'found', 'a note from before the merge is written once more');
    const notes = (await under.notes(into)).filter(({ body }) => body.includes(marker.session));
    claim(notes.length === 1, `the note stands ${notes.length} times`);
  },
};

export const removedTickets: Check = {
  name: 'a ticket that was removed is not there, and writing to it says so',
  async prove(subject, under) {
    const { desk, client } = processOf(subject, under.settings(under.origin));
    const number = await under.makeTicket('soon gone');
    const ticket = await desk.findTicket(client, number);
    claim(ticket !== null, 'it was not there before');
    await under.remove(number);
    claim((await desk.findTicket(client, number)) === null, 'it is still found');
    const marker = { session: newSession(), part: 'summary', revision: 1 };
    const note = await desk.addNote(client, ticket.id, { marker, title: 't', html: 'x' }, null);
    claim(note.state === 'gone', `a note for it is ${note.state}`);
    const fields = await desk.setFields(client, ticket.id, { sessionKey: 'x' }, null);
    claim(fields.state === 'gone', `a field of it is ${fields.state}`);
  },
};

export const fieldsAreFound: Check = {
  name: 'tickets are found by exactly the value of a field, whatever is in it, and by no other field',
  async prove(subject, under) {
    const { desk, client } = processOf(subject, under.settings(under.origin));
    const number = await under.makeTicket('found by field');
    const other = await under.makeTicket('not found by field');
    const values = [
      newSession(),
      `it's "quoted" ${newSession()}`,
      `back\\slash %_ {} ${newSession()}`,
      `Zoë ☃ <b> ${newSession()}`,
    ];
    const ticket = await desk.findTicket(client, number);
    claim(ticket !== null, 'it is not there');
    await desk.setFields(client, ticket.id, { sessionIds: values, sessionKey: `key-${values[0]}` }, null);
    for (const value of values) {
      const found = await desk.findTicketsByField(client, 'sessionIds', value);
      claim(
        found.map((one) => one.number).join() === number,
        `${value} finds "${found.map((one) => one.number).join()}"`,
      );
      for (const none of [value.slice(0, -1), `${value}0`, `${value}' or 1=1`, '%']) {
        const wrong = await desk.findTicketsByField(client, 'sessionIds', none);
        claim(wrong.length === 0, `${none} finds ${wrong.length} tickets, and none has it`);
      }
    }
    const byKey = await desk.findTicketsByField(client, 'sessionKey', `key-${values[0]}`);
    claim(byKey.length === 1 && byKey[0]?.number === number && number !== other, `the key finds ${byKey.length}`);
    claim(
      (await desk.findTicketsByField(client, 'sessionUrl', `key-${values[0]}`)).length === 0,
      'another field finds it',
    );
  },
};

export const peopleAreFound: Check = {
  name: 'people are found by login or address: nobody, one, or all of several',
  async prove(subject, under) {
    const { desk, client } = processOf(subject, under.settings(under.origin));
    const { login, email, sharedEmail } = under.people;
    const [one, ...more] = await desk.findPeople(client, { login });
    claim(one?.login === login && more.length === 0, `${login} finds ${JSON.stringify([one, ...more])}`);
    for (const written of [email, email.toUpperCase()]) {
      const found = await desk.findPeople(client, { email: written });
      claim(found.length === 1 && found[0]?.email === email.toLowerCase(), `${written} finds ${JSON.stringify(found)}`);
    }
    if (sharedEmail !== null) {
      const found = await desk.findPeople(client, { email: sharedEmail });
      claim(found.length === 2, `an address of two finds ${found.length}`);
    }
    for (const nobody of [
      '',
      '%',
      '*',
      login.slice(0, -1),
      `${login}' or 1=1`,
      `${login}\n`,
      '../1',
      '☃'.repeat(300),
    ]) {
      const found = [
        ...(await desk.findPeople(client, { login: nobody })),
        ...(await desk.findPeople(client, { email: nobody })),
      ];
      claim(found.length === 0, `${JSON.stringify(nobody)} finds ${JSON.stringify(found)}`);
    }
  },
};
