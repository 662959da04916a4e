import { sql } from 'kysely';
import { z } from 'zod';
import { type Credential, credentialColumns, type SystemKind } from '../credentials/index.ts';
import { globalRightsOf, rightsOn } from '../delegation/index.ts';
import type { JobDoor, Schedule } from '../jobs/index.ts';
import { Refusal } from '../refusal.ts';
import { comment, flag, name, optional, part, required, time, wholeNumber } from './members.ts';
import { answerOf, type Call, commentOf, defineOperation, done, doneShape, type Operation } from './operation.ts';

const Body = z.object({
  JobInfoBase: part({ NextRunTimeUTC: time, Comment: comment, RunJobOnNewSystems: flag }),
  PasswordChangeSettings: part({
    AccountType: wholeNumber(0, 1_000),
    /** The account whose password is changed: `NAMESPACE\name` or the name alone. */
    ...{ FullAccountName: optional(), LoginName: optional() },
  }),
  ScheduleInfo: part({
    ScheduleType: wholeNumber(0, 100),
    ...{ DayOfMonth: wholeNumber(0, 31), MonthOfYear: wholeNumber(0, 12) },
    ...{ Hours: wholeNumber(0, 23), Minutes: wholeNumber(0, 59) },
  }),
  SystemList: z.union([name(20_000), z.array(required()).max(500, 'may name 500 systems at most')], 'is missing'),
});
type Body = z.output<typeof Body>;

export const MadeJob = answerOf('MadeJob', { ...doneShape, JobID: z.int() });

/** A change of the passwords of one account on several systems. */
export const passwordChangeOperation = (jobs: JobDoor): Operation =>
  defineOperation({
    name: 'JobOps_CreatePasswordChangeJob',
    summary: 'Make a job that changes the password of an account on systems',
    body: Body,
    answer: MadeJob,
    perform: async (call, body) => {
      const schedule = toSchedule(body, call.parts.clock.now());
      const credentials: Credential[] = [];
      for (const system of systemsOf(body)) credentials.push(...(await findOn(call, system, body)));
      const text = commentOf(call, body.JobInfoBase.Comment);
      const of = { credentials, schedule, comment: text, by: call.acting.by };
      return { ...done, JobID: await jobs.createPasswordChangeJob(call.tx, call.parts, of) };
    },
  });

const systemsOf = ({ SystemList }: Body): readonly string[] => {
  const all = (typeof SystemList === 'string' ? SystemList.split(',') : SystemList).map((one) => one.trim());
  const named = [...new Set(all.filter((one) => one !== ''))];
  if (named.length === 0) throw new Refusal('invalid', 'SystemList: is missing.');
  if (named.length > 500) throw new Refusal('invalid', 'SystemList: may name 500 systems at most.');
  return named;
};

const kindsOf: Readonly<Record<number, readonly SystemKind[]>> = {
  ...{ 0: ['windows', 'domain'], 4: ['linux'], 20: ['postgresql'], 21: ['mysql'], 22: ['sqlserver'] },
};

/** @throws Refusal `not_found` where an account of a system is not there or not visible, `not_permitted` */
const findOn = async ({ tx, acting: { actor } }: Call, system: string, body: Body): Promise<readonly Credential[]> => {
  const { AccountType, FullAccountName, LoginName } = body.PasswordChangeSettings;
  const full = FullAccountName || LoginName;
  if (full === '') throw new Refusal('invalid', 'PasswordChangeSettings.FullAccountName: is missing.');
  const kinds = AccountType === null ? null : kindsOf[AccountType];
  if (kinds === undefined)
    throw new Refusal('invalid', `PasswordChangeSettings.AccountType: ${AccountType} is not changed here.`);
  const slash = full.indexOf('\\');
  const account = full.slice(slash + 1);
  const namespace = slash > 0 ? full.slice(0, slash) : null;
  const global = await globalRightsOf(tx, actor);
  const { rows } = await sql<Credential & { mayView: boolean; maySpin: boolean }>`
    select ${credentialColumns}, r.view_accounts as "mayView", r.spin as "maySpin"
    from credentials c join systems s using (system_id) join ${rightsOn(actor, global)} r using (credential_id)
    where lower(s.name) = lower(${system}) and lower(c.account_name) = lower(${account}) and c.type <> 'ssh_key'
      and (${namespace}::text is null or lower(c.namespace) = lower(${namespace}))
      and (${kinds}::text[] is null or s.kind = any(${kinds}::text[])) and r.view_accounts
    order by c.credential_id limit 20`.execute(tx);
  if (rows.length === 0)
    throw new Refusal('not_found', `SystemList: ${system} has no account ${account}, or you may not see it.`);
  if (rows.some(({ maySpin }) => !maySpin))
    throw new Refusal('not_permitted', `${actor.identity.name} needs the right Spin on ${account} of ${system}.`);
  return rows.map(({ mayView: _, maySpin: __, ...credential }) => credential);
};

/** Types that are known from clients: 1 is now, or `NextRunTimeUTC` where that is to come; 5 every month, 8 every year. */
const toSchedule = ({ JobInfoBase, ScheduleInfo }: Body, now: Date): Schedule => {
  const { ScheduleType, DayOfMonth, MonthOfYear, Hours, Minutes } = ScheduleInfo;
  const given = JobInfoBase.NextRunTimeUTC;
  if (ScheduleType === null || ScheduleType <= 1)
    return given !== null && given > now ? { kind: 'at', at: given.toISOString() } : { kind: 'now' };
  const time = { hour: Hours ?? 0, minute: Minutes ?? 0 };
  if (ScheduleType === 5 && DayOfMonth) return { kind: 'monthly', dayOfMonth: DayOfMonth, ...time };
  if (ScheduleType === 8 && DayOfMonth && MonthOfYear)
    return { kind: 'yearly', month: MonthOfYear, dayOfMonth: DayOfMonth, ...time };
  const words = 'must be 1 (now), 5 (monthly, with DayOfMonth) or 8 (yearly, with DayOfMonth and MonthOfYear)';
  throw new Refusal('invalid', `ScheduleInfo.ScheduleType: ${words}.`);
};
