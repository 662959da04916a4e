import { escapeHtml } from '@gatehouse/desk-kit';
import type { DeskUnderTest, Settings } from '@gatehouse/desk-kit/testing';
import { permissions } from '../api.ts';
import { newCase, newDesk, startBuiltinFake, touched } from '../fake.ts';

export const fieldNames = {
  ...{ sessionIds: 'session_ids', sessionKey: 'session_key', sessionUrl: 'session_url' },
  ...{ sessionKeyExpires: 'session_key_expires', sessionStartLink: 'session_start_link' },
  ...{ jumpSearch: 'jump_client_search_criteria', lastSessionStatus: 'last_session_status' },
  ...{ lastSessionEnd: 'last_session_end', surveyRating: 'survey_rating' },
};
const needed = ['cases.read', 'cases.write', 'notes.read', 'notes.write', 'people.read'] as const;
/** Everything that a token may be made of. */
const token = 'tök"en \\ of % the & desk-0815';

/** A fake of the built-in desk with accounts that lack one permission each. */
export const openBuiltin = async () => {
  const without = (one: string) => permissions.filter((permission) => permission !== one);
  const desk = newDesk({
    [token]: { login: 'gatehouse', permissions: [...permissions] },
    'token-that-only-reads': { login: 'reader', permissions: without('cases.write') },
    ...Object.fromEntries(needed.map((one) => [`token-without-${one}`, { login: one, permissions: without(one) }])),
  });
  const probe = newCase(desk, { subject: 'probe' });
  const { origin, close, requests } = await startBuiltinFake(desk);
  const settings = (url: string): Settings => ({ url, token, fields: fieldNames, probeTicket: probe.number });
  const good = settings(origin);
  const withToken = (some: string): Settings => ({ ...good, token: some });
  const byNumber = (number: string) => {
    const one = desk.cases.find((some) => some.number === number);
    if (one === undefined) throw new Error(`no case ${number}`);
    return one;
  };
  const under: DeskUnderTest = {
    ...{ origin, settings, wrongCredential: withToken('token-that-opens-nothing'), withCredential: withToken },
    unknownField: {
      field: 'jumpSearch',
      settings: { ...good, fields: { ...fieldNames, jumpSearch: 'no_such_field' } },
    },
    rights: needed.map((right) => ({ right, step: right, settings: withToken(`token-without-${right}`) })),
    readOnly: withToken('token-that-only-reads'),
    secrets: [token, 'token-that-opens-nothing'],
    makeTicket: async (subject) => newCase(desk, { subject }).number,
    touch: async (number) => touched(desk, byNumber(number)),
    async merge(number, into) {
      const [one, other] = [byNumber(number), byNumber(into)];
      one.mergedInto = other.id;
      other.notes.push(...one.notes);
      touched(desk, other);
    },
    async remove(number) {
      byNumber(number).isRemoved = true;
    },
    people: { login: 'ann', email: 'ann@corp.example', sharedEmail: 'desk@corp.example' },
    notes: async (number) =>
      byNumber(number).notes.map(({ id, visibility, title, html, marker }) => ({
        ...{ id, isInternal: visibility === 'internal' },
        // A title is text, and shown as such.
        body: `${escapeHtml(title)}\n${html}\n${JSON.stringify(marker)}`,
      })),
    readAsCustomer: async (number) => {
      const { subject, notes } = byNumber(number);
      return JSON.stringify([subject, notes.filter(({ visibility }) => visibility === 'public')]);
    },
    async writeAsOther(number, text) {
      const written = { author: 'eve', writtenAt: new Date().toISOString(), minutes: 0, id: crypto.randomUUID() };
      byNumber(number).notes.push({ ...written, marker: null, visibility: 'internal', title: text, html: text });
    },
    [Symbol.asyncDispose]: close,
  };
  return { ...under, desk, requests };
};
