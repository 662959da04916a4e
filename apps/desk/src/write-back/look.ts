import { createHash } from 'node:crypto';
import type { FieldValues, Ticket } from '@gatehouse/desk-kit';
import { Fault } from '@gatehouse/kernel';
import type { SessionReport } from '../api/report.ts';
import type { Connection, OpenDesk } from '../connections/index.ts';
import {
  type DeskSession,
  hasLater,
  listNotes,
  moveNotes,
  ratingOf,
  saveFound,
  saveNote,
  saveTicket,
} from '../details/index.ts';
import { findStarts, startLink } from '../keys/index.ts';
import type { DeskParts } from '../parts.ts';
import { openRedact, redactReport, renderReport, renderSurveys } from '../report/index.ts';
import { leaveTickets, noteLeaving } from './leave-tickets.ts';
import { moveTicket } from './move-ticket.ts';
import type { ReadReport } from './read-report.ts';
import { sendTranscript } from './send-transcript.ts';

/** When it is looked at next, without anything that goes wrong. Null: only when somebody tells something. */
export interface Looked {
  readonly next: Date | null;
  readonly problem: string;
}

/** Between two looks at a session that goes on, and after its end at what comes late. */
const openMs = 300_000;
const lateMs: readonly number[] = [120_000, 1_800_000, 21_600_000, 86_400_000];
/** How often somebody may come between before it is left for later. */
const mostRounds = 6;

/** Reads what is true about a session, and has its ticket say so. @throws Fault: it is tried again */
export const lookAt = async (
  parts: DeskParts,
  of: { readonly connection: Connection; readonly session: DeskSession; readonly read: ReadReport },
): Promise<Looked> => {
  const { database, clock } = parts;
  const { connection, session, read } = of;
  const found = await read(connection.siteId, session.lsid);
  // Also the normal case for a moment: a site tells of a session before it can be reported.
  if (found === null) throw new Fault('unreachable', 'The site does not report this session yet.');
  // What must not be read is not kept here either.
  const report = redactReport(found, openRedact(connection.redact));
  const state = report.endedAt === null ? 'open' : 'ended';
  await database.system((tx) =>
    saveFound(tx, session, {
      ...{ report, state, at: clock.now(), externalKey: report.externalKey },
      customer: (report.customers.find(({ isPrimary }) => isPrimary) ?? report.customers[0])?.name ?? '',
      representative:
        (report.representatives.find(({ isPrimary }) => isPrimary) ?? report.representatives[0])?.name ?? '',
      beganAt: report.beganAt === null ? null : new Date(report.beganAt),
      endedAt: report.endedAt === null ? null : new Date(report.endedAt),
    }),
  );
  const desk = parts.openConnection(connection);
  const ticket = await findTicket(parts, desk, connection, session, report);
  if (ticket === null) return { next: nextLook(report, clock.now()), problem: '' };
  const problems = [await writeFields(parts, desk, connection, report, ticket)];
  await leaveTickets(parts, desk, session, ticket);
  if (state === 'ended') {
    problems.push(await writeNotes(parts, desk, connection, session, report, ticket));
    problems.push(await moveTicket(parts, desk, connection, session, ticket));
    await sendTranscript(parts, connection, report, ticket);
  }
  return { next: nextLook(report, clock.now()), problem: problems.filter((one) => one !== '').join(' ') };
};

const nextLook = ({ endedAt }: SessionReport, now: Date): Date | null => {
  if (endedAt === null) return new Date(now.getTime() + openMs);
  const since = now.getTime() - Date.parse(endedAt);
  const wait = lateMs.find((ms) => ms > since + 1_000);
  return wait === undefined ? null : new Date(Date.parse(endedAt) + wait);
};

/** The ticket that the external key names now: it may have been edited since. Null: there is none, by policy. */
const findTicket = async (
  parts: DeskParts,
  { desk, client }: OpenDesk,
  { connectionId, siteId, unstarted }: Connection,
  session: DeskSession,
  report: SessionReport,
): Promise<Ticket | null> => {
  const settle = async (ticket: Ticket | null, outcome: DeskSession['outcome']) => {
    const before = session.ticketId;
    if (before !== null && ticket !== null && before !== ticket.id) {
      const isMerged = (await desk.findTicket(client, before))?.id === ticket.id;
      await (isMerged
        ? parts.database.system((tx) => moveNotes(tx, session, { from: before, to: ticket.id }))
        : noteLeaving(parts, session, before));
    }
    await parts.database.system((tx) => saveTicket(tx, session, ticket, outcome));
    return ticket;
  };
  const found = session.outcome === 'created' ? 'created' : 'attached';
  const key = report.externalKey.trim();
  const named = key === '' ? null : await desk.findTicket(client, key);
  // Tickets that hold its id are its own, whatever the key says.
  const holding = await desk.findTicketsByField(client, 'sessionIds', session.lsid);
  // Of any ticket: an edited key moves it, and takes nothing away.
  if (named !== null && (session.ticketId !== null || holding.some(({ id }) => id === named.id)))
    return settle(named, found);
  const asked = { connectionId, siteId, ticketId: named?.id ?? null, key };
  const { here, elsewhere } = await parts.database.system((tx) => findStarts(tx, asked));
  const [held] = holding;
  if (named === null && held !== undefined) return settle(held, found);
  // Where several desks have tickets of one number, it is of the one that began it.
  if (elsewhere && !here && session.ticketId === null) return settle(null, 'ignored');
  if (named !== null) return unstarted === 'ignore' && !here ? settle(null, 'ignored') : settle(named, found);
  // What was asked for from a ticket that is not there any more makes no other one.
  if (session.ticketId !== null || session.outcome === 'gone' || here) return settle(null, 'gone');
  if (unstarted !== 'create' || desk.createTicket === undefined)
    return settle(null, key === '' ? 'ignored' : 'unmatched');
  // Made once: its id goes into the ticket with it, so that a look that was cut off finds it again.
  const customer = report.customers[0];
  const made = await desk.createTicket(client, {
    subject: `Support session with ${customer?.name || 'a customer'}`,
    html: '<p>This ticket was made by a support session.</p>',
    ...{ email: null, group: null, fields: { sessionIds: [session.lsid] } },
  });
  return settle(made, 'created');
};

/** What the fields of the ticket say of its last session. Resolves with what to do about those that did not take it. */
const writeFields = async (
  { database, baseUrl }: DeskParts,
  open: OpenDesk,
  { connectionId }: Connection,
  report: SessionReport,
  first: Ticket,
): Promise<string> => {
  const { desk, client, mapped } = open;
  const isLast = !(await database.system((tx) => hasLater(tx, { connectionId, ticketId: first.id, ...report })));
  let ticket = first;
  for (let round = 0; round < mostRounds; round += 1) {
    const wanted = {
      ...wantedFields(ticket, report, { isLast, mapped }),
      ...startLink(baseUrl(), connectionId, open, ticket),
    };
    if (Object.keys(wanted).length === 0) return '';
    const done = await desk.setFields(client, ticket.id, wanted, ticket.version);
    if (done.state === 'gone') throw new Fault('unexpected', 'The ticket is not there any more.');
    if (done.state === 'done') return done.results.flatMap(({ advice }) => advice ?? []).join(' ');
    ticket = done.ticket;
  }
  throw new Fault('throttled', 'Somebody else changes the ticket all the time.');
};

/** What is there already is left out. A field that is mapped and not on the ticket is asked for, so that it is told. */
const wantedFields = (
  { fields }: Ticket,
  report: SessionReport,
  { isLast, mapped }: { readonly isLast: boolean; readonly mapped: OpenDesk['mapped'] },
): FieldValues => {
  const ids = fields.sessionIds ?? [];
  const rating = ratingOf(report);
  // Of several sessions, the fields tell of the last.
  const ofLast: readonly (readonly [keyof FieldValues, string | null])[] = [
    ['lastSessionStatus', report.endedAt === null ? 'Open' : 'Ended'],
    ['lastSessionEnd', report.endedAt],
    ['surveyRating', rating],
  ];
  const changed = ofLast.filter(
    ([field, value]) => isLast && mapped.has(field) && value !== null && fields[field] !== value,
  );
  return { ...(!ids.includes(report.lsid) && { sessionIds: [...ids, report.lsid] }), ...Object.fromEntries(changed) };
};

/** Each part once, and again when it changed. Resolves with what is wrong with the template, if anything is. */
const writeNotes = async (
  parts: DeskParts,
  { desk, client }: OpenDesk,
  connection: Connection,
  session: DeskSession,
  report: SessionReport,
  ticket: Ticket,
): Promise<string> => {
  const { database, clock } = parts;
  const url = `${parts.baseUrl()}/support/${connection.connectionId}/${session.lsid}`;
  const { html, problem } = renderReport(connection.template, report, { url });
  const surveys = renderSurveys(report);
  const wanted = [
    { part: 'report', title: `Support session with ${report.customers[0]?.name || 'a customer'}`, html },
    ...(surveys === null ? [] : [{ part: 'surveys', title: 'Survey of the support session', html: surveys }]),
  ];
  const kept = await database.system((tx) => listNotes(tx, connection.connectionId, session.lsid));
  for (const { part, title, html: words } of wanted) {
    const digest = createHash('sha256').update(`${title}\n${words}`).digest();
    const before = kept.find((one) => one.part === part && one.ticketId === ticket.id);
    const isSame = before?.digest.equals(digest) === true;
    if (isSame && before.noteId !== '') continue;
    // What is about to be said is noted first: whoever is cut off says the same again, and never something else under its number.
    const revision = before === undefined ? 1 : isSame ? before.revision : before.revision + 1;
    const keep = (noteId: string) =>
      database.system((tx) =>
        saveNote(tx, session, { part, ticketId: ticket.id, revision, digest, noteId, writtenAt: clock.now() }),
      );
    await keep('');
    const minutes = part === 'report' && revision === 1 ? minutesOf(report) : undefined;
    const note = {
      ...{ marker: { session: session.lsid, part, revision }, title, html: words },
      ...(minutes !== undefined && { minutes }),
    };
    const done = await desk.addNote(client, ticket.id, note, null);
    if (done.state === 'gone') throw new Fault('unexpected', 'The ticket is not there any more.');
    if (done.state === 'stale') throw new Fault('throttled', 'Somebody else changes the ticket.');
    await keep(done.id);
  }
  return problem ?? '';
};

const minutesOf = ({ representatives }: SessionReport): number | undefined => {
  const seconds = representatives.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  return seconds === 0 ? undefined : Math.max(1, Math.round(seconds / 60));
};
