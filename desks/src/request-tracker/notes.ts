import {
  escapeHtml,
  type IfVersion,
  isSameNote,
  type Marker,
  markerIn,
  markerPrefix,
  markerText,
  type Note,
  type NoteWritten,
  oneLine,
  safeHtml,
} from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { Id, type RtClient, system } from './session.ts';
import { type ReadTicket, readTicket } from './tickets.ts';

/**
 * RT refuses every comment that names a version, so that a comment alone can never be exactly one. Whoever wants to
 * write a note claims it first, by a value of a field that can be written only in the version that was read; the first
 * claim of a note counts, and only its owner writes. A claim whose owner ended half-way is over after five minutes.
 */
export const addNote = async (
  client: RtClient,
  key: string,
  note: Note,
  ifVersion: IfVersion,
): Promise<NoteWritten> => {
  const { clock, signal, account } = client;
  if (account === null) throw noToken();
  const mine = `${markerText(note.marker)} ${clock.now().toISOString()} ${account}-${crypto.randomUUID()}`;
  const until = clock.now().getTime() + longestWaitMs;
  for (;;) {
    const ticket = await readTicket(client, key, true);
    if (ticket === null) return { state: 'gone' };
    const found = await findNote(client, ticket.id, note.marker);
    if (found !== null) return { state: 'done', id: found, how: 'found' };
    const claims = claimsOf(client, ticket);
    const first = claims.find(({ text, marker }) => isOf(text, account) && isSame(marker, note.marker));
    if (first?.text === mine)
      return { state: 'done', id: await writeClaimed(client, ticket.id, note, mine), how: 'added' };
    if (clock.now().getTime() > until) throw busy();
    if (first !== undefined) await clock.sleep(250, signal);
    else if (ifVersion !== null && ticket.version !== ifVersion) return stale(client, ticket.id);
    else await setClaims(client, ticket, [...claims.map(({ text }) => text), mine]);
  }
};

/** How long somebody who writes the same note is waited for. */
const longestWaitMs = 20_000;
/** Longer than any request takes, and than clocks are apart. */
const claimMs = 300_000;

interface Claim {
  readonly text: string;
  readonly marker: Marker;
}

const isSame = (a: Marker, b: Marker): boolean => isSameNote(a, b) && a.revision === b.revision;

/** Claims of other accounts keep nobody from writing: anybody may be allowed to write that field. */
const isOf = (text: string, account: string): boolean => text.split(' ').at(-1)?.startsWith(`${account}-`) === true;

/** Claims that still count, in the order in which they were made. */
const claimsOf = ({ settings, clock }: RtClient, { custom }: ReadTicket): readonly Claim[] => {
  const values = custom.get(settings.notesField);
  if (values === undefined) throw noField(settings.notesField);
  return values.flatMap((text) => {
    const marker = markerIn(text);
    const at = Date.parse(/\] (\S+) /.exec(text)?.[1] ?? '');
    return marker !== null && Math.abs(clock.now().getTime() - at) < claimMs ? [{ text, marker }] : [];
  });
};

/** Puts claims on the ticket, unless somebody changed it meanwhile. */
const setClaims = async (client: RtClient, ticket: ReadTicket, claims: readonly string[]): Promise<void> => {
  const { http, settings } = client;
  const headers = { 'if-match': `"${ticket.version}"` };
  const body = { CustomFields: { [settings.notesField]: claims } };
  try {
    await http.request(`/ticket/${ticket.id}`, z.array(z.string()), { method: 'PUT', headers, body });
  } catch (error) {
    if (statusOf(error) === 412) return;
    throw error;
  }
  const after = await readTicket(client, ticket.id, true);
  // Only a write that did nothing leaves the version: the words of an answer are in the language of the account.
  if (after?.version === ticket.version) throw noRight(settings.notesField);
};

const writeClaimed = async (client: RtClient, id: string, note: Note, mine: string): Promise<string> => {
  try {
    return await write(client, id, note);
  } catch (error) {
    // Where nobody knows what became of it the claim stays, until whatever was under way is over.
    if (error instanceof Fault && error.kind === 'forbidden') {
      const ticket = await readTicket(client, id, true);
      const others = ticket === null ? [] : claimsOf(client, ticket).filter(({ text }) => text !== mine);
      if (ticket !== null)
        await setClaims(
          client,
          ticket,
          others.map(({ text }) => text),
        );
    }
    throw error;
  }
};

const Written = z.object({
  items: z.array(z.object({ id: Id, Data: z.string().max(1_000).nullish() })).max(100),
});

/** The number of the newest note of ours that says the same or a later revision. */
const findNote = async ({ http, account }: RtClient, ticket: string, marker: Marker): Promise<string | null> => {
  const query = new URLSearchParams({ fields: 'Data', per_page: '100' });
  const body = [
    { field: 'Type', value: 'Comment' },
    // A marker that somebody else wrote counts for nothing.
    { field: 'Creator', value: account },
    { field: 'Data', operator: 'LIKE', value: markerPrefix(marker) },
  ];
  const asked = { method: 'POST', body, retry: true } as const;
  const { items } = (await http.request(`/ticket/${ticket}/history?${query}`, Written, asked)).body;
  const same = items.filter(({ Data }) => {
    const said = markerIn(Data ?? '');
    return said !== null && isSameNote(said, marker) && said.revision >= marker.revision;
  });
  return same.at(-1)?.id ?? null;
};

const write = async ({ http }: RtClient, ticket: string, note: Note): Promise<string> => {
  const mark = markerText(note.marker);
  const title = oneLine(note.title);
  const body = {
    // A subject has at most 255 characters, and the marker has to be whole.
    Subject: `${oneLine(title.slice(0, 250 - mark.length))} ${mark}`,
    Content: `<p><b>${escapeHtml(title)}</b></p>${safeHtml(note.html)}`,
    ...{ ContentType: 'text/html', TimeTaken: note.minutes ?? 0 },
  };
  const options = { method: 'POST', body, retry: false } as const;
  const { headers } = await http.request(`/ticket/${ticket}/comment`, z.array(z.string()), options);
  const id = /\/transaction\/(\d+)$/.exec(headers.get('location') ?? '')?.[1];
  if (id === undefined) throw new Fault('unexpected', `${system} did not say where it keeps the note.`, 'no Location');
  const kept = await readNote(http, id);
  if (kept?.Type === 'Comment') return id;
  throw new Fault('forbidden', `${system} keeps the note and does not show it. Give the account ShowTicketComments.`);
};

const Kept = z.object({ Type: z.string().max(100) });

/** A note as whoever asks sees it; null: not at all. */
export const readNote = async (http: RtClient['http'], id: string): Promise<z.output<typeof Kept> | null> => {
  try {
    return await http.get(`/transaction/${id}`, Kept);
  } catch (error) {
    if ([403, 404].includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
};

export const reply = async (
  client: RtClient,
  key: string,
  { subject, html }: { readonly subject: string; readonly html: string },
): Promise<NoteWritten> => {
  const ticket = await readTicket(client, key, true);
  if (ticket === null) return { state: 'gone' };
  if (!ticket.may.has('correspond')) throw new Fault('forbidden', 'Give the account the right ReplyToTicket.');
  const body = { Subject: oneLine(subject), Content: safeHtml(html), ContentType: 'text/html' };
  const options = { method: 'POST', body, retry: false } as const;
  const { headers } = await client.http.request(`/ticket/${ticket.id}/correspond`, z.array(z.string()), options);
  const id = /\/transaction\/(\d+)$/.exec(headers.get('location') ?? '')?.[1] ?? '';
  return { state: 'done', id, how: 'added' };
};

const stale = async (client: RtClient, id: string): Promise<NoteWritten> => {
  const ticket = await readTicket(client, id);
  return ticket === null ? { state: 'gone' } : { state: 'stale', ticket };
};

const noField = (name: string): Fault =>
  new Fault('misconfigured', `The ticket has no custom field “${name}”. Run the set-up for its queue.`);

const noRight = (name: string): Fault =>
  new Fault('forbidden', `Give the account the right ModifyCustomField for the custom field “${name}”.`);

const noToken = (): Fault =>
  new Fault('unauthorized', `This is no authentication token of ${system}. Enter another one.`);

const busy = (): Fault =>
  new Fault(
    'throttled',
    'Another process is writing the same note. It is tried again later.',
    'a claim of somebody else',
  );
