import { randomUUID } from 'node:crypto';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { LentMachine } from '../api/support.ts';
import { tellOfBegin, tellOfEnd } from '../notices/index.ts';
import { Refusal } from '../objects/index.ts';
import { type Change, inSession, note } from './in-session.ts';
import { noteMachineInformation } from './information.ts';
import type { Member } from './participants.ts';
import type { MachineTerms, SupportSession } from './store.ts';

/** Why the site ends what has lasted as long as it may. */
export const timeLimit = 'time_limit';

/** A machine with a Jump Client, as far as whoever lends it has to know it. */
interface MachineToLend {
  readonly clientId: number;
  readonly name: string;
  readonly hostname: string;
  /** Whose recipients are told of it by mail. */
  readonly jumpPolicyId: number | null;
  readonly isRecorded: boolean;
  /** How long it is lent; null: as long as the session. */
  readonly limitMs: number | null;
}

/** `machine` of a session in `s`, as JSON; null: none is asked for, or lent. */
export const lentMachine = sql`(
  select jsonb_build_object('ask', m.ask_id, 'clientId', c.id, 'name', c.name, 'hostname', c.hostname,
    'askedBy', m.asked_by, 'isLent', m.lent_at is not null)
  from support_machines m join jump_clients c on c.id = m.jump_client_id where m.lsid = s.lsid)`;

export const findLentMachine = async (tx: Sql, lsid: string): Promise<LentMachine | null> => {
  const { rows } = await sql<{ machine: LentMachine | null }>`
    select ${lentMachine} as machine from (select ${lsid}::text as lsid) s`.execute(tx);
  return rows[0]?.machine ?? null;
};

/** The machine of a session that is connected to it: whose customer it is, or lends it. Null: there is none. */
export const findMachine = async (
  tx: Sql,
  lsid: string,
): Promise<(MachineTerms & { readonly clientId: number }) | null> => {
  const { rows } = await sql<MachineTerms & { clientId: number }>`
    select coalesce(s.jump_client_id, m.jump_client_id) as "clientId",
      case when s.jump_client_id is null then m.recorded else s.machine_recorded end as "isRecorded",
      case when s.jump_client_id is null then m.limit_at else s.machine_limit_at end as "limitAt"
    from support_sessions s left join support_machines m on m.lsid = s.lsid and m.lent_at is not null
    where s.lsid = ${lsid} and (s.jump_client_id is not null or m.lsid is not null)`.execute(tx);
  return rows[0] ?? null;
};

/** A representative asks the customer for their machine. Null: there is no such session. @throws Refusal */
export const askForMachine = (
  change: Change,
  { lsid, gsnumber }: Member,
  { clientId, name: machine, hostname, jumpPolicyId, isRecorded, limitMs }: MachineToLend,
): Promise<SupportSession | null> =>
  inSession(change, lsid, 'change', { machineAsked: machine }, async (session) => {
    if (session.jumpClientId !== null) throw new Refusal([], 'This is a session with a machine already.');
    if (session.state !== 'active') throw new Refusal([], 'Accept the session first.');
    if ((await findLentMachine(change.tx, lsid))?.isLent === true)
      throw new Refusal([], 'A machine is connected to this session. Disconnect it first.');
    // Whoever asks anew asks for another one.
    await sql`insert into support_machines (lsid, ask_id, jump_client_id, asked_by, recorded, limit_ms, jump_policy_id)
      values (${lsid}, ${randomUUID()}, ${clientId}, ${gsnumber}, ${isRecorded}, ${limitMs}, ${jumpPolicyId})
      on conflict (lsid) do update set ask_id = excluded.ask_id, jump_client_id = excluded.jump_client_id,
        asked_by = excluded.asked_by, recorded = excluded.recorded, limit_ms = excluded.limit_ms,
        jump_policy_id = excluded.jump_policy_id`.execute(change.tx);
    await note(change, session, 'machine_asked', gsnumber, { machine, hostname });
  });

/** The customer agrees, or not. @throws Refusal where this is not asked any more */
export const answerForMachine = (
  change: Change,
  { lsid, gsnumber }: Member,
  { ask, agrees }: { readonly ask: string; readonly agrees: boolean },
): Promise<SupportSession | null> =>
  inSession(change, lsid, 'change', { machineLent: agrees }, async (session) => {
    const asked = await findLentMachine(change.tx, lsid);
    if (asked === null || asked.ask !== ask)
      throw new Refusal([], 'This is not asked any more. Look at what your representative asks for now.');
    if (asked.isLent) return;
    await (agrees ? lend(change, session, asked) : forget(change, lsid));
    const body = { machine: asked.name, hostname: asked.hostname };
    await note(change, session, agrees ? 'machine_lent' : 'machine_refused', gsnumber, body);
    if (agrees) await noteMachineInformation(change, session, gsnumber, asked.clientId);
  });

/** Either side: it is lent, or asked for, no longer. @throws Refusal where it is neither */
export const returnMachine = (
  change: Change,
  /** Null: the site, because the time for it is over. */
  { lsid, gsnumber }: { readonly lsid: string; readonly gsnumber: number | null },
): Promise<SupportSession | null> => {
  const why = gsnumber === null ? { reason: timeLimit } : {};
  return inSession(change, lsid, 'change', { machineReturned: true, ...why }, async (session) => {
    const held = await findLentMachine(change.tx, lsid);
    if (held === null) throw new Refusal([], 'No machine is connected to this session.');
    await forget(change, lsid);
    const { name: machine, hostname, isLent: wasLent } = held;
    if (wasLent) await tellOfEnd(change.tx, lsid, { at: change.now });
    await note(change, session, 'machine_returned', gsnumber, { machine, hostname, wasLent, ...why });
  });
};

const lend = async (
  { tx, now }: Change,
  { lsid, attributes }: SupportSession,
  { name: endpoint, askedBy }: LentMachine,
): Promise<void> => {
  const { rows } = await sql<{ jumpPolicyId: number | null; person: string | null }>`
    update support_machines set lent_at = ${now}::timestamptz,
      limit_at = ${now}::timestamptz + limit_ms * interval '1 millisecond'
    where lsid = ${lsid} returning jump_policy_id as "jumpPolicyId", (select p.name from support_participants p
      where p.lsid = ${lsid} and p.gsnumber = ${askedBy}) as person`.execute(tx);
  const { jumpPolicyId = null, person } = rows[0] ?? {};
  const about = { person: person ?? 'Somebody', endpoint, reason: '', ticket: attributes.externalKey };
  await tellOfBegin(tx, { session: lsid, jumpPolicyId, ...about, at: now });
};
const forget = ({ tx }: Change, lsid: string) => sql`delete from support_machines where lsid = ${lsid}`.execute(tx);
